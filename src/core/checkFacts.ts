import type { ErrorInfo } from './appError.ts';
import type { PresenceState } from './presence.ts';
import type { SettingsProblem } from './settings.ts';
import type { Instant } from './time.ts';

/** An error as far as a check needs it. */
export type CheckError = Pick<ErrorInfo, 'code' | 'reason' | 'message'>;

/** One server that an account needs. */
export interface HostFact {
  /** Host, and port where it is not the usual one. */
  readonly host: string;
  /** Whether it is spoken to over TLS. */
  readonly isSecure: boolean;
  /** Null when the proxy settings could not be read; `error` then says why. */
  readonly route: { readonly proxy: string | null; readonly from: string } | null;
  /** Why it gave no answer; null when it did. */
  readonly error: CheckError | null;
}

export interface TrustedFileFact {
  readonly file: string;
  readonly count: number;
  readonly outdated: number;
  readonly error: CheckError | null;
}

/** One account that was read. */
export interface AccountFact {
  readonly id: string;
  readonly kind: 'calendar' | 'chat';
  /** What the person knows it by. */
  readonly label: string;
  readonly error: CheckError | null;
  /** Events of the next hour, of a calendar that was read. Never what they are about. */
  readonly events: number | null;
  /** What a chat that was read can be told: states, and a status text. */
  readonly can: readonly (PresenceState | 'text')[];
}

/** All that a self-test has found. */
export interface SelfTestFacts {
  readonly at: Instant;
  readonly isOnline: boolean;
  readonly hosts: readonly HostFact[];
  readonly trustedFiles: readonly TrustedFileFact[];
  /** This computer's clock less the services', milliseconds; the answer that is nearest to it counts. Null without one. */
  readonly clockAhead: number | null;
  readonly keychain: CheckError | null;
  readonly settings: readonly SettingsProblem[];
  readonly accounts: readonly AccountFact[];
}

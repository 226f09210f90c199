import type { AppError } from '../core/appError.ts';
import type { Instant } from '../core/time.ts';

/** How calls to an address leave this computer. */
export interface Route {
  /** `host:port` of the proxy, without credentials; null for a direct connection. */
  readonly proxy: string | null;
  /** Who says so: the system's settings, or the environment variable that does. */
  readonly from: string;
}

/** One file of `organisation.trustedCertificateFiles`, as it was read at the start. */
export interface TrustedFile {
  readonly file: string;
  /** How many certificates it holds, and how many of them are not valid now. */
  readonly count: number;
  readonly outdated: number;
  readonly error: AppError | null;
}

/** What a self-test asks about the network. Throws `AppError` only. */
export interface NetworkProbe {
  /** Whether this computer has a network connection at all. */
  isOnline(): boolean;
  /** @param origin scheme, host and port */
  route(origin: string): Promise<Route>;
  /**
   * Any answer of this server will do: it resolves with the server's clock, null when it did not say. Throws what a provider
   * would, with its reason (`core/networkErrors.ts`).
   */
  reach(origin: string, signal: AbortSignal): Promise<Instant | null>;
  trustedFiles(): readonly TrustedFile[];
}

/** A call that a provider has made: to where, and the server's clock when it has answered. */
export interface SeenCall {
  /** Scheme, host and port: the rest of an address may be a secret. */
  readonly origin: string;
  readonly hasAnswered: boolean;
  /** Null when the server did not say, or has not answered. */
  readonly date: Instant | null;
}

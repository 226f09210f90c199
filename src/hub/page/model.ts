import type { PresenceState } from '../../core/presence.ts';

// What the hub answers (src/hub/api/schemas.ts), as far as the page reads it.

export interface PersonOut {
  readonly id: string;
  readonly email: string;
  /** Empty for none. */
  readonly name: string;
}

export interface PresenceOut {
  readonly person: PersonOut;
  readonly state: PresenceState;
  readonly text: string;
  readonly emoji: string;
  /** ISO 8601, as all times here. */
  readonly until: string | null;
  readonly source: string;
  readonly changedAt: string;
  /** Whether somebody reports for the person; `changedAt` is of what was said last, not of their going offline. */
  readonly reporting: boolean;
  readonly event: number;
}

export interface ChangeOut {
  readonly id: number;
  readonly at: string;
  readonly kind: 'presence' | 'person' | 'removed';
  readonly presence: PresenceOut;
}

export interface DayItem {
  readonly start: string;
  /** Null: still so. */
  readonly end: string | null;
  readonly state: PresenceState;
  readonly kind: 'was' | 'will';
}

export interface PresencePage {
  readonly items: readonly PresenceOut[];
  readonly next: string | null;
}

/** `GET /session`. */
export type SessionOut =
  | { readonly signedIn: false }
  | { readonly signedIn: true; readonly name: string; readonly person: PersonOut | null };

export type SignedIn = Extract<SessionOut, { readonly signedIn: true }>;

/** What somebody is called; nobody is nameless. */
export const nameOf = ({ name, email }: PersonOut): string => (name.trim() === '' ? email : name);

/** `GET /api/v1/sync`. */
export interface SyncOut {
  readonly at: string;
  readonly people: number;
  readonly stale: number;
  readonly waiting: number;
  readonly lagSeconds: number;
}

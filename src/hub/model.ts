import type { Presence, PresenceState } from '../core/presence.ts';
import type { Instant } from '../core/time.ts';

/** The person in another system, such as `{service: 'mattermost', id: '…'}`. */
export interface Identity {
  readonly service: string;
  readonly id: string;
}

/** Somebody whose presence the hub keeps. */
export interface Person {
  /**
   * 26 characters of `0-9a-z`, as Mattermost's ids are; ours are ULIDs in lower case, so that who came later is sorted later.
   */
  readonly id: string;
  /** In lower case; nobody else has it. */
  readonly email: string;
  /** What is shown of them; empty for none. */
  readonly name: string;
  readonly identities: readonly Identity[];
}

/** A stretch of the day and what it says; half-open. */
export interface Span {
  readonly start: Instant;
  readonly end: Instant;
  readonly state: PresenceState;
}

/** What was said of a person last, whether or not anybody still reports for them. */
export interface Said extends Presence {
  /** Who said it, such as `app`, `calendar`, `outlook`, `command`. */
  readonly source: string;
  readonly changedAt: Instant;
}

/** All the hub knows of one person. */
export interface PersonRecord {
  readonly person: Person;
  readonly said: Said;
  /** What the rest of the day will say, where the source tells it; empty for not told. */
  readonly day: readonly Span[];
  /** Whether somebody reports for them. While nobody does they are shown as offline, and `said` is kept. */
  readonly reporting: boolean;
  /** Until when the last report counts; null when nobody reports. */
  readonly reportedUntil: Instant | null;
  /** The event that changed this record last; also its version. */
  readonly event: number;
}

export const EVENT_KINDS = ['presence', 'person', 'removed'] as const;

/**
 * One change, as the feed carries it: `presence` what is shown has changed, `person` name, email or identities have, `removed` they
 * are gone. It carries the whole record, so that who reads events alone can rebuild everything.
 */
export interface HubEvent {
  /** Rises by at least one from event to event, over all processes and restarts. */
  readonly id: number;
  readonly at: Instant;
  readonly kind: (typeof EVENT_KINDS)[number];
  readonly record: PersonRecord;
}

/** What a record shows: what was said, or offline while nobody reports. */
export interface Shown extends Presence {
  readonly source: string;
  readonly changedAt: Instant;
}

export function shownOf({ said, reporting }: PersonRecord): Shown {
  return reporting ? said : { ...said, state: 'offline', text: '', emoji: '', until: null };
}

/** What a person shows who has never been heard of. */
export const nothingSaid = (at: Instant): Said => ({
  state: 'available',
  text: '',
  emoji: '',
  until: null,
  source: 'none',
  changedAt: at,
});

export const SCOPES = ['publish', 'read', 'admin'] as const;
/** `publish`: one's own presence. `read`: everybody's. `admin`: everything, for everybody. */
export type Scope = (typeof SCOPES)[number];

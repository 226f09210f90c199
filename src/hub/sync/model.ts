import type { ErrorCode } from '../../core/appError.ts';
import type { Span } from '../../core/sweep.ts';
import { HOUR, type Instant, type TimeZone } from '../../core/time.ts';

/** Somebody whose calendar the hub reads. */
export interface SyncPerson {
  /** The hub's id of the person. */
  readonly id: string;
  /** What Graph knows the mailbox by: the directory's object id, or an address. */
  readonly mailbox: string;
  /** The mailbox's address; `getSchedule` goes by it. */
  readonly address: string;
}

/** How far ahead a calendar is read, and so how long its last good view may be believed. */
export const HORIZON = 24 * HOUR;

/**
 * What is kept of one calendar: when it says what, and how reading it goes. No subject, place, person or id of an event is in it.
 * It lies in the store, so that every hub can decide by it.
 */
export interface View {
  /** The mailbox's own zone; null while nobody has told it. */
  readonly zone: TimeZone | null;
  /** When the mailbox was asked for it last; 0 for never. */
  readonly zoneAt: Instant;
  /** When it was read last; null for never, which is not the same as free. */
  readonly readAt: Instant | null;
  /** `Span.events` are left out. */
  readonly spans: readonly Span[];
  /** How many reads in a row have failed; above 0 the view is stale. */
  readonly failures: number;
  readonly code: ErrorCode | null;
  /** Not to be read before then. */
  readonly notBefore: Instant;
  /**
   * Until when our last two reports of the person count, the newer first: a record that names another time is reported by somebody
   * else. Two, because it is kept before it is told, and a hub may be killed in between.
   */
  readonly reported: readonly Instant[];
}

export const NO_VIEW: View = {
  zone: null,
  zoneAt: 0,
  readAt: null,
  spans: [],
  failures: 0,
  code: null,
  notBefore: 0,
  reported: [],
};

/** Whether what is known may still be believed at `now`. */
export const isBelievable = ({ readAt }: View, now: Instant): boolean => readAt !== null && now < readAt + HORIZON;

/** The most people of one job: what fits into one `$batch`. */
export const JOB_SIZE = 20;

/** Work for whichever hub takes it. `read`: read these calendars and decide. `edge`: decide by what is known, without a call. */
export interface SyncJob {
  readonly id: string;
  readonly kind: 'read' | 'edge';
  readonly people: readonly SyncPerson[];
  /** Whoever takes it later than this leaves it: the planner will have given the people to another job. */
  readonly before: Instant;
}

/**
 * How it went for one person.
 * - `done`: decided by what was read just now, or by what is known (`edge`)
 * - `left`: their own app reports; nothing was read
 * - `failed`: their mailbox could not be read; what was known stays
 * - `held`: not tried, because the whole tenant is to be left in peace
 * - `gone`: the hub does not know them any more
 */
export interface PersonResult {
  readonly id: string;
  readonly outcome: 'done' | 'left' | 'failed' | 'held' | 'gone';
  /** When their timeline says something else next. */
  readonly edge: Instant | null;
  /** `done` of a read: after how many marks to read again. */
  readonly marks: number;
  /** `failed`: not to be read before then. */
  readonly notBefore: Instant;
}

export interface JobResult {
  readonly people: readonly PersonResult[];
  /** The tenant is not to be called before then; null when all is well. */
  readonly heldUntil: Instant | null;
}

/** The documents that organisation sync keeps, by the person's id. */
export const VIEWS = 'org-sync-views';
export const MEMBERS = 'org-sync-people';

import type { Presence } from '../../core/presence.ts';
import type { Instant } from '../../core/time.ts';
import type { HubEvent, Person, PersonRecord, Span } from '../model.ts';

/** What somebody reports of a person. */
export interface Report {
  /** Absent: nothing new, they are only still there. */
  readonly presence?: Presence;
  /** Kept with the presence. Must be given with `presence`. */
  readonly source: string;
  /** Absent: what was told before stays. Spans that have ended may be dropped. */
  readonly day?: readonly Span[];
  readonly reportedUntil: Instant;
  /** The report counts only while the record still has this version (`PersonRecord.event`); else `conflict`. */
  readonly ifEvent?: number;
}

export interface Reported {
  readonly record: PersonRecord;
  /** Null when what is shown is the same as before: no event is made, and the version stays. */
  readonly event: HubEvent | null;
}

/** A value of the hub that is no presence: a token, a session, a webhook, an installed add-on. */
export interface Document {
  readonly key: string;
  /** JSON. */
  readonly value: unknown;
  /** Rises with each put of this key. */
  readonly version: number;
}

export interface PutOptions {
  /** Only over this version; 0: only where there is none. Else `conflict`. */
  readonly expected?: number;
  /** Gone from then on. */
  readonly expiresAt?: Instant;
}

/** Documents by collection and key. Names hold no control characters and at most 200 characters. */
export interface Documents {
  get(collection: string, key: string, now: Instant): Promise<Document | null>;
  /** @returns the new version */
  put(collection: string, key: string, value: unknown, now: Instant, options?: PutOptions): Promise<number>;
  /** @returns whether there was one */
  delete(collection: string, key: string): Promise<boolean>;
  /** In the order of the keys (by UTF-8 bytes), those after `after`. */
  list(
    collection: string,
    options: { readonly after?: string; readonly limit: number },
    now: Instant,
  ): Promise<readonly Document[]>;
}

/** The feed no longer reaches back to where a reader was: it has to read everything anew. */
export class FeedGone extends Error {
  override readonly name = 'FeedGone';
}

/**
 * Where the hub keeps everything. A promise that resolves is an acknowledged write: it survives kill -9 of this process, and all
 * processes on the same store see it. Each operation is atomic. Throws `AppError`: `notFound` for a person who is not there,
 * `conflict` for an email another has, an `ifEvent` or `expected` that is not so; `unavailable` while the store can't be
 * reached. Who asks again after `unavailable` doubles nothing: a report that says the same makes no event.
 */
export interface HubStore {
  /** Adds the person or changes name, email and identities. Null when all is as it was. */
  putPerson(person: Person, now: Instant): Promise<HubEvent | null>;
  /** Null when there is none. */
  removePerson(id: string, now: Instant): Promise<HubEvent | null>;
  record(id: string): Promise<PersonRecord | null>;
  /** @param email in lower case */
  recordByEmail(email: string): Promise<PersonRecord | null>;
  /** By identity: at most one person has it, the last to whom it was given. */
  recordByIdentity(service: string, id: string): Promise<PersonRecord | null>;
  /** In the order of the ids, those after `after` (empty: from the first). */
  records(after: string, limit: number): Promise<readonly PersonRecord[]>;
  /** Somebody says what the person shows, or that they are still there. */
  report(id: string, report: Report, now: Instant): Promise<Reported>;
  /** Nobody reports any more: offline at once. Null when they were offline. */
  signOff(id: string, now: Instant): Promise<HubEvent | null>;
  /**
   * Ends what has run out: reports (offline), and presences with an `until` (available, nothing said). At most `limit` people; more
   * processes may ask at once, each end is made once.
   */
  endDue(now: Instant, limit: number): Promise<readonly HubEvent[]>;

  /** The id of the last event; 0 when there is none. */
  head(): Promise<number>;
  /** Events after `after`, oldest first. Throws `FeedGone` when they are no longer all kept. */
  events(after: number, limit: number): Promise<readonly HubEvent[]>;
  /** What one person showed since then, oldest first, as far as it is kept (two days, at most 200 events). */
  history(id: string, since: Instant): Promise<readonly HubEvent[]>;
  /** Forgets events from before, as far as the store does not do so by itself. */
  trim(before: Instant): Promise<void>;
  /**
   * Calls with all events after `after`, in order, each once, whichever process made them; goes on by itself after the store was lost.
   * `onGone`: what is missing is no longer kept; nothing more is called. The returned function ends it.
   */
  follow(after: number, onEvents: (events: readonly HubEvent[]) => void, onGone: () => void): () => void;

  readonly documents: Documents;
  /** Takes or renews a named right for a while; false when another owner has it. */
  lease(name: string, owner: string, until: Instant, now: Instant): Promise<boolean>;
  /** Throws when the store can't be reached or written. */
  check(): Promise<void>;
  close(): Promise<void>;
}

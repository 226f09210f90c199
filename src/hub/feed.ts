import { SECOND } from '../core/time.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { HubEvent, PersonRecord } from './model.ts';
import type { Roster } from './roster.ts';
import { FeedGone, type HubStore } from './store/port.ts';

/** Who follows the changes. */
export interface FeedReader {
  /** Changes in order, each once. */
  readonly onEvents: (events: readonly HubEvent[]) => void;
  /** What came in between is not known any more: everything is to be read anew. */
  readonly onReset: () => void;
}

export interface HubFeedDeps {
  readonly store: HubStore;
  readonly roster: Roster;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Records that are read at once while everything is loaded. */
const LOAD_PAGE = 5_000;
/** Events that are kept in memory, so that readers who come back at once cost the store nothing. */
const RECENT = 2_000;
const LOAD_RETRY = 2 * SECOND;

/** The changes as this process sees them: keeps the roster true, and hands every event on, in order, to those who follow. */
export class HubFeed {
  readonly #deps: HubFeedDeps;
  readonly #readers = new Set<FeedReader>();
  #recent: HubEvent[] = [];
  #head = 0;
  #ready = false;
  #stopFollowing = (): void => {};
  #retry: Timer | null = null;
  #stopped = false;

  constructor(deps: HubFeedDeps) {
    this.#deps = deps;
  }

  /** Whether everybody has been loaded. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** The last event that was handed on. */
  get head(): number {
    return this.#head;
  }

  /** Loads everybody and follows from there. Throws when the store can't be read. */
  async start(): Promise<void> {
    const { store, roster } = this.#deps;
    const head = await store.head();
    const records: PersonRecord[] = [];
    for (let after = ''; ; ) {
      const page = await store.records(after, LOAD_PAGE);
      records.push(...page);
      if (page.length < LOAD_PAGE) break;
      after = page.at(-1)?.person.id ?? after;
    }
    if (this.#stopped) return;
    roster.load(records);
    this.#head = head;
    this.#recent = [];
    this.#ready = true;
    this.#stopFollowing = store.follow(
      head,
      (events) => this.#handOn(events),
      () => this.#reload(),
    );
  }

  /** Live only; the returned function ends it. */
  follow(reader: FeedReader): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  /** Throws `FeedGone` for a place that lies ahead of all there is: an older copy of the store came back. */
  async checkPlace(after: number): Promise<void> {
    if (after <= this.#head || after <= (await this.#deps.store.head())) return;
    throw new FeedGone('The reader is ahead of the feed.');
  }

  /**
   * Up to `limit` changes after `after`, oldest first, of those that were handed on; from memory as far as that goes back. Throws
   * `FeedGone` when they are no longer all kept.
   */
  async read(after: number, limit: number): Promise<readonly HubEvent[]> {
    const oldest = this.#recent[0]?.id;
    if (oldest === undefined || after < oldest) {
      return after >= this.#head ? [] : this.#deps.store.events(after, limit);
    }
    const from = indexAfter(this.#recent, after);
    return this.#recent.slice(from, from + limit);
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.stop();
    this.#stopFollowing();
    this.#readers.clear();
  }

  #handOn(events: readonly HubEvent[]): void {
    if (this.#stopped) return;
    for (const event of events) this.#deps.roster.apply(event);
    this.#head = events.at(-1)?.id ?? this.#head;
    this.#recent.push(...events);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    for (const reader of this.#readers) reader.onEvents(events);
  }

  /** The store lost what came after our last event (trimmed, or an older copy of it came back). */
  #reload(): void {
    this.#stopFollowing();
    if (this.#stopped) return;
    this.#deps.logger.warn('The feed has a gap: everybody is read anew');
    this.start().then(
      () => {
        for (const reader of this.#readers) reader.onReset();
      },
      () => {
        this.#retry = this.#deps.clock.after(LOAD_RETRY, () => this.#reload());
      },
    );
  }
}

/** Where the first event after `id` is. */
function indexAfter(events: readonly HubEvent[], id: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.id ?? 0) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

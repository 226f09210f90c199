import type { HubEvent } from '../../model.ts';
import { parseEvent } from './codec.ts';
import type { RedisConnection } from './connection.ts';
import { PLACE } from './readScripts.ts';

/** How long Redis holds a question for new events; after each that brought nothing the place is looked at again. */
export const BLOCK = 5_000;
const BATCH = 500;
const REFUSED_PAUSE = 1_000;

/** The number of a stream's entry `<number>-0`. */
export const entryNumber = (id: string): number => Number.parseInt(id, 10);

/**
 * Whether the feed still holds all that comes after `last`. Events have no gaps: so the next one shows it.
 * @param next the id of the next entry; empty when there is none
 */
export const reachesBack = (last: number, head: number, next: string): boolean =>
  head === last || (head > last && entryNumber(next) === last + 1);

/** Reads the feed on a connection of its own, which it closes at the end. */
export class Follower {
  readonly #connection: RedisConnection;
  readonly #feed: string;
  readonly #onEvents: (events: readonly HubEvent[]) => void;
  readonly #onGone: () => void;
  #last: number;
  /** The event with the id `#last` as it was then; null before the first. A Redis that came back with older data has another. */
  #seen: string | null = null;

  constructor(
    connection: RedisConnection,
    feed: string,
    after: number,
    onEvents: (events: readonly HubEvent[]) => void,
    onGone: () => void,
  ) {
    this.#connection = connection;
    this.#feed = feed;
    this.#last = after;
    this.#onEvents = onEvents;
    this.#onGone = onGone;
  }

  stop(): void {
    this.#connection.close();
  }

  async run(): Promise<void> {
    let isSure = false;
    while (!this.#connection.isClosed) {
      try {
        if (!isSure && !(await this.#isHere())) return this.#gone();
        isSure = await this.#read();
      } catch (error) {
        if (this.#connection.isClosed) return;
        isSure = false;
        await this.#connection.recover(error, REFUSED_PAUSE);
      }
    }
  }

  /** Whether it can go on from where it is. */
  async #isHere(): Promise<boolean> {
    const [head, next, seen] = (await this.#connection.run(PLACE, this.#last)) as [string, string, string];
    if (seen !== '' && this.#seen !== null && seen !== this.#seen) return false;
    return reachesBack(this.#last, Number(head), next);
  }

  /** Waits for events and tells them. False when it must be looked whether it can go on. */
  async #read(): Promise<boolean> {
    const { redis } = this.#connection;
    const answer = await redis.xread('COUNT', BATCH, 'BLOCK', BLOCK, 'STREAMS', this.#feed, `${this.#last}-0`);
    const entries = answer?.[0]?.[1] ?? [];
    const first = entries[0];
    // After it was closed nothing is told; a gap is looked at by `#isHere`.
    if (this.#connection.isClosed || first === undefined || entryNumber(first[0]) !== this.#last + 1) return false;
    const texts = entries.map(([, fields]) => fields[1] ?? '');
    const events = texts.map(parseEvent);
    this.#last += events.length;
    this.#seen = texts.at(-1) ?? null;
    this.#onEvents(events);
    return true;
  }

  #gone(): void {
    if (this.#connection.isClosed) return;
    this.#connection.close();
    this.#onGone();
  }
}

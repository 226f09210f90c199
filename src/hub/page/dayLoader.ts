import { type Instant, MINUTE, SECOND } from '../../core/time.ts';
import { CallFailed } from './callFailed.ts';
import { dayAround, withChange } from './day.ts';
import type { ChangeOut, DayItem } from './model.ts';

export interface DayLoaderDeps {
  readonly read: (personId: string, since: string) => Promise<readonly DayItem[]>;
  readonly onFailed: (thrown: unknown) => void;
  readonly now: () => Instant;
  readonly later: (delay: number, call: () => void) => () => void;
  readonly random: () => number;
}

interface Day {
  readonly items: readonly DayItem[];
  readonly readAt: Instant;
}

export type DayListener = (items: readonly DayItem[] | null) => void;

const AT_ONCE = 3;
const NEVER: Instant = Number.NEGATIVE_INFINITY;
/** Plans change without a change of what is shown: days in sight are read again this often. */
const OLD = 10 * MINUTE;
/** A change often comes with a new plan, and to everybody who looks: they ask for it one after the other. */
const AFTER_CHANGE = 4 * SECOND;
const AFTER_FAILURE = 10 * SECOND;

/** The days of those who are in sight, few read at a time. */
export class DayLoader {
  readonly #deps: DayLoaderDeps;
  readonly #days = new Map<string, Day>();
  /** Who is in sight; the last that came is read first. */
  readonly #wanted = new Map<string, DayListener>();
  readonly #queue = new Set<string>();
  readonly #reading = new Set<string>();
  #pausedUntil: Instant = 0;
  #dayStart: Instant;
  #stopTick = (): void => {};
  #stopped = false;

  constructor(deps: DayLoaderDeps) {
    this.#deps = deps;
    this.#dayStart = dayAround(deps.now()).start;
    this.#tick();
  }

  /** Calls with the day of a person in sight and each time it changes, null while it is not known; the returned function ends it. */
  want(id: string, listener: DayListener): () => void {
    this.#wanted.set(id, listener);
    const known = this.#days.get(id);
    listener(known?.items ?? null);
    if (known === undefined || this.#isOld(known)) this.#ask(id);
    return () => {
      if (this.#wanted.get(id) === listener) this.#wanted.delete(id);
      this.#queue.delete(id);
    };
  }

  /** Takes over a change at once, and soon reads what is planned now. */
  changed({ at, presence: { person, state } }: ChangeOut): void {
    const { id } = person;
    const known = this.#days.get(id);
    if (known !== undefined) this.#keep(id, { items: withChange(known.items, at, state), readAt: NEVER });
    this.#deps.later(AFTER_CHANGE * (0.25 + 0.75 * this.#deps.random()), () => {
      // An answer that was on its way may not have held the change.
      if (known === undefined && this.#wanted.has(id)) this.#ask(id);
      this.#askIfOld(id);
    });
  }

  /** All are to be read again, those in sight now. */
  refresh(): void {
    for (const [id, day] of this.#days) this.#days.set(id, { ...day, readAt: NEVER });
    for (const id of this.#wanted.keys()) this.#ask(id);
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTick();
    this.#wanted.clear();
    this.#queue.clear();
  }

  #tick(): void {
    this.#stopTick = this.#deps.later(MINUTE, () => {
      const { start } = dayAround(this.#deps.now());
      if (start !== this.#dayStart) {
        this.#dayStart = start;
        this.#days.clear();
      }
      for (const id of this.#wanted.keys()) if (!this.#reading.has(id)) this.#askIfOld(id);
      this.#tick();
    });
  }

  #isOld({ readAt }: Day): boolean {
    return readAt + OLD <= this.#deps.now();
  }

  #askIfOld(id: string): void {
    const known = this.#days.get(id);
    if (this.#wanted.has(id) && (known === undefined || this.#isOld(known))) this.#ask(id);
  }

  #ask(id: string): void {
    if (this.#stopped) return;
    this.#queue.add(id);
    this.#readNext();
  }

  #readNext(): void {
    if (this.#reading.size >= AT_ONCE || this.#deps.now() < this.#pausedUntil) return;
    const id = [...this.#queue].findLast((one) => !this.#reading.has(one));
    if (id === undefined) return;
    this.#queue.delete(id);
    this.#reading.add(id);
    void this.#read(id).finally(() => {
      this.#reading.delete(id);
      this.#readNext();
    });
    this.#readNext();
  }

  async #read(id: string): Promise<void> {
    const { now, read, onFailed, later } = this.#deps;
    const since = this.#dayStart;
    const readAt = now();
    const before = this.#days.get(id);
    try {
      const items = await read(id, new Date(since).toISOString());
      if (this.#stopped || since !== this.#dayStart) return;
      // A change that came meanwhile may be missing in the answer: it has asked for another one.
      if (this.#days.get(id) === before) this.#keep(id, { items, readAt });
    } catch (thrown) {
      if (!(thrown instanceof CallFailed)) throw thrown;
      if (this.#stopped) return;
      onFailed(thrown);
      // Somebody who has just been removed is no reason to wait.
      if (thrown.status === 404) return;
      const wait = (thrown.retryAfter ?? AFTER_FAILURE / SECOND) * SECOND;
      this.#queue.add(id);
      this.#pausedUntil = now() + wait;
      later(wait, () => this.#readNext());
    }
  }

  #keep(id: string, day: Day): void {
    this.#days.set(id, day);
    this.#wanted.get(id)?.(day.items);
  }
}

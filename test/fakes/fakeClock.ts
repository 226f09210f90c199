import type { Instant, TimeZone } from '../../src/core/time.ts';
import type { Clock, Timer } from '../../src/ports/clock.ts';

interface Waiting {
  at: Instant;
  readonly call: () => void;
}

const SETTLE_TURNS = 20;

/** A clock that moves only when it is told to. */
export class FakeClock implements Clock {
  #now: Instant;
  #zone: TimeZone;
  #setBy = 0;
  readonly #turns: number;
  readonly #waiting = new Set<Waiting>();

  /** @param turns how long work may take to settle after each timer; see `settle` */
  constructor(now: Instant | string, zone: TimeZone = 'UTC', turns = 5) {
    this.#turns = turns;
    this.#now = typeof now === 'string' ? Date.parse(now) : now;
    this.#zone = zone;
  }

  now(): Instant {
    return this.#now;
  }

  zone(): TimeZone {
    return this.#zone;
  }

  random(): number {
    return 0.5;
  }

  after(delay: number, call: () => void): Timer {
    const waiting = { at: this.#now + delay, call };
    this.#waiting.add(waiting);
    return { stop: () => void this.#waiting.delete(waiting) };
  }

  travel(zone: TimeZone): void {
    this.#zone = zone;
  }

  /** The time that others go by: the clock without what it was set forward (or, below zero, back) by hand. */
  trueNow(): Instant {
    return this.#now - this.#setBy;
  }

  /** Someone sets the clock: no time passes, and what waits goes on waiting for as long as before. */
  set(by: number): void {
    this.#now += by;
    this.#setBy += by;
    for (const waiting of this.#waiting) waiting.at += by;
  }

  /** The clock jumps, as in sleep: nothing fires on the way, all that is due fires at the end. */
  jumpTo(at: Instant | string): void {
    this.#now = typeof at === 'string' ? Date.parse(at) : at;
  }

  /** Lets time pass, firing each timer at its time and letting the work it starts settle. */
  async advanceTo(at: Instant | string): Promise<void> {
    const end = typeof at === 'string' ? Date.parse(at) : at;
    for (;;) {
      await settle(this.#turns);
      let due: Waiting | undefined;
      for (const waiting of this.#waiting) {
        if (waiting.at <= end && (due === undefined || waiting.at < due.at)) due = waiting;
      }
      if (due === undefined) break;
      this.#waiting.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.call();
    }
    this.#now = Math.max(this.#now, end);
    await settle(this.#turns);
  }

  advance(milliseconds: number): Promise<void> {
    return this.advanceTo(this.#now + milliseconds);
  }

  get timers(): number {
    return this.#waiting.size;
  }
}

/**
 * Lets promises that are ready run: fakes answer without real time.
 * @param turns of the event loop. One is enough where nothing but promises is waited for
 */
export async function settle(turns = SETTLE_TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

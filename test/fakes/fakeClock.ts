import type { Instant, TimeZone } from '../../src/core/time.ts';
import type { Clock, Timer } from '../../src/ports/clock.ts';

interface Waiting {
  readonly at: Instant;
  readonly call: () => void;
}

/** A clock that moves only when it is told to. */
export class FakeClock implements Clock {
  #now: Instant;
  #zone: TimeZone;
  readonly #waiting = new Set<Waiting>();

  constructor(now: Instant | string, zone: TimeZone = 'UTC') {
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

  /** The clock jumps, as in sleep: nothing fires on the way, all that is due fires at the end. */
  jumpTo(at: Instant | string): void {
    this.#now = typeof at === 'string' ? Date.parse(at) : at;
  }

  /** Lets time pass, firing each timer at its time and letting the work it starts settle. */
  async advanceTo(at: Instant | string): Promise<void> {
    const end = typeof at === 'string' ? Date.parse(at) : at;
    for (;;) {
      await settle();
      const due = [...this.#waiting].filter((waiting) => waiting.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#waiting.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.call();
    }
    this.#now = Math.max(this.#now, end);
    await settle();
  }

  advance(milliseconds: number): Promise<void> {
    return this.advanceTo(this.#now + milliseconds);
  }

  get timers(): number {
    return this.#waiting.size;
  }
}

/** Lets promises that are ready run: fakes answer without real time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

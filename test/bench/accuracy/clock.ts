import type { Clock, Timer } from '../../../src/ports/clock.ts';
import type { At } from './day.ts';

interface Waiting {
  readonly at: At;
  readonly call: () => void;
}

/** The tests' fake clock, made for many days: one turn of the event loop settles all, since nothing here waits for I/O. */
export class BenchClock implements Clock {
  #now: At;
  readonly #random: () => number;
  readonly #waiting = new Set<Waiting>();

  constructor(now: At, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  now(): At {
    return this.#now;
  }

  zone(): string {
    return 'UTC';
  }

  random(): number {
    return this.#random();
  }

  after(delay: number, call: () => void): Timer {
    const waiting = { at: this.#now + delay, call };
    this.#waiting.add(waiting);
    return { stop: () => void this.#waiting.delete(waiting) };
  }

  /** Resolves after `delay`. */
  wait(delay: number): Promise<void> {
    return new Promise((resolve) => void this.after(delay, resolve));
  }

  /** The machine sleeps: nothing fires on the way; what was due fires when it is next let run. */
  jumpTo(at: At): void {
    this.#now = Math.max(this.#now, at);
  }

  async advanceTo(end: At): Promise<void> {
    await settle();
    for (let due = this.#next(end); due !== null; due = this.#next(end)) {
      this.#waiting.delete(due);
      this.jumpTo(due.at);
      due.call();
      await settle();
    }
    this.jumpTo(end);
  }

  #next(end: At): Waiting | null {
    let first: Waiting | null = null;
    for (const waiting of this.#waiting) {
      if (waiting.at <= end && (first === null || waiting.at < first.at)) first = waiting;
    }
    return first;
  }
}

/** All promises that are ready run before the next turn. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

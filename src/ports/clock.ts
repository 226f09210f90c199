import type { Instant, TimeZone } from '../core/time.ts';

/** A running timer. Its owner stops it. */
export interface Timer {
  stop(): void;
}

export interface Clock {
  now(): Instant;
  /** Calls once, `delay` milliseconds from now (at the earliest); longer delays than the platform takes are split. */
  after(delay: number, call: () => void): Timer;
  /** The machine's zone now; it changes when the person travels. */
  zone(): TimeZone;
  /** Uniform in [0, 1): for jitter. */
  random(): number;
}

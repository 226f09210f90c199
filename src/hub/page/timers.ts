import type { Instant } from '../../core/time.ts';

/** The browser's clock, timers and chance, for what takes them as given. */
export const browserTimers = {
  now: (): Instant => Date.now(),
  later: (delay: number, call: () => void): (() => void) => {
    const timer = setTimeout(call, delay);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
} as const;

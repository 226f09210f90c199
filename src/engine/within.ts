import type { Clock, Timer } from '../ports/clock.ts';

/** Waits for `work`, at most `limit` milliseconds. */
export async function within(clock: Clock, limit: number, work: Promise<unknown>): Promise<void> {
  const timers: Timer[] = [];
  const patience = new Promise<void>((resolve) => void timers.push(clock.after(limit, resolve)));
  try {
    await Promise.race([work, patience]);
  } finally {
    for (const timer of timers) timer.stop();
  }
}

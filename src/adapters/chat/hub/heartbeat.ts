import type { ErrorCode } from '../../../core/appError.ts';
import { asAppError } from '../../../core/appError.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';

export type Timers = Pick<Clock, 'after' | 'random'>;

/** Node's own. A heartbeat alone keeps no program running. */
export const SYSTEM_TIMERS: Timers = {
  after(delay, call) {
    const timer = setTimeout(call, delay);
    timer.unref();
    return { stop: () => clearTimeout(timer) };
  },
  random: () => Math.random(),
};

/** What trying again can't mend; the engine's own look tells the person, and begins anew when all is well. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set(['unauthorized', 'forbidden', 'notFound']);

/** So much of a third of the time there is: not everybody's at once after the hub was away. */
const LEAST = 0.8;

/** Says again and again that the person is there, from the first `expect` until `close`. Its failures are silent. */
export class Heartbeat {
  readonly #beat: (signal: AbortSignal) => Promise<unknown>;
  readonly #timers: Timers;
  readonly #stop = new AbortController();
  #timer: Timer | null = null;

  /** @param beat one report; throws `AppError` */
  constructor(beat: (signal: AbortSignal) => Promise<unknown>, timers: Timers) {
    this.#beat = beat;
    this.#timers = timers;
  }

  /** A report has just been made, and counts for `timeout` milliseconds: the next beat comes at a third of them. */
  expect(timeout: number): void {
    this.#schedule(timeout, 0);
  }

  /** No beat any more; the one under way is given up. */
  close(): void {
    this.#stop.abort();
    this.#timer?.stop();
  }

  #schedule(timeout: number, atLeast: number): void {
    this.#timer?.stop();
    if (this.#stop.signal.aborted) return;
    const wait = (timeout / 3) * (LEAST + (1 - LEAST) * this.#timers.random());
    const timer = this.#timers.after(Math.max(wait, atLeast), () => void this.#once(timeout, timer));
    this.#timer = timer;
  }

  async #once(timeout: number, timer: Timer): Promise<void> {
    let wait = 0;
    try {
      await this.#beat(this.#stop.signal);
    } catch (thrown) {
      const { code, retryAfter } = asAppError(thrown);
      if (HOPELESS.has(code)) return;
      wait = retryAfter ?? 0;
    }
    // A look at the hub in the meantime has planned the next one already.
    if (this.#timer === timer) this.#schedule(timeout, wait);
  }
}

import type { Clock } from '../../ports/clock.ts';

/** Waits that can be ended early: by news, or for good. */
export class Rest {
  readonly #clock: Clock;
  #end: (() => void) | null = null;
  #heedsNews = false;
  #hasNews = false;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** There is something new; kept for the next `forNews` when nobody waits for it. */
  news(): void {
    this.#hasNews = true;
    if (this.#heedsNews) this.#end?.();
  }

  /** Ends every wait, also those to come. */
  over(): void {
    this.#isOver = true;
    this.#end?.();
  }

  /** Resolves after that many milliseconds. */
  for(milliseconds: number): Promise<void> {
    return this.#wait(milliseconds, false);
  }

  /** Resolves when there is something new since the last time. */
  async forNews(): Promise<void> {
    if (!this.#hasNews) await this.#wait(null, true);
    this.#hasNews = false;
  }

  #wait(milliseconds: number | null, heedsNews: boolean): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = milliseconds === null ? null : this.#clock.after(milliseconds, () => this.#end?.());
      this.#heedsNews = heedsNews;
      this.#end = () => {
        this.#end = null;
        timer?.stop();
        resolve();
      };
    });
  }
}

/** How long things that another process must do may take, unless the caller knows better. Milliseconds. */
export const DEFAULT_TIMEOUT_MS = 20_000;

export interface WaitOptions {
  /** Milliseconds; default {@link DEFAULT_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  /** What is waited for, in words: it goes into the error. */
  readonly what?: string;
}

/**
 * Something that changes by itself and says when. `until` looks once, then again after each change: no polling.
 */
export class Changes {
  readonly #listeners = new Set<() => void>();

  /** To be called after each change. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /**
   * Waits until `look` gives something else than undefined or false.
   *
   * @param describe what was seen instead; called only when the wait failed
   * @throws Error after the time-out, with the last error that `look` threw, if it did
   */
  until<T>(
    look: () => T | undefined | false | Promise<T | undefined | false>,
    options: WaitOptions = {},
    describe: () => string = () => '',
  ): Promise<T> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, what = 'the expected change' } = options;
    return new Promise((resolve, reject) => {
      let looking = false;
      let again = false;
      let lastError: unknown;
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(check);
        settle();
      };
      const timer = setTimeout(() => {
        const seen = describe();
        const message = `waited ${timeoutMs} ms for ${what}${seen === '' ? '' : `; there was: ${seen}`}`;
        finish(() => reject(new Error(message, { cause: lastError })));
      }, timeoutMs);
      // One look at a time; a change during a look asks for one more.
      const check = () => {
        again = true;
        if (looking) return;
        looking = true;
        void run().finally(() => {
          looking = false;
        });
      };
      const run = async () => {
        while (again) {
          again = false;
          try {
            const found = await look();
            if (found !== undefined && found !== false) return finish(() => resolve(found as T));
          } catch (error) {
            lastError = error;
          }
        }
      };
      this.#listeners.add(check);
      check();
    });
  }
}

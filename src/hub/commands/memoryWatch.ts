import type { Clock, Timer } from '../../ports/clock.ts';

/** What is looked at; a `ScriptWorker` is one. */
export interface Watched {
  memory(patience: number): Promise<number | null>;
  stop(why: 'memory'): Promise<void>;
}

export interface MemoryWatchOptions {
  readonly clock: Clock;
  /** Bytes that one may hold outside of its heap. */
  readonly limit: number;
  readonly running: () => readonly Watched[];
  /** Bytes of the whole process; default: what the system says. */
  readonly resident?: () => number;
}

const EVERY = 50;
/** One that does not answer by then is in a loop. */
const PATIENCE = 150;

/**
 * Node limits the heap of a worker, but not what buffers take beside it. While something runs this looks whether the process grows, and
 * asks the workers then: who holds too much, or is too busy to say, is stopped.
 */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #resident: () => number;
  #timer: Timer | null = null;
  #isAsking = false;
  #base = 0;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#resident = options.resident ?? (() => process.memoryUsage.rss());
  }

  /** Looks from now on, until nothing runs. */
  start(): void {
    if (this.#timer !== null) return;
    this.#base = this.#resident();
    this.#again();
  }

  stop(): void {
    this.#timer?.stop();
    this.#timer = null;
  }

  #again(): void {
    this.#timer = this.#options.clock.after(EVERY, () => {
      this.#timer = null;
      const running = this.#options.running();
      if (running.length === 0) return;
      // Each may fill its heap, and a worker of itself needs some.
      const allowed = this.#options.limit * (running.length + 2);
      if (!this.#isAsking && this.#resident() - this.#base > allowed) void this.#ask(running);
      this.#again();
    });
  }

  async #ask(running: readonly Watched[]): Promise<void> {
    this.#isAsking = true;
    await Promise.all(
      running.map(async (one) => {
        const bytes = await one.memory(PATIENCE);
        if (bytes === null || bytes > this.#options.limit) await one.stop('memory');
      }),
    );
    this.#base = this.#resident();
    this.#isAsking = false;
  }
}

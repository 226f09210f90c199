import { AppError } from '../../core/appError.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { FairQueue } from './fairQueue.ts';
import { MemoryWatch } from './memoryWatch.ts';
import { type Job, type Outcome, ScriptWorker, type WorkerOptions } from './scriptWorker.ts';

export interface PoolOptions extends WorkerOptions {
  /** Runs at once. */
  readonly parallel: number;
  readonly clock: Clock;
}

interface Waiting {
  readonly job: Job;
  readonly settle: (outcome: Outcome) => void;
}

/** Modules are never forgotten by a worker: after so many runs it has had its time. */
const MOST_RUNS = 200;
/** Workers that wait, for each run at once: there are more scripts than runs. */
const KEPT = 3;
/** Workers nobody has needed for so long are ended. */
const IDLE = 2 * MINUTE;
const MOST_WAITING = 1_000;
const CLOSE_PATIENCE = 2 * SECOND;
const MOST_WAITING_IN_ROOM = 20;

/**
 * Runs jobs, a bounded number at once, those of each room in turn. A worker serves one script only; what a run leaves behind in it
 * (timers, globals) ends it. One more, unused, stands ready.
 */
export class ScriptPool {
  readonly #options: PoolOptions;
  readonly #queue: FairQueue<Waiting>;
  readonly #memory: MemoryWatch;
  /** Those that wait for a job, the longest waiting first. */
  readonly #idle: ScriptWorker[] = [];
  readonly #busy = new Set<ScriptWorker>();
  /** Those whose run is over, but not what it began. */
  readonly #leaving = new Set<ScriptWorker>();
  #spare: ScriptWorker | null = null;
  #timer: Timer | null = null;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#queue = new FairQueue({
      // One room never has all workers, unless there is only one.
      mostRunning: Math.max(1, options.parallel - 1),
      mostWaiting: MOST_WAITING_IN_ROOM,
    });
    this.#memory = new MemoryWatch({
      clock: options.clock,
      limit: options.memory * 1_048_576,
      running: () => [...this.#busy, ...this.#leaving],
    });
  }

  get running(): number {
    return this.#busy.size + this.#leaving.size;
  }
  get waiting(): number {
    return this.#queue.size;
  }

  /** Throws `rateLimited` when too many wait already; never for what the script does. */
  async run(room: string, job: Job): Promise<Outcome> {
    if (this.#isClosed) return CLOSING;
    if (this.#queue.size >= MOST_WAITING || !this.#queue.hasPlace(room)) {
      throw new AppError('rateLimited', 'Too many commands are waiting. Try again in a moment.');
    }
    return new Promise((settle) => {
      this.#queue.add(room, { job, settle });
      this.#next();
    });
  }

  /** Ends all workers; what runs or waits is told so. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.stop();
    this.#memory.stop();
    for (const { settle } of this.#queue.drain()) settle(CLOSING);
    const all = [...this.#busy, ...this.#leaving, ...this.#idle, ...(this.#spare === null ? [] : [this.#spare])];
    // One within a call that can't be interrupted may take its time: it is not waited for.
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(CLOSE_PATIENCE, resolve);
      void Promise.all(all.map((worker) => worker.stop('closing'))).then(() => {
        timer.stop();
        resolve();
      });
    });
  }

  #next(): void {
    while (!this.#isClosed && this.running < this.#options.parallel) {
      const taken = this.#queue.take();
      if (taken === null) return;
      void this.#serve(taken.room, taken.item);
    }
  }

  async #serve(room: string, { job, settle }: Waiting): Promise<void> {
    const worker = this.#workerFor(job);
    this.#busy.add(worker);
    this.#memory.start();
    const outcome = await worker.run(job);
    this.#busy.delete(worker);
    settle(outcome);
    if (worker.isLeaving) {
      this.#leaving.add(worker);
      await worker.leave();
      this.#leaving.delete(worker);
    } else if (!worker.hasEnded) this.#keep(worker);
    this.#queue.release(room);
    this.#next();
  }

  #workerFor({ script }: Job): ScriptWorker {
    const index = this.#idle.findLastIndex((worker) => worker.canRun(script));
    const [same] = index < 0 ? [] : this.#idle.splice(index, 1);
    if (same !== undefined) return same;
    const spare = this.#spare?.hasEnded === false ? this.#spare : new ScriptWorker(this.#options);
    this.#spare = new ScriptWorker(this.#options);
    return spare;
  }

  #keep(worker: ScriptWorker): void {
    if (this.#isClosed || worker.runs >= MOST_RUNS) return void worker.stop('closing');
    this.#idle.push(worker);
    if (this.#idle.length > this.#options.parallel * KEPT) void this.#idle.shift()?.stop('closing');
    this.#timer?.stop();
    this.#timer = this.#options.clock.after(IDLE, () => {
      for (const idle of this.#idle.splice(0)) void idle.stop('closing');
    });
  }
}

const CLOSING: Outcome = { kind: 'stopped', why: 'closing', detail: '' };

import type { JobResult, SyncJob } from './model.ts';

export type Handler = (job: SyncJob, signal: AbortSignal) => Promise<JobResult>;

/** What became of a job: its result, or null when it failed as a whole. */
export type OnOutcome = (id: string, result: JobResult | null) => void;

/** Hands jobs to whoever works on them. */
export interface WorkQueue {
  add(jobs: readonly SyncJob[]): Promise<void>;
  /** Takes jobs, `concurrency` at a time, until the queue is closed. */
  work(handler: Handler, concurrency: number): void;
  /** Hears of each job that is over from now on, whichever hub had it. The returned function ends it. */
  follow(onOutcome: OnOutcome): Promise<() => Promise<void>>;
  /** Gives up what is being worked on. */
  close(): Promise<void>;
}

/** All within this process: for one hub without Redis. */
export function localQueue(): WorkQueue {
  const waiting: SyncJob[] = [];
  const followers = new Set<OnOutcome>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let handler: Handler | null = null;
  let free = 0;

  async function run(job: SyncJob, handle: Handler): Promise<void> {
    const result = await handle(job, stopping.signal).catch(() => null);
    if (stopping.signal.aborted) return;
    for (const tell of followers) tell(job.id, result);
  }

  function next(): void {
    while (handler !== null && free > 0 && !stopping.signal.aborted) {
      const job = waiting.shift();
      if (job === undefined) return;
      free -= 1;
      const work = run(job, handler).finally(() => {
        running.delete(work);
        free += 1;
        next();
      });
      running.add(work);
    }
  }

  return {
    async add(jobs) {
      waiting.push(...jobs);
      next();
    },
    work(handle, concurrency) {
      handler = handle;
      free = concurrency;
      next();
    },
    async follow(onOutcome) {
      followers.add(onOutcome);
      return async () => void followers.delete(onOutcome);
    },
    async close() {
      stopping.abort();
      waiting.length = 0;
      await Promise.all(running);
    },
  };
}

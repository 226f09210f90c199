import { setTimeout as pause } from 'node:timers/promises';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { redisAddress } from '../store/redis/address.ts';
import type { JobResult, SyncJob } from './model.ts';
import type { WorkQueue } from './workQueue.ts';

export interface BullOptions {
  /** See `redisAddress`. */
  readonly url: string;
  /** Of Redis' certificate authority (PEM), where the system does not know it. */
  readonly ca?: string;
  /** What the hub's keys in Redis begin with; here it becomes the hash tag, so that a queue's keys share a slot. */
  readonly prefix: string;
  readonly name: string;
  /** A job whose hub has said nothing for this long is given to another one; milliseconds. */
  readonly lockMs?: number;
  /** Connection trouble, which passes by itself. */
  readonly onError: (error: Error) => void;
}

/** A hub that is killed while it works has not spoiled the job; who is killed three times over one is not given it again. */
const MOST_STALLS = 3;
const LOCK = 30_000;
/** How long closing may take, in milliseconds. */
const PATIENCE = 3_000;
/** The outcomes that Redis keeps for a planner that was away for a moment. */
const OUTCOMES = 2_000;

/** Shared by all hubs on one Redis (BullMQ). Nothing of a job stays there once it is over. */
export function bullQueue({ url, ca, prefix, name, lockMs = LOCK, onError }: BullOptions): WorkQueue {
  const stopping = new AbortController();
  const connections: Redis[] = [];
  const connect = (): Redis => {
    // BullMQ waits for Redis by itself, however long it is away.
    const made = new Redis({ ...redisAddress(url, ca), protocol: 2, maxRetriesPerRequest: null });
    made.on('error', onError);
    connections.push(made);
    return made;
  };
  // While Redis is away what is to be said there can't be: another hub finds the job without an owner.
  const inTime = (closing: Promise<unknown>) =>
    Promise.race([closing.catch(onError), pause(PATIENCE, undefined, { ref: false })]);
  const keys = `{${prefix}}:queue`;
  const queue = new Queue<SyncJob, JobResult>(name, {
    connection: connect(),
    prefix: keys,
    streams: { events: { maxLen: OUTCOMES } },
  });
  queue.on('error', onError);
  const workers: Worker<SyncJob, JobResult>[] = [];
  const followers = new Set<QueueEvents>();

  return {
    async add(jobs) {
      const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true };
      await queue.addBulk(jobs.map((job) => ({ name: job.kind, data: job, opts: { ...opts, jobId: job.id } })));
    },
    work(handler, concurrency) {
      const worker = new Worker<SyncJob, JobResult>(name, ({ data }) => handler(data, stopping.signal), {
        connection: connect(),
        prefix: keys,
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs,
        maxStalledCount: MOST_STALLS,
      });
      worker.on('error', onError);
      workers.push(worker);
    },
    async follow(onOutcome) {
      // From the last one on by its id: what is over before the first answer comes would be missed otherwise.
      const connection = connect();
      const [last] = await connection.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1);
      const events = new QueueEvents(name, { connection, prefix: keys, lastEventId: last?.[0] ?? '0' });
      events.on('error', onError);
      // It is typed as text, and comes parsed.
      events.on('completed', ({ jobId, returnvalue }) => onOutcome(jobId, returnvalue as unknown as JobResult));
      events.on('failed', ({ jobId }) => onOutcome(jobId, null));
      followers.add(events);
      return async () => {
        followers.delete(events);
        await inTime(events.close());
      };
    },
    async close() {
      stopping.abort();
      await inTime(
        Promise.all([
          ...workers.map((worker) => worker.close()),
          ...[...followers].map((events) => events.close()),
          queue.close(),
        ]),
      );
      for (const connection of connections) connection.disconnect();
    },
  };
}

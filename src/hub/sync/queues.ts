import { bullQueue } from './bullQueue.ts';
import type { OrgSyncDeps } from './orgSync.ts';
import { localQueue } from './workQueue.ts';

export interface QueuesOptions {
  /** As for the store; null: one hub alone, without Redis. */
  readonly redis: { readonly url: string; readonly prefix: string; readonly ca?: string } | null;
  /** See `BullOptions`. */
  readonly lockMs?: number;
  /** Redis is away; it is waited for. */
  readonly onError: (error: Error) => void;
}

/** The two queues of organisation sync: shared by all hubs on one Redis, or this process's own. */
export function syncQueues({ redis, ...options }: QueuesOptions): OrgSyncDeps['queues'] {
  const queue = (name: string) => (redis === null ? localQueue() : bullQueue({ ...redis, ...options, name }));
  return { reads: queue('org-sync-reads'), edges: queue('org-sync-edges') };
}

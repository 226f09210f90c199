import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { nodeFetch } from '../../adapters/node/nodeFetch.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { newId } from '../ids.ts';
import type { HubSettings } from '../settings.ts';
import type { HubStore } from '../store/port.ts';
import { type OrgSync, startOrgSync } from './orgSync.ts';
import { syncQueues } from './queues.ts';

export interface OpenOptions {
  readonly settings: HubSettings;
  readonly store: HubStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Trusted beyond the system's: PEM texts. */
  readonly trustedCertificates?: readonly string[];
  /** See `BullOptions`. */
  readonly lockMs?: number;
}

/** Starts organisation sync as the settings say; null where they don't want it. */
export function openOrgSync({ settings, trustedCertificates = [], lockMs, ...deps }: OpenOptions): OrgSync | null {
  const { sync, HUB_REDIS_URL: url, HUB_REDIS_PREFIX: prefix } = settings;
  if (sync === null) return null;
  const { clock, logger: log } = deps;
  const queues = syncQueues({
    redis: url === undefined ? null : { url, prefix },
    ...(lockMs === undefined ? {} : { lockMs }),
    onError: ({ name }) => log.debug('the queue of organisation sync waits for Redis', { error: name }),
  });
  return startOrgSync({
    settings: sync,
    store: deps.store,
    fetch: nodeFetch({ trustedCertificates }),
    clock,
    log,
    owner: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    newId: () => newId(clock.now()),
    queues,
  });
}

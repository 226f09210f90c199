import { Redis } from 'ioredis';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HubSettings } from '../settings.ts';
import type { HubStore } from './port.ts';
import { redisAddress } from './redis/address.ts';
import { createRedisStore } from './redis/store.ts';
import { openSqliteStore } from './sqlite/store.ts';

/** An open store, and what belongs to the same place. */
export interface Opened {
  readonly store: HubStore;
  /** Where hubs count requests together; null where there is but one hub. */
  readonly limits: Redis | null;
  close(): Promise<void>;
}

/** Opens the store that the settings name: Redis, or the file of this machine. Throws `AppError`. */
export async function openStore(settings: HubSettings, clock: Clock): Promise<Opened> {
  const { HUB_REDIS_URL: url, HUB_REDIS_PREFIX: prefix, HUB_FEED_LENGTH: feedLength } = settings;
  if (url === undefined) {
    const store = await openSqliteStore({ folder: settings.HUB_DATA, clock });
    return { store, limits: null, close: () => store.close() };
  }
  const store = createRedisStore({ url, prefix, feedLength, clock });
  const limits = new Redis({
    ...redisAddress(url),
    // A count that can't be made in time is not made: requests never wait for it.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: SECOND,
  });
  // It connects again by itself; readiness tells of a Redis that is away.
  limits.on('error', () => {});
  return {
    store,
    limits,
    close: async () => {
      limits.disconnect();
      await store.close();
    },
  };
}

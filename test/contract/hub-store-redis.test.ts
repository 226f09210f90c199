import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { createRedisStore } from '../../src/hub/store/redis/store.ts';
import { hubStoreContract } from './hub-store-contract.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';

let server: RedisServer;
let worlds = 0;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.close());

hubStoreContract('Redis', async () => {
  worlds += 1;
  const prefix = `world-${worlds}`;
  const open: HubStore[] = [];
  const another = async () => {
    const store = createRedisStore({ url: server.url, prefix, feedLength: 1_000_000, clock: systemClock });
    open.push(store);
    return store;
  };
  const store = await another();
  return {
    store,
    async reopen() {
      await store.close();
      return another();
    },
    second: another,
    async lose() {
      await server.kill();
      return () => server.start();
    },
    async close() {
      for (const each of open) await each.close();
      await server.client.flushall();
    },
  };
});

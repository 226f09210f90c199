import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { SECOND } from '../../src/core/time.ts';
import { createRedisStore } from '../../src/hub/store/redis/store.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { given, NOW } from './hub-store-world.ts';
import { openReceiver, openWorld } from './hub-webhooks-world.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
}, 60_000);
afterAll(() => server?.close());

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function hub(owner: string) {
  const made = await openWorld({
    owner,
    clock: new FakeClock(NOW),
    openStore: () => createRedisStore({ url: server.url, prefix: 'webhooks', feedLength: 10_000, clock: systemClock }),
  });
  opened.push(made);
  return made;
}

it('webhooks of two hubs on one Redis are delivered by one, and without a gap by the other when that stops', async () => {
  const target = await openReceiver();
  opened.push(target);
  const [hubA, hubB] = [await hub('hub-a'), await hub('hub-b')];
  const id = await hubA.add(target.url, { kinds: ['presence'] });
  await hubB.dispatcher.refresh();
  const ids: number[] = [];
  for (let i = 0; i < 100; i += 1) ids.push(await (i % 2 === 0 ? hubA : hubB).change(1, `${i}`));
  await target.count(20);
  await hubA.dispatcher.stop(5 * SECOND);
  for (let i = 100; i < 150; i += 1) ids.push(await hubB.change(1, `${i}`));
  await vi.waitFor(
    async () => {
      await hubB.clock.advance(SECOND);
      expect(given(await hubB.webhooks.progress(id)).value.cursor).toBe(given(ids.at(-1)));
    },
    { timeout: 10_000, interval: 20 },
  );
  expect(target.ids()).toEqual(ids);
  expect(target.mostBusy()).toBe(1);
  const [byA, byB] = [hubA.outcomes.length, hubB.outcomes.length];
  expect(byA + byB).toBe(150);
  expect(byB).toBeGreaterThan(0);
});

it('a webhook goes on when Redis was lost and is back; what could not be noted is sent again', {
  timeout: 60_000,
}, async () => {
  const target = await openReceiver((_, response) => void response.writeHead(500).end());
  opened.push(target);
  const only = await hub('hub-c');
  const id = await only.add(target.url, { kinds: ['presence'] });
  const event = await only.change(2, 'a');
  await only.failed(id, 1);
  await server.kill();
  target.answer = (_, response) => void response.writeHead(200).end();
  await only.clock.advance(10 * SECOND);
  await target.count(2);
  await vi.waitFor(() => expect(only.log.join('')).toContain('Deliveries wait for the store'), { timeout: 20_000 });
  await server.start();
  await vi.waitFor(
    async () => {
      await only.clock.advance(5 * SECOND);
      expect((await only.webhooks.progress(id))?.value.cursor).toBe(event);
    },
    { timeout: 20_000, interval: 50 },
  );
  expect(target.ids()).toEqual([event, event, event]);
});

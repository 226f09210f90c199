// What is the hub's store on Redis alone: its address, its keys, TLS, a cluster's node, and what it forgets by itself.
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { redisAddress } from '../../src/hub/store/redis/address.ts';
import { createRedisStore, type RedisStoreOptions } from '../../src/hub/store/redis/store.ts';
import { allEvents, following, HOUR, idOf, MINUTE, NOW, personOf, reportOf } from './hub-store-world.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from './servers/redis.ts';

function open(server: RedisServer, rest: Partial<RedisStoreOptions> = {}): HubStore {
  const store = createRedisStore({
    url: server.url,
    prefix: 'team.a',
    feedLength: 1_000_000,
    clock: systemClock,
    ...rest,
  });
  onTestFinished(() => store.close());
  return store;
}

async function started(options: RedisServerOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.close());
  return server;
}

/** Something of every kind of key. */
async function useAll(store: HubStore): Promise<void> {
  await store.check();
  await store.putPerson(personOf(1, [{ service: 'slack', id: 's' }]), NOW);
  await store.putPerson(personOf(2, [{ service: 'slack', id: 's' }]), NOW);
  const feed = following(store);
  const { record } = await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
  await store.report(idOf(2), reportOf('Lunch', NOW), NOW);
  expect((await store.endDue(NOW + HOUR, 10)).map(({ kind }) => kind)).toEqual(['presence', 'presence']);
  await store.documents.put('tokens', 'k', { a: 1 }, NOW, { expiresAt: NOW + HOUR });
  expect(await store.documents.list('tokens', { limit: 5 }, NOW)).toHaveLength(1);
  expect(await store.lease('webhooks', 'ada', NOW + MINUTE, NOW)).toBe(true);
  expect((await store.history(idOf(1), 0)).map(({ kind }) => kind)).toEqual([
    'person',
    'person',
    'presence',
    'presence',
  ]);
  await feed.reaches(record.event + 3);
  expect(feed.seen).toEqual(await allEvents(store));
  await store.signOff(idOf(1), NOW);
  await store.removePerson(idOf(2), NOW);
  await store.trim(NOW);
}

describe('the address', () => {
  const plain = { host: 'redis.example', port: 6379, db: 0 };
  it.each([
    ['redis://redis.example', plain],
    ['redis://redis.example:6380/3', { ...plain, port: 6380, db: 3 }],
    ['redis://:p%40ss%25@redis.example/', { ...plain, password: 'p@ss%' }],
    ['redis://ada:pass@[::1]:6379/0', { ...plain, host: '::1', username: 'ada', password: 'pass' }],
    ['rediss://redis.example/1', { ...plain, db: 1, tls: {} }],
  ])('reads %s', (text, address) => {
    expect(redisAddress(text)).toEqual(address);
  });

  it.each([
    'redis.example:6379',
    'http://:p4ssw0rd@redis.example',
    'redis://:p4ssw0rd@redis.example/name',
    'redis://:p4ssw0rd@redis.example?enableOfflineQueue=true',
    'redis://:p4ssw0rd@',
    'redis://:p4ssw0rd%@redis.example',
    'redis://:p4ssw0rd@redis.example:port',
  ])('refuses %s and keeps the password to itself', (text) => {
    expect(() => redisAddress(text)).toThrow(expect.objectContaining({ code: 'invalidInput' }));
    expect(() => redisAddress(text)).not.toThrow(/p4ssw0rd/);
  });
});

describe('on its Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    await server.client.flushall();
  });

  it('has all its keys under its prefix, which is a hash tag', async () => {
    await useAll(open(server));
    const keys = await server.client.keys('*');
    expect(keys.length).toBeGreaterThan(12);
    expect(keys.filter((key) => !key.startsWith('{team.a}:'))).toEqual([]);
  });

  it('does without the scripts that Redis was told before', async () => {
    const store = open(server);
    await store.putPerson(personOf(1), NOW);
    await server.client.script('FLUSH');
    expect((await store.putPerson({ ...personOf(1), name: 'Ada' }, NOW))?.record.person.name).toBe('Ada');
  });

  it('keeps teams apart', async () => {
    const [one, other] = [open(server), open(server, { prefix: 'team.b' })];
    await one.putPerson(personOf(1), NOW);
    expect([await other.record(idOf(1)), await other.head()]).toEqual([null, 0]);
  });

  it('keeps about as many events as it was told to', async () => {
    const store = open(server, { feedLength: 1_000 });
    await store.putPerson(personOf(1), NOW);
    for (let round = 0; round < 30; round++) {
      await Promise.all(
        Array.from({ length: 100 }, (_, each) => store.report(idOf(1), reportOf(`${round} ${each}`, NOW), NOW)),
      );
    }
    const kept = await server.client.xlen('{team.a}:feed');
    expect(kept).toBeGreaterThanOrEqual(1_000);
    expect(kept).toBeLessThan(1_500);
    expect(await store.head()).toBe(3_001);
  });

  it('keeps two days of what a person showed', async () => {
    const store = open(server);
    await store.putPerson(personOf(1), NOW);
    for (const hours of [1, 2, 48, 49.5]) {
      await store.report(idOf(1), reportOf(`${hours}`, NOW + hours * HOUR), NOW + hours * HOUR);
    }
    const shown = (await store.history(idOf(1), 0)).map(({ record }) => record.said.text);
    expect(shown).toEqual(['2', '48', '49.5']);
    expect(await server.client.ttl(`{team.a}:history:${idOf(1)}`)).toBeGreaterThan(47 * 3_600);
  });

  it('takes expired documents away with the next ones', async () => {
    const { documents } = open(server);
    for (let each = 0; each < 25; each++) {
      await documents.put('sessions', `old-${each}`, each, NOW, { expiresAt: NOW + MINUTE });
    }
    for (const key of ['a', 'b', 'c']) await documents.put('sessions', key, key, NOW + HOUR);
    expect(await server.client.hkeys('{team.a}:documents:sessions')).toEqual(['a', 'b', 'c']);
    expect(await server.client.zcard('{team.a}:keys:sessions')).toBe(3);
    expect(await server.client.exists('{team.a}:expiry:sessions')).toBe(0);
  });
});

describe('over TLS', () => {
  it('works when the certificate is known, and says so when it is not', async () => {
    const server = await started({ isTls: true });
    await useAll(open(server, { ca: server.certificate }));
    const error = await open(server)
      .check()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unavailable', reason: 'certificateAuthority' });
    expect(String(error)).toContain('NODE_EXTRA_CA_CERTS');
  });
});

describe('on the node of a cluster', () => {
  it('has all it needs in one slot', async () => {
    const server = await started({ config: 'cluster-enabled yes' });
    await server.client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    // Until its node has seen that all slots are served it answers CLUSTERDOWN, which passes.
    await useAll(open(server));
    expect(await server.client.call('CLUSTER', 'COUNTKEYSINSLOT', String(await slotOf(server)))).toBe(
      await server.client.dbsize(),
    );
  });
});

const slotOf = (server: RedisServer) => server.client.call('CLUSTER', 'KEYSLOT', '{team.a}:head') as Promise<number>;

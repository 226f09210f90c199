// What the hub's store on Redis does in trouble: answers lost, lines that say nothing any more, data that is older than what was seen, a Redis
// that can not be used.
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { AppError } from '../../src/core/appError.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { createRedisStore } from '../../src/hub/store/redis/store.ts';
import {
  allEvents,
  type Following,
  following,
  given,
  HOUR,
  idOf,
  idsOf,
  MINUTE,
  NOW,
  personOf,
  refused,
  reportOf,
  SECOND,
} from './hub-store-world.ts';
import { freePort } from './servers/process.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';
import { startTcpProxy, type TcpProxy } from './servers/tcpProxy.ts';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis({ appendfsync: 'always' });
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.client.flushall();
});

const urlAt = (port: number, password = 'redis-pass-word!') =>
  `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`;

function open(url = server.url): HubStore {
  const store = createRedisStore({ url, prefix: 'faults', feedLength: 1_000_000, clock: systemClock });
  onTestFinished(() => store.close());
  return store;
}

async function openProxy(): Promise<TcpProxy> {
  const proxy = await startTcpProxy(server.port);
  onTestFinished(() => proxy.close());
  return proxy;
}

describe('when an answer is lost', () => {
  let proxy: TcpProxy;
  let store: HubStore;
  let direct: HubStore;
  beforeEach(async () => {
    proxy = await openProxy();
    store = open(urlAt(proxy.port));
    direct = open();
    // Redis must know all scripts: else it is only `NOSCRIPT` that is lost.
    await direct.putPerson(personOf(1), NOW);
    await direct.report(idOf(1), reportOf('Meeting', NOW), NOW);
    await direct.signOff(idOf(1), NOW);
    await direct.removePerson(idOf(1), NOW);
    await direct.endDue(NOW, 1);
    await direct.documents.put('c', 'other', 1, NOW);
    await direct.documents.delete('c', 'other');
    await direct.lease('other', 'ada', NOW + MINUTE, NOW);
    await store.putPerson(personOf(1), NOW);
    await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
  });
  const losing = <T>(ask: () => Promise<T>): Promise<T> => {
    proxy.loseAnswer();
    return ask();
  };

  it('gives the event that was made', async () => {
    const ifEvent = await store.head();
    const reported = await losing(() => store.report(idOf(1), reportOf('Lunch', NOW, { ifEvent }), NOW));
    expect(reported.event?.record.said.text).toBe('Lunch');
    const renamed = await losing(() => store.putPerson({ ...personOf(1), name: 'Ada' }, NOW));
    expect(renamed?.record.person.name).toBe('Ada');
    const off = await losing(() => store.signOff(idOf(1), NOW));
    expect(off?.record.reporting).toBe(false);
    const removed = await losing(() => store.removePerson(idOf(1), NOW));
    expect(removed?.kind).toBe('removed');
    expect(await direct.events(ifEvent, 10)).toEqual([reported.event, renamed, off, removed]);
  });

  it('gives all ends that were made', async () => {
    await store.putPerson(personOf(2), NOW);
    await store.report(idOf(2), reportOf('Lunch', NOW), NOW);
    const before = await direct.head();
    const ended = await losing(() => store.endDue(NOW + HOUR, 10));
    expect(ended.map(({ record }) => record.person.id)).toEqual([idOf(1), idOf(2)]);
    expect(await direct.events(before, 10)).toEqual(ended);
  });

  it('is not in the way of its own document or lease', async () => {
    const version = await losing(() => store.documents.put('c', 'k', 1, NOW, { expected: 0 }));
    expect(await direct.documents.get('c', 'k', NOW)).toEqual({ key: 'k', value: 1, version });
    expect(await losing(() => store.documents.delete('c', 'k'))).toBe(true);
    expect(await losing(() => store.lease('l', 'ada', NOW + MINUTE, NOW))).toBe(true);
  });
});

describe('when a line says nothing any more', () => {
  it('asks on another', async () => {
    const proxy = await openProxy();
    const store = open(urlAt(proxy.port));
    await store.putPerson(personOf(1), NOW);
    const feed = following(store);
    await feed.reaches(1);
    proxy.stall();
    const { record } = await store.report(idOf(1), reportOf('Meeting', NOW), NOW);
    await feed.reaches(record.event);
    expect(feed.seen).toEqual(await allEvents(store));
  });
});

describe('when Redis has other data than was seen', () => {
  /** A follower who has seen three events and can't reach Redis; the returned function lets them. */
  async function away(): Promise<{ readonly feed: Following; readonly direct: HubStore; readonly back: () => void }> {
    const proxy = await openProxy();
    const direct = open();
    await direct.putPerson(personOf(1), NOW);
    for (const text of ['one', 'two']) await direct.report(idOf(1), reportOf(text, NOW), NOW);
    const feed = following(open(urlAt(proxy.port)));
    await feed.reaches(3);
    return { feed, direct, back: proxy.cutOff() };
  }

  it.each([0, 1, 2, 3, 6])('says gone, with %i reports made since it was emptied', async (reports) => {
    const { feed, direct, back } = await away();
    await server.client.flushall();
    await direct.putPerson(personOf(1), NOW + SECOND);
    for (let round = 0; round < reports; round++) await direct.report(idOf(1), reportOf(`new ${round}`, NOW), NOW);
    back();
    await feed.until(() => feed.gone() > 0);
    expect([feed.gone(), feed.seen.length]).toEqual([1, 3]);
  });

  it('says gone to who is connected while it is emptied', async () => {
    const store = open();
    await store.putPerson(personOf(1), NOW);
    const feed = following(store);
    await feed.reaches(1);
    await server.client.flushall();
    await feed.until(() => feed.gone() > 0);
    expect(feed.seen).toHaveLength(1);
  });

  it('says gone to who is connected when the feed loses more than it was told', async () => {
    const store = open();
    const { id } = given(await store.putPerson(personOf(1), NOW));
    const feed = following(store);
    await feed.reaches(id);
    const [, event = ''] = given((await server.client.xrange('{faults}:feed', '-', '+'))[0])[1];
    const changes = server.client.multi().incrby('{faults}:head', 3);
    for (const next of [2, 3, 4]) changes.xadd('{faults}:feed', `${next}-0`, 'e', event);
    await changes.xtrim('{faults}:feed', 'MAXLEN', 1).exec();
    await feed.until(() => feed.gone() > 0);
    expect(idsOf(feed.seen)).toEqual([id]);
  });

  it('says gone when the feed was cut behind a follower who was away', async () => {
    const { feed, direct, back } = await away();
    await direct.report(idOf(1), reportOf('three', NOW + SECOND), NOW + SECOND);
    await direct.trim(NOW + HOUR);
    back();
    await feed.until(() => feed.gone() > 0);
    expect(feed.seen).toHaveLength(3);
  });

  it('goes on when nothing was missed', async () => {
    const { feed, direct, back } = await away();
    await direct.trim(NOW + HOUR);
    const { record } = await direct.report(idOf(1), reportOf('three', NOW + SECOND), NOW + SECOND);
    back();
    await feed.reaches(record.event);
    expect([feed.gone(), feed.seen.length]).toEqual([0, 4]);
  });
});

describe('when Redis can not be used', () => {
  const secret = 'Tr0ub4dor&3';
  async function failure(url: string): Promise<AppError> {
    const store = open(url);
    const started = performance.now();
    const error = await store.record(idOf(1)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(performance.now() - started).toBeLessThan(6_500);
    if (!(error instanceof AppError)) throw new Error('It should fail.');
    expect(error.code).toBe('unavailable');
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(secret);
    expect(error.message).not.toMatch(/127\.0\.0\.1|redis:\/\//);
    return error;
  }

  it('says that nothing is there', async () => {
    const { message, reason } = await failure(urlAt(await freePort(), secret));
    expect([message, reason]).toEqual([expect.stringContaining('Start Redis'), 'refused']);
  });

  it('says that the password is wrong', async () => {
    const { message, reason } = await failure(urlAt(server.port, secret));
    expect([message, reason]).toEqual([expect.stringContaining('refuses the user or password'), 'WRONGPASS']);
  });

  it('says that it can not be reached when nothing comes back', async () => {
    const proxy = await openProxy();
    proxy.freeze();
    expect((await failure(urlAt(proxy.port, secret))).message).toContain('can not be reached');
  });

  it('says that its memory is full, and still reads', async () => {
    const store = open();
    await store.putPerson(personOf(1), NOW);
    onTestFinished(async () => {
      await server.client.config('SET', 'maxmemory', '0');
    });
    await server.client.config('SET', 'maxmemory', '1');
    await expect(store.check()).rejects.toMatchObject({ code: 'unavailable', reason: 'OOM' });
    expect((await store.record(idOf(1)))?.person.id).toBe(idOf(1));
  });

  it('ends at once what waits when it is closed', async () => {
    const store = open(urlAt(await freePort()));
    const asked = refused(store.record(idOf(1)), 'unavailable');
    await store.close();
    await asked;
  });
});

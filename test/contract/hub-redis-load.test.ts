// The hub's store on Redis under load, while Redis is killed and started again, and while connections are cut. What was acknowledged is there,
// and the followers of two stores see each event once.
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { AppError } from '../../src/core/appError.ts';
import type { HubEvent } from '../../src/hub/model.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { createRedisStore } from '../../src/hub/store/redis/store.ts';
import {
  allEvents,
  allRecords,
  expectRising,
  type Following,
  following,
  given,
  idOf,
  idsOf,
  NOW,
  personOf,
  replayed,
  reportOf,
  withoutRenewals,
} from './hub-store-world.ts';
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

const PEOPLE = Array.from({ length: 20 }, (_, number) => number);

const TRIES = 10;

/** Asks again, as a client does, until it is taken. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unavailable' || tries === TRIES) throw error;
    }
  }
}

interface Load {
  /** What was acknowledged. */
  readonly acknowledged: { readonly number: number; readonly text: string; readonly event: HubEvent | null }[];
  /** Resolves when so many more reports were acknowledged. */
  more(count: number): Promise<void>;
  /** Resolves when all that was asked for is acknowledged, with the last text of each person. */
  end(): Promise<ReadonlyMap<number, string>>;
}

/** People who report something new all the time, each by one of the stores in turn; and a document that is counted up. */
async function startLoad(stores: readonly HubStore[]): Promise<Load & { readonly counted: () => number }> {
  await Promise.all(PEOPLE.map((number) => given(stores[0]).putPerson(personOf(number), NOW)));
  const acknowledged: Load['acknowledged'] = [];
  const waiting = new Set<() => void>();
  const last = new Map<number, string>();
  let isEnding = false;
  let counted = 0;
  const person = async (number: number) => {
    for (let round = 0; !isEnding; round++) {
      const text = `${number} says ${round}`;
      const store = given(stores[(number + round) % stores.length]);
      const { event } = await insist(() => store.report(idOf(number), reportOf(text, NOW), NOW));
      acknowledged.push({ number, text, event });
      last.set(number, text);
      for (const look of [...waiting]) look();
    }
  };
  /** Nobody else counts: a conflict would be with itself. */
  const counter = async () => {
    const { documents } = given(stores[0]);
    for (let version = 0; !isEnding; counted += 1) {
      version = await documents.put('faults', 'counter', counted + 1, NOW, { expected: version });
    }
  };
  const running = Promise.all([counter(), ...PEOPLE.map(person)]);
  return {
    acknowledged,
    counted: () => counted,
    more(count) {
      const wanted = acknowledged.length + count;
      const reached = new Promise<void>((resolve) => {
        const look = () => {
          if (acknowledged.length < wanted) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
      return Promise.race([reached, running.then(() => undefined)]);
    },
    async end() {
      isEnding = true;
      await running;
      return last;
    },
  };
}

/** All that was acknowledged is there, once; and each follower was told just what is there. */
async function expectNothingLost(
  store: HubStore,
  load: Awaited<ReturnType<typeof startLoad>>,
  feeds: readonly Following[],
) {
  const last = await load.end();
  const events = await allEvents(store);
  expectRising(idsOf(events));
  const byText = new Map<string, HubEvent[]>();
  for (const event of events.slice(PEOPLE.length)) {
    const { text } = event.record.said;
    byText.set(text, [...(byText.get(text) ?? []), event]);
  }
  for (const { text, event } of load.acknowledged) {
    expect(byText.get(text)).toHaveLength(1);
    if (event !== null) expect(byText.get(text)).toEqual([event]);
  }
  const records = await allRecords(store);
  expect(records.map(({ said }) => said.text)).toEqual(PEOPLE.map((number) => last.get(number)));
  expect(replayed(events)).toEqual(records.map(withoutRenewals));
  expect((await store.documents.get('faults', 'counter', NOW))?.value).toBe(load.counted());
  for (const feed of feeds) {
    await feed.reaches(await store.head());
    expect(feed.seen).toEqual(events);
    expect(feed.gone()).toBe(0);
  }
}

describe('under load', { timeout: 60_000 }, () => {
  it('loses and doubles nothing when Redis is killed and started again', async () => {
    const stores = [open(), open()];
    const feeds = stores.map((store) => following(store));
    const load = await startLoad(stores);
    for (let round = 0; round < 3; round++) {
      await load.more(300);
      await server.kill();
      await server.start();
    }
    await load.more(300);
    await expectNothingLost(given(stores[0]), load, feeds);
  });

  it('loses and doubles nothing when connections are cut', async () => {
    const proxy = await openProxy();
    const throughProxy = server.url.replace(`:${server.port}`, `:${proxy.port}`);
    const stores = [open(throughProxy), open(throughProxy)];
    const feeds = stores.map((store) => following(store));
    const load = await startLoad(stores);
    for (let round = 0; round < 5; round++) {
      await load.more(200);
      proxy.drop();
      await load.more(200);
      // What is asked while this lasts is done, and nobody hears of it.
      proxy.loseAnswer();
      await load.more(200);
      await server.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await load.more(200);
      const letThrough = proxy.cutOff();
      await new Promise((resolve) => setTimeout(resolve, 200));
      letThrough();
    }
    await load.more(200);
    await expectNothingLost(given(stores[0]), load, feeds);
  });
});

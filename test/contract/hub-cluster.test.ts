import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { newId } from '../../src/hub/ids.ts';
import type { Scope } from '../../src/hub/model.ts';
import { createRedisStore } from '../../src/hub/store/redis/store.ts';
import { Tokens } from '../../src/hub/tokens.ts';
import { EventStream } from './eventStream.ts';
import { freePort, type ServerProcess, startProcess } from './servers/process.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';

/**
 * Two hub processes on one real Redis, and one of them killed under load. Publishers go to whichever hub answers, as behind a balancer;
 * followers go on at the other hub after the last event they have seen.
 */
const ROOT = join(import.meta.dirname, '../..');
const PEOPLE = 12;
const FOLLOWERS = 4;
const ENOUGH = 600;
const LAST_WORD = 'the end';

interface HubProcess {
  readonly url: string;
  readonly process: ServerProcess;
}

let redis: RedisServer;
let home: string;
const hubs: HubProcess[] = [];

beforeAll(async () => {
  redis = await startRedis();
  home = mkdtempSync(join(tmpdir(), 'hipstatus-cluster-'));
}, 60_000);

afterAll(async () => {
  for (const hub of hubs) await hub.process.stop();
  await redis.close();
  rmSync(home, { recursive: true, force: true });
});

async function startHubProcess(port: number): Promise<HubProcess> {
  const url = `http://127.0.0.1:${port}`;
  const process = await startProcess({
    command: 'node',
    args: ['--import', 'tsx', join(ROOT, 'src/cli/main.ts'), 'hub'],
    cwd: ROOT,
    env: {
      HIPSTATUS_HOME: home,
      HUB_PORT: String(port),
      HUB_REDIS_URL: redis.url,
      HUB_RATE_TOKEN: '10000000',
      HUB_LOG_LEVEL: 'warn',
    },
    isReady: async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true,
  });
  return { url, process };
}

interface Prepared {
  readonly publishers: readonly string[];
  readonly reader: string;
  /** The last event so far. */
  readonly head: number;
}

/** People and tokens, made in the store itself as `hipstatus hub token create` does. */
async function prepare(): Promise<Prepared> {
  const store = createRedisStore({ url: redis.url, prefix: 'hipstatus', feedLength: 1_000_000, clock: systemClock });
  const tokens = new Tokens(store.documents, () => Date.now());
  const issue = async (scopes: readonly Scope[], personId: string | null) =>
    (await tokens.issue({ name: 'load', scopes, personId, expiresAt: null })).token;
  const publishers: string[] = [];
  for (let i = 0; i < PEOPLE; i += 1) {
    const id = newId(Date.now());
    await store.putPerson({ id, email: `person${i}@example.com`, name: '', identities: [] }, Date.now());
    publishers.push(await issue(['publish'], id));
  }
  const reader = await issue(['read'], null);
  const head = await store.head();
  await store.close();
  return { publishers, reader, head };
}

/** Which hub each request goes to: the next that is up. */
function balancer(): () => string {
  let turn = 0;
  return () => hubs[turn++ % hubs.length]?.url ?? '';
}

interface Load {
  /** Acknowledged: the event's id, and what it said. */
  readonly acknowledged: Map<number, string>;
  isOver: boolean;
  failures: number;
}

/** @returns the event that was acknowledged */
async function say(url: string, token: string, presence: object): Promise<number> {
  const answer = await fetch(`${url}/api/v1/presences/me`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(presence),
  });
  if (!answer.ok) throw new Error(`The hub answered ${answer.status}.`);
  return ((await answer.json()) as { event: number }).event;
}

async function publish(token: string, name: string, load: Load, next: () => string): Promise<void> {
  for (let n = 0; !load.isOver; n += 1) {
    const text = `${name} ${n}`;
    // Until it is acknowledged, as an app would.
    for (let isDone = false; !isDone; ) {
      try {
        const event = await say(next(), token, { state: n % 2 === 0 ? 'dnd' : 'available', text });
        load.acknowledged.set(event, text);
        isDone = true;
      } catch {
        load.failures += 1;
        await sleep(20);
      }
    }
    await sleep(2);
  }
}

interface Followed {
  readonly ids: number[];
  readonly texts: Map<number, string>;
  resumed: number;
}

/** Follows until somebody says the last word. */
async function follow(token: string, next: () => string, after: number): Promise<Followed> {
  const followed: Followed = { ids: [], texts: new Map(), resumed: -1 };
  for (let last = after; ; ) {
    try {
      const stream = await EventStream.open(`${next()}/api/v1/events`, token, { 'last-event-id': String(last) });
      followed.resumed += 1;
      try {
        for (let text = ''; text !== LAST_WORD; ) {
          const { id, data } = await stream.next('change');
          text = (data as { presence: { text: string } }).presence.text;
          followed.ids.push(id);
          followed.texts.set(id, text);
          last = id;
        }
        return followed;
      } finally {
        stream.close();
      }
    } catch {
      await sleep(50);
    }
  }
}

it('loses nothing that was acknowledged and doubles nothing when one of two hubs is killed under load', async () => {
  const { publishers, reader, head } = await prepare();
  hubs.push(await startHubProcess(await freePort()), await startHubProcess(await freePort()));
  const next = balancer();
  const load: Load = { acknowledged: new Map(), isOver: false, failures: 0 };
  const followers = Array.from({ length: FOLLOWERS }, () => follow(reader, next, head));
  const publishing = publishers.map((token, i) => publish(token, `person${i}`, load, next));

  const until = async (count: number) => {
    while (load.acknowledged.size < count) await sleep(20);
  };
  await until(ENOUGH / 3);
  const before = load.acknowledged.size;
  // The balancer goes on sending there for a while.
  await hubs[0]?.process.kill();
  await until(before + ENOUGH / 6);
  hubs.shift();
  // And every connection to Redis is cut once.
  await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await until(before + ENOUGH / 3);
  hubs.push(await startHubProcess(await freePort()));
  await until(before + (ENOUGH * 2) / 3);
  load.isOver = true;
  await Promise.all(publishing);
  await say(next(), publishers[0] ?? '', { state: 'away', text: LAST_WORD });

  const all = await Promise.all(followers);
  for (const { ids, texts, resumed } of all) {
    expect(resumed).toBeGreaterThanOrEqual(0);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    const missing = [...load.acknowledged].filter(([id, text]) => id > head && texts.get(id) !== text);
    expect(missing).toEqual([]);
  }
  expect(load.failures).toBeGreaterThan(0);
  const resumed = all.reduce((sum, one) => sum + one.resumed, 0);
  expect(resumed).toBeGreaterThan(0);
  // Nothing is in the feed that nobody asked for: each text once, acknowledged or asked for again after its answer was lost.
  const texts = [...(all[0]?.texts.values() ?? [])];
  expect(new Set(texts).size).toBe(texts.length);
  process.stdout.write(
    `acknowledged ${load.acknowledged.size}, lost 0, doubled 0; ${load.failures} requests failed and were repeated; followers resumed ${resumed} times\n`,
  );
}, 120_000);

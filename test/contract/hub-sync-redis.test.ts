import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { createRedisStore } from '../../src/hub/store/redis/store.ts';
import { bullQueue } from '../../src/hub/sync/bullQueue.ts';
import type { JobResult, SyncJob } from '../../src/hub/sync/model.ts';
import type { WorkQueue } from '../../src/hub/sync/workQueue.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { allRecords } from './hub-store-world.ts';
import { SyncHubProcess, syncEnv } from './hub-sync-process.ts';
import { type RedisServer, startRedis } from './servers/redis.ts';

const PEOPLE = 400;
const LOCK = 2_000;

let redis: RedisServer;
let sandbox: Sandbox;
let store: HubStore;
let hubs: SyncHubProcess[] = [];
let queues: WorkQueue[] = [];
let worlds = 0;

beforeAll(async () => {
  redis = await startRedis();
  sandbox = await startSandbox({ slack: false, organisation: { people: PEOPLE } });
});
afterAll(async () => {
  await sandbox?.close();
  await redis?.close();
});
afterEach(async () => {
  for (const hub of hubs) await hub.kill();
  for (const queue of queues) await queue.close();
  hubs = [];
  queues = [];
  sandbox.graph.clearFaults();
  await store?.close();
});

/** Looks again and again, for what happens in other processes can't be awaited. */
async function until(isSo: () => boolean | Promise<boolean>, patience: number, what: string): Promise<void> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > patience) {
      throw new Error(`It did not come to pass: ${what}\n${hubs.map(({ output }) => output).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const reported = async (): Promise<number> =>
  (await allRecords(store)).filter(({ said, reporting }) => reporting && said.source === 'calendar').length;

describe('two hubs on one Redis', () => {
  it.each([
    ['plans', true],
    ['only works', false],
  ])('leave nobody out when the one that %s is killed', { timeout: 120_000 }, async (_, isPlanner) => {
    worlds += 1;
    const prefix = `sync-${worlds}`;
    store = createRedisStore({ url: redis.url, prefix, feedLength: 1_000_000, clock: systemClock });
    const env = { ...syncEnv(sandbox.known.app, sandbox.urls, { url: redis.url, prefix }), HUB_SYNC_CONCURRENCY: '2' };
    // Slow enough that there is work in hand when it happens.
    const delayMs = 400;
    sandbox.graph.fail({ match: { path: '/v1.0/$batch' }, delayMs, times: Number.POSITIVE_INFINITY });
    const certificate = sandbox.certificate.cert;
    hubs = ['one', 'two'].map((owner) => new SyncHubProcess({ env, certificate, owner, lockMs: LOCK, ahead: 0 }));
    await until(() => hubs.every(({ news }) => (news?.done ?? 0) >= 40), 30_000, 'both work');
    const [victim] = hubs.filter(({ news }) => news?.isPlanner === isPlanner);
    if (victim === undefined) throw new Error('there should be one');
    const before = await reported();
    await victim.kill();
    hubs = hubs.filter((hub) => hub !== victim);
    expect(before).toBeLessThan(PEOPLE);
    await until(async () => (await reported()) === PEOPLE, 90_000, 'everybody was read');
    await until(() => hubs[0]?.news?.isPlanner === true || isPlanner === false, 30_000, 'the other plans');
    expect(await allRecords(store)).toHaveLength(PEOPLE);
    expect(hubs[0]?.news?.failed).toBe(0);
  });
});

describe('the queue on Redis', () => {
  const open = (name: string) => {
    const queue = bullQueue({ url: redis.url, prefix: 'queue-test', name, lockMs: LOCK, onError: () => undefined });
    queues.push(queue);
    return queue;
  };
  const job = (id: string): SyncJob => ({ id, kind: 'read', people: [], before: Number.POSITIVE_INFINITY });
  const nothing: JobResult = { people: [], heldUntil: null };

  it('gives each job to one worker, tells every follower of its outcome, and keeps nothing', async () => {
    const [one, two] = [open('spread'), open('spread')];
    const done: string[] = [];
    for (const [name, queue] of Object.entries({ one, two })) {
      queue.work(async ({ id }) => {
        done.push(`${id} ${name}`);
        if (id === 'bad') throw new Error('broken');
        return nothing;
      }, 1);
    }
    const outcomes: [string, boolean][] = [];
    const ends = await Promise.all(
      [one, two].map((queue) => queue.follow((id, result) => outcomes.push([id, result !== null]))),
    );
    const ids = Array.from({ length: 30 }, (_, number) => `job-${number}`);
    await one.add([...ids.map(job), job('bad')]);
    await until(() => outcomes.length === 62, 20_000, 'both have heard of all');
    expect(done.map((line) => line.split(' ')[0]).sort()).toEqual([...ids, 'bad'].sort());
    expect(new Set(outcomes.map(([id, isGood]) => `${id} ${isGood}`)).size).toBe(31);
    expect(outcomes.filter(([, isGood]) => !isGood).map(([id]) => id)).toEqual(['bad', 'bad']);
    await Promise.all(ends.map((end) => end()));
    const keys = await redis.client.keys('{queue-test}:queue:spread:*job-*');
    expect(keys).toEqual([]);
  });

  it('is closed although Redis is gone, and takes up its work when Redis is back', { timeout: 60_000 }, async () => {
    const [one, two] = [open('away'), open('away')];
    const done: string[] = [];
    one.work(async ({ id }, signal) => {
      done.push(id);
      if (id === 'long') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return nothing;
    }, 1);
    const outcomes: string[] = [];
    await two.follow((id) => outcomes.push(id));
    await two.add([job('before')]);
    await until(() => outcomes.length === 1, 20_000, 'it works');
    await redis.kill();
    const added = two.add([job('meanwhile')]);
    await redis.start();
    await added;
    await until(() => outcomes.includes('meanwhile'), 20_000, 'it works again');
    await two.add([job('long')]);
    await until(() => done.includes('long'), 20_000, 'it is in hand');
    await redis.kill();
    const started = performance.now();
    await Promise.all([one, two].map((queue) => queue.close()));
    expect(performance.now() - started).toBeLessThan(8_000);
    await redis.start();
  });
});

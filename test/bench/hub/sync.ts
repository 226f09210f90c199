// Organisation sync: many simulated people on two hubs that share one Redis. Alone: npx tsx test/bench/hub/sync.ts [people]
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../../src/adapters/node/systemClock.ts';
import { createRedisStore } from '../../../src/hub/store/redis/store.ts';
import { SyncPlanner } from '../../../src/hub/sync/planner.ts';
import { startEntra } from '../../../src/sandbox/entra.ts';
import { startGraph } from '../../../src/sandbox/graph.ts';
import { createJournal } from '../../../src/sandbox/journal.ts';
import { makeCertificate } from '../../../src/sandbox/tls.ts';
import type { SyncHubNews } from '../../contract/fixtures/sync-hub.ts';
import { SyncHubProcess, syncEnv } from '../../contract/hub-sync-process.ts';
import { startRedis } from '../../contract/servers/redis.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const PREFIX = 'bench';
const PATIENCE = 10 * MINUTE;

export interface SyncBenchOptions {
  readonly people: number;
  readonly hubs: number;
  /** Batches that each hub works on at a time. */
  readonly concurrency: number;
}

export interface SyncFigures {
  readonly people: number;
  readonly hubs: number;
  /** Until the organisation's people were the hub's; seconds. */
  readonly listSeconds: number;
  /** From the first presence to the last; seconds. */
  readonly readSeconds: number;
  readonly peoplePerSecond: number;
  /** For the first reading: HTTP calls, and what Graph counts, for one person. */
  readonly callsPerPerson: number;
  readonly requestsPerPerson: number;
  /** Processor time of the hubs for the first reading of one person; milliseconds. */
  readonly cpuPerPerson: number;
  /** Then, in a working morning at marks of five minutes. */
  readonly steady: {
    readonly seconds: number;
    readonly readsPerPersonHour: number;
    readonly requestsPerPersonHour: number;
    /** How long the one who waited longest was overdue; seconds. */
    readonly lagMedian: number;
    readonly lagMost: number;
    /** Hubs' processor time, in cores. */
    readonly cores: number;
  };
  /** Changes at 09:30, and how late they were seen by a follower of the store; milliseconds. */
  readonly edges: {
    readonly count: number;
    readonly p50: number;
    readonly p99: number;
    readonly most: number;
    /** Processor time of the hubs for one of them; milliseconds. */
    readonly cpu: number;
  };
  /** Bytes a person: in Redis, and in the planner of the hub that plans. */
  readonly redisPerPerson: number;
  readonly plannerPerPerson: number;
}

const quantile = (numbers: readonly number[], part: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))] ?? Number.NaN;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const sum = (all: readonly (SyncHubNews | null)[], of: (news: SyncHubNews) => number): number =>
  all.reduce((total, news) => total + (news === null ? 0 : of(news)), 0);

/** A Monday to come, a while before half past nine (UTC): so that there are meetings, whenever it is measured. */
function morning(now: number, before: number): number {
  const day = Math.ceil(now / DAY) * DAY;
  const monday = day + ((8 - new Date(day).getUTCDay()) % 7) * DAY;
  return monday + 9.5 * 60 * MINUTE - before;
}

/** What a planner of so many people holds on the heap. */
function plannerBytes(people: number): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  const before = process.memoryUsage().heapUsed;
  const planner = new SyncPlanner({ interval: 5 * MINUTE, maxJobs: 256, name: 'bench' });
  const ids = Array.from({ length: people }, (_, number) => String(number).padStart(26, '0'));
  planner.set(
    ids.map((id) => ({ id, mailbox: `0a11ce00-0000-4000-8000-${id.slice(-12)}`, address: `${id}@fabrikam.example` })),
    0,
    new Map(ids.map((id) => [id, { due: 0, edge: 0 }])),
  );
  collect();
  return planner.people === people ? process.memoryUsage().heapUsed - before : Number.NaN;
}

/** Measures it all on this machine: stand-in, Redis and hubs share its processors. */
export async function measureSync({ people, hubs: count, concurrency }: SyncBenchOptions): Promise<SyncFigures> {
  // Long enough before the edges for everybody to be read.
  const warmUp = Math.max(90 * SECOND, people * 12);
  const edge = morning(Date.now(), 0);
  const ahead = morning(Date.now(), warmUp) - Date.now();
  const now = () => Date.now() + ahead;
  const journal = createJournal(false);
  const tls = await makeCertificate();
  const tenantId = '0a11ce00-0000-4000-a000-000000000001';
  const roles = ['Calendars.ReadBasic.All', 'MailboxSettings.Read', 'User.Read.All'];
  const app = { tenantId, domain: 'fabrikam.example', clientId: 'bench', secret: 'bench-secret', roles };
  const entra = await startEntra({ tls, accounts: [], clientId: '', journal, now });
  entra.apps.register(app);
  const organisation = { people, app, apps: entra.apps };
  const graph = await startGraph({ tls, accounts: [], tokens: entra.tokens, organisation, journal, now });
  const redis = await startRedis();
  const memory = async () => Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))?.[1]);
  const empty = await memory();
  const store = createRedisStore({ url: redis.url, prefix: PREFIX, feedLength: 1_000_000, clock: systemClock });
  const first = new Map<string, number>();
  const late: number[] = [];
  store.follow(
    0,
    (events) => {
      const at = now();
      for (const { kind, record } of events) {
        if (kind !== 'presence') continue;
        if (!first.has(record.person.id)) first.set(record.person.id, at);
        else if (at >= edge && at < edge + 5 * SECOND) late.push(at - edge);
      }
    },
    () => undefined,
  );
  const env = {
    ...syncEnv(app, { entra: entra.url, graph: graph.url }, { url: redis.url, prefix: PREFIX }),
    HUB_SYNC_CONCURRENCY: String(concurrency),
  };
  const started = Date.now();
  const hubs = Array.from({ length: count }, (_, number) => {
    return new SyncHubProcess({ env, certificate: tls.cert, owner: `hub-${number}`, lockMs: 30 * SECOND, ahead });
  });
  const news = () => hubs.map((hub) => hub.news);
  const until = async (isSo: () => boolean, what: string) => {
    while (!isSo()) {
      if (Date.now() - started > PATIENCE) {
        throw new Error(`${what} took too long\n${hubs.map(({ output }) => output).join('\n')}`);
      }
      await pause(20);
    }
  };
  try {
    await until(() => sum(news(), ({ done }) => done) > 0, 'the list');
    const listed = Date.now();
    const begun = news();
    await until(() => first.size >= people, 'the first reading');
    await pause(200);
    const read = news();
    const times = [...first.values()];
    const readSeconds = (Math.max(...times) - Math.min(...times)) / SECOND;
    await until(() => sum(news(), ({ lag }) => lag) === 0, 'catching up');
    const lags: number[] = [];
    const steadyFrom = Date.now();
    while (now() < edge - SECOND) {
      await pause(100);
      lags.push(sum(news(), ({ lag }) => lag));
    }
    const steady = news();
    const seconds = (Date.now() - steadyFrom) / SECOND;
    const hours = seconds / 3_600;
    while (now() < edge + 5 * SECOND) await pause(100);
    const met = news();
    const delta = (from: typeof read, to: typeof read, of: (news: SyncHubNews) => number) =>
      sum(to, of) - sum(from, of);
    return {
      people,
      hubs: count,
      listSeconds: (listed - started) / SECOND,
      readSeconds,
      peoplePerSecond: people / readSeconds,
      callsPerPerson: sum(read, ({ calls }) => calls) / sum(read, ({ done }) => done),
      requestsPerPerson: sum(read, ({ requests }) => requests) / sum(read, ({ done }) => done),
      cpuPerPerson: (delta(begun, read, ({ cpu }) => cpu) * SECOND) / delta(begun, read, ({ done }) => done),
      steady: {
        seconds,
        readsPerPersonHour: delta(read, steady, ({ done }) => done) / people / hours,
        requestsPerPersonHour: delta(read, steady, ({ requests }) => requests) / people / hours,
        lagMedian: quantile(lags, 0.5),
        lagMost: Math.max(...lags),
        cores: delta(read, steady, ({ cpu }) => cpu) / seconds,
      },
      edges: {
        count: late.length,
        p50: quantile(late, 0.5),
        p99: quantile(late, 0.99),
        most: Math.max(...late),
        cpu: (delta(steady, met, ({ cpu }) => cpu) * SECOND) / late.length,
      },
      redisPerPerson: ((await memory()) - empty) / people,
      plannerPerPerson: plannerBytes(people) / people,
    };
  } finally {
    for (const hub of hubs) await hub.kill();
    await store.close();
    await Promise.all([graph.close(), entra.close(), redis.close()]);
  }
}

/** The figures as lines to read. */
export function syncLines(figures: SyncFigures): readonly string[] {
  const { people, hubs, steady, edges } = figures;
  const round = (value: number, digits = 1) => value.toFixed(digits);
  return [
    `Organisation sync: ${people} simulated people, ${hubs} hubs on one Redis, all on this machine`,
    `  listed and taken in          ${round(figures.listSeconds)} s`,
    `  first reading                ${round(figures.readSeconds)} s, ${round(figures.peoplePerSecond, 0)} people a second`,
    `  calls a person               ${round(figures.callsPerPerson, 3)} over HTTP, ${round(figures.requestsPerPerson, 2)} as Graph counts`,
    `  processor time a person      ${round(figures.cpuPerPerson, 2)} ms of the hubs`,
    `  a working morning            ${round(steady.readsPerPersonHour)} reads, ${round(steady.requestsPerPersonHour)} requests a person and hour; ${round(steady.cores, 2)} cores`,
    `  lag                          median ${round(steady.lagMedian, 2)} s, most ${round(steady.lagMost, 2)} s (over ${round(steady.seconds, 0)} s)`,
    `  edges at 09:30               ${edges.count} changes seen: p50 ${round(edges.p50, 0)} ms, p99 ${round(edges.p99, 0)} ms, most ${round(edges.most, 0)} ms late; ${round(edges.cpu, 2)} ms of the hubs each`,
    `  memory a person              ${round(figures.redisPerPerson / 1024, 2)} KB in Redis, ${round(figures.plannerPerPerson / 1024, 2)} KB in the planner`,
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const figures = await measureSync({ people: Number(process.argv[2] ?? 10_000), hubs: 2, concurrency: 4 });
  process.stdout.write(`${syncLines(figures).join('\n')}\n`);
}

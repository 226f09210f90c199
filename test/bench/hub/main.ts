// npm run bench:hub; see scripts/bench-hub.mjs.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { FanOut } from './fanOut.ts';
import { BenchProcess } from './process.ts';
import { askStatus, type StatusRun } from './status.ts';
import { measureSync, syncLines } from './sync.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    sockets: { type: 'string', default: '10000' },
    people: { type: 'string', default: '100000' },
    synced: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
  },
});
const SOCKETS = Number(values.sockets);
const PEOPLE = Number(values.people);
const ROUNDS = Number(values.rounds);
const CHANGES = 20;
const REQUESTS = 6_000;
const FAN_OUT_AIM = 1.3;
const STATUS_AIM = 0.5;

const print = (line = '') => process.stdout.write(`${line}\n`);
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const kb = (bytes: number): string => `${(bytes / 1024).toFixed(2)} KB`;
const verdict = (isMet: boolean): string => (isMet ? 'met' : 'missed');

/** Both in turn, so that what else the machine does falls on both alike. */
async function inTurn<T>(one: () => Promise<T>, other: () => Promise<T>, rounds: number): Promise<[T[], T[]]> {
  const [ours, theirs]: [T[], T[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await one());
    theirs.push(await other());
  }
  return [ours, theirs];
}

async function fanOut() {
  const servers = { hub: await BenchProcess.start('hub'), bare: await BenchProcess.start('bare') };
  const clients = { hub: await BenchProcess.start('clients'), bare: await BenchProcess.start('clients') };
  const open = (kind: 'hub' | 'bare') =>
    clients[kind].ask({ what: 'open', url: servers[kind].url, secret: servers[kind].secret, count: SOCKETS }, 'done');
  await Promise.all(Object.values(servers).map((server) => server.ask({ what: 'people', count: 100 }, 'done')));
  const before = await servers.hub.ask({ what: 'memory' }, 'memory');
  await open('hub');
  const after = await servers.hub.ask({ what: 'memory' }, 'memory');
  await open('bare');
  const run = (kind: 'hub' | 'bare') => async (): Promise<FanOut> => {
    await clients[kind].ask({ what: 'expect', changes: CHANGES }, 'done');
    const { startedAt } = await servers[kind].ask({ what: 'changes', count: CHANGES }, 'changed');
    return clients[kind].ask({ what: 'measured', startedAt }, 'fanOut');
  };
  await inTurn(run('hub'), run('bare'), 1);
  const [hub, bare] = await inTurn(run('hub'), run('bare'), ROUNDS);
  await Promise.all(Object.values(clients).map((one) => one.stop()));
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  const ratio = (of: (run: FanOut) => number) => median(hub.map((one, i) => of(one) / of(bare[i] ?? one)));
  const ratios = {
    p50: ratio(({ p50 }) => p50),
    p99: ratio(({ p99 }) => p99),
    time: 1 / ratio(({ perSecond }) => perSecond),
  };
  print(
    `Fan-out: ${CHANGES} changes, one after the other, to ${SOCKETS} sockets of one process; medians of ${ROUNDS} rounds`,
  );
  for (const [name, runs] of [
    ['hub', hub],
    ['bare ws loop', bare],
  ] as const) {
    const [p50, p99, perSecond] = [(r: FanOut) => r.p50, (r: FanOut) => r.p99, (r: FanOut) => r.perSecond].map((of) =>
      median(runs.map(of)),
    );
    print(
      `  ${name.padEnd(14)} p50 ${p50?.toFixed(1)} ms   p99 ${p99?.toFixed(1)} ms   ${perSecond?.toFixed(1)} changes a second`,
    );
  }
  const isMet = Math.max(ratios.p50, ratios.p99, ratios.time) <= FAN_OUT_AIM;
  print(
    `  ratio          p50 ${ratios.p50.toFixed(2)}   p99 ${ratios.p99.toFixed(2)}   time a change ${ratios.time.toFixed(2)}   aim ≤ ${FAN_OUT_AIM}: ${verdict(isMet)}`,
  );
  const perSocket = { rss: (after.rss - before.rss) / SOCKETS, heap: (after.heap - before.heap) / SOCKETS };
  print(`  memory a socket: ${kb(perSocket.rss)} resident, ${kb(perSocket.heap)} of it on the heap`);
  return { hub, bare, ratios, perSocket };
}

async function status() {
  const servers = { hub: await BenchProcess.start('hub'), bare: await BenchProcess.start('bare') };
  const before = await servers.hub.ask({ what: 'memory' }, 'memory');
  await Promise.all(Object.values(servers).map((server) => server.ask({ what: 'people', count: PEOPLE }, 'done')));
  const pages = Math.ceil(PEOPLE / 100);
  const run = (kind: 'hub' | 'bare') => () => askStatus(servers[kind], pages, REQUESTS);
  await inTurn(run('hub'), run('bare'), 1);
  const after = await servers.hub.ask({ what: 'memory' }, 'memory');
  const [hub, bare] = await inTurn(run('hub'), run('bare'), ROUNDS);
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  const ratio = (of: (run: StatusRun) => number) => median(hub.map((one, i) => of(one) / of(bare[i] ?? one)));
  const ratios = { perSecond: ratio(({ perSecond }) => perSecond), cpu: ratio(({ cpu }) => cpu) };
  print();
  print(`/status of ${PEOPLE} people, pages of 100; ${REQUESTS} requests a round, medians of ${ROUNDS} rounds`);
  for (const [name, runs] of [
    ['hub', hub],
    ['bare fastify', bare],
  ] as const) {
    print(
      `  ${name.padEnd(14)} ${median(runs.map(({ perSecond }) => perSecond)).toFixed(0)} a second   ${median(runs.map(({ cpu }) => cpu)).toFixed(3)} ms of the server's processor each   ${kb((runs[0]?.bytes ?? 0) / REQUESTS)} each`,
    );
  }
  print(
    `  ratio          ${ratios.perSecond.toFixed(2)} of its requests a second (aim ≥ ${STATUS_AIM}: ${verdict(ratios.perSecond >= STATUS_AIM)}); ${ratios.cpu.toFixed(2)} times its processor time`,
  );
  const perPerson = { rss: (after.rss - before.rss) / PEOPLE, heap: (after.heap - before.heap) / PEOPLE };
  print(`  memory a person: ${kb(perPerson.rss)} resident, ${kb(perPerson.heap)} of it on the heap, pages included`);
  return { hub, bare, ratios, perPerson };
}

async function sync() {
  print();
  const figures = await measureSync({ people: Number(values.synced), hubs: 2, concurrency: 4 });
  for (const line of syncLines(figures)) print(line);
  return figures;
}

const results = { fanOut: await fanOut(), status: await status(), sync: await sync() };
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);

// How many commands a second a hub runs, and how long a room waits.
//
//   node --import tsx test/bench/hub/commands.ts
//   node --import tsx test/bench/hub/commands.ts --rooms 50 --commands 5000 --seconds 10 --json FILE
//
// A hub in this process, asked over HTTP as a chat server asks it. Each room says a command, waits for its reply and says the next:
// first as fast as it goes, then at one a second in each room. Three kinds of script: one that leaves nothing behind (its worker is used
// again), one that leaves a global behind (each run has a new worker), and one that counts in its storage (each run is a write).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { createPlainLogger } from '../../../src/adapters/node/plainLogger.ts';
import { startHub } from '../../../src/hub/compose.ts';
import { readHubSettings } from '../../../src/hub/settings.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    rooms: { type: 'string', default: '50' },
    commands: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
  },
});
const ROOMS = Number(values.rooms);
const COMMANDS = Number(values.commands);
const SECONDS = Number(values.seconds);
const SECRET = 'a-secret-of-the-bench';

const SCRIPTS = {
  echo: 'export const runIntegration = ({ query }: { query: string }) => query;',
  dirty: 'export const runIntegration = ({ query }) => { globalThis.left = 1; return query; };',
  count: 'export const runIntegration = ({ storage }) => String((storage.runs = (storage.runs ?? 0) + 1));',
} as const;
type Kind = keyof typeof SCRIPTS;

interface Result {
  readonly kind: Kind;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor time of the whole process, for one command. */
  readonly cpu: number;
}

const print = (line = '') => process.stdout.write(`${line}\n`);
const sleep = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

const folder = mkdtempSync(join(tmpdir(), 'hipstatus-bench-commands-'));
const scripts = mkdtempSync(join(tmpdir(), 'hipstatus-bench-scripts-'));
for (const [name, code] of Object.entries(SCRIPTS)) writeFileSync(join(scripts, `${name}.ts`), code);
const hub = await startHub({
  settings: readHubSettings({
    HUB_PORT: '0',
    HUB_DATA: folder,
    HUB_INTEGRATIONS: scripts,
    HUB_INTEGRATIONS_SECRET: SECRET,
    HUB_RATE_TOKEN: '10000000',
  }),
  logger: createPlainLogger({ stream: process.stderr, level: 'error', now: () => Date.now() }),
  version: '0.0.0',
});
const pool = new Pool(hub.address, { connections: ROOMS, pipelining: 1 });

async function command(kind: Kind, room: number): Promise<void> {
  const message = { id: 'x', date: '', from: 'bench', message: `/${kind} hello` };
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: `/integrations/${SECRET}`,
    body: JSON.stringify({
      event: 'room_message',
      item: { message, room: { id: room, name: 'bench' } },
      webhook_id: 1,
    }),
  });
  const text = await body.text();
  if (statusCode !== 200 || text.includes('"red"')) throw new Error(`The hub answered ${statusCode}: ${text}`);
}

/** @param pause milliseconds from the start of one command of a room to that of the next, at least */
async function run(kind: Kind, commands: number, pause: number): Promise<Result> {
  await command(kind, 0);
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  let left = commands;
  await Promise.all(
    Array.from({ length: ROOMS }, async (_, room) => {
      await sleep((pause * room) / ROOMS);
      while (left-- > 0) {
        const at = performance.now();
        await command(kind, room);
        const took = performance.now() - at;
        times.push(took);
        if (took < pause) await sleep(pause - took);
      }
    }),
  );
  const elapsed = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return {
    kind,
    perSecond: (times.length / elapsed) * 1_000,
    p50: at(0.5),
    p99: at(0.99),
    cpu: (user + system) / 1_000 / times.length,
  };
}

const line = ({ kind, perSecond, p50, p99, cpu }: Result) =>
  `  ${kind.padEnd(8)} ${perSecond.toFixed(0).padStart(6)} a second   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   ${cpu.toFixed(2)} ms of processor each`;

const results: { fast: Result[]; steady: Result[] } = { fast: [], steady: [] };
print(`${ROOMS} rooms, as fast as it goes`);
for (const [kind, commands] of [
  ['echo', COMMANDS],
  ['count', COMMANDS],
  ['dirty', COMMANDS / 20],
] as const) {
  const result = await run(kind, commands, 0);
  results.fast.push(result);
  print(line(result));
}
print(`${ROOMS} rooms, one a second each`);
for (const kind of ['echo', 'count'] as const) {
  const result = await run(kind, ROOMS * SECONDS, 1_000);
  results.steady.push(result);
  print(line(result));
}
print(`  memory: ${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MiB resident, the bench within`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);
await pool.close();
await hub.close();
for (const one of [folder, scripts]) rmSync(one, { recursive: true, force: true });

// The measuring half of `npm run bench`: runs inside a desktop session (see scripts/bench.mjs).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveElectron } from '../../scripts/electron-runtime.mjs';
import { contenders } from './apps.ts';
import { openDesk } from './desk.ts';
import { bundleSize, idleCpu, type StartAndMemory, startAndMemory, windowMemory } from './measure.ts';
import { openPerson } from './person.ts';
import { linesOf, processTable, type Results, table } from './report.ts';
import { ownRuntime } from './runtime.ts';

const FULL = { pairs: 12, cpuSeconds: 120 };
const QUICK = { pairs: 3, cpuSeconds: 60 };

const { values } = parseArgs({
  options: { json: { type: 'string' }, quick: { type: 'boolean', default: false }, pairs: { type: 'string' } },
});
const plan = values.quick ? QUICK : FULL;
const pairs = values.pairs === undefined ? plan.pairs : Number(values.pairs);
if (!Number.isInteger(pairs) || pairs < 1) throw new Error('--pairs takes a number from 1 on');

const say = (line: string) => process.stdout.write(`${line}\n`);

async function measure(folder: string): Promise<Results> {
  const official = await resolveElectron();
  const electron = await ownRuntime(official, join(folder, 'electron'));
  process.env['HIPSTATUS_ELECTRON'] = electron.path;
  const desk = await openDesk();
  const person = await openPerson(join(folder, 'home'));
  try {
    const { hipstatus, bare } = contenders(person);
    say(`Electron ${electron.version} (${official.source}); a warm-up, then ${pairs} pairs`);
    // Profiles are made and files come into the page cache.
    for (const contender of [hipstatus, bare]) await startAndMemory(contender, electron, desk, 0);
    const runs: Record<'HipStatus' | 'bare', StartAndMemory[]> = { HipStatus: [], bare: [] };
    for (let pair = 1; pair <= pairs; pair += 1) {
      const shown: string[] = [];
      for (const contender of [hipstatus, bare]) {
        const run = await startAndMemory(contender, electron, desk);
        runs[contender.name].push(run);
        shown.push(`${contender.name} ${run.startMs.toFixed(0)} ms, ${(run.pss / 1024 / 1024).toFixed(1)} MB`);
      }
      say(`${String(pair).padStart(2)}  ${shown.join('   ')}`);
    }
    say(`idle CPU for ${plan.cpuSeconds} s between two five-minute marks`);
    const cpu = await idleCpu([hipstatus, bare], electron, desk, plan.cpuSeconds);
    say('a prompt is opened and closed');
    const { loaded, before, open, after } = await windowMemory(hipstatus, desk);
    const [ours = Number.NaN, theirs = Number.NaN] = cpu.shares;
    return {
      electron: electron.version,
      pairs,
      hipstatus: runs.HipStatus,
      bare: runs.bare,
      cpu: { seconds: cpu.seconds, hipstatus: ours, bare: theirs },
      bundle: { all: bundleSize(), loaded },
      window: { before, open, after },
    };
  } finally {
    await person.close();
    await desk.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'hipstatus-bench-'));
try {
  const results = await measure(folder);
  const lines = linesOf(results);
  say(`\n${table(lines)}\n\nmemory by process, medians: HipStatus, bare\n${processTable(results)}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...results, lines }, null, 2)}\n`);
} catch (error) {
  process.stderr.write(
    `The bench could not measure: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  );
  if (error instanceof Error && error.cause !== undefined) process.stderr.write(`${error.cause}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
// The Slack emulator leaves handles open.
process.exit();

// npm run test:deep [-- RUNS [SEED [PATH]]]: many more random days than npm test has time for, on every core.
// A failing seed is printed with its path: given again, they run what failed, and nothing else.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript, SetupError } from './setup.mjs';

const VITEST = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const LARGEST_SEED = 2 ** 31;

/** @returns {Promise<{seed: number, code: number}>} one process with its own seed */
async function days(runs, seed, path) {
  const env = { ...process.env, HIPSTATUS_RUNS: String(runs), HIPSTATUS_SEED: String(seed) };
  if (path !== undefined) env.HIPSTATUS_PATH = path;
  const args = [VITEST, 'run', '--project', 'unit', 'test/unit/engine/trust.test.ts'];
  return { seed, code: (await run(process.execPath, args, { cwd: root, env })).code };
}

async function main() {
  const [runs = '10000', given, path] = process.argv.slice(2);
  const isNumber = (text) => /^\d+$/.test(text);
  const isPath = path === undefined || /^\d+(:\d+)*$/.test(path);
  if (!isNumber(runs) || Number(runs) === 0 || (given !== undefined && !isNumber(given)) || !isPath) {
    throw new SetupError('usage: npm run test:deep [-- RUNS [SEED [PATH]]]');
  }
  await ensure();
  const seed = given === undefined ? Date.now() % LARGEST_SEED : Number(given);
  // A path belongs to one seed.
  const workers = path === undefined ? Math.min(availableParallelism(), Number(runs)) : 1;
  const share = Math.ceil(Number(runs) / workers);
  const seeds = Array.from({ length: workers }, (_, index) => (seed + index) % LARGEST_SEED);
  process.stdout.write(`${share * workers} random days, seeds ${seeds.join(', ')}\n`);
  const ended = await Promise.all(seeds.map((own) => days(share, own, path)));
  for (const { seed: own, code } of ended) {
    if (code !== 0)
      process.stdout.write(`failed: npm run test:deep -- ${share} ${own} PATH (the path is printed above)\n`);
  }
  return ended.every(({ code }) => code === 0) ? 0 : 1;
}

runScript(main);

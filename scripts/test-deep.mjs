// npm run test:deep [-- RUNS [SEED]]: many more random days than npm test has time for. A failing seed is printed.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript, SetupError } from './setup.mjs';

const VITEST = join(root, 'node_modules', 'vitest', 'vitest.mjs');

async function main() {
  const [runs = '10000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
  if (!/^\d+$/.test(runs) || !/^\d+$/.test(seed)) throw new SetupError('usage: npm run test:deep [-- RUNS [SEED]]');
  await ensure();
  process.stdout.write(`${runs} random days, seed ${seed}; again: npm run test:deep -- ${runs} ${seed}\n`);
  const env = { ...process.env, HIPSTATUS_RUNS: runs, HIPSTATUS_SEED: seed };
  const args = [VITEST, 'run', '--project', 'unit', 'test/unit/engine/trust.test.ts'];
  return (await run(process.execPath, args, { cwd: root, env })).code;
}

runScript(main);

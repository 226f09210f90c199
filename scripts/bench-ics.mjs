// npm run bench:ics: what huge published calendars cost: time, the longest block, and memory; as ratios within one run.
//
//   npm run bench:ics
//   npm run bench:ics -- --json FILE   also writes all that was measured
//
// It measures and does not judge: the exit code is 0 also when a ratio is bad.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

await runScript(async () => {
  await ensure();
  const main = join(root, 'test', 'bench', 'ics', 'main.ts');
  return (await run(process.execPath, ['--expose-gc', '--import', 'tsx', main, ...process.argv.slice(2)], {})).code;
});

// npm run bench:engine: how many timelines a second one core decides, and how the cost grows with the number of events.
//
//   npm run bench:engine
//   npm run bench:engine -- --json FILE   also writes all that was measured
//
// It measures and does not judge: the exit code is 0 also when the cost grows faster than n log n.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

await runScript(async () => {
  await ensure();
  const program = ['--import', 'tsx', join(root, 'test', 'bench', 'engine', 'main.ts'), ...process.argv.slice(2)];
  return (await run(process.execPath, program, {})).code;
});

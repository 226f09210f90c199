// npm run bench:accuracy: minutes a day the presence is wrong, ours and models of others, on the same generated days.
//
//   npm run bench:accuracy                        1,000 days
//   npm run bench:accuracy -- --days N --seed S   other days
//   npm run bench:accuracy -- --plain             only what all tools agree on: no manual changes, oof, solo, all-day …
//   npm run bench:accuracy -- --json FILE         also writes every day's numbers
//
// It measures and does not judge: the exit code is 0 also when an aim is missed.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

await runScript(async () => {
  await ensure();
  const program = ['--import', 'tsx', join(root, 'test', 'bench', 'accuracy', 'main.ts'), ...process.argv.slice(2)];
  return (await run(process.execPath, program, {})).code;
});

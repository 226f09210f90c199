// npm run bench:commands: chat commands a second, and how long one takes, with 50 rooms.
//
//   npm run bench:commands
//   npm run bench:commands -- --json FILE   also writes all that was measured
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

await runScript(async () => {
  await ensure();
  const program = ['--import', 'tsx', join(root, 'test', 'bench', 'hub', 'commands.ts'), ...process.argv.slice(2)];
  return (await run(process.execPath, program, {})).code;
});

// npm run bench:commands: chat commands a second, and how long one takes: scripts said in 50 rooms, and an add-on with 50 tenants.
//
//   npm run bench:commands
//   npm run bench:commands -- --json FILE   also writes what was measured of the scripts
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

const programs = ['commands.ts', 'tenants.ts'];

await runScript(async () => {
  await ensure();
  for (const name of programs) {
    const program = ['--import', 'tsx', join(root, 'test', 'bench', 'hub', name)];
    const given = name === 'commands.ts' ? process.argv.slice(2) : [];
    const { code } = await run(process.execPath, [...program, ...given], {});
    if (code !== 0) return code;
  }
  return 0;
});

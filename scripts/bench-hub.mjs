// npm run bench:hub: the hub beside the least that could do the same, in one run.
//
//   npm run bench:hub
//   npm run bench:hub -- --sockets 2000 --people 20000 --synced 1000 --rounds 3
//   npm run bench:hub -- --json FILE   also writes all that was measured
//
// Changes to 10,000 sockets beside a bare `ws` loop, /status of 100,000 people beside a bare fastify answer of the same bytes, memory for
// a person and a socket, organisation sync of 10,000 simulated people on two hubs. It measures and does not judge: the exit code is 0 also when an aim is missed.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

await runScript(async () => {
  await ensure({ servers: process.platform === 'linux' });
  const program = ['--import', 'tsx', join(root, 'test', 'bench', 'hub', 'main.ts'), ...process.argv.slice(2)];
  return (await run(process.execPath, program, {})).code;
});

// npm run bench: HipStatus compared to a bare one-menu tray app on the same Electron, in one run.
//
//   npm run bench                    12 pairs; about ten minutes
//   npm run bench -- --quick         3 pairs, for a first look
//   npm run bench -- --pairs N       N pairs
//   npm run bench -- --json FILE     also writes everything that was measured
//   npm run bench -- --no-build      takes out/ as it is
//
// It measures and does not judge: the exit code is 0 also when an aim is missed, and 1 when it could not measure.
import { join, resolve } from 'node:path';
import { root } from './lib/paths.mjs';
import { npmCommand, run } from './lib/run.mjs';
import { ensure, runScript, SetupError } from './setup.mjs';

const LIMIT_MS = 60 * 60_000;

function say(line) {
  process.stderr.write(`bench: ${line}\n`);
}

async function main() {
  if (process.platform !== 'linux') {
    throw new SetupError('The bench counts memory as Linux does (/proc) and runs there only, in a desktop of its own.');
  }
  await ensure({ electron: true, desktop: true, say });
  const args = process.argv.slice(2).filter((arg) => arg !== '--no-build');
  if (!process.argv.includes('--no-build')) {
    const npm = npmCommand();
    const built = await run(npm.command, [...npm.prefix, 'run', 'build', '--silent'], { cwd: root, capture: true });
    if (built.code !== 0) throw new Error(`npm run build ended with ${built.code}:\n${built.output}`);
  }
  const json = args.indexOf('--json') + 1;
  if (json > 0 && args[json] !== undefined) args[json] = resolve(args[json]);
  const { withDesktop } = await import('./desktop-session.mjs');
  const program = ['--import', 'tsx', join(root, 'test', 'bench', 'main.ts'), ...args];
  return withDesktop(process.execPath, program, { cwd: root, timeoutMs: LIMIT_MS });
}

await runScript(main);

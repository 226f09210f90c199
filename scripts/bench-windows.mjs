// npm run bench:windows: how soon the Today panel is seen after the click, and what stays in memory of windows that were closed.
//
//   npm run bench:windows
//   npm run bench:windows -- --quick        fewer of each, for a first look
//   npm run bench:windows -- --json FILE    also writes all that was measured
//   npm run bench:windows -- --no-build     takes out/ as it is
//
// It measures and does not judge: the exit code is 0 also when an aim is missed, and 1 when it could not measure.
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { npmCommand, run } from './lib/run.mjs';
import { ensure, runScript, SetupError } from './setup.mjs';

const LIMIT_MS = 30 * 60_000;

await runScript(async () => {
  if (process.platform !== 'linux') {
    throw new SetupError('The bench counts memory as Linux does (/proc) and runs there only, in a desktop of its own.');
  }
  await ensure({ electron: true, desktop: true, say: (line) => process.stderr.write(`bench: ${line}\n`) });
  if (!process.argv.includes('--no-build')) {
    const npm = npmCommand();
    const built = await run(npm.command, [...npm.prefix, 'run', 'build', '--silent'], { cwd: root, capture: true });
    if (built.code !== 0) throw new Error(`npm run build ended with ${built.code}:\n${built.output}`);
  }
  const args = process.argv.slice(2).filter((arg) => arg !== '--no-build');
  const { withDesktop } = await import('./desktop-session.mjs');
  const program = ['--import', 'tsx', join(root, 'test', 'bench', 'windows', 'main.ts'), ...args];
  return withDesktop(process.execPath, program, { cwd: root, timeoutMs: LIMIT_MS });
});

// npm start [-- options]: the app for real use, from this folder, with your own settings. Installs and builds what is missing.
//
//   npm start -- --debug    with debug lines in the log
import { spawn } from 'node:child_process';
import { ensureBuild } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { ensure, hasDisplay, runScript, SetupError } from './setup.mjs';

const say = (line) => process.stderr.write(`start: ${line}\n`);

async function main() {
  if (!hasDisplay()) {
    throw new SetupError(
      'There is no desktop here (no display, or no session bus), so there is no menu bar to sit in.\n' +
        'Start it on a desktop. Without one: npm run build, then npm run hipstatus -- sync --watch. To look at it: npm run demo.',
    );
  }
  const { electron } = await ensure({ electron: true, say });
  await ensureBuild(say);
  // Node inside Electron takes `--debug` for itself and refuses it; the app knows it by its other name too.
  const args = process.argv.slice(2).map((arg) => (arg === '--debug' ? '1' : arg));
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const flags = electron.needsNoSandbox ? ['--no-sandbox'] : [];
  const child = spawn(electron.path, [...flags, root, ...args], { env, stdio: 'inherit' });
  say(`HipStatus runs on Electron ${electron.version}; its icon is in your menu bar. Ctrl-C quits it.`);
  // Ctrl-C reaches the app as well, and it takes a moment to give back what is its own.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}

await runScript(main);

// npm run demo [-- --stay]: a working day in about a minute. The real app, on stand-ins of the outside services.
//
//   --stay   does not end after the day: try things by hand, it says how
//   --cli    the command line instead of the app with its icon
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuild } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { ensure, hasDisplay, runScript, SetupError } from './setup.mjs';

const PLAY = join(root, 'scripts', 'demo', 'main.ts');
const say = (line) => process.stdout.write(`${line}\n`);
const tell = (line) => say(`set-up: ${line}`);

/** Where the app can show itself, and what it runs on; without either, the command line has to do. */
async function prepare(wantsCli) {
  if (wantsCli) {
    await ensure({ say: tell });
    return { place: 'here', electron: null };
  }
  const place = hasDisplay() ? 'here' : 'session';
  try {
    const { electron } = await ensure({ electron: true, desktop: place === 'session', say: tell });
    return { place, electron };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    tell(`the app with its icon can't run here: ${error.message}`);
    tell('going on with the command line');
    await ensure({ say: tell });
    return { place: 'here', electron: null };
  }
}

function readOptions() {
  try {
    return parseArgs({
      options: { stay: { type: 'boolean', default: false }, cli: { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    throw new SetupError(`${error.message}\nusage: npm run demo [-- --stay] [--cli]`);
  }
}

async function main() {
  const options = readOptions();
  const { place, electron } = await prepare(options.cli);
  await ensureBuild(tell);
  const job = {
    stay: options.stay,
    panel: place === 'session',
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
    electron: electron && { path: electron.path, version: electron.version, noSandbox: electron.needsNoSandbox },
  };
  const command = [process.execPath, '--import', 'tsx', PLAY, JSON.stringify(job)];
  if (place === 'here') return runHere(command);
  tell('no desktop here: a private one is used (virtual display, session bus, keychain)');
  const { withDesktop } = await import('./desktop-session.mjs');
  const [program, ...args] = command;
  const code = await withDesktop(program, args, { cwd: root });
  // The session was ended from outside: by Ctrl-C, which is how `--stay` is meant to end.
  if (code !== 143) return code;
  return options.stay ? 0 : 130;
}

function runHere([program, ...args]) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches the child as well; it tidies up and ends by itself.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

await runScript(main);

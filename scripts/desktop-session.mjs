// A private desktop for one command: its own display, session bus, home folder and unlocked keychain. All of it is real, and
// all of it is gone afterwards. Linux only; `ensure({ desktop: true })` of setup.mjs installs what it takes.
//
//   node scripts/desktop-session.mjs -- command args…
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheDir } from './lib/paths.mjs';

/** The password of the session's login keyring. */
export const KEYRING_PASSWORD = 'desktop-session';

const SCREEN = '1600x1000x24';
const DISPLAY_MS = 20_000;
const INNER = '--inside-the-session';
// Every process of the session inherits it, which is how those that are left at the end are found.
const MARK = 'HIPSTATUS_DESKTOP_SESSION';
// The person's own desktop must not shine through.
const NOT_INHERITED = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'GNOME_KEYRING_CONTROL'];

/**
 * Runs a command inside a desktop session of its own.
 *
 * @param {string} command
 * @param {string[]} [args]
 * @param {object} [options]
 * @param {Record<string, string>} [options.env] added to the session's environment
 * @param {string} [options.cwd]
 * @param {boolean} [options.keyring] whether there is a keychain (default true)
 * @param {number} [options.timeoutMs] the session is ended after that long, with exit code 124
 * @param {import('node:child_process').StdioOptions} [options.stdio] default: inherit
 * @returns {Promise<number>} the command's exit code
 */
export async function withDesktop(command, args = [], options = {}) {
  const { env = {}, cwd, keyring = true, timeoutMs, stdio = 'inherit' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'hipstatus-desktop-'));
  let display;
  let session;
  let timedOut = false;
  const end = () => session?.kill('SIGTERM');
  process.on('SIGINT', end).on('SIGTERM', end);
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, timeoutMs);
  try {
    const base = sessionEnv(folder, env);
    display = await startDisplay(base);
    const inner = [fileURLToPath(import.meta.url), INNER, keyring ? 'keyring' : 'none', command, ...args];
    session = spawn('dbus-run-session', ['--', process.execPath, ...inner], {
      cwd,
      env: { ...base, DISPLAY: display.name },
      stdio,
      // A group of its own, so that a signal meant for us reaches it once, from us.
      detached: true,
    });
    if (timedOut) end();
    const code = await exitOf(session);
    return timedOut ? 124 : code;
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', end).off('SIGTERM', end);
    display?.child.kill('SIGTERM');
    await endLeftovers(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function sessionEnv(folder, extra) {
  const env = { ...process.env };
  for (const name of NOT_INHERITED) delete env[name];
  const place = (name) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    ...env,
    HOME: place('home'),
    XDG_CONFIG_HOME: place('home/.config'),
    XDG_CACHE_HOME: place('home/.cache'),
    XDG_DATA_HOME: place('home/.local/share'),
    XDG_STATE_HOME: place('home/.local/state'),
    XDG_RUNTIME_DIR: place('run'),
    TMPDIR: place('tmp'),
    // Without a real desktop's name Electron would look for none of its services.
    XDG_CURRENT_DESKTOP: 'HipStatus-Test',
    XDG_SESSION_TYPE: 'x11',
    NO_AT_BRIDGE: '1',
    HIPSTATUS_CACHE: cacheDir(),
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
    [MARK]: folder,
    ...extra,
  };
}

/** Starts Xvfb. It chooses a free display number by itself and says it on file descriptor 3: no race between two sessions. */
async function startDisplay(env) {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  const number = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Xvfb did not start in time: ${complaint}`)), DISPLAY_MS);
    let said = '';
    child.stdio[3].setEncoding('utf8').on('data', (text) => {
      said += text;
      if (!said.endsWith('\n')) return;
      clearTimeout(timer);
      resolve(said.trim());
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`Xvfb can't be started: ${error.message}. Run: node scripts/setup.mjs --desktop`));
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`Xvfb ended at once: ${complaint}`));
    });
  });
  return { child, name: `:${number}` };
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 143 : 1)));
  });
}

/** The processes of a session, by the mark in their environment. */
function marked(folder) {
  const wanted = `${MARK}=${folder}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(wanted);
      } catch {
        return false; // gone meanwhile, or another person's
      }
    })
    .map(Number);
}

/** Ends what the session left running: asks first, then kills. */
async function endLeftovers(folder) {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    for (let look = 0; look < 20; look += 1) {
      const left = marked(folder);
      if (left.length === 0) return;
      if (look === 0) for (const pid of left) signalProcess(pid, signal);
      await sleep(50);
    }
  }
}

function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // gone meanwhile
  }
}

/** Runs on the session's bus: unlocks the keychain, then hands over to the command. */
async function inside([keyring, command, ...args]) {
  if (keyring === 'keyring') unlockKeyring();
  // The machine's own system bus (sleep, network) must not reach into the session; a test may play its services.
  const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS };
  const child = spawn(command, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return exitOf(child).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    return 127;
  });
}

/** Starts the keychain with its login keyring open. The call returns when the daemon answers on the bus. */
function unlockKeyring() {
  const { status, stderr, error } = spawnSync('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
    input: KEYRING_PASSWORD,
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(`the keychain did not start: ${error?.message ?? stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, ...rest] = process.argv.slice(2);
  if (first === INNER) {
    process.exitCode = await inside(rest);
  } else if (first === '--' && rest.length > 0) {
    const [command = '', ...args] = rest;
    process.exitCode = await withDesktop(command, args);
  } else {
    process.stderr.write('usage: node scripts/desktop-session.mjs -- command args…\n');
    process.exitCode = 2;
  }
}

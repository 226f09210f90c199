import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, which } from './run.mjs';

/**
 * What a Linux machine must have, and the Debian packages it comes in (the first of them that the machine's release knows).
 * A need is met by a command on PATH (any of `commands`), a shared library, or a file.
 *
 * `libraries`: what Electron itself links to or loads, for a machine that has a display of its own.
 * `session`: what a private desktop session adds (see desktop-session.mjs).
 * `servers`: real servers that the contract tests start themselves (test/contract/servers).
 * `browser`: what the hub's page is tested in. Ubuntu's chromium package is a snap; its machines have Chrome.
 */
const NEEDS = {
  libraries: [
    { library: 'libgtk-3.so.0', packages: ['libgtk-3-0', 'libgtk-3-0t64'] },
    { library: 'libnss3.so', packages: ['libnss3'] },
    { library: 'libasound.so.2', packages: ['libasound2', 'libasound2t64'] },
    { library: 'libgbm.so.1', packages: ['libgbm1'] },
    { library: 'libnotify.so.4', packages: ['libnotify4'] },
    { library: 'libsecret-1.so.0', packages: ['libsecret-1-0'] },
  ],
  session: [
    { command: 'Xvfb', packages: ['xvfb'] },
    { command: 'dbus-run-session', packages: ['dbus-daemon', 'dbus'] },
    { command: 'dbus-send', packages: ['dbus-bin', 'dbus'] },
    { command: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
    { command: 'secret-tool', packages: ['libsecret-tools'] },
    { file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', packages: ['fonts-dejavu-core'] },
  ],
  servers: [
    { command: 'prosody', packages: ['prosody'] },
    { command: 'radicale', packages: ['radicale'] },
    { command: 'redis-server', packages: ['redis-server'] },
  ],
  browser: [
    { commands: ['chromium', 'google-chrome', 'chromium-browser'], packages: ['chromium', 'chromium-browser'] },
  ],
};

const LOCK_WAITS = 30;
const LOCK_WAIT_MS = 10_000;

/**
 * @param {('libraries' | 'session' | 'servers' | 'browser')[]} groups
 * @returns {Promise<{what: string, packages: string[]}[]>} the needs that this Linux machine does not meet
 */
export async function missingNeeds(groups) {
  const needs = groups.flatMap((group) => NEEDS[group]);
  const libraries = await sharedLibraries();
  return needs
    .filter((need) => !met(need, libraries))
    .map(({ packages, ...rest }) => ({ what: nameOf(rest), packages }));
}

function nameOf({ command, commands, library, file }) {
  return command ?? commands?.[0] ?? library ?? file;
}

function met({ command, commands, library, file }, libraries) {
  if (commands !== undefined) return commands.some((one) => which(one) !== undefined);
  if (command !== undefined) return which(command) !== undefined;
  if (file !== undefined) return existsSync(file);
  return libraries.has(library);
}

/** The names of the shared libraries the dynamic linker knows. */
async function sharedLibraries() {
  const ldconfig = which('ldconfig') ?? '/sbin/ldconfig';
  const { output } = await run(ldconfig, ['-p'], { capture: true });
  return new Set(output.split('\n').map((line) => line.trim().split(' ')[0] ?? ''));
}

/** @returns {boolean} whether this is Debian, or made from it, so that apt-get installs things */
export function isDebian() {
  if (which('apt-get') === undefined || !existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * Installs what is missing with apt-get. Needs root.
 *
 * @param {{packages: string[]}[]} missing
 * @param {(line: string) => void} say
 */
export async function installPackages(missing, say) {
  await apt(['update', '-qq'], say);
  const names = new Set();
  for (const { packages } of missing) names.add(await firstKnown(packages));
  say(`installing ${[...names].join(' ')}`);
  await apt(['install', '-y', '-qq', '--no-install-recommends', ...names], say);
}

/** The first of the names that apt has something to install for; releases rename packages. */
async function firstKnown(packages) {
  for (const name of packages) {
    const { output } = await run('apt-cache', ['policy', name], {
      capture: true,
      env: { ...process.env, LC_ALL: 'C' },
    });
    if (/Candidate: (?!\(none\))\S/.test(output)) return name;
  }
  return packages[0];
}

/** Runs apt-get; waits while another program holds its lock. */
async function apt(args, say) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const options = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
  for (let attempt = 1; ; attempt += 1) {
    const { code, output } = await run('apt-get', [...options, ...args], { capture: true, timeoutMs: 900_000, env });
    if (code === 0) return;
    const locked = /Could not get lock|Unable to lock|is another process using it/.test(output);
    if (!locked || attempt === LOCK_WAITS) throw new Error(`apt-get ${args[0]} failed:\n${output.trim()}`);
    if (attempt === 1) say('waiting for another program that is installing packages');
    await sleep(LOCK_WAIT_MS);
  }
}

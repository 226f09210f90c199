// Installs what is missing to run, test or demo the project. Run by bare Node, before anything is installed: it may import
// nothing but Node's own modules, except in what it loads after `npm ci`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './lib/paths.mjs';
import { npmCommand, run } from './lib/run.mjs';
import { installPackages, isDebian, missingNeeds } from './lib/system-packages.mjs';

const MINIMUM_NODE = [20, 19];

/** What is missing and can't be installed by us; the message is for the person and says how to get it. */
export class SetupError extends Error {
  name = 'SetupError';
}

/**
 * Makes ready what a job needs. Quick when all is there.
 *
 * @param {object} [job]
 * @param {boolean} [job.modules] node_modules (default true)
 * @param {boolean} [job.electron] an Electron to run, and on Linux the libraries it needs
 * @param {boolean} [job.desktop] a private desktop session (Linux: virtual display, session bus, keychain);
 *   nothing on macOS and Windows
 * @param {boolean} [job.servers] the chat, calendar and Redis servers that the contract tests start (Linux)
 * @param {(line: string) => void} [job.say] told of each step that takes time; default: standard error
 * @returns {Promise<{electron: import('./electron-runtime.mjs').ElectronRuntime | undefined}>}
 * @throws {SetupError} when the person must install something
 */
export async function ensure(job = {}) {
  const { modules = true, electron = false, desktop = false, servers = false, browser = false, say = tell } = job;
  checkNode();
  if (modules) await ensureModules(say);
  if (process.platform === 'linux') await ensureSystem({ electron, desktop, servers, browser }, say);
  if (!electron) return { electron: undefined };
  const { resolveElectron } = await import('./electron-runtime.mjs');
  try {
    return { electron: await resolveElectron({ say }) };
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Runs a command-line script's main function: a SetupError is printed as its message alone, and ends the process with 1.
 *
 * @param {() => Promise<number | undefined>} main its number is the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof SetupError ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}

/** @returns {boolean} whether a window can be shown on this machine as it is */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean((process.env.DISPLAY || process.env.WAYLAND_DISPLAY) && process.env.DBUS_SESSION_BUS_ADDRESS);
}

function tell(line) {
  process.stderr.write(`setup: ${line}\n`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new SetupError(
    `HipStatus needs Node ${MINIMUM_NODE.join('.')} or later; this is ${process.versions.node}. Get it from nodejs.org.`,
  );
}

async function ensureModules(say) {
  if (modulesAreCurrent()) return;
  say('installing the npm packages (npm ci)');
  const npm = npmCommand();
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, capture: true, timeoutMs: 15 * 60_000 };
  const clean = await run(npm.command, [...npm.prefix, 'ci', ...flags], options);
  if (clean.code === 0) return;
  if (!clean.output.includes('EUSAGE')) throw new SetupError(`npm ci failed:\n${clean.output.trim()}`);
  // A registry mirror without the other systems' optional packages makes a lock file that `npm ci` refuses. The versions it
  // does name are still the ones that `npm install` takes.
  say('npm ci refuses package-lock.json (packages of other systems are missing in it); npm install goes by it instead');
  const plain = await run(npm.command, [...npm.prefix, 'install', '--no-save', ...flags], options);
  if (plain.code !== 0) throw new SetupError(`npm install failed:\n${plain.output.trim()}`);
}

/**
 * Whether node_modules holds what package-lock.json names: npm keeps its own record of what it put there. Versions are
 * compared, not dates: git and npm touch files without changing them. Optional packages are those of other platforms.
 */
function modulesAreCurrent() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, wanted]) => path === '' || wanted.optional || installed[path]?.version === wanted.version,
  );
}

async function ensureSystem({ electron, desktop, servers, browser }, say) {
  const groups = [
    ...(electron || desktop ? ['libraries'] : []),
    ...(desktop ? ['session'] : []),
    ...(servers ? ['servers'] : []),
    ...(browser ? ['browser'] : []),
  ];
  if (groups.length === 0) return;
  let missing = await missingNeeds(groups);
  if (missing.length === 0) return;
  if (isDebian() && process.getuid?.() === 0) {
    await installPackages(missing, say).catch((error) => {
      throw new SetupError(error.message);
    });
    missing = await missingNeeds(groups);
    if (missing.length === 0) return;
  }
  throw new SetupError(missingText(missing));
}

function missingText(missing) {
  const names = missing.map(({ packages }) => packages[0]).join(' ');
  const how = isDebian()
    ? `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`
    : `  Your distribution's packages for these; on Debian and Ubuntu they are: ${names}`;
  return `Missing on this machine: ${missing.map(({ what }) => what).join(', ')}\nTo get them:\n${how}`;
}

// node scripts/setup.mjs [--electron] [--desktop] [--servers] [--browser] [--no-modules]
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const has = (flag) => process.argv.includes(flag);
    const job = {
      modules: !has('--no-modules'),
      electron: has('--electron'),
      desktop: has('--desktop'),
      servers: has('--servers'),
      browser: has('--browser'),
    };
    const { electron } = await ensure(job);
    if (electron) tell(`Electron ${electron.version} (${electron.source}) at ${electron.path}`);
    tell('all is there');
  });
}

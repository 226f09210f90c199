import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { npmCommand, run } from './run.mjs';

const SUFFIX = { darwin: '', win32: '-msvc', linux: '-gnu' };

/**
 * The packages that hold the keychain's binary (`@napi-rs/keyring-<platform>-<arch>…`) for what is being built.
 *
 * @param {{platforms: string[], archs: string[]}} targets `process.platform` and `process.arch` names
 * @returns {string[]}
 */
export function keychainPackages({ platforms, archs }) {
  return platforms.flatMap((platform) =>
    archs.map((arch) => `@napi-rs/keyring-${platform}-${arch}${SUFFIX[platform] ?? ''}`),
  );
}

/**
 * npm installs the binary of this machine only. Fetches those that a build for another system or processor (or a universal
 * macOS app) needs besides, at the version and with the integrity that package-lock.json names.
 *
 * @param {{platforms: string[], archs: string[]}} targets
 * @param {(line: string) => void} say
 */
export async function ensureKeychainBinaries(targets, say) {
  const missing = keychainPackages(targets).filter((name) => !existsSync(join(root, 'node_modules', name)));
  if (missing.length === 0) return;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const name of missing) {
    const locked = packages[`node_modules/${name}`];
    if (!locked?.integrity) throw new Error(`package-lock.json has no ${name}: there is no build for this target`);
    say(`fetching ${name}@${locked.version}`);
    await install(name, locked);
  }
}

async function install(name, { version, integrity }) {
  const work = mkdtempSync(join(root, 'node_modules', '.keychain-'));
  try {
    const npm = npmCommand();
    const packArgs = [...npm.prefix, 'pack', `${name}@${version}`, '--pack-destination', work, '--loglevel=error'];
    const packed = await run(npm.command, packArgs, { cwd: work, capture: true });
    if (packed.code !== 0) throw new Error(`npm pack ${name}@${version} failed:\n${packed.output.trim()}`);
    const tarball = join(work, readdirSync(work).find((file) => file.endsWith('.tgz')) ?? '');
    const hash = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (hash !== integrity) throw new Error(`${name}@${version} is not what package-lock.json names: got ${hash}`);
    const untar = await run('tar', ['-xzf', tarball, '-C', work], { capture: true });
    if (untar.code !== 0) throw new Error(`could not unpack ${tarball}: ${untar.output.trim()}`);
    const target = join(root, 'node_modules', name);
    await mkdir(join(target, '..'), { recursive: true });
    await rename(join(work, 'package'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

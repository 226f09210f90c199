// electron-builder's afterPack hook: runs on the packed folder, just before it is signed.
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * What the shipped app may do. Electron reads these bytes from its own executable, so they can't be changed from outside
 * without breaking the signature (https://www.electronjs.org/docs/latest/tutorial/fuses).
 */
export const FUSES = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
};

/**
 * Fuses that newer Electrons have and that stay as Electron ships them, by position in the wire. 8, WasmTrapHandlers, is
 * about the speed of WebAssembly. @electron/fuses 1 has no name for it, so its own `strictlyRequireAllFuses` can't be used.
 */
const LEFT_ALONE = new Set([8]);

// What a byte of the wire says, as in @electron/fuses.
const ON = '1'.charCodeAt(0);
const REMOVED = 'r'.charCodeAt(0);

/**
 * Compares a fuse wire with {@link FUSES}. Every fuse must be there, and there must be none that nobody has decided on.
 *
 * @param {Record<string, number | string>} wire as read by `getCurrentFuseWire`: position → byte, and `version`
 * @returns {string[]} what is wrong with it, one line each; empty when it is right
 */
export function fuseProblems(wire) {
  const problems = unknownFuses(wire);
  for (const [position, wanted] of Object.entries(FUSES)) {
    const name = FuseV1Options[position];
    const state = wire[position];
    if (state === undefined) problems.push(`${name}: this Electron does not have it`);
    else if (state !== REMOVED && (state === ON) !== wanted) problems.push(`${name}: not ${wanted ? 'on' : 'off'}`);
  }
  return problems;
}

function unknownFuses(wire) {
  return Object.keys(wire)
    .filter((key) => key !== 'version' && !(key in FUSES) && !LEFT_ALONE.has(Number(key)))
    .map((position) => `fuse ${position}: new in this Electron; decide on it in scripts/after-pack.mjs`);
}

/**
 * Sets the fuses of a packed app and reads them back.
 *
 * @param {string} path the executable, or the .app folder on macOS
 * @param {{resetAdHocDarwinSignature?: boolean}} [options]
 */
export async function setFuses(path, options = {}) {
  const unknown = unknownFuses(await getCurrentFuseWire(path));
  if (unknown.length > 0) throw new Error(unknown.join('\n'));
  await flipFuses(path, { version: FuseVersion.V1, ...options, ...FUSES });
  const problems = fuseProblems(await getCurrentFuseWire(path));
  if (problems.length > 0) throw new Error(`${path}: the fuses did not take:\n${problems.join('\n')}`);
}

/** Without its binary the keychain package loads no secret, and the app would only find out at run time. */
function checkKeychainBinary(resources) {
  const folder = join(resources, 'app.asar.unpacked', 'node_modules', '@napi-rs');
  const found = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
  if (!found.some((name) => name.endsWith('.node'))) {
    throw new Error(
      `No keychain binary in ${folder}: build with \`npm run package\`, which fetches the one that is missing.`,
    );
  }
}

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack(context) {
  const { appOutDir, electronPlatformName, packager } = context;
  // The halves of a universal app: the hook is called again for the whole.
  if (/-(x64|arm64)-temp$/.test(appOutDir)) return;
  const mac = electronPlatformName === 'darwin';
  const name = packager.appInfo.productFilename;
  const executable = { darwin: `${name}.app`, win32: `${name}.exe` }[electronPlatformName] ?? packager.executableName;
  const resources = mac ? join(appOutDir, executable, 'Contents', 'Resources') : join(appOutDir, 'resources');
  checkKeychainBinary(resources);
  // Not by `extraResources`: electron-builder would then leave LICENSE out of the packages it copies as well.
  copyFileSync(join(packager.projectDir, 'LICENSE'), join(resources, 'LICENSE.txt'));
  // Electron's stand-in app: not needed beside ours, and left over when packaging from an unpacked Electron.
  rmSync(join(resources, 'default_app.asar'), { force: true });
  rmSync(join(appOutDir, 'version'), { force: true });
  // Flipping breaks the ad-hoc signature without which an Apple-silicon Mac starts nothing.
  await setFuses(join(appOutDir, executable), { resetAdHocDarwinSignature: mac && process.platform === 'darwin' });
}

// Packages the app with electron-builder. Run by bare Node:
//
//   npm run package                      what electron-builder.yml says for this system
//   npm run package -- --linux dir       a folder that runs as it is; needs no download
//   npm run package -- --mac --win ...   electron-builder's own options; see docs/packaging.md
//   npm run package -- --no-build ...    takes out/ as it is
//
// It never publishes. `-c.appId=… -c.productName=…` and the other `-c.` options override electron-builder.yml.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveElectron } from './electron-runtime.mjs';
import { ensureKeychainBinaries } from './lib/keychain-binaries.mjs';
import { root } from './lib/paths.mjs';
import { npmCommand, run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

const PLATFORM_FLAGS = {
  '--mac': 'darwin',
  '--macos': 'darwin',
  '-m': 'darwin',
  '-o': 'darwin',
  '--win': 'win32',
  '--windows': 'win32',
  '-w': 'win32',
  '--linux': 'linux',
  '-l': 'linux',
};
const ARCH_FLAGS = { '--x64': ['x64'], '--arm64': ['arm64'], '--universal': ['x64', 'arm64'] };
/** What electron-builder.yml builds where the command line names no target of its own. */
const ALL_ARCHS = ['x64', 'arm64'];

/**
 * Reads from electron-builder's arguments what is going to be built.
 *
 * @param {string[]} args
 * @param {{platform: string, arch: string}} host
 * @returns {{platforms: string[], archs: string[], native: boolean}} native: only for the host's platform and processor,
 *   so that the host's own Electron can be packaged
 */
export function readTargets(args, host) {
  const platforms = new Set();
  const archs = new Set();
  let named = false;
  args.forEach((arg, index) => {
    const [flag, value] = arg.split('=', 2);
    for (const arch of ARCH_FLAGS[flag] ?? []) archs.add(arch);
    if (!(flag in PLATFORM_FLAGS)) return;
    platforms.add(PLATFORM_FLAGS[flag]);
    const target = value ?? args[index + 1];
    named ||= target !== undefined && !target.startsWith('-');
  });
  if (args.includes('--dir')) named = true;
  if (platforms.size === 0) platforms.add(host.platform);
  const wanted = archs.size > 0 ? [...archs] : named ? [host.arch] : ALL_ARCHS;
  const native = [...platforms].every((name) => name === host.platform) && wanted.every((name) => name === host.arch);
  return { platforms: [...platforms], archs: wanted, native };
}

/**
 * The bundle id goes into the packaged package.json as `bundleId`: the app names its keychain items after it, and only macOS
 * could tell it otherwise.
 *
 * @param {string[]} args
 * @returns {string}
 */
export function readBundleId(args) {
  const given = args.findLast((arg) => /^(-c|--config)\.appId=/.test(arg));
  if (given) return given.slice(given.indexOf('=') + 1);
  const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
  const id = /^appId: *(\S+)$/m.exec(config)?.[1];
  if (id === undefined) throw new Error('electron-builder.yml names no appId');
  return id;
}

/** `electronDist` for a build for this very machine; any other build has electron-builder fetch Electron itself. */
async function electronArgs(targets, say) {
  if (!targets.native) return [];
  const electron = await resolveElectron({ say });
  say(`packaging Electron ${electron.version} (${electron.source})`);
  if (electron.source === 'npm') {
    say('This is the Electron that tests run on, not the pinned one: do not ship this build.');
  }
  return [`-c.electronDist=${electron.distPath}`, `-c.electronVersion=${electron.version}`];
}

async function build(say) {
  say('building out/');
  const npm = npmCommand();
  const { code } = await run(npm.command, [...npm.prefix, 'run', 'build'], { cwd: root });
  if (code !== 0) throw new Error(`npm run build ended with ${code}`);
}

async function main() {
  const say = (line) => process.stderr.write(`${line}\n`);
  const args = process.argv.slice(2).filter((arg) => arg !== '--no-build');
  await ensure({ say });
  if (!process.argv.includes('--no-build')) await build(say);
  const entry = join(root, 'out', 'main', 'index.cjs');
  if (!existsSync(entry)) throw new Error(`${entry} is not there: build first (npm run build)`);
  const targets = readTargets(args, process);
  await ensureKeychainBinaries(targets, say);
  const cli = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const bundleId = `-c.extraMetadata.bundleId=${readBundleId(args)}`;
  const options = [...(await electronArgs(targets, say)), bundleId, ...args, '--publish', 'never'];
  const { code } = await run(process.execPath, [cli, ...options], { cwd: root });
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runScript(main);

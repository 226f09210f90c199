import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { npmCommand, run } from './run.mjs';

/** What the build is made from, and the last file of each of its parts. */
const SOURCES = ['src', 'electron.vite.config.ts', 'vite.hub.config.ts', 'package.json', 'package-lock.json'];
const BUILT = [
  'out/main/index.cjs',
  'out/main/cli.cjs',
  'out/preload/prompt.cjs',
  'out/renderer/prompt/index.html',
  'out/hub/main.js',
  'out/hub/addon.js',
  'out/hub/types/hub/addons/index.d.ts',
  'out/hub/page/index.html',
];

/**
 * Builds out/ when it is missing or older than what it is made from.
 *
 * @param {(line: string) => void} say
 * @throws {Error} with the build's own output
 */
export async function ensureBuild(say) {
  const built = BUILT.map((file) => join(root, file));
  if (built.every(existsSync)) {
    const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
    if (SOURCES.every((source) => newest(join(root, source)) <= oldest)) return;
  }
  say('building (npm run build)');
  const npm = npmCommand();
  const { code, output } = await run(npm.command, [...npm.prefix, 'run', 'build', '--silent'], {
    cwd: root,
    capture: true,
    timeoutMs: 5 * 60_000,
  });
  if (code !== 0) throw new Error(`npm run build ended with ${code}:\n${output.trim()}`);
}

/** When a file, or anything in a folder, was changed last; milliseconds since the epoch. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

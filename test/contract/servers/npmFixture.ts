import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDir } from '../../../scripts/lib/paths.mjs';
import { npmCommand, run } from '../../../scripts/lib/run.mjs';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
const ATTEMPTS = 2;

/** How long the packages may take to come; for a test's `beforeAll`. */
export const INSTALL_MS = 300_000;

/**
 * A program of `test/contract/fixtures` with its own packages, which are other people's and too old for ours: installed by
 * npm from its lock file, into the cache, when it or they have changed. No package's script is run. Two runs at once each
 * do the work, and the second finds the first one's result. Returns the folder.
 */
export async function installFixture(name: string): Promise<string> {
  const source = join(FIXTURES, name);
  const hash = createHash('sha256');
  for (const file of (await readdir(source)).sort()) hash.update(file).update(await readFile(join(source, file)));
  const folder = join(cacheDir(), `fixture-${name}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheDir(), { recursive: true });
  await removeAbandoned();
  const work = await mkdtemp(join(cacheDir(), '.fixture-'));
  try {
    await cp(source, work, { recursive: true });
    await installInto(work, name);
    await rename(work, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function installInto(folder: string, name: string): Promise<void> {
  const npm = npmCommand();
  const args = [...npm.prefix, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  let said = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { code, output } = await run(npm.command, args, { cwd: folder, capture: true, timeoutMs: INSTALL_MS / 3 });
    if (code === 0) return;
    said = output.trim();
  }
  throw new Error(
    `npm could not install the packages of test/contract/fixtures/${name}, so this test has not looked at anything. ` +
      `Check that the package registry can be reached (npm ping), then run it again. npm said:\n${said}`,
  );
}

/** Removes work folders that a killed run left behind (older than an hour). */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(cacheDir())) {
    if (!name.startsWith('.fixture-')) continue;
    const path = join(cacheDir(), name);
    const made = await stat(path).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

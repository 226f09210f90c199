import * as fs from 'node:fs';
import path from 'node:path';
import { lockHolder } from './instanceLock.ts';
import { SAMPLE_HOME } from './sampleHome.ts';

/** One that was just made has no lock yet; milliseconds. */
const STARTING = 60_000;

/** Chromium's last helper may still be writing to it; what can't be removed now is removed at the next start. */
export function removeSampleHome(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  } catch {
    // The next start looks again.
  }
}

/** Only what is ours: on a shared temporary folder anybody may make a folder of such a name. */
const isOwn = (stats: fs.Stats): boolean =>
  stats.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());

/**
 * Removes the folders that sample data has left behind in `temporary`: of programs that were killed, and what was written to one
 * after its end. Those in use stay.
 */
export async function sweepSampleHomes(temporary: string): Promise<void> {
  const names = await fs.promises.readdir(temporary).catch(() => []);
  for (const name of names.filter((found) => found.startsWith(SAMPLE_HOME))) {
    const folder = path.join(temporary, name);
    const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined || !isOwn(stats)) continue;
    const runDir = path.join(folder, 'run');
    const hadLock = fs.existsSync(runDir) && fs.readdirSync(runDir).length > 0;
    if (!hadLock && Date.now() - stats.mtimeMs < STARTING) continue;
    if ((await lockHolder(runDir)) === null) removeSampleHome(folder);
  }
}

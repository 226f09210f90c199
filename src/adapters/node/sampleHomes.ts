import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { lockHolder } from './instanceLock.ts';
import { SAMPLE_HOME } from './sampleHome.ts';

/** One that was just made has no lock yet; milliseconds. */
const STARTING = 60_000;

/**
 * Waits for the end of its input, which is the end of the program that holds it. Chromium's helpers outlive a kill by a moment, and
 * make their folders anew: hence more than once.
 */
const REMOVE_AFTER = 'cat; for pause in 1 2 5; do sleep "$pause"; rm -rf -- "$1"; done';

/**
 * Removes the folder when this process has ended, whichever way. Not before: Chromium writes to it to the last. On Windows, and
 * where there is no shell, the next start does it (`sweepSampleHomes`).
 */
export function removeAfterEnd(folder: string): void {
  if (process.platform === 'win32') return;
  const remover = spawn('/bin/sh', ['-c', REMOVE_AFTER, 'sh', folder], {
    cwd: '/',
    // Ctrl-C in a terminal is for the program, not for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  remover.on('error', () => undefined);
  remover.stdin?.on('error', () => undefined);
  remover.unref();
}

/** Only what is ours: on a shared temporary folder anybody may make a folder of such a name. */
const isOwn = (stats: fs.Stats): boolean =>
  stats.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());

/** Removes the folders that sample data has left behind in `temporary`. Those in use stay. */
export async function sweepSampleHomes(temporary: string): Promise<void> {
  const names = await fs.promises.readdir(temporary).catch(() => []);
  for (const name of names.filter((found) => found.startsWith(SAMPLE_HOME))) {
    const folder = path.join(temporary, name);
    const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined || !isOwn(stats)) continue;
    const runDir = path.join(folder, 'run');
    const hadLock = fs.existsSync(runDir) && fs.readdirSync(runDir).length > 0;
    if (!hadLock && Date.now() - stats.mtimeMs < STARTING) continue;
    if ((await lockHolder(runDir)) !== null) continue;
    // What can't be removed now is looked at again by the next start.
    await fs.promises.rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

import * as fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { codeOf, fileError, readIfThere } from './atomicFile.ts';
import { isRunning, startOf } from './processIdentity.ts';

/** The right to be the one writer of presence of a home folder. */
export interface Held {
  release(): void;
}

const holderSchema = z.object({ pid: z.number().int().nonnegative(), started: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** What a released lock says. */
const NOBODY: Holder = { pid: 0, started: '' };

/** A lock file is made and filled in two steps; younger than this it may not be filled yet; milliseconds. */
const FILLING = 2_000;
const PAUSE = 50;
const NAME = /^writer\.(\d+)\.lock$/;

const numbersOf = (runDir: string): readonly number[] =>
  fs.readdirSync(runDir).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });

/** The highest number of the lock files that are there; 0 for none. */
const highest = (runDir: string): number => Math.max(0, ...numbersOf(runDir));

const lockFile = (runDir: string, number: number): string => path.join(runDir, `writer.${number}.lock`);

/** Who holds the lock: `stale` for nobody any more, `unknown` when it is just being filled or was just removed. */
async function holderOf(file: string): Promise<Holder | 'stale' | 'unknown'> {
  const text = readIfThere(file);
  if (text === null) return 'unknown';
  let holder: Holder;
  try {
    holder = holderSchema.parse(JSON.parse(text));
  } catch {
    const made = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    return made === undefined || Date.now() - made < FILLING ? 'unknown' : 'stale';
  }
  if (holder.pid === NOBODY.pid || !isRunning(holder.pid)) return 'stale';
  const started = await startOf(holder.pid);
  return started === '' || holder.started === '' || started === holder.started ? holder : 'stale';
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE));

/** The process that holds the lock of `runDir` now; null for none. */
export async function lockHolder(runDir: string): Promise<number | null> {
  for (;;) {
    const number = fs.existsSync(runDir) ? highest(runDir) : 0;
    if (number === 0) return null;
    const holder = await holderOf(lockFile(runDir, number));
    if (holder === 'stale') return null;
    if (holder !== 'unknown') return holder.pid;
    await pause();
  }
}

/** Makes the lock file of that number, exclusively; false when another was faster. */
function make(file: string, holder: Holder): boolean {
  try {
    fs.writeFileSync(file, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw fileError(file, error);
  }
}

function giveUp(file: string): void {
  try {
    // `r+` makes no file: a home folder that was removed meanwhile stays removed.
    fs.writeFileSync(file, JSON.stringify(NOBODY), { flag: 'r+' });
    fs.truncateSync(file, JSON.stringify(NOBODY).length);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw fileError(file, error);
  }
}

/**
 * Takes the lock of `runDir` (`AppPaths.runDir`), or says who holds it.
 *
 * Lock files are numbered, making one is exclusive, and the highest number holds. A file is removed only once there is a
 * higher one (a released lock stays, saying so), so numbers only grow: of any number of processes that find the same
 * stale lock one makes the next, and one that comes late with a number that was used before finds a higher one and gives way.
 */
export async function acquireLock(runDir: string): Promise<Held | { readonly heldBy: number }> {
  fs.mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const own: Holder = { pid: process.pid, started: await startOf(process.pid) };
  for (;;) {
    const number = highest(runDir);
    const holder = number === 0 ? 'stale' : await holderOf(lockFile(runDir, number));
    if (holder === 'unknown') {
      await pause();
      continue;
    }
    if (holder !== 'stale') return { heldBy: holder.pid };
    const mine = lockFile(runDir, number + 1);
    if (!make(mine, own)) continue;
    if (highest(runDir) > number + 1) {
      fs.rmSync(mine, { force: true });
      continue;
    }
    for (const lower of numbersOf(runDir).filter((found) => found <= number)) {
      fs.rmSync(lockFile(runDir, lower), { force: true });
    }
    return { release: () => giveUp(mine) };
  }
}

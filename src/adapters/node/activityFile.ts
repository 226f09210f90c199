import * as fs from 'node:fs';
import { type ActivityEntry, activityEntry } from '../../core/activity.ts';
import { ACTIVITY_MOST, isKept } from '../../core/activityKinds.ts';
import { asAppError } from '../../core/appError.ts';
import { HOUR, type Instant } from '../../core/time.ts';
import type { ActivityLog } from '../../ports/activityLog.ts';
import type { Logger } from '../../ports/logger.ts';
import { codeOf, fileError, writeAtomic } from './atomicFile.ts';

export interface ActivityFileOptions {
  /** Such as `activity.jsonl`. */
  readonly file: string;
  readonly now: () => Instant;
  readonly logger: Logger;
}

/** The file never grows beyond this; bytes. */
const LARGEST = 2 * 1024 * 1024;
/** How much of it stays when it has: so that it is not written anew for every entry. */
const SMALLER = 3 / 4;
/** How long what is too old may lie there at most, while the program runs. */
const TIDY_EVERY = HOUR;

/**
 * The Activity as lines of JSON, readable for its owner alone (0600). An entry is appended; once in a while the file is written
 * anew without what is too old or too much. Lines that are torn, or of another version, are passed over. What can't be written
 * is lost, and said once in the log: nothing waits for this file, and nothing fails with it.
 */
export function createActivityFile({ file, now, logger }: ActivityFileOptions): ActivityLog {
  let size: number | null = null;
  let tidiedAt: Instant | null = null;
  /** What is there may end within a line: a crash or a full disk has cut it off. */
  let isTorn = true;
  let isFailing = false;

  const failed = (thrown: unknown): void => {
    isTorn = true;
    size = null;
    if (isFailing) return;
    isFailing = true;
    const { code, reason } = asAppError(thrown);
    logger.warn('The Activity could not be written', { code, reason });
  };

  const rewrite = (most: number): void => {
    const { entries, isWhole } = readAll(file);
    let kept = entries.filter((entry) => isKept(entry, now())).slice(-ACTIVITY_MOST);
    let text = textOf(kept);
    while (Buffer.byteLength(text) > most) {
      kept = kept.slice(Math.ceil(kept.length * (1 - SMALLER)));
      text = textOf(kept);
    }
    if (kept.length === entries.length && isWhole) return;
    writeAtomic(file, text, { flush: false });
    size = null;
    isTorn = false;
  };

  const tidy = (): void => {
    const since = tidiedAt === null ? TIDY_EVERY : now() - tidiedAt;
    if (since >= 0 && since < TIDY_EVERY) return;
    tidiedAt = now();
    try {
      rewrite(LARGEST);
    } catch (thrown) {
      failed(thrown);
    }
  };

  return {
    add(entry) {
      const line = `${JSON.stringify(entry)}\n`;
      try {
        size ??= sizeOf(file);
        if (size + line.length + 1 > LARGEST) {
          rewrite(LARGEST * SMALLER);
          size = sizeOf(file);
        }
        if (size + line.length + 1 > LARGEST) return;
        const data = isTorn && size > 0 ? `\n${line}` : line;
        append(file, data);
        size += data.length;
        isTorn = false;
        isFailing = false;
      } catch (thrown) {
        failed(thrown);
      }
    },
    entries: () => readActivity(file, now()),
    tidy,
  };
}

/** What is kept of `file`, for those who only look on; empty where there is none, or it can't be read. */
export function readActivity(file: string, now: Instant): readonly ActivityEntry[] {
  try {
    return readAll(file)
      .entries.filter((entry) => isKept(entry, now))
      .slice(-ACTIVITY_MOST);
  } catch {
    return [];
  }
}

const textOf = (entries: readonly ActivityEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

function append(file: string, data: string): void {
  try {
    fs.appendFileSync(file, data, { mode: 0o600 });
  } catch (cause) {
    throw fileError(file, cause);
  }
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** @returns `isWhole`: every line was understood */
function readAll(file: string): { readonly entries: readonly ActivityEntry[]; readonly isWhole: boolean } {
  const { text, isCut } = tailOf(file);
  const lines = text.split('\n');
  const entries = lines.flatMap((line) => entryOf(line) ?? []);
  const filled = lines.filter((line) => line !== '').length;
  return { entries, isWhole: !isCut && filled === entries.length && (text === '' || text.endsWith('\n')) };
}

/** Of a file that something else has made huge, only the end is looked at. */
function tailOf(file: string): { readonly text: string; readonly isCut: boolean } {
  let handle: number;
  try {
    handle = fs.openSync(file, 'r');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return { text: '', isCut: false };
    throw fileError(file, cause);
  }
  try {
    const { size } = fs.fstatSync(handle);
    const length = Math.min(size, LARGEST);
    const bytes = Buffer.alloc(length);
    const read = fs.readSync(handle, bytes, 0, length, size - length);
    return { text: bytes.toString('utf8', 0, read), isCut: size > length };
  } catch (cause) {
    throw fileError(file, cause);
  } finally {
    fs.closeSync(handle);
  }
}

function entryOf(line: string): ActivityEntry | null {
  if (line === '') return null;
  try {
    return activityEntry.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

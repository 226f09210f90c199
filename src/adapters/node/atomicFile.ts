import * as fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';

/** What a write may leave out. */
export interface WriteOptions {
  /** Whether the bytes must be on the disk when it returns; false for what may be lost in a power cut. Default true. */
  readonly flush?: boolean;
}

/** Errors of Windows while another program (a virus scanner, a backup) holds the file for a moment. */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);
const TRIES = 10;
const PAUSE = 20;

let counter = 0;

export const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

/** A file system error as one that a person can act on. */
export function fileError(file: string, cause: unknown): AppError {
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('unavailable', `The disk is full: HipStatus cannot write ${file}. Free some space.`, {
        cause,
        reason: 'diskFull',
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('forbidden', `HipStatus may not use ${file}. Make it readable and writable for yourself.`, {
        cause,
        reason: 'noAccess',
      });
    default:
      return new AppError('unavailable', `HipStatus cannot use ${file}. Check the disk and the folder.`, {
        cause,
        reason: 'fileSystem',
      });
  }
}

function renameOver(from: string, to: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      if (process.platform !== 'win32' || tries === TRIES || !HELD.has(codeOf(error))) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/** A rename lasts once its folder is flushed. Windows has no such call and needs none. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * Replaces the file whole or not at all, readable for its owner alone (0600): a temporary file in the same folder, flushed,
 * renamed, the folder flushed. The folder is made (0700) when it is missing.
 * Throws `AppError`: `unavailable` (reason `diskFull` or `fileSystem`) or `forbidden` (reason `noAccess`).
 */
export function writeAtomic(file: string, data: string, options: WriteOptions = {}): void {
  const { flush = true } = options;
  const folder = path.dirname(file);
  counter += 1;
  const temporary = path.join(folder, `.${path.basename(file)}.${process.pid}.${counter}.tmp`);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.rmSync(temporary, { force: true });
    fs.writeFileSync(temporary, data, { mode: 0o600, flag: 'wx', flush });
    renameOver(temporary, file);
    if (flush) flushFolder(folder);
  } catch (error) {
    try {
      fs.rmSync(temporary, { force: true });
    } catch {
      // The first error says more than that its left-over can't be removed either.
    }
    throw fileError(file, error);
  }
}

/** The file's bytes; null when there is no such file. Throws `AppError` as `writeAtomic` does. */
export function bytesIfThere(file: string): Buffer | null {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw fileError(file, error);
  }
}

/** The file's text without a byte order mark; null when there is no such file. */
export function readIfThere(file: string): string | null {
  const text = bytesIfThere(file)?.toString('utf8') ?? null;
  return text?.replace(/^\uFEFF/, '') ?? null;
}

/** A free name beside `file` that says when it was set aside. */
export function asideName(file: string, now: Instant): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-').replace(/\..*$/, 'Z');
  const name = `${file}.broken-${stamp}`;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!fs.existsSync(candidate)) return candidate;
  }
}

/** Moves a broken file out of the way and returns where it is now. */
export function setAside(file: string, now: Instant): string {
  const aside = asideName(file, now);
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    throw fileError(file, error);
  }
  return aside;
}

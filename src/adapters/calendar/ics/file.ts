import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../../core/appError.ts';
import type { IcsAnswer } from './client.ts';

/** A calendar of twenty years is a few megabytes; what is larger is none. */
export const MOST_BYTES = 20 * 1024 * 1024;

/** What the system says of a path, in words; a path is a secret like an address, so no message names it. */
function refusal(error: unknown): AppError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const cause = new Error(code);
  if (['ENOENT', 'ENOTDIR'].includes(code)) {
    return new AppError('notFound', 'The calendar file is not there. Update its path.', { cause });
  }
  if (['EACCES', 'EPERM'].includes(code)) {
    return new AppError('forbidden', 'HipStatus may not read the calendar file. Allow it, or update its path.', {
      cause,
    });
  }
  if (code === 'EISDIR') return new AppError('invalidInput', 'This is a folder and no calendar file.', { cause });
  return new AppError('unavailable', 'The calendar file can not be read at the moment.', { cause });
}

/** A calendar in a file of this computer, such as another program writes. Read again only when it has changed. */
export class IcsFile {
  #seen: string | null = null;

  /** Throws `AppError`; none of them holds the path. */
  async read(path: string, signal: AbortSignal): Promise<IcsAnswer> {
    try {
      const { size, mtimeMs } = await stat(path);
      const seen = JSON.stringify([path, size, mtimeMs]);
      if (seen === this.#seen) return { kind: 'unchanged' };
      if (size > MOST_BYTES) {
        throw new AppError('badResponse', 'The calendar file is larger than 20 MB.', { reason: 'tooLarge' });
      }
      const text = await readFile(path, { encoding: 'utf8', signal });
      this.#seen = seen;
      return { kind: 'changed', text };
    } catch (error) {
      if (signal.aborted) throw new AppError('cancelled', 'Reading the calendar file was given up.');
      throw error instanceof AppError ? error : refusal(error);
    }
  }

  /** The next read reads all of it. */
  forget(): void {
    this.#seen = null;
  }
}

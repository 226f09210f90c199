import Database from 'libsql';
import { AppError } from '../../../core/appError.ts';

// Result codes: https://www.sqlite.org/rescode.html. The extended ones have the primary one in their lowest byte.
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

const codeOf = (thrown: unknown): number | null =>
  thrown instanceof Database.SqliteError ? (thrown.rawCode ?? 0) & 0xff : null;

/** Another handle holds the lock; worth another try. */
export function isBusy(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === BUSY || code === LOCKED;
}

const NO_ACCESS = {
  reason: 'noAccess',
  message: 'The hub may not write its data. Give its account the folder of HUB_DATA and what is in it, and it goes on.',
} as const;
const HELD = {
  reason: 'held',
  message: "Another program holds the hub's data. End it (a database browser, a backup?) and try again.",
} as const;

const TOLD: Readonly<Record<number, { readonly reason: string; readonly message: string }>> = {
  [PERM]: NO_ACCESS,
  [READONLY]: NO_ACCESS,
  [CANTOPEN]: NO_ACCESS,
  [BUSY]: HELD,
  [LOCKED]: HELD,
  [FULL]: {
    reason: 'diskFull',
    message: "The disk with the hub's data is full. Free some space; the hub goes on by itself.",
  },
  [IOERR]: {
    reason: 'fileSystem',
    message: "The disk with the hub's data fails. Look for room and errors on it, then start the hub again.",
  },
  [CORRUPT]: {
    reason: 'damaged',
    message: 'hub.db is damaged. Stop the hub, put a copy of it in its place, and start again.',
  },
  [NOTADB]: {
    reason: 'notOurs',
    message: 'hub.db is no database, and was left as it is. Move it away, or set HUB_DATA to another folder.',
  },
};

/** Whether the store itself failed, and not the one operation. */
export const isStoreFailure = (thrown: unknown): boolean => TOLD[codeOf(thrown) ?? 0] !== undefined;

/** What SQLite throws, as `unavailable` with the next step; anything else as it is. SQLite's own texts hold no path. */
export function storeError(thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (code === null) return thrown;
  const { reason, message } = TOLD[code] ?? {
    reason: 'unexpected',
    message: "The hub's data can't be used. Start the hub again; if that does not help, the log has the details.",
  };
  return new AppError('unavailable', message, { reason, cause: thrown });
}

/** The same while the file is opened, when the file system and libsql throw too; their texts hold the path and stay here. */
export function openError(thrown: unknown): AppError {
  const told = storeError(thrown);
  if (told instanceof AppError) return told;
  const full = (thrown as NodeJS.ErrnoException).code === 'ENOSPC';
  const { reason, message } = TOLD[full ? FULL : CANTOPEN] ?? NO_ACCESS;
  return new AppError('unavailable', message, { reason });
}

export const notOurs = (): AppError =>
  new AppError(
    'unavailable',
    'hub.db belongs to another program, and was left as it is. Move it away, or set HUB_DATA to another folder.',
    { reason: 'notOurs' },
  );

export const tooNew = (): AppError =>
  new AppError('unavailable', 'hub.db was written by a newer HipStatus. Update this one, or put an older copy back.', {
    reason: 'tooNew',
  });

export const noWal = (): AppError =>
  new AppError(
    'unavailable',
    'The file system of HUB_DATA cannot keep the database. Choose a folder on a local disk, not on a network.',
    { reason: 'fileSystem' },
  );

import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { Clock } from '../../../ports/clock.ts';
import { isBusy, notOurs, noWal, openError, tooNew } from './errors.ts';
import { type Db, rowOf } from './statements.ts';

/** `HipS`, so that another program's file is not taken for ours: https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x48697053;

/** One entry a version. What was released is never changed; the next version is another entry. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('head', 0), ('floor', 0), ('version', 0), ('checked', 0);

  CREATE TABLE people (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    said TEXT NOT NULL,
    day TEXT NOT NULL,
    reporting INTEGER NOT NULL,
    reported_until INTEGER,
    due INTEGER,
    event INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX people_due ON people (due) WHERE due IS NOT NULL;

  CREATE TABLE identities (
    service TEXT NOT NULL,
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (service, id)
  ) WITHOUT ROWID;
  CREATE INDEX identities_person ON identities (person);

  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX events_person ON events (person, id);

  CREATE TABLE documents (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (collection, key)
  );
  CREATE INDEX documents_expires ON documents (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
  `,
];

/** How long SQLite itself waits for another handle, in milliseconds. The event loop stands still meanwhile, so it is short. */
const BUSY_TIMEOUT = 20;
/** How long is waited for another handle in all, and how long between two tries; milliseconds. */
const PATIENCE = 3_000;
const PAUSE = 25;

const pragma = (db: Db, name: string): number | string => Object.values(rowOf(db, `PRAGMA ${name}`)() ?? {})[0] ?? '';

/**
 * Does it again while another handle holds the lock, up to three seconds.
 * @param act must leave nothing behind when it throws
 */
export async function patiently<T>(clock: Clock, act: () => T): Promise<T> {
  const end = clock.now() + PATIENCE;
  for (;;) {
    try {
      return act();
    } catch (thrown) {
      if (!isBusy(thrown) || clock.now() >= end) throw thrown;
    }
    await new Promise<void>((resolve) => clock.after(PAUSE, resolve));
  }
}

/** The file, for our eyes only. SQLite gives its helpers, `-wal` and `-shm`, the same rights. */
function fileIn(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'hub.db');
  const found = statSync(file, { throwIfNoEntry: false });
  // An existing file must not be opened and closed here: POSIX would let go of the locks that another handle has on it.
  if (found === undefined) closeSync(openSync(file, 'a', 0o600));
  else if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) chmodSync(file, 0o600);
  return file;
}

/** Throws where the file is not ours, before anything is written to it. @returns its version */
function versionOf(db: Db): number {
  const version = Number(pragma(db, 'user_version'));
  const isEmpty = rowOf(db, 'SELECT 1 FROM sqlite_master LIMIT 1')() === undefined;
  if (version === 0 && isEmpty) return 0;
  if (pragma(db, 'application_id') !== APPLICATION_ID) throw notOurs();
  if (version > MIGRATIONS.length) throw tooNew();
  return version;
}

function migrate(db: Db): void {
  if (versionOf(db) === MIGRATIONS.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Looked at again under the lock: another process may have been faster.
    for (const step of MIGRATIONS.slice(versionOf(db))) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
  } catch (thrown) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw thrown;
  }
}

function prepare(db: Db): void {
  versionOf(db);
  if (pragma(db, 'journal_mode = WAL') !== 'wal') throw noWal();
  // On macOS a flush reaches the disk itself only so; elsewhere it changes nothing.
  db.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
  // 32 MB of pages in memory and a log of up to 16 MB: fewer of the long flushes when it is moved into the file.
  db.exec('PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000');
  migrate(db);
}

/**
 * Opens `hub.db` in the folder, makes it where there is none, and brings its tables up to date.
 * Throws `AppError('unavailable')`; a file that is not ours is left as it is.
 */
export async function openDatabase(folder: string, clock: Clock): Promise<Db> {
  try {
    const db: Db = new Database(fileIn(folder), { timeout: BUSY_TIMEOUT });
    try {
      await patiently(clock, () => prepare(db));
      return db;
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  } catch (thrown) {
    throw openError(thrown);
  }
}

import type { Instant } from '../../../core/time.ts';
import { refusal } from '../changes.ts';
import type { Document, PutOptions } from '../port.ts';
import { type Db, type Row, rowOf, rowsOf, runOf } from './statements.ts';

const documentOf = (row: Row): Document => ({
  key: String(row['key']),
  value: JSON.parse(String(row['value'])),
  version: Number(row['version']),
});

/** The tables of documents and leases. What writes runs within a transaction of the `Writer`. */
export function documentsOf(db: Db) {
  const isAlive = '(expires_at IS NULL OR expires_at > ?)';
  const get = rowOf(db, `SELECT key, value, version FROM documents WHERE collection = ? AND key = ? AND ${isAlive}`);
  const list = rowsOf(
    db,
    `SELECT key, value, version FROM documents WHERE collection = ? AND key > ? AND ${isAlive} ORDER BY key LIMIT ?`,
  );
  // One counter for all: who has read a document that was deleted since must not take its successor for it.
  const nextVersion = rowOf(db, "UPDATE meta SET value = value + 1 WHERE key = 'version' RETURNING value");
  const put = runOf(
    db,
    'INSERT OR REPLACE INTO documents (collection, key, value, version, expires_at) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = runOf(db, 'DELETE FROM documents WHERE collection = ? AND key = ?');
  const purge = runOf(db, 'DELETE FROM documents WHERE expires_at <= ?');
  const lease = runOf(
    db,
    `INSERT INTO leases (name, owner, until) VALUES (?, ?, ?) ON CONFLICT (name)
     DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE owner = excluded.owner OR until <= ?`,
  );

  const found = (collection: string, key: string, now: Instant): Document | null => {
    const row = get(collection, key, now);
    return row === undefined ? null : documentOf(row);
  };

  return {
    get: found,
    list: (collection: string, after: string, limit: number, now: Instant): readonly Document[] =>
      list(collection, after, now, limit).map(documentOf),
    /** @param json the value, already as text */
    put(collection: string, key: string, json: string, now: Instant, { expected, expiresAt }: PutOptions): number {
      if (expected !== undefined && expected !== (found(collection, key, now)?.version ?? 0)) throw refusal.changed();
      const version = Number(nextVersion()?.['value']);
      put(collection, key, json, version, expiresAt ?? null);
      return version;
    },
    delete: (collection: string, key: string): boolean => remove(collection, key) > 0,
    purge: (now: Instant): void => void purge(now),
    lease: (name: string, owner: string, until: Instant, now: Instant): boolean => lease(name, owner, until, now) > 0,
  };
}

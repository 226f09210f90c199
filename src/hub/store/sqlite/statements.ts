import type Database from 'libsql';

export type Db = Database.Database;
/** A row as SQLite gives it; the statement says what its columns are. */
export type Row = Readonly<Record<string, string | number | null>>;
type Value = string | number | null;

// libsql 0.5 does not reset a statement before `get` binds: after `all`, or after an error, `get` runs with the parameters of the time
// before. `all` and `run` do reset. So nothing here uses `get`.

/** Prepares a statement that gives rows. */
export function rowsOf(db: Db, sql: string): (...values: readonly Value[]) => Row[] {
  const statement = db.prepare(sql);
  return (...values) => statement.all(values) as Row[];
}

/** Prepares a statement that gives one row at most. */
export function rowOf(db: Db, sql: string): (...values: readonly Value[]) => Row | undefined {
  const rows = rowsOf(db, sql);
  return (...values) => rows(...values)[0];
}

/** Prepares a statement that gives none; it answers how many rows it changed. */
export function runOf(db: Db, sql: string): (...values: readonly Value[]) => number {
  const statement = db.prepare(sql);
  return (...values) => statement.run(values).changes;
}

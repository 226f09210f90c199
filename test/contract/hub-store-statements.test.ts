import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Db, rowOf, rowsOf, runOf } from '../../src/hub/store/sqlite/statements.ts';

describe('statements on libsql', () => {
  let db: Db;
  beforeEach(() => {
    db = new Database(':memory:');
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER CHECK (v <> 7))');
    db.exec('INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)');
  });
  afterEach(() => void db.close());

  it('run with the parameters of this time, not of the time before', () => {
    const byId = rowOf(db, 'SELECT v FROM t WHERE id = ?');
    expect([1, 2, 9, 3].map((id) => byId(id)?.['v'])).toEqual([10, 20, undefined, 30]);
    const from = rowsOf(db, 'SELECT id FROM t WHERE id >= ? ORDER BY id');
    expect([3, 1, 9, 2].map((id) => from(id).length)).toEqual([1, 3, 0, 2]);
  });

  it('do so after an error too', () => {
    const change = rowOf(db, 'UPDATE t SET v = ? WHERE id = ? RETURNING v');
    expect(() => change(7, 1)).toThrow('CHECK');
    expect(change(21, 2)?.['v']).toBe(21);
    const set = runOf(db, 'UPDATE t SET v = ? WHERE id = ?');
    expect(() => set(7, 1)).toThrow('CHECK');
    expect(set(31, 3)).toBe(1);
    expect(rowsOf(db, 'SELECT v FROM t')().map((row) => row['v'])).toEqual([10, 21, 31]);
  });

  it('leave nothing open that would hide what others write, or hold them up', () => {
    const first = rowOf(db, 'SELECT id FROM t');
    first();
    db.exec('BEGIN IMMEDIATE; DELETE FROM t WHERE id = 1; COMMIT');
    expect(first()?.['id']).toBe(2);
    expect(runOf(db, 'UPDATE t SET v = NULL WHERE id = ?')(2)).toBe(1);
    expect(rowOf(db, 'SELECT v FROM t WHERE v IS ?')(null)).toEqual({ v: null });
  });
});

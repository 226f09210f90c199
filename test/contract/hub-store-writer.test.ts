import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { type HubEvent, nothingSaid } from '../../src/hub/model.ts';
import { newRecord } from '../../src/hub/store/changes.ts';
import { openDatabase } from '../../src/hub/store/sqlite/database.ts';
import { type Events, eventsOf } from '../../src/hub/store/sqlite/events.ts';
import { type Db, rowOf, runOf } from '../../src/hub/store/sqlite/statements.ts';
import { type Made, Writer } from '../../src/hub/store/sqlite/writer.ts';
import { newFolder } from './hub-store-sqlite-world.ts';
import { idsOf, NOW, personOf, refused } from './hub-store-world.ts';

const NORMAL = 1;
const FULL = 2;

describe('group commit', () => {
  let folder: string;
  let db: Db;
  let events: Events;
  let writer: Writer;
  const committed: (readonly HubEvent[])[] = [];
  beforeEach(async () => {
    folder = newFolder();
    db = await openDatabase(folder, systemClock);
    events = eventsOf(db);
    committed.length = 0;
    writer = new Writer(db, systemClock, (made) => committed.push([...made]));
  });
  afterEach(async () => {
    await writer.close();
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const change = (made: Made): HubEvent => events.add(made, 'person', newRecord(personOf(1), NOW), NOW);
  /** How much is flushed at the end of the transaction that runs now: https://www.sqlite.org/pragma.html#pragma_synchronous */
  const synchronous = (): number => Number(rowOf(db, 'PRAGMA synchronous')()?.['synchronous']);

  it('puts what is asked for in one turn into one transaction', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => writer.write(change)));
    expect(committed).toEqual([made]);
    expect(made[0]?.record.said).toEqual(nothingSaid(NOW));
    await writer.write(change);
    expect(committed).toHaveLength(2);
  });

  it('lets one fail after it has written, and nothing of it stays', async () => {
    const put = runOf(db, 'INSERT INTO leases (name, owner, until) VALUES (?, ?, 0)');
    const outcomes = await Promise.allSettled([
      writer.write((made) => [put('first', 'a'), change(made).id]),
      writer.write((made) => {
        put('second', 'b');
        change(made);
        throw new RangeError('not this one');
      }),
      writer.write((made) => [put('third', 'c'), change(made).id]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(RangeError) });
    expect(rowOf(db, 'SELECT group_concat(name) AS names FROM leases')()).toEqual({ names: 'first,third' });
    expect(committed.map(idsOf)).toEqual([idsOf(events.after(0, 10))]);
    expect(committed[0]).toHaveLength(2);
  });

  it('flushes what must survive a power cut', async () => {
    expect(await writer.write(synchronous)).toBe(FULL);
    expect(await writer.writeLazily(synchronous)).toBe(NORMAL);
    expect(await Promise.all([writer.writeLazily(synchronous), writer.write(synchronous)])).toEqual([FULL, FULL]);
  });

  it('flushes what was to be cheap once it makes an event, and does it once', async () => {
    const tried: number[] = [];
    const event = await writer.writeLazily((made) => {
      tried.push(synchronous());
      return change(made);
    });
    expect(tried).toEqual([NORMAL, FULL]);
    expect(events.after(0, 10)).toEqual([event]);
    expect(committed).toEqual([[event]]);
  });

  it('takes nothing more after it was closed', async () => {
    const last = writer.write(change);
    await writer.close();
    expect(committed).toEqual([[await last]]);
    await refused(writer.write(change), 'unavailable');
  });
});

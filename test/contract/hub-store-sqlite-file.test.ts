// What the embedded store does with its file: who may read it, what it leaves alone, and what it says when it can't go on.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { AppError } from '../../src/core/appError.ts';
import { DAY } from '../../src/core/time.ts';
import { FeedGone, type HubStore } from '../../src/hub/store/port.ts';
import { openSqliteStore } from '../../src/hub/store/sqlite/store.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { newFolder } from './hub-store-sqlite-world.ts';
import { allRecords, following, HOUR, idOf, MINUTE, NOW, personOf, reportOf, stillThere } from './hub-store-world.ts';

describe('the file of the embedded store', () => {
  let home: string;
  let folder: string;
  let file: string;
  const stores: HubStore[] = [];
  beforeEach(() => {
    home = newFolder();
    folder = join(home, 'data', 'hub');
    file = join(folder, 'hub.db');
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    rmSync(home, { recursive: true, force: true });
  });

  async function open(clock = systemClock): Promise<HubStore> {
    const store = await openSqliteStore({ folder, clock });
    stores.push(store);
    return store;
  }

  async function told(
    promise: Promise<unknown>,
  ): Promise<{ readonly reason: string | null; readonly message: string }> {
    const error = await promise.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof AppError)) throw new Error('It should be refused.', { cause: error });
    expect(error.code).toBe('unavailable');
    for (const text of [error.message, String((error.cause as Error | undefined)?.message ?? '')]) {
      expect(text).not.toContain(home);
    }
    return { reason: error.reason, message: error.message };
  }

  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it.skipIf(process.platform === 'win32')('is for our eyes only, with all that lies beside it', async () => {
    const store = await open();
    await store.putPerson(personOf(1), NOW);
    expect(modeOf(folder)).toBe(0o700);
    for (const each of ['hub.db', 'hub.db-wal', 'hub.db-shm'])
      expect([each, modeOf(join(folder, each))]).toEqual([each, 0o600]);
    await store.close();
    chmodSync(file, 0o644);
    await open();
    expect(modeOf(file)).toBe(0o600);
  });

  it('is all there is to copy after the hub has stopped', async () => {
    const store = await open();
    await store.putPerson(personOf(1), NOW);
    await store.close();
    const copy = readFileSync(file);
    folder = join(home, 'copy');
    mkdirSync(folder);
    writeFileSync(join(folder, 'hub.db'), copy);
    expect(await allRecords(await open())).toHaveLength(1);
  });

  const FOREIGN: readonly (readonly [string, (path: string) => void, string])[] = [
    ['a short text', (path) => writeFileSync(path, 'mine\n'), 'notOurs'],
    ['a long text', (path) => writeFileSync(path, 'all my notes\n'.repeat(5_000)), 'notOurs'],
    [
      'a picture',
      (path) => writeFileSync(path, Buffer.from(Array.from({ length: 9_000 }, (_, i) => (i * 89) % 256))),
      'notOurs',
    ],
    [
      "another program's database",
      (path) => {
        const db = new Database(path, {});
        db.exec("CREATE TABLE recipes (title TEXT); INSERT INTO recipes VALUES ('Soup')");
        db.close();
      },
      'notOurs',
    ],
    [
      "another program's database with a version",
      (path) => {
        const db = new Database(path, {});
        db.exec('CREATE TABLE recipes (title TEXT); PRAGMA user_version = 1');
        db.close();
      },
      'notOurs',
    ],
    ['a folder', (path) => mkdirSync(path), 'noAccess'],
  ];
  it.each(FOREIGN)('leaves %s alone', async (_, make, reason) => {
    mkdirSync(folder, { recursive: true });
    make(file);
    const before = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : null;
    expect((await told(open())).reason).toBe(reason);
    expect((await told(open())).message).toMatch(/HUB_DATA/);
    if (before !== null) expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('leaves the database of a newer HipStatus alone', async () => {
    await (await open()).close();
    const db = new Database(file, {});
    db.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const before = readFileSync(file);
    expect((await told(open())).reason).toBe('tooNew');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('takes an empty file as its own', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, '');
    await (await open()).check();
  });

  it('says where it may not write', async () => {
    writeFileSync(join(home, 'data'), 'a file where a folder should be');
    expect((await told(open())).reason).toBe('noAccess');
  });

  it('says when the file is damaged', async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 200 }, (_, number) => store.putPerson(personOf(number), NOW)));
    await store.close();
    truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096);
    const readAll = async (): Promise<unknown> => {
      const damaged = await open();
      return [await allRecords(damaged), await damaged.history(idOf(199), 0)];
    };
    expect(await told(readAll())).toEqual({ reason: 'damaged', message: expect.stringMatching(/put a copy/) });
  });

  it('is opened by several at once, also the first time', async () => {
    const opened = await Promise.all(Array.from({ length: 6 }, () => open()));
    await Promise.all(opened.map((store, number) => store.putPerson(personOf(number), NOW)));
    expect(await allRecords(await open())).toHaveLength(6);
  });

  it('looks for what others wrote by the clock, and not after it was closed', async () => {
    const clock = new FakeClock(NOW);
    const [store, other] = [await open(clock), await open(clock)];
    const feed = following(store);
    await clock.advance(1_000);
    await other.putPerson(personOf(1), NOW);
    await clock.advance(100);
    expect(feed.seen).toEqual([]);
    await clock.advance(200);
    expect(feed.seen).toHaveLength(1);
    expect(clock.timers).toBe(1);
    feed.stop();
    await clock.advance(1_000);
    expect(clock.timers).toBe(0);
    following(store);
    await store.close();
    expect(clock.timers).toBe(0);
    following(store);
    expect(clock.timers).toBe(0);
  });

  it('has told who follows it of a write before that resolves, also after others wrote', async () => {
    const clock = new FakeClock(NOW);
    const [store, other] = [await open(clock), await open(clock)];
    const feed = following(store);
    const told = [];
    for (const number of [1, 3, 5]) {
      await other.putPerson(personOf(number), NOW);
      await store.putPerson(personOf(number + 1), NOW);
      told.push(feed.seen.length);
    }
    expect(told).toEqual([2, 4, 6]);
  });

  it('keeps the history of two days though the feed is shorter, and forgets it then', async () => {
    const clock = new FakeClock(NOW);
    const store = await open(clock);
    await store.putPerson(personOf(1), NOW - 3 * DAY);
    for (const hours of [71, 49, 30, 2]) {
      await store.report(idOf(1), reportOf(`${hours} hours ago`, NOW - hours * HOUR), NOW - hours * HOUR);
    }
    await store.trim(NOW - HOUR);
    await expect(store.events(0, 10)).rejects.toBeInstanceOf(FeedGone);
    const texts = (await store.history(idOf(1), 0)).map(({ record }) => record.said.text);
    expect(texts).toEqual(['30 hours ago', '2 hours ago']);
  });

  it('forgets documents that have expired, when it trims', async () => {
    const clock = new FakeClock(NOW);
    const store = await open(clock);
    await store.documents.put('sessions', 'old', 1, NOW, { expiresAt: NOW + MINUTE });
    await store.documents.put('sessions', 'new', 1, NOW, { expiresAt: NOW + HOUR });
    clock.jumpTo(NOW + 2 * MINUTE);
    await store.trim(NOW);
    const db = new Database(file, {});
    expect(db.prepare('SELECT key FROM documents').all()).toEqual([{ key: 'new' }]);
    db.close();
  });

  it('gives up a write that another program holds up for long, and does the next', async () => {
    const clock = new FakeClock(NOW);
    const store = await open(clock);
    await store.putPerson(personOf(1), NOW);
    const holder = new Database(file, {});
    holder.exec('BEGIN IMMEDIATE');
    const refused = told(store.report(idOf(1), stillThere(NOW), NOW));
    await clock.advance(4_000);
    expect((await refused).reason).toBe('held');
    // Read all the same.
    expect(await allRecords(store)).toHaveLength(1);
    const waiting = store.report(idOf(1), stillThere(NOW), NOW);
    await clock.advance(30);
    holder.exec('ROLLBACK');
    holder.close();
    await clock.advance(30);
    expect((await waiting).record.reporting).toBe(true);
  });

  it('does what was asked for before it was closed', async () => {
    const store = await open();
    const asked = Promise.all(Array.from({ length: 1_200 }, (_, number) => store.putPerson(personOf(number), NOW)));
    await store.close();
    await asked;
    expect(await allRecords(await open())).toHaveLength(1_200);
  });
});

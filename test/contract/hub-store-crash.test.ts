// Processes that write to the embedded store are killed (SIGKILL) at random moments, one alone or two at once. Whatever was
// acknowledged is there afterwards, nothing is told twice, and the file is whole.
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import type { HubStore } from '../../src/hub/store/port.ts';
import { openSqliteStore } from '../../src/hub/store/sqlite/store.ts';
import { startWriter, type WriterProcess, type Written } from './hub-store-crash-world.ts';
import { newFolder } from './hub-store-sqlite-world.ts';
import { allEvents, allRecords, expectRising, idsOf, replayed, withoutRenewals } from './hub-store-world.ts';

const KILLS = 16;
/** Writers at once in one process. */
const PEOPLE = 8;
/** The longest that a process writes on after its first lines, in milliseconds. */
const LONGEST = 120;

describe('killed while it writes', () => {
  let folder: string;
  const running: WriterProcess[] = [];
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.kill()));
    rmSync(folder, { recursive: true, force: true });
  });

  function expectWhole(): void {
    const db = new Database(join(folder, 'hub.db'), {});
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    db.close();
  }

  async function expectAll(store: HubStore, written: readonly Written[], moment: number): Promise<void> {
    const events = await allEvents(store);
    const byId = new Map(events.map((event) => [event.id, event]));
    const records = await allRecords(store);
    const lost = [];
    for (const each of written) {
      if (each.kind === 'event') {
        const found = byId.get(each.id)?.record;
        if (found?.person.id !== each.person || found.said.text !== each.text) lost.push(each);
      } else {
        const found = await store.documents.get('crash', each.key, 0);
        if (found?.version !== each.version) lost.push(each);
      }
    }
    expect(lost, `killed ${moment} ms after its first lines`).toEqual([]);
    expectRising(idsOf(events));
    expect(events.at(-1)?.id).toBe(await store.head());
    // Record and event were written together or not at all.
    expect(replayed(events)).toEqual(records.map(withoutRenewals));
  }

  it(`keeps all that was acknowledged, ${KILLS} times`, { timeout: 180_000 }, async () => {
    const written: Written[] = [];
    for (let round = 0; round < KILLS; round++) {
      const writers = Array.from({ length: 1 + (round % 2) }, (_, index) =>
        startWriter(folder, `${round}.${index}`, PEOPLE),
      );
      running.push(...writers);
      await Promise.all(writers.map((writer) => writer.reaches(1)));
      const moment = randomInt(LONGEST);
      await pass(moment);
      await Promise.all(writers.map((writer) => writer.kill()));
      written.push(...writers.flatMap((writer) => writer.written));

      const store = await openSqliteStore({ folder, clock: systemClock });
      await expectAll(store, written, moment);
      await store.close();
      expectWhole();
    }
    const ids = written.flatMap((each) => (each.kind === 'event' ? [each.id] : [])).sort((a, b) => a - b);
    expectRising(ids);
    expect(written.length).toBeGreaterThan(KILLS * 2);
  });
});

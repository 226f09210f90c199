import type { Clock } from '../../../ports/clock.ts';
import { refusal } from '../changes.ts';
import type { HubStore } from '../port.ts';
import { openDatabase } from './database.ts';
import { documentsOf } from './documents.ts';
import { storeError } from './errors.ts';
import { eventsOf } from './events.ts';
import { Followers } from './followers.ts';
import { peopleOf } from './people.ts';
import { type Db, rowOf, runOf } from './statements.ts';
import { Writer } from './writer.ts';

export interface SqliteStoreOptions {
  /** Where `hub.db` is, or will be; made for our eyes only where it is missing. */
  readonly folder: string;
  readonly clock: Clock;
}

/**
 * The store in one file, `hub.db`, for one machine. Several processes may have it open.
 * Throws `AppError('unavailable')` when it can't be opened; a file that is no database of ours is left as it is.
 */
export async function openSqliteStore({ folder, clock }: SqliteStoreOptions): Promise<HubStore> {
  return storeOn(await openDatabase(folder, clock), clock);
}

function storeOn(db: Db, clock: Clock): HubStore {
  const events = eventsOf(db);
  const people = peopleOf(db, events);
  const documents = documentsOf(db);
  const dataVersion = rowOf(db, 'PRAGMA data_version');
  const checked = runOf(db, "UPDATE meta SET value = ? WHERE key = 'checked'");
  const followers = new Followers(
    { events: events.after, dataVersion: () => Number(dataVersion()?.['data_version']) },
    clock,
  );
  const writer = new Writer(db, clock, (made) => followers.committed(made));
  let closing: Promise<void> | null = null;

  const read = async <T>(act: () => T): Promise<T> => {
    if (closing !== null) throw refusal.closed();
    try {
      return act();
    } catch (thrown) {
      throw storeError(thrown);
    }
  };

  async function close(): Promise<void> {
    await writer.close();
    followers.close();
    try {
      // So that the one file is all there is to copy. Not needed: the next start does it otherwise.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Another handle is at it.
    }
    db.close();
  }

  return {
    putPerson: (person, now) => writer.write((made) => people.put(person, now, made)),
    removePerson: (id, now) => writer.write((made) => people.remove(id, now, made)),
    record: (id) => read(() => people.record(id)),
    recordByEmail: (email) => read(() => people.recordByEmail(email)),
    recordByIdentity: (service, id) => read(() => people.recordByIdentity(service, id)),
    records: (after, limit) => read(() => people.records(after, limit)),
    // One that says nothing new mostly makes no event: nothing is lost with the renewals before a power cut but some minutes.
    report: (id, report, now) =>
      report.presence === undefined && report.day === undefined
        ? writer.writeLazily((made) => people.report(id, report, now, made))
        : writer.write((made) => people.report(id, report, now, made)),
    signOff: (id, now) => writer.write((made) => people.signOff(id, now, made)),
    // Asked for all the time and seldom due: what only looks takes no lock.
    endDue: async (now, limit) =>
      (await read(() => people.isDue(now))) ? writer.write((made) => people.endDue(now, limit, made)) : [],

    head: () => read(events.head),
    events: (after, limit) => read(() => events.after(after, limit)),
    history: (id, since) => read(() => events.ofPerson(id, since)),
    // A power cut may bring back what was forgotten; the next time forgets it again.
    async trim(before) {
      await writer.writeLazily(() => {
        events.raiseFloor(before);
        documents.purge(clock.now());
      });
      while (await writer.writeLazily(() => events.cut(clock.now())));
    },
    follow: (after, onEvents, onGone) => followers.follow(after, onEvents, onGone),

    documents: {
      get: (collection, key, now) => read(() => documents.get(collection, key, now)),
      list: (collection, { after = '', limit }, now) => read(() => documents.list(collection, after, limit, now)),
      async put(collection, key, value, now, options = {}) {
        const json = JSON.stringify(value) ?? 'null';
        return writer.write(() => documents.put(collection, key, json, now, options));
      },
      delete: (collection, key) => writer.write(() => documents.delete(collection, key)),
    },
    lease: (name, owner, until, now) => writer.writeLazily(() => documents.lease(name, owner, until, now)),
    check: () => writer.writeLazily(() => void checked(clock.now())),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

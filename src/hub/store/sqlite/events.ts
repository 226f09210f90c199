import { DAY, type Instant } from '../../../core/time.ts';
import type { HubEvent, PersonRecord } from '../../model.ts';
import { FeedGone } from '../port.ts';
import { type Db, type Row, rowOf, rowsOf, runOf } from './statements.ts';
import type { Made } from './writer.ts';

/** Events of one person that `history` tells at most. */
const MOST_OF_ONE = 200;
/** How long events are kept for `history` at least, even where the feed no longer reaches back to them. */
const HISTORY = 2 * DAY;
/** Rows deleted in one transaction: a few milliseconds. */
const CHUNK = 1_000;

const eventOf = (row: Row): HubEvent => ({
  id: Number(row['id']),
  at: Number(row['at']),
  kind: row['kind'] as HubEvent['kind'],
  record: JSON.parse(String(row['record'])),
});

export type Events = ReturnType<typeof eventsOf>;

/**
 * The events' table. `head` is the last id ever given; the feed begins after `floor`, up to where it was trimmed. What writes runs
 * within a transaction of the `Writer`.
 */
export function eventsOf(db: Db) {
  const meta = rowOf(db, 'SELECT value FROM meta WHERE key = ?');
  const next = rowOf(db, "UPDATE meta SET value = value + 1 WHERE key = 'head' RETURNING value");
  const insert = runOf(db, 'INSERT INTO events (id, at, kind, person, record) VALUES (?, ?, ?, ?, ?)');
  const page = rowsOf(db, 'SELECT id, at, kind, record FROM events WHERE id > ? ORDER BY id LIMIT ?');
  const ofPerson = rowsOf(
    db,
    'SELECT id, at, kind, record FROM events WHERE person = ? AND at >= ? ORDER BY id DESC LIMIT ?',
  );
  const firstSince = rowOf(db, 'SELECT id FROM events WHERE id > ? AND at >= ? ORDER BY id LIMIT 1');
  const raiseFloor = runOf(db, "UPDATE meta SET value = max(value, ?) WHERE key = 'floor'");
  const cut = runOf(
    db,
    'DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id <= ? ORDER BY id LIMIT ?) AND at < ?',
  );

  const numberIn = (key: 'head' | 'floor'): number => Number(meta(key)?.['value'] ?? 0);
  const head = (): number => numberIn('head');

  return {
    head,

    add(made: Made, kind: HubEvent['kind'], changed: PersonRecord, at: Instant): HubEvent {
      const id = Number(next()?.['value']);
      const record = { ...changed, event: id };
      insert(id, at, kind, record.person.id, JSON.stringify(record));
      const event = { id, at, kind, record };
      made.push(event);
      return event;
    },

    /** Throws `FeedGone`. */
    after(id: number, limit: number): readonly HubEvent[] {
      // One snapshot: another process may trim between two looks.
      db.exec('BEGIN');
      try {
        // Who is ahead of us has read another store, as before a copy was put back.
        if (id < numberIn('floor') || id > head()) throw new FeedGone('These events are no longer kept.');
        return page(id, limit).map(eventOf);
      } finally {
        if (db.inTransaction) db.exec('COMMIT');
      }
    },

    ofPerson: (id: string, since: Instant): readonly HubEvent[] =>
      ofPerson(id, since, MOST_OF_ONE).map(eventOf).reverse(),

    /** From now on the feed begins with the first event that is not from before `before`. */
    raiseFloor(before: Instant): void {
      const first = firstSince(numberIn('floor'), before)?.['id'];
      raiseFloor(first === undefined ? head() : Number(first) - 1);
    },

    /** Deletes some of what neither the feed nor `history` needs. @returns whether there may be more */
    cut: (now: Instant): boolean => cut(numberIn('floor'), CHUNK, now - HISTORY) === CHUNK,
  };
}

import type { Instant } from '../../../core/time.ts';
import type { HubEvent, Person, PersonRecord } from '../../model.ts';
import { dueOf, ended, newRecord, refusal, reported, samePerson, signedOff, tidy, without } from '../changes.ts';
import type { Report, Reported } from '../port.ts';
import type { Events } from './events.ts';
import { type Db, type Row, rowOf, rowsOf, runOf } from './statements.ts';
import type { Made } from './writer.ts';

function recordOf(row: Row): PersonRecord {
  return {
    person: JSON.parse(String(row['person'])),
    said: JSON.parse(String(row['said'])),
    day: JSON.parse(String(row['day'])),
    reporting: row['reporting'] === 1,
    reportedUntil: row['reported_until'] === null ? null : Number(row['reported_until']),
    event: Number(row['event']),
  };
}

/** The columns of what they show, up to `due`. */
const shownIn = (record: PersonRecord) =>
  [
    JSON.stringify(record.said),
    JSON.stringify(record.day),
    record.reporting ? 1 : 0,
    record.reportedUntil,
    dueOf(record),
  ] as const;

/** The people's tables. What writes runs within a transaction of the `Writer`. */
export function peopleOf(db: Db, events: Events) {
  const columns = 'person, said, day, reporting, reported_until, event';
  const byId = rowOf(db, `SELECT ${columns} FROM people WHERE id = ?`);
  const byEmail = rowOf(db, `SELECT ${columns} FROM people WHERE email = ?`);
  const byIdentity = rowOf(
    db,
    `SELECT ${columns} FROM people WHERE id = (SELECT person FROM identities WHERE service = ? AND id = ?)`,
  );
  const page = rowsOf(db, `SELECT ${columns} FROM people WHERE id > ? ORDER BY id LIMIT ?`);
  const due = rowsOf(db, `SELECT ${columns} FROM people WHERE due <= ? ORDER BY due, id LIMIT ?`);
  const idByEmail = rowOf(db, 'SELECT id FROM people WHERE email = ?');
  const insert = runOf(
    db,
    `INSERT INTO people (person, said, day, reporting, reported_until, due, event, email, id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setPerson = runOf(db, 'UPDATE people SET person = ?, email = ?, event = ? WHERE id = ?');
  // The email is left out, so that its index is not touched.
  const setPresence = runOf(
    db,
    'UPDATE people SET said = ?, day = ?, reporting = ?, reported_until = ?, due = ?, event = ? WHERE id = ?',
  );
  const renew = runOf(db, 'UPDATE people SET day = ?, reported_until = ?, due = ? WHERE id = ?');
  const remove = runOf(db, 'DELETE FROM people WHERE id = ?');
  const forgetIdentities = runOf(db, 'DELETE FROM identities WHERE person = ?');
  const giveIdentity = runOf(db, 'INSERT OR REPLACE INTO identities (service, id, person) VALUES (?, ?, ?)');

  const one = (row: Row | undefined): PersonRecord | null => (row === undefined ? null : recordOf(row));
  const record = (id: string): PersonRecord | null => one(byId(id));
  const known = (id: string): PersonRecord => {
    const found = record(id);
    if (found === null) throw refusal.noPerson();
    return found;
  };

  function add(made: Made, record: PersonRecord, now: Instant): HubEvent {
    const event = events.add(made, 'person', record, now);
    const { person } = record;
    insert(JSON.stringify(person), ...shownIn(record), event.id, person.email, person.id);
    return event;
  }

  function savePerson(made: Made, record: PersonRecord, now: Instant): HubEvent {
    const event = events.add(made, 'person', record, now);
    const { person } = record;
    setPerson(JSON.stringify(person), person.email, event.id, person.id);
    return event;
  }

  function savePresence(made: Made, record: PersonRecord, now: Instant): HubEvent {
    const event = events.add(made, 'presence', record, now);
    setPresence(...shownIn(record), event.id, record.person.id);
    return event;
  }

  /** Whoever has them now loses them, and that is told. */
  function takeIdentities({ id, identities }: Person, made: Made, now: Instant): void {
    for (const { service, id: own } of identities) {
      const loser = one(byIdentity(service, own));
      if (loser === null || loser.person.id === id) continue;
      const person = without(loser.person, identities);
      if (person !== null) savePerson(made, { ...loser, person }, now);
    }
    forgetIdentities(id);
    for (const { service, id: own } of identities) giveIdentity(service, own, id);
  }

  return {
    record,
    recordByEmail: (email: string): PersonRecord | null => one(byEmail(email)),
    recordByIdentity: (service: string, id: string): PersonRecord | null => one(byIdentity(service, id)),
    records: (after: string, limit: number): readonly PersonRecord[] => page(after, limit).map(recordOf),

    put(given: Person, now: Instant, made: Made): HubEvent | null {
      const person = tidy(given);
      const holder = idByEmail(person.email);
      if (holder !== undefined && holder['id'] !== person.id) throw refusal.emailTaken();
      const before = record(person.id);
      if (before !== null && samePerson(before.person, person)) return null;
      takeIdentities(person, made, now);
      return before === null ? add(made, newRecord(person, now), now) : savePerson(made, { ...before, person }, now);
    },

    remove(id: string, now: Instant, made: Made): HubEvent | null {
      const before = record(id);
      if (before === null) return null;
      forgetIdentities(id);
      remove(id);
      return events.add(made, 'removed', before, now);
    },

    report(id: string, report: Report, now: Instant, made: Made): Reported {
      const before = known(id);
      if (report.ifEvent !== undefined && report.ifEvent !== before.event) throw refusal.changed();
      const { record: after, isShown } = reported(before, report, now);
      if (isShown) {
        const event = savePresence(made, after, now);
        return { record: event.record, event };
      }
      renew(JSON.stringify(after.day), after.reportedUntil, dueOf(after), id);
      return { record: after, event: null };
    },

    signOff(id: string, now: Instant, made: Made): HubEvent | null {
      const before = known(id);
      return before.reporting ? savePresence(made, signedOff(before), now) : null;
    },

    isDue: (now: Instant): boolean => due(now, 1).length > 0,

    endDue: (now: Instant, limit: number, made: Made): readonly HubEvent[] =>
      due(now, limit).map((row) => savePresence(made, ended(recordOf(row), now), now)),
  };
}

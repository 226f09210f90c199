import { AppError } from '../../core/appError.ts';
import { samePresence } from '../../core/presence.ts';
import type { Instant } from '../../core/time.ts';
import { nothingSaid, type Person, type PersonRecord, type Said } from '../model.ts';
import type { Report } from './port.ts';

// What becomes of records. Pure: a store reads, asks here, and writes what is answered in the same atomic act.

/** A record as it will be; `event` is still the old one, and stays so where nothing new is shown. */
export interface Change {
  readonly record: PersonRecord;
  /** Whether what is shown changes, which makes an event. */
  readonly isShown: boolean;
}

const isSame = (a: Said, b: Said): boolean => samePresence(a, b) && a.source === b.source;

/** A person of whom nobody has heard yet. */
export const newRecord = (person: Person, now: Instant): PersonRecord => ({
  person,
  said: nothingSaid(now),
  day: [],
  reporting: false,
  reportedUntil: null,
  event: 0,
});

/** After a report. What is over already counts as nothing said, so that who repeats it makes no event each time. */
export function reported(record: PersonRecord, report: Report, now: Instant): Change {
  const { presence, source, day = record.day, reportedUntil } = report;
  const word: Said = presence === undefined ? record.said : { ...wordsOf(presence), source, changedAt: now };
  const next = word.until !== null && word.until <= now ? nothingSaid(now) : word;
  const isNew = !isSame(next, record.said);
  return {
    record: { ...record, said: isNew ? next : record.said, day, reporting: true, reportedUntil },
    isShown: isNew || !record.reporting,
  };
}

const wordsOf = ({ state, text, emoji, until }: NonNullable<Report['presence']>) => ({ state, text, emoji, until });

/** Nobody reports any more; what was said is kept. */
export const signedOff = (record: PersonRecord): PersonRecord => ({ ...record, reporting: false, reportedUntil: null });

/** When something of what is shown ends; null for never. Nothing is shown of who is offline, so nothing of it ends. */
export function dueOf({ reporting, reportedUntil, said }: PersonRecord): Instant | null {
  if (!reporting) return null;
  if (reportedUntil === null || said.until === null) return reportedUntil ?? said.until;
  return Math.min(reportedUntil, said.until);
}

/** After the ends that have come by `now`: the report's, else the presence's. */
export function ended(record: PersonRecord, now: Instant): PersonRecord {
  const isOver = record.reportedUntil !== null && record.reportedUntil <= now;
  return isOver ? signedOff(record) : { ...record, said: nothingSaid(now) };
}

/** Nothing but our own fields, always in the same order. */
export const tidy = ({ id, email, name, identities }: Person): Person => ({
  id,
  email,
  name,
  identities: identities.map(({ service, id: own }) => ({ service, id: own })),
});

export const samePerson = (a: Person, b: Person): boolean => JSON.stringify(tidy(a)) === JSON.stringify(tidy(b));

/** A person who has lost these identities to another; null when none of them was theirs. */
export function without(person: Person, taken: Person['identities']): Person | null {
  const left = person.identities.filter(
    (own) => !taken.some(({ service, id }) => service === own.service && id === own.id),
  );
  return left.length === person.identities.length ? null : { ...person, identities: left };
}

/** What every store refuses, in the same words. */
export const refusal = {
  noPerson: () => new AppError('notFound', 'The hub knows no such person. Ask for the list of people for their ids.'),
  emailTaken: () =>
    new AppError('conflict', 'Another person has this email. Give each their own, or change the other one first.'),
  changed: () => new AppError('conflict', 'It was changed in the meantime. Read it again and decide anew.'),
  closed: () => new AppError('unavailable', 'The hub is stopping. Try again in a moment.'),
} as const;

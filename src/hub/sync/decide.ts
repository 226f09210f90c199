import { timeline } from '../../core/availability.ts';
import type { CalendarEvent } from '../../core/calendarEvent.ts';
import { type Presence, samePresence } from '../../core/presence.ts';
import { desiredPresence, type Told } from '../../core/presenceRules.ts';
import type { Rules } from '../../core/rules.ts';
import { nextEdge, type Span } from '../../core/sweep.ts';
import { addDays, dateAt, HOUR, type Instant, startOfDate, type TimeZone } from '../../core/time.ts';
import type { Span as DaySpan, PersonRecord } from '../model.ts';
import type { Report } from '../store/port.ts';
import { HORIZON, isBelievable, type View } from './model.ts';

/** The source of what organisation sync says. */
export const CALENDAR = 'calendar';
const APP = 'app';

/** The organisation's rules and words. */
export interface Policy {
  readonly rules: Rules;
  readonly told: Told;
  /** For mailboxes whose own zone is not known. */
  readonly zone: TimeZone;
}

/** Nothing is left of the events but when they count as what. */
export const spansOf = (events: readonly CalendarEvent[], rules: Rules, zone: TimeZone): readonly Span[] =>
  timeline(events, rules, zone).map((span) => ({ ...span, events: [] }));

/** Somebody else has said it, by hand: the API, a command. What an app has said counts no more once the app is gone. */
const isByHand = ({ said }: PersonRecord): boolean => ![CALENDAR, APP, 'none'].includes(said.source);

/**
 * Their own app reports: everything is left to it. That is so too where the app has not said anything yet, or the hub has ended what it
 * had said: the report that counts is then not ours.
 */
export function isLeftToApp(record: PersonRecord, { reported }: View): boolean {
  const { said, reporting, reportedUntil } = record;
  if (!reporting || isByHand(record)) return false;
  if (said.source === APP) return true;
  // What we said before anything was kept of it.
  if (said.source === CALENDAR && reported.length === 0) return false;
  return reportedUntil === null || !reported.includes(reportedUntil);
}

/**
 * Whether what was said by hand still stands: until its own end; without one, for the rest of the interval in which it was said
 * (DESIGN section 4, rule 4), be it a meeting or the time between two.
 */
function stands({ said }: PersonRecord, spans: readonly Span[], now: Instant): boolean {
  if (said.until !== null) return said.until > now;
  const edge = nextEdge(spans, said.changedAt);
  return edge === null || edge > now;
}

/** The rest of today, in the person's zone: states only. */
export function dayOf(spans: readonly Span[], now: Instant, zone: TimeZone): readonly DaySpan[] {
  const midnight = startOfDate(addDays(dateAt(now, zone), 1), zone);
  return spans
    .filter(({ start, end }) => end > now && start < midnight)
    .map(({ start, end, effect }) => ({ start, end, state: effect }));
}

const sameDay = (a: readonly DaySpan[], b: readonly DaySpan[]): boolean =>
  a.length === b.length &&
  a.every(({ start, end, state }, place) => {
    const other = b[place];
    return other !== undefined && start === other.start && end === other.end && state === other.state;
  });

/** The end of the last of the spans that follow `until` without a gap: what ends by itself there does not flap between them. */
function chainEnd(spans: readonly Span[], until: Instant): Instant {
  let end = until;
  for (const span of spans) if (span.start === end) end = span.end;
  return end;
}

const FREE: Presence = { state: 'available', text: '', emoji: '', until: null };

function wanted(view: View, policy: Policy, now: Instant, zone: TimeZone): Presence {
  const desired = desiredPresence(view.spans, policy.told, now, zone);
  if (desired === null || desired.state === null) return FREE;
  const { state, text, emoji, until } = desired;
  return { state, text, emoji, until: chainEnd(view.spans, until) };
}

/** So long before a report runs out it is renewed. */
const RENEW_BEFORE = HORIZON / 2;

/**
 * What to tell the store of one person; null for nothing. It counts only for the record it was decided by (`ifEvent`).
 * @param view null, or never read: unknown is not free, so nothing is said
 */
export function decide(record: PersonRecord, view: View, policy: Policy, now: Instant): Report | null {
  if (view.readAt === null || !isBelievable(view, now) || isLeftToApp(record, view)) return null;
  const zone = view.zone ?? policy.zone;
  const { said, reporting } = record;
  const ifEvent = record.event;
  const day = dayOf(view.spans, now, zone);
  const believed = view.readAt + HORIZON;
  const before = record.reportedUntil ?? 0;
  const isRenewed = reporting && before >= Math.min(believed, now + RENEW_BEFORE);
  // An end of ours that still does is kept: a new one would have to be remembered.
  const reportedUntil = isRenewed && view.reported.includes(before) ? before : believed;
  const isNew = !isRenewed || !sameDay(day, stillAhead(record.day, now));
  if (isByHand(record) && stands(record, view.spans, now)) {
    // Who was signed off by hand stays so.
    return reporting && isNew ? { source: said.source, day, reportedUntil, ifEvent } : null;
  }
  const presence = wanted(view, policy, now, zone);
  const isOurs = said.source === CALENDAR || (said.source === 'none' && reporting);
  if (!isOurs || !samePresence(said, presence)) return { presence, source: CALENDAR, day, reportedUntil, ifEvent };
  return isNew ? { source: said.source, day, reportedUntil, ifEvent } : null;
}

const stillAhead = (day: readonly DaySpan[], now: Instant): readonly DaySpan[] => day.filter(({ end }) => end > now);

/** When `decide` may say something else, if nothing is read and nobody says anything. */
export function nextDecision(record: PersonRecord, view: View, now: Instant): Instant | null {
  if (view.readAt === null) return null;
  const edge = nextEdge(view.spans, now);
  const known = edge !== null && edge < view.readAt + HORIZON ? edge : null;
  const { until } = record.said;
  const ends = isByHand(record) && until !== null && until > now ? until : null;
  if (known === null || ends === null) return known ?? ends;
  return Math.min(known, ends);
}

/** What is read around now: what has just ended too, for it may have a tail or bridge a gap. */
export const windowAt = (now: Instant) => ({ start: now - 2 * HOUR, end: now + HORIZON });

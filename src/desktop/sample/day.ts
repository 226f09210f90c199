import type { ShowAs } from '../../core/calendarEvent.ts';
import {
  addDays,
  dateAt,
  HOUR,
  type Instant,
  type Interval,
  instantOfWallClock,
  type LocalDate,
  MINUTE,
  overlaps,
  SECOND,
  type TimeZone,
} from '../../core/time.ts';

/** What an invented event is about; its words are in the catalogue. */
export type SampleSubject =
  | 'soon'
  | 'birthday'
  | 'standup'
  | 'writing'
  | 'webinar'
  | 'planning'
  | 'interview'
  | 'lunch'
  | 'oneToOne'
  | 'demo'
  | 'dentist'
  | 'handover';

/** An invented event. */
export interface SampleEvent {
  /** Stable for the same subject on the same date. */
  readonly uid: string;
  readonly subject: SampleSubject;
  /** For an all-day event midnight to midnight in the person's zone. */
  readonly start: Instant;
  readonly end: Instant;
  /** The date of an all-day event; null for all others. */
  readonly date: LocalDate | null;
  readonly showAs: ShowAs;
  readonly isPrivate: boolean;
  /** People besides the person. */
  readonly others: number;
  /** What the person has answered. */
  readonly response: 'accepted' | 'declined';
}

/** So long after the start of the sample its first meeting begins: long enough to see what was there before. */
const FIRST = 40 * SECOND;
const FIRST_LASTS = 3 * MINUTE;
/** Nothing else counts around the first meeting, so that the person sees it come and go. */
const QUIET_AFTER = 10 * MINUTE;
/** What is moved out of its way begins at a mark of this. */
const MARK = 5 * MINUTE;
/** Dates after the first one, for who lets it run. */
const MORE_DATES = 4;

interface Planned {
  readonly subject: SampleSubject;
  /** On the wall clock. */
  readonly from: string;
  readonly to: string;
  readonly showAs?: ShowAs;
  readonly isPrivate?: boolean;
  readonly others: number;
  readonly response?: SampleEvent['response'];
}

/** A working day. What stands together overlaps, and is moved together. */
const PLAN: readonly (readonly Planned[])[] = [
  [{ subject: 'standup', from: '09:00', to: '09:15', others: 5 }],
  [{ subject: 'writing', from: '09:30', to: '10:30', others: 0 }],
  [{ subject: 'webinar', from: '10:30', to: '11:00', others: 7, response: 'declined' }],
  [
    { subject: 'planning', from: '11:00', to: '12:00', others: 4 },
    { subject: 'interview', from: '11:30', to: '12:15', others: 2 },
  ],
  [{ subject: 'lunch', from: '12:30', to: '13:15', showAs: 'free', others: 0 }],
  [{ subject: 'oneToOne', from: '13:30', to: '14:00', isPrivate: true, others: 1 }],
  [{ subject: 'demo', from: '14:30', to: '15:15', showAs: 'tentative', others: 3 }],
  [{ subject: 'dentist', from: '15:45', to: '16:45', showAs: 'oof', isPrivate: true, others: 0 }],
  [{ subject: 'handover', from: '17:00', to: '17:30', others: 1 }],
];

/** When the sample's person works, every day of the week. */
export const SAMPLE_HOURS = { from: '08:00', to: '18:00' } as const;

function instantAt(date: LocalDate, wallTime: string, zone: TimeZone): Instant {
  const [hours = 0, minutes = 0] = wallTime.split(':').map(Number);
  return instantOfWallClock(Date.parse(`${date}T00:00:00Z`) + hours * HOUR + minutes * MINUTE, zone);
}

const uidOf = (subject: SampleSubject, date: LocalDate): string => `${subject}-${date}@sample.hipstatus`;

function planned({ subject, from, to, ...more }: Planned, date: LocalDate, zone: TimeZone): SampleEvent {
  return {
    uid: uidOf(subject, date),
    subject,
    start: instantAt(date, from, zone),
    end: instantAt(date, to, zone),
    date: null,
    showAs: 'busy',
    isPrivate: false,
    response: 'accepted',
    ...more,
  };
}

/** The meeting that is about to begin; it ends on a whole minute, as some chats end a status only then. */
function firstMeeting(now: Instant, zone: TimeZone): SampleEvent {
  const start = Math.floor((now + FIRST) / SECOND) * SECOND;
  const end = Math.ceil((start + FIRST_LASTS) / MINUTE) * MINUTE;
  const uid = uidOf('soon', dateAt(start, zone));
  return {
    uid,
    subject: 'soon',
    start,
    end,
    date: null,
    showAs: 'busy',
    isPrivate: false,
    others: 2,
    response: 'accepted',
  };
}

function birthday(date: LocalDate, zone: TimeZone): SampleEvent {
  const midnight = (of: LocalDate) => instantAt(of, '00:00', zone);
  return {
    uid: uidOf('birthday', date),
    subject: 'birthday',
    start: midnight(date),
    end: midnight(addDays(date, 1)),
    date,
    showAs: 'free',
    isPrivate: false,
    others: 0,
    response: 'accepted',
  };
}

/** The group as planned; or after `quiet`, where it would lie in it. */
function outOf(quiet: Interval, group: readonly SampleEvent[]): readonly SampleEvent[] {
  if (!group.some((event) => overlaps(event, quiet))) return group;
  const first = Math.min(...group.map(({ start }) => start));
  const shift = Math.ceil((quiet.end - first) / MARK) * MARK;
  return group.map((event) => ({ ...event, start: event.start + shift, end: event.end + shift }));
}

/**
 * An invented calendar, from the present day on: a meeting that begins within a minute of `now` and is soon over, and around it
 * working days with an event of every kind. Pure.
 */
export function sampleDay(now: Instant, zone: TimeZone): readonly SampleEvent[] {
  const today = dateAt(now, zone);
  const soon = firstMeeting(now, zone);
  const quiet = { start: now - MINUTE, end: soon.end + QUIET_AFTER };
  const dates = Array.from({ length: 1 + MORE_DATES }, (_, days) => addDays(today, days));
  const routine = dates.flatMap((date) =>
    PLAN.flatMap((group) =>
      outOf(
        quiet,
        group.map((event) => planned(event, date, zone)),
      ),
    ),
  );
  return [birthday(today, zone), soon, ...routine].sort((a, b) => a.start - b.start);
}

/** Whether the sample's working hours can be kept: outside them the first meeting would not count. */
export function isInSampleHours(now: Instant, zone: TimeZone): boolean {
  const date = dateAt(now, zone);
  const hours = { start: instantAt(date, SAMPLE_HOURS.from, zone), end: instantAt(date, SAMPLE_HOURS.to, zone) };
  return hours.start <= now && now + HOUR <= hours.end;
}

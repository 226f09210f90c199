import { AppError } from '../../../core/appError.ts';
import type { CalendarEvent, EventTime } from '../../../core/calendarEvent.ts';
import {
  addDays,
  clockTime,
  DAY,
  dateAt,
  type Instant,
  instantOfWallClock,
  type LocalDate,
  type TimeZone,
} from '../../../core/time.ts';
import { ianaZone } from '../../../core/windowsZones.ts';
import type { GraphEvent } from './schema.ts';

const unreadable = (field: string): AppError =>
  new AppError('badResponse', `Microsoft 365 gave an answer that HipStatus does not understand. Field: ${field}.`, {
    reason: field,
  });

interface Clock {
  /** The wall clock written as if it were UTC, milliseconds. */
  readonly wall: number;
  readonly zone: TimeZone;
}

/**
 * A `dateTimeTimeZone`: seven fractional digits, no offset, its zone beside it. UTC is what is asked for; another zone is
 * taken as it is, and one that nobody knows is an error, never midnight.
 */
function clockOf(value: GraphEvent['start'], field: string): Clock {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z)?$/.exec(value.dateTime);
  const wall = match === null ? Number.NaN : Date.parse(`${match[1]}.${(match[2] ?? '').padEnd(3, '0').slice(0, 3)}Z`);
  if (Number.isNaN(wall)) throw unreadable(`${field}.dateTime`);
  const zone = match?.[3] === 'Z' ? 'UTC' : ianaZone(value.timeZone);
  if (zone === null) throw unreadable(`${field}.timeZone`);
  return { wall, zone };
}

const instantOf = ({ wall, zone }: Clock): Instant => (zone === 'UTC' ? wall : instantOfWallClock(wall, zone));

const dateOf = (wall: number): LocalDate => new Date(wall).toISOString().slice(0, 10);

/**
 * The date an all-day event's edge means. Where it is not midnight as written, Graph has moved it to UTC from the zone it
 * was made in; then it is midnight there, or in the person's own zone. Failing both, the nearest midnight is taken.
 */
function dateOfEdge(clock: Clock, zones: readonly TimeZone[]): LocalDate {
  if (clock.wall % DAY === 0) return dateOf(clock.wall);
  const at = instantOf(clock);
  const zone = zones.find((candidate) => clockTime(at, candidate) === '00:00');
  return zone === undefined ? dateOf(Math.round(clock.wall / DAY) * DAY) : dateAt(at, zone);
}

function timeOf(event: GraphEvent, person: TimeZone): EventTime {
  const start = clockOf(event.start, 'start');
  const end = clockOf(event.end, 'end');
  if (event.isAllDay !== true) return { kind: 'timed', start: instantOf(start), end: instantOf(end) };
  const original = ianaZone(event.originalStartTimeZone ?? '');
  const zones = original === null ? [person] : [original, person];
  const startDate = dateOfEdge(start, zones);
  const endDate = dateOfEdge(end, zones);
  return { kind: 'allDay', startDate, endDate: endDate > startDate ? endDate : addDays(startDate, 1) };
}

/** People besides the owner, who is one of the people of every meeting in their calendar but needs no address here. */
function otherAttendees(event: GraphEvent): number {
  const people = new Set(
    [...(event.attendees ?? []), event.organizer]
      .filter(({ address, isResource }) => address !== '' && !isResource)
      .map(({ address }) => address),
  );
  const others = Math.max(0, people.size - 1);
  // Somebody else's meeting has at least them in it, even where attendees are hidden.
  return event.isOrganizer === false && people.size > 0 ? Math.max(1, others) : others;
}

/**
 * Graph's `event` as a `CalendarEvent`.
 * @param person the person's zone; helps with all-day events that were made in a zone nobody knows
 * @throws AppError badResponse for times that can't be placed
 */
export function toCalendarEvent(event: GraphEvent, person: TimeZone): CalendarEvent {
  return {
    id: event.id,
    iCalUId: event.iCalUId ?? '',
    subject: event.subject ?? '',
    location: event.location?.displayName ?? '',
    time: timeOf(event, person),
    showAs: event.showAs,
    isCancelled: event.isCancelled === true,
    responseStatus: event.responseStatus?.response ?? 'none',
    sensitivity: event.sensitivity,
    otherAttendees: otherAttendees(event),
    categories: event.categories ?? [],
  };
}

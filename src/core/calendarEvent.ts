import type { Instant, Interval, LocalDate, TimeZone } from './time.ts';
import { DAY, dateAt, startOfDate } from './time.ts';

/** Microsoft Graph's `freeBusyStatus`; other calendars are mapped onto it. */
export type ShowAs = 'free' | 'tentative' | 'busy' | 'oof' | 'workingElsewhere' | 'unknown';

/** Microsoft Graph's `responseType`. */
export type ResponseStatus = 'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded';

/** Microsoft Graph's `sensitivity`. */
export type Sensitivity = 'normal' | 'personal' | 'private' | 'confidential';

/** When an event is. All-day events are dates, because they follow the person's zone; `endDate` is exclusive. */
export type EventTime =
  | { readonly kind: 'timed'; readonly start: Instant; readonly end: Instant }
  | { readonly kind: 'allDay'; readonly startDate: LocalDate; readonly endDate: LocalDate };

/** One occurrence of one event, as a calendar's view returns it (series are already expanded). */
export interface CalendarEvent {
  /** Stable within its calendar. */
  readonly id: string;
  /** The same for copies of one meeting in several calendars (iCalendar UID); empty when the calendar has none. */
  readonly iCalUId: string;
  /** Never leaves the machine unless the person allows it. */
  readonly subject: string;
  /** Where it is, in the words of whoever made it; empty for nowhere. Leaves the machine no more than `subject` does. */
  readonly location: string;
  readonly time: EventTime;
  readonly showAs: ShowAs;
  readonly isCancelled: boolean;
  readonly responseStatus: ResponseStatus;
  readonly sensitivity: Sensitivity;
  /** People besides the calendar's owner. */
  readonly otherAttendees: number;
  readonly categories: readonly string[];
}

/** Where an event lies on the UTC line for a person in `zone`. */
export const eventInterval = (event: CalendarEvent, zone: TimeZone): Interval =>
  event.time.kind === 'timed'
    ? { start: event.time.start, end: event.time.end }
    : { start: startOfDate(event.time.startDate, zone), end: startOfDate(event.time.endDate, zone) };

/** All-day events, and timed ones that run from midnight to midnight in the person's zone (edge case 22). */
export function isAllDay(event: CalendarEvent, zone: TimeZone): boolean {
  if (event.time.kind === 'allDay') return true;
  const { start, end } = event.time;
  const atMidnight = (at: Instant) => startOfDate(dateAt(at, zone), zone) === at;
  return end - start >= DAY - 2 * 3_600_000 && atMidnight(start) && atMidnight(end);
}

/**
 * What makes two copies the same meeting, and one meeting the same over two reads: its UID with its start.
 * An extended meeting keeps its key; a moved one is another.
 */
export function eventKey(event: CalendarEvent): string {
  const start = event.time.kind === 'timed' ? new Date(event.time.start).toISOString() : event.time.startDate;
  return `${event.iCalUId || event.id}@${start}`;
}

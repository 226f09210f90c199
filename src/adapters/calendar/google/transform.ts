import { AppError } from '../../../core/appError.ts';
import type { CalendarEvent, EventTime, ResponseStatus, Sensitivity, ShowAs } from '../../../core/calendarEvent.ts';
import { addDays, type Instant, instantOfWallClock, type LocalDate } from '../../../core/time.ts';
import { ianaZone } from '../../../core/windowsZones.ts';
import type { GoogleEvent } from './schema.ts';

const unreadable = (field: string): AppError =>
  new AppError('badResponse', `Google Calendar gave an answer that HipStatus does not understand. Field: ${field}.`, {
    reason: field,
  });

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

type Edge = GoogleEvent['start'];

function instantOf(edge: Edge, field: string): Instant {
  const written = edge?.dateTime ?? '';
  const match = DATE_TIME.exec(written);
  const offset = match?.[1];
  const at = Date.parse(match !== null && offset === undefined ? `${written}Z` : written);
  if (match === null || Number.isNaN(at)) throw unreadable(`${field}.dateTime`);
  if (offset !== undefined) return at;
  // RFC 3339 without an offset is allowed where the zone is named beside it.
  const zone = ianaZone(edge?.timeZone ?? '');
  if (zone === null) throw unreadable(`${field}.timeZone`);
  return instantOfWallClock(at, zone);
}

function dateOf(edge: Edge, field: string): LocalDate {
  const date = edge?.date ?? '';
  if (!DATE.test(date) || Number.isNaN(Date.parse(date))) throw unreadable(`${field}.date`);
  return date;
}

function timeOf({ start, end }: GoogleEvent): EventTime {
  if (!start?.date) return { kind: 'timed', start: instantOf(start, 'start'), end: instantOf(end, 'end') };
  const startDate = dateOf(start, 'start');
  const endDate = dateOf(end, 'end');
  return { kind: 'allDay', startDate, endDate: endDate > startDate ? endDate : addDays(startDate, 1) };
}

const selfOf = ({ attendees }: GoogleEvent) => attendees?.find(({ self }) => self === true);

/**
 * Google has free and busy only; the rest is told from what an event is. "Maybe", of the meeting or of the person, is what
 * Outlook shows as tentative.
 */
function showAsOf(event: GoogleEvent): ShowAs {
  if (event.eventType === 'outOfOffice') return 'oof';
  if (event.eventType === 'workingLocation') {
    // At one's own desk is not elsewhere.
    return event.workingLocationProperties?.type === 'officeLocation' ? 'free' : 'workingElsewhere';
  }
  if (event.transparency === 'transparent' || event.eventType === 'birthday') return 'free';
  return event.status === 'tentative' || selfOf(event)?.responseStatus === 'tentative' ? 'tentative' : 'busy';
}

const RESPONSES: Readonly<Record<string, ResponseStatus>> = {
  needsAction: 'notResponded',
  declined: 'declined',
  tentative: 'tentativelyAccepted',
  accepted: 'accepted',
};

function responseOf(event: GoogleEvent): ResponseStatus {
  const response = RESPONSES[selfOf(event)?.responseStatus ?? ''];
  if (response === 'declined') return response;
  return event.organizer?.self === true ? 'organizer' : (response ?? 'none');
}

const VISIBILITIES: Readonly<Record<string, Sensitivity>> = {
  default: 'normal',
  public: 'normal',
  private: 'private',
  confidential: 'confidential',
};

function otherAttendees(event: GoogleEvent): number {
  const others = (event.attendees ?? []).filter(({ self, resource }) => self !== true && resource !== true).length;
  // Left-out attendees are many, and somebody else's meeting has at least them in it.
  const isNotAlone = event.attendeesOmitted === true || (event.organizer != null && event.organizer.self !== true);
  return isNotAlone ? Math.max(1, others) : others;
}

/**
 * Google's `Event` as a `CalendarEvent`.
 * @throws AppError badResponse for times that can't be placed
 */
export function toCalendarEvent(event: GoogleEvent): CalendarEvent {
  return {
    id: event.id,
    iCalUId: event.iCalUID ?? '',
    subject: event.summary ?? '',
    location: event.location ?? '',
    time: timeOf(event),
    showAs: showAsOf(event),
    isCancelled: event.status === 'cancelled',
    responseStatus: responseOf(event),
    // A kind of secrecy nobody knows yet is still one.
    sensitivity: VISIBILITIES[event.visibility ?? 'default'] ?? 'private',
    otherAttendees: otherAttendees(event),
    categories: [],
  };
}

import { randomUUID } from 'node:crypto';

/** An event as a test says it. Instants are written in UTC, dates as all-day values. */
export interface VEventInput {
  uid?: string;
  summary?: string;
  location?: string;
  start: Date;
  end: Date;
  /** Write `start` and `end` as dates (their UTC days); `end` is the day after the last. */
  isAllDay?: boolean;
  /** X-MICROSOFT-CDO-BUSYSTATUS. */
  busyStatus?: 'FREE' | 'TENTATIVE' | 'BUSY' | 'OOF' | 'WORKINGELSEWHERE';
  transp?: 'OPAQUE' | 'TRANSPARENT';
  status?: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
  classification?: 'PUBLIC' | 'PRIVATE' | 'CONFIDENTIAL';
  categories?: readonly string[];
  attendees?: readonly string[];
  /** An RRULE's value, e.g. `FREQ=DAILY;COUNT=3`. */
  rrule?: string;
  /** Further content lines as they are, e.g. `EXDATE:…`. */
  lines?: readonly string[];
}

/** RFC 5545, 3.3.11: backslash, semicolon, comma and line breaks. */
function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`).replace(/\r?\n/g, '\\n');
}

/** RFC 5545, 3.1: at most 75 octets a line; never in the middle of a character. */
function fold(line: string): string {
  const parts: string[] = [];
  let part = '';
  let room = 75;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (size > room) {
      parts.push(part);
      part = '';
      room = 74;
    }
    part += character;
    room -= size;
  }
  return [...parts, part].join('\r\n ');
}

const stamp = (instant: Date) => instant.toISOString().replace(/[-:]|\.\d{3}/g, '');
const day = (instant: Date) => stamp(instant).slice(0, 8);

/** The lines of one VEVENT. */
export function vevent(event: VEventInput): string[] {
  const time = (name: string, instant: Date) =>
    event.isAllDay ? `${name};VALUE=DATE:${day(instant)}` : `${name}:${stamp(instant)}`;
  const optional: [string, string | undefined][] = [
    ['RRULE', event.rrule],
    ['LOCATION', event.location === undefined ? undefined : escapeText(event.location)],
    ['TRANSP', event.transp],
    ['STATUS', event.status],
    ['CLASS', event.classification],
    ['X-MICROSOFT-CDO-BUSYSTATUS', event.busyStatus],
    ['CATEGORIES', event.categories?.map(escapeText).join(',')],
  ];
  return [
    'BEGIN:VEVENT',
    `UID:${event.uid ?? randomUUID()}`,
    `DTSTAMP:${stamp(new Date(0))}`,
    time('DTSTART', event.start),
    time('DTEND', event.end),
    `SUMMARY:${escapeText(event.summary ?? '')}`,
    ...optional.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => `${name}:${value}`),
    ...(event.attendees ?? []).map((address) => `ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:${address}`),
    ...(event.lines ?? []),
    'END:VEVENT',
  ];
}

/** A whole calendar. `extra` are content lines before the events, e.g. a VTIMEZONE. */
export function buildCalendar(events: readonly VEventInput[], extra: readonly string[] = []): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//HipStatus//Sandbox//EN',
    'METHOD:PUBLISH',
    ...extra,
    ...events.flatMap(vevent),
    'END:VCALENDAR',
  ];
  return `${lines.map(fold).join('\r\n')}\r\n`;
}

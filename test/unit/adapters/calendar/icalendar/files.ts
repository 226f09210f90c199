import ical from 'ical.js';
import { parseCalendar } from '../../../../../src/adapters/calendar/icalendar/parse.ts';
import { calendarView } from '../../../../../src/adapters/calendar/icalendar/series.ts';
import type { CalendarEvent } from '../../../../../src/core/calendarEvent.ts';
import { DAY, type TimeZone } from '../../../../../src/core/time.ts';

export const BERLIN = 'Europe/Berlin';

/** A whole calendar around its parts. */
export const file = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
export const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:u', ...lines, 'END:VEVENT'].join('\r\n');

export interface Asked {
  readonly from?: string;
  readonly days?: number;
  readonly zone?: TimeZone;
  readonly username?: string;
}

/** What a file shows from a day on (UTC). */
export function view(text: string, { from = '2026-01-05', days = 1, zone = BERLIN, username = '' }: Asked = {}) {
  const start = Date.parse(`${from}T00:00:00Z`);
  return calendarView(parseCalendar(text, ical.parse, username), { start, end: start + days * DAY }, zone);
}

export const when = ({ time }: CalendarEvent): string =>
  time.kind === 'allDay'
    ? `${time.startDate}..${time.endDate}`
    : `${new Date(time.start).toISOString().slice(0, 16)}..${new Date(time.end).toISOString().slice(11, 16)}`;
export const times = (text: string, asked?: Asked): string[] => view(text, asked).events.map(when).sort();
export const first = (text: string, asked?: Asked): CalendarEvent => view(text, asked).events[0] as CalendarEvent;

export const PLAIN = ['DTSTART:20260105T090000Z', 'DTEND:20260105T100000Z'];

/** As Outlook writes a zone that somebody made by hand. */
export const customZone = (tzid: string) =>
  [
    'BEGIN:VTIMEZONE',
    `TZID:${tzid}`,
    'BEGIN:STANDARD',
    'DTSTART:16011028T030000',
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
    'BEGIN:DAYLIGHT',
    'DTSTART:16010325T020000',
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
  ].join('\r\n');

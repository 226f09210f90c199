import ical from 'ical.js';
import { describe, expect, it } from 'vitest';
import { parseCalendar } from '../../../../../src/adapters/calendar/icalendar/parse.ts';
import { event, file, PLAIN, times, view } from './files.ts';

describe('a file that is not as it should be', () => {
  it.each([
    ['a page', '<html>Sign in</html>', 'notCalendar'],
    ['nothing', '', 'notCalendar'],
    ['half a calendar', file(event(...PLAIN)).slice(0, -20), 'incomplete'],
  ])('%s is an error', (_name, text, reason) => {
    expect(() => parseCalendar(text, ical.parse, '')).toThrow(expect.objectContaining({ code: 'badResponse', reason }));
  });

  it('is read all the same: byte order mark, line feeds, blank lines, lower case', () => {
    const text = `\uFEFF\n${file(event(...PLAIN))
      .replaceAll('\r\n', '\n')
      .replace('BEGIN:VCALENDAR', 'begin:vcalendar')}\n\n`;
    expect(times(text)).toEqual(['2026-01-05T09:00..10:00']);
  });

  it.each([
    ['a line that is none', event(...PLAIN, 'garbage')],
    ['30 February', event('DTSTART:20260230T090000Z')],
    ['no start', event('SUMMARY:x')],
    ['a rule that is none', event(...PLAIN, 'RRULE:FREQ=SOMETIMES')],
    ['a rule with a month that is none', event(...PLAIN, 'RRULE:FREQ=YEARLY;BYMONTH=13')],
    ['a duration that is none', event('DTSTART:20260105T090000Z', 'DURATION:long')],
  ])('%s costs only its own event', (_name, broken) => {
    const { events, skipped } = view(file(broken, event(...PLAIN).replace('UID:u', 'UID:good')));
    expect([events.map(({ iCalUId }) => iCalUId), skipped]).toEqual([['good'], 1]);
  });

  it('events without a UID are told apart', () => {
    const none = event(...PLAIN).replace('UID:u\r\n', '');
    const { events } = view(file(none, none));
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(events.map(({ iCalUId }) => iCalUId)).toEqual(['', '']);
  });

  it('to-dos and alarms are no events', () => {
    const alarm = ['BEGIN:VALARM', 'TRIGGER:-PT15M', 'DURATION:PT5M', 'ACTION:DISPLAY', 'END:VALARM'];
    const todo = ['BEGIN:VTODO', 'UID:t', 'DTSTART:20260105T090000Z', 'END:VTODO'].join('\r\n');
    expect(times(file(todo, event(...PLAIN, ...alarm)))).toEqual(['2026-01-05T09:00..10:00']);
  });
});

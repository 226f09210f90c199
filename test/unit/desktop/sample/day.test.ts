import fc from 'fast-check';
import ical from 'ical.js';
import { describe, expect, it } from 'vitest';
import { parseCalendar } from '../../../../src/adapters/calendar/icalendar/parse.ts';
import { calendarView } from '../../../../src/adapters/calendar/icalendar/series.ts';
import { judge, timeline } from '../../../../src/core/availability.ts';
import type { CalendarEvent } from '../../../../src/core/calendarEvent.ts';
import { DEFAULT_SETTINGS } from '../../../../src/core/settings.ts';
import { ENGLISH, type Speech } from '../../../../src/core/texts.ts';
import { addDays, dateAt, HOUR, MINUTE, overlaps, SECOND, startOfDate } from '../../../../src/core/time.ts';
import { sampleCalendar } from '../../../../src/desktop/sample/calendar.ts';
import { isInSampleHours, type SampleEvent, sampleDay } from '../../../../src/desktop/sample/day.ts';

const ADA = 'ada@contoso.example';
const { rules } = DEFAULT_SETTINGS;

/** Zones with daylight saving at night, at midnight and by half an hour, with odd offsets, and at both ends of the day. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/Havana',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Pago_Pago',
  'Africa/Casablanca',
  'Antarctica/Troll',
];

const FROM = Date.parse('2026-01-01T00:00:00Z');
const TO = Date.parse('2027-12-31T00:00:00Z');
const moment = fc.record({ now: fc.integer({ min: FROM, max: TO }), zone: fc.constantFrom(...ZONES) });

/** As the app reads it. */
function read(now: number, zone: string, speech: Speech = ENGLISH): readonly CalendarEvent[] {
  const calendar = parseCalendar(sampleCalendar(sampleDay(now, zone), ADA, speech), ical.parse, '');
  const today = dateAt(now, zone);
  const window = { start: startOfDate(today, zone), end: startOfDate(addDays(today, 1), zone) };
  const { events, skipped } = calendarView(calendar, window, zone);
  expect(skipped).toBe(0);
  return events;
}

const ofToday = (now: number, zone: string): readonly SampleEvent[] =>
  sampleDay(now, zone).filter(({ start }) => dateAt(start, zone) === dateAt(now, zone));

describe('the invented day', () => {
  it('has something begin within a minute, with nothing that counts shortly before and after', () => {
    fc.assert(
      fc.property(moment, ({ now, zone }) => {
        const events = sampleDay(now, zone);
        const soon = events.find(({ subject }) => subject === 'soon');
        if (soon === undefined) throw new Error('nothing begins');
        expect(soon.start - now).toBeGreaterThanOrEqual(30 * SECOND);
        expect(soon.start - now).toBeLessThanOrEqual(MINUTE);
        expect(soon.end - soon.start).toBeGreaterThanOrEqual(3 * MINUTE);
        expect(soon.end - soon.start).toBeLessThan(4 * MINUTE);
        expect(soon.end % MINUTE).toBe(0);
        const around = { start: now, end: soon.end + 5 * MINUTE };
        const others = events.filter((event) => event !== soon && event.date === null && overlaps(event, around));
        expect(others).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('has an event of every kind on the present day', () => {
    fc.assert(
      fc.property(moment, ({ now, zone }) => {
        const events = ofToday(now, zone);
        const has = (fits: (event: SampleEvent) => boolean) => events.some(fits);
        expect(has(({ date }) => date !== null)).toBe(true);
        for (const kind of ['busy', 'free', 'tentative', 'oof'])
          expect(has(({ showAs }) => showAs === kind)).toBe(true);
        expect(has(({ isPrivate, showAs }) => isPrivate && showAs === 'busy')).toBe(true);
        expect(has(({ others, showAs }) => others === 0 && showAs === 'busy')).toBe(true);
        expect(has(({ response }) => response === 'declined')).toBe(true);
        expect(
          has((one) => events.some((other) => one.uid < other.uid && !one.date && !other.date && overlaps(one, other))),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every event within its date, on days with daylight saving too; only the first meeting may pass midnight', () => {
    fc.assert(
      fc.property(moment, ({ now, zone }) => {
        for (const { subject, start, end, date } of sampleDay(now, zone)) {
          expect(end).toBeGreaterThan(start);
          const day = date ?? dateAt(start, zone);
          const midnight = startOfDate(addDays(day, 1), zone);
          if (subject !== 'soon') expect(end).toBeLessThanOrEqual(midnight);
          if (date !== null) expect([start, end]).toEqual([startOfDate(date, zone), midnight]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['the night in which the clock goes forward', '2026-03-29T00:30:00Z', 'Europe/Berlin', 23],
    ['the night in which it goes back', '2026-10-25T00:30:00Z', 'Europe/Berlin', 25],
    ['a date that has no midnight', '2026-03-08T12:00:00Z', 'America/Havana', 23],
  ])('is a whole day in %s', (_, at, zone, hours) => {
    const now = Date.parse(at);
    const birthday = sampleDay(now, zone).find(({ subject }) => subject === 'birthday');
    expect(birthday?.date).toBe(dateAt(now, zone));
    expect((birthday?.end ?? 0) - (birthday?.start ?? 0)).toBe(hours * HOUR);
    const standup = ofToday(now, zone).find(({ subject }) => subject === 'standup');
    expect((standup?.end ?? 0) - (standup?.start ?? 0)).toBe(15 * MINUTE);
  });

  it('moves what overlaps together, out of the way of the first meeting', () => {
    const now = Date.parse('2026-03-03T11:40:10Z');
    const at = (subject: string) => ofToday(now, 'UTC').find((event) => event.subject === subject)?.start ?? 0;
    expect(new Date(at('planning')).toISOString()).toBe('2026-03-03T11:55:00.000Z');
    expect(at('interview') - at('planning')).toBe(30 * MINUTE);
  });

  it('has the same ids for the same day', () => {
    const ids = sampleDay(FROM, 'UTC').map(({ uid }) => uid);
    expect(new Set(ids).size).toBe(ids.length);
    expect(sampleDay(FROM + HOUR, 'UTC').map(({ uid }) => uid)).toEqual(expect.arrayContaining(ids));
  });
});

describe('the invented day as the app reads it', () => {
  it('turns to do not disturb within a minute, whatever the time', () => {
    fc.assert(
      fc.property(moment, ({ now, zone }) => {
        const spans = timeline(read(now, zone), rules, zone);
        expect(spans.some(({ start, end }) => start <= now && now < end)).toBe(false);
        const next = spans.find(({ start }) => start > now);
        // At the last minute of a date the meeting is the next one's.
        if (dateAt(now + MINUTE, zone) !== dateAt(now, zone)) return;
        expect(next).toMatchObject({ effect: 'dnd' });
        expect((next?.start ?? 0) - now).toBeLessThanOrEqual(MINUTE);
      }),
      { numRuns: 60 },
    );
  });

  it('has each event as it was meant', () => {
    const now = Date.parse('2026-03-03T07:00:00Z');
    const events = new Map(read(now, 'UTC').map((event) => [event.subject, event]));
    expect(events.size).toBe(12);
    expect(events.get('Stand-up')).toMatchObject({ otherAttendees: 5, responseStatus: 'accepted', showAs: 'busy' });
    expect(events.get('Time to write')).toMatchObject({ otherAttendees: 0, showAs: 'busy' });
    expect(events.get('Webinar')).toMatchObject({ responseStatus: 'declined' });
    expect(events.get('One-to-one with Noah')).toMatchObject({ sensitivity: 'private', otherAttendees: 1 });
    expect(events.get('Lunch')).toMatchObject({ showAs: 'free' });
    expect(events.get('Dentist')).toMatchObject({ showAs: 'oof' });
    expect(events.get("Mia's birthday")?.time).toEqual({
      kind: 'allDay',
      startDate: '2026-03-03',
      endDate: '2026-03-04',
    });
    const counted = [...events.values()]
      .filter((event) => judge(event, rules, 'UTC').counts)
      .map(({ subject }) => subject);
    expect(counted).not.toEqual(expect.arrayContaining(['Webinar', 'Lunch', "Mia's birthday"]));
    expect(counted).toEqual(expect.arrayContaining(['Stand-up', 'Dentist', 'Time to write']));
  });

  it('speaks the language of the person', () => {
    const german: Speech = { language: 'de', locale: 'de-DE', overrides: {} };
    const subjects = read(Date.parse('2026-03-03T07:00:00Z'), 'Europe/Berlin', german).map(({ subject }) => subject);
    expect(subjects).toContain('Mittagspause');
    expect(subjects).not.toContain('Lunch');
  });
});

describe('working hours', () => {
  it.each([
    ['2026-03-03T08:00:00Z', true],
    ['2026-03-03T17:00:00Z', true],
    ['2026-03-03T17:30:00Z', false],
    ['2026-03-03T07:59:00Z', false],
    ['2026-03-03T23:59:50Z', false],
  ])('at %s are kept: %s', (at, kept) => {
    expect(isInSampleHours(Date.parse(at), 'UTC')).toBe(kept);
  });
});

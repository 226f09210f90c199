// Edge cases 24, 30 to 32, 34 to 39 and 51 of the reference: meetings that change, and clocks and zones that do.
import ical from 'ical.js';
import { describe, expect, it } from 'vitest';
import { parseCalendar } from '../../../src/adapters/calendar/icalendar/parse.ts';
import { calendarView } from '../../../src/adapters/calendar/icalendar/series.ts';
import { GraphClient } from '../../../src/adapters/calendar/microsoft365/client.ts';
import { graphEvent } from '../../../src/adapters/calendar/microsoft365/schema.ts';
import { toCalendarEvent } from '../../../src/adapters/calendar/microsoft365/transform.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { DAY, HOUR, type Instant, SECOND, type TimeZone } from '../../../src/core/time.ts';
import { dnd, free, running } from '../../fakes/engineHarness.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';

const past = (clock: string) => at(clock) + SECOND;
const BERLIN = 'Europe/Berlin';

/** What a published calendar with these lines shows on a day and the next. */
function published(lines: readonly string[], date: string, zone: TimeZone = BERLIN) {
  const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
  const start = Date.parse(`${date}T00:00:00Z`);
  return calendarView(parseCalendar(text, ical.parse, ''), { start, end: start + 2 * DAY }, zone);
}
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:u', ...lines, 'END:VEVENT'];
const startOf = ({ time }: CalendarEvent): string =>
  time.kind === 'timed' ? new Date(time.start).toISOString() : time.kind;

/** When HipChat was written, and to what. */
async function course(events: readonly CalendarEvent[], now: Instant, until: Instant, zone: TimeZone) {
  const harness = await running({ chats: ['hipchat'], now, clock: new FakeClock(now, zone) }, events);
  await harness.clock.advanceTo(until);
  return harness
    .chat('hipchat')
    .writes.filter(({ presence }) => presence !== undefined)
    .map(({ at: time, presence }) => `${new Date(time).toISOString().slice(0, 19)} ${presence?.state}`)
    .filter((line, index) => index > 0 || !line.endsWith('available'));
}

describe('a meeting that changes while it runs', () => {
  it('24: it is cancelled → restored at the next read', async () => {
    const talk = meeting('10:00', '11:00');
    const harness = await running({}, [talk]);
    await harness.clock.advanceTo(at('10:21'));
    harness.calendar.events = [{ ...talk, isCancelled: true }];
    await harness.clock.advanceTo(past('10:25'));
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    await harness.clock.advanceTo(at('11:30'));
    for (const chat of harness.chats.values()) expect(chat.writes).toHaveLength(2);
  });

  it('30: it is extended under the same id → the expiry follows', async () => {
    const talk = meeting('10:00', '11:00');
    const harness = await running({}, [talk]);
    await harness.clock.advanceTo(at('10:51'));
    harness.calendar.events = [{ ...talk, time: { kind: 'timed', start: at('10:00'), end: at('11:30') } }];
    await harness.clock.advanceTo(past('10:55'));
    expect(harness.chat('slack').shown.until).toBe(at('11:30'));
    expect(harness.claims.records.get('hipchat')?.claim?.end).toBe(at('11:30'));
    await harness.clock.advanceTo(at('11:29'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.clock.advanceTo(past('11:30'));
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    expect(harness.chat('hipchat').writes).toHaveLength(2);
  });

  it('31: it is shortened or moved away → restored at the next read', async () => {
    const talk = meeting('10:00', '11:00');
    for (const [start, end] of [
      ['10:00', '10:20'],
      ['14:00', '15:00'],
    ] as const) {
      const harness = await running({}, [talk]);
      await harness.clock.advanceTo(at('10:21'));
      harness.calendar.events = [{ ...talk, time: { kind: 'timed', start: at(start), end: at(end) } }];
      await harness.clock.advanceTo(past('10:25'));
      for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    }
  });

  it('32: it is added when it runs already → set at the next read', async () => {
    const harness = await running({}, []);
    await harness.clock.advanceTo(at('10:31'));
    harness.calendar.events = [meeting('10:00', '11:00')];
    await harness.clock.advanceTo(past('10:40'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('11:00') });
  });
});

describe('what a calendar answers', () => {
  // Both calendars against their services: test/contract/calendar-contract.ts.
  it('34: more than one page of events → all of them are read', async () => {
    const raw = (index: number) => ({
      id: `event-${index}`,
      start: { dateTime: '2026-01-05T09:00:00.0000000', timeZone: 'UTC' },
      end: { dateTime: '2026-01-05T10:00:00.0000000', timeZone: 'UTC' },
    });
    const base = 'https://graph.example';
    const fetch = async (url: string) => {
      const page = Number(new URL(url).searchParams.get('$skip') ?? 0);
      const value = Array.from({ length: page === 200 ? 7 : 100 }, (_, index) => raw(page + index));
      const more = page === 200 ? {} : { '@odata.nextLink': `${base}/v1.0/me/calendarView?$skip=${page + 100}` };
      return Response.json({ value, ...more });
    };
    const client = new GraphClient({ fetch, now: () => 0, baseUrl: base, accessToken: async () => 'token' });
    const read = await client.calendarView('', { start: 0, end: DAY }, new AbortController().signal);
    expect(read.map(({ id }) => id)).toEqual(Array.from({ length: 207 }, (_, index) => `event-${index}`));
  });

  it('35: one occurrence of a series is moved → the presence follows it there', async () => {
    const weekly = event('DTSTART:20251201T100000Z', 'DTEND:20251201T110000Z', 'RRULE:FREQ=WEEKLY');
    const moved = event('RECURRENCE-ID:20260105T100000Z', 'DTSTART:20260105T140000Z', 'DTEND:20260105T150000Z');
    expect(await course(published(weekly, '2026-01-05').events, at('09:57'), at('18:00'), 'UTC')).toEqual([
      '2026-01-05T10:00:00 dnd',
      '2026-01-05T11:00:00 available',
    ]);
    const { events } = published([...weekly, ...moved], '2026-01-05');
    expect(await course(events, at('09:57'), at('18:00'), 'UTC')).toEqual([
      '2026-01-05T14:00:00 dnd',
      '2026-01-05T15:00:00 available',
    ]);
  });

  it('36: over the skipped and the repeated hour → exact instants, set once and cleared once', async () => {
    const over = async (date: string, from: string, to: string) => {
      const day = date.replaceAll('-', '');
      const lines = event(`DTSTART;TZID=${BERLIN}:${day}T${from}00`, `DTEND;TZID=${BERLIN}:${day}T${to}00`);
      const now = Date.parse(`${date}T00:00:00Z`) - HOUR;
      return course(published(lines, date).events, now, now + 8 * HOUR, BERLIN);
    };
    expect(await over('2026-03-29', '0130', '0330')).toEqual([
      '2026-03-29T00:30:00 dnd',
      '2026-03-29T01:30:00 available',
    ]);
    expect(await over('2026-10-25', '0130', '0330')).toEqual([
      '2026-10-24T23:30:00 dnd',
      '2026-10-25T02:30:00 available',
    ]);
    // From within the hour that is skipped: after the gap. From within the one that is repeated: from its first time.
    expect(await over('2026-03-29', '0230', '0430')).toEqual([
      '2026-03-29T01:30:00 dnd',
      '2026-03-29T02:30:00 available',
    ]);
    expect(await over('2026-10-25', '0230', '0330')).toEqual([
      '2026-10-25T00:30:00 dnd',
      '2026-10-25T02:30:00 available',
    ]);
  });

  it('37: a Windows or a "Customized Time Zone" → the right instant, or left out and said; never midnight', () => {
    const graph = (timeZone: string) => {
      const start = { dateTime: '2026-01-05T09:00:00.0000000', timeZone };
      return toCalendarEvent(
        graphEvent.parse({ id: 'x', start, end: { ...start, dateTime: '2026-01-05T10:00:00' } }),
        BERLIN,
      );
    };
    expect(startOf(graph('Pacific Standard Time'))).toBe('2026-01-05T17:00:00.000Z');
    // The whole answer is refused by the name of the field; the last good view stays (case 52).
    expect(() => graph('tzone://Microsoft/Custom')).toThrow(
      expect.objectContaining({ code: 'badResponse', reason: 'start.timeZone' }),
    );
    const zone = 'Customized Time Zone';
    const rules = [
      'BEGIN:VTIMEZONE',
      `TZID:${zone}`,
      'BEGIN:STANDARD',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:-0330',
      'TZOFFSETTO:-0330',
      'END:STANDARD',
      'END:VTIMEZONE',
    ];
    const ics = (tzid: string, before: readonly string[] = []) =>
      published([...before, ...event(`DTSTART;TZID=${tzid}:20260105T090000`, 'DURATION:PT1H')], '2026-01-05');
    expect(ics('Pacific Standard Time').events.map(startOf)).toEqual(['2026-01-05T17:00:00.000Z']);
    expect(ics(zone, rules).events.map(startOf)).toEqual(['2026-01-05T12:30:00.000Z']);
    // The provider logs the number of those skipped.
    expect(ics(zone)).toEqual({ events: [], skipped: 1 });
  });
});

describe('the clock and the zone of the machine', () => {
  it('38: the person flies → all-day bounds and the profile zone follow, timed meetings stay', async () => {
    const away = allDay('2026-01-06', '2026-01-07', { showAs: 'oof' });
    const harness = await running({}, [meeting('10:00', '11:00'), away]);
    harness.clock.travel('Asia/Tokyo');
    await harness.tell('zoneChange');
    expect(harness.chat('hipchat').writes).toEqual([{ at: at('09:57'), profileTimeZone: 'Asia/Tokyo' }]);
    await harness.clock.advanceTo(at('10:00') - SECOND);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    await harness.clock.advanceTo(past('10:00'));
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('11:00') });
    // Midnight in Tokyo is 15:00 in UTC.
    await harness.clock.advanceTo(at('15:00') - SECOND);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    await harness.clock.advanceTo(past('15:00'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'away', text: 'Out of office' });
    expect(harness.chat('slack').shown.until).toBe(at('15:00') + DAY);
    // On the way back in the midst of it the end moves too.
    harness.clock.travel('UTC');
    await harness.tell('zoneChange');
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    await harness.clock.advanceTo(at('00:00') + DAY + SECOND);
    expect(harness.chat('slack').shown).toMatchObject({ text: 'Out of office', until: at('00:00') + 2 * DAY });
  });

  it('39: the clock jumps → decided anew, and nothing is written twice', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:07'));
    for (const clock of ['10:41', '10:12', '10:58']) {
      harness.clock.jumpTo(at(clock));
      await harness.tell('clockJump');
      for (const chat of harness.chats.values()) expect(chat.writes).toHaveLength(1);
    }
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    harness.clock.jumpTo(at('11:20'));
    await harness.tell('clockJump');
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    harness.clock.jumpTo(at('10:30'));
    await harness.tell('clockJump');
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
  });

  it('51: outside working hours → none; a meeting that runs over their end → cleared there', async () => {
    const monday = [{ from: '09:00', to: '17:00' }];
    const settings = { rules: { workingHours: { monday } } };
    const clock = new FakeClock(at('07:00'), BERLIN);
    // The hours are those of the person's zone: 08:00 to 16:00 in UTC.
    const events = [meeting('07:10', '07:40'), meeting('15:30', '16:30'), meeting('18:00', '19:00')];
    const harness = await running({ clock, now: at('07:00'), settings, chats: ['slack'] }, events);
    await harness.clock.advanceTo(at('15:29'));
    expect(harness.chat('slack').writes).toEqual([]);
    await harness.clock.advanceTo(past('15:30'));
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('16:00') });
    await harness.clock.advanceTo(past('16:00'));
    expect(harness.chat('slack').shown).toMatchObject(free);
    const { length } = harness.chat('slack').writes;
    await harness.clock.advanceTo(at('20:00'));
    expect(harness.chat('slack').writes).toHaveLength(length);
  });
});

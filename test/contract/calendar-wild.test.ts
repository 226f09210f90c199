import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calendarProvider } from '../../src/adapters/calendar/registry.ts';
import type { CalendarEvent } from '../../src/core/calendarEvent.ts';
import { CalendarReader } from '../../src/engine/calendarReader.ts';
import { buildCalendar } from '../../src/sandbox/index.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { MemoryLogger } from '../fakes/memoryStores.ts';
import { type CalendarSandbox, calendarSandbox } from './calendar-worlds.ts';

// Calendars as they are found: each file is shaped as its program writes it. One Monday, read by a person in Berlin.

const window = { start: Date.parse('2026-01-05T00:00:00Z'), end: Date.parse('2026-01-06T00:00:00Z') };
const signal = new AbortController().signal;
const ACCOUNT = { id: 'mine', provider: 'ics', name: 'Mine', username: '' } as const;
const file = (name: string) =>
  readFileSync(join(import.meta.dirname, 'fixtures/ics', `${name}.ics`), 'utf8').replaceAll(/\r?\n/g, '\r\n');

const pace = () => ({ isNear: true, marks: 1, distance: 60_000 });

let world: CalendarSandbox;

const provider = () => calendarProvider(ACCOUNT, world.deps);
const read = (given = provider()) => given.calendarView(window, 'Europe/Berlin', signal);
async function publish(content: string) {
  await world.secrets.set({ kind: 'icsaddress', account: 'mine' }, world.sandbox.ics.publish('mine', content));
}
const line = ({ subject, time, showAs }: CalendarEvent): string => {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
  const when =
    time.kind === 'allDay' ? `${time.startDate}..${time.endDate}` : `${clock(time.start)}..${clock(time.end)}`;
  return `${when} ${showAs}: ${subject}`;
};
const lines = async (name: string) => {
  await publish(file(name));
  return (await read()).map(line).sort();
};
const only = (events: readonly CalendarEvent[], subject: string) => events.find((event) => event.subject === subject);

beforeAll(async () => {
  world = await calendarSandbox();
});
beforeEach(() => world.sandbox.ics.clearFaults());
afterAll(() => world.close());

describe('calendars as they are found', () => {
  it('37: Outlook: "Customized Time Zone", quoted, and its own busy status', async () => {
    expect(await lines('outlook')).toEqual([
      '08:30..09:30 busy: Numbers and notes',
      '12:00..13:00 oof: Dentist',
      '14:00..15:00 tentative: Perhaps',
      '2026-01-05..2026-01-06 workingElsewhere: Home office',
    ]);
    const events = await read();
    expect(only(events, 'Dentist')?.sensitivity).toBe('private');
    // One besides the owner: a room is nobody.
    expect(only(events, 'Numbers and notes')?.otherAttendees).toBe(1);
  });

  it('Google: an answer of one’s own, a series of another zone, a day that is free', async () => {
    expect(await lines('google')).toEqual([
      '14:00..15:00 busy: Not for me',
      '16:00..16:45 busy: Transatlantic',
      '2026-01-05..2026-01-06 free: Anniversary',
    ]);
    const events = await read();
    expect(only(events, 'Not for me')?.responseStatus).toBe('declined');
    expect(only(events, 'Transatlantic')).toMatchObject({ responseStatus: 'accepted', otherAttendees: 1 });
  });

  it('35: iCloud: a moved occurrence, and a floating time, which is the person’s', async () => {
    expect(await lines('icloud')).toEqual(['16:00..16:30 busy: Stand-up, later', '17:00..18:00 free: Run']);
  });

  it('37: Exchange: Windows names with and without their rules, custom ones; one that nobody knows is left out', async () => {
    expect(await lines('exchange')).toEqual([
      '08:00..08:15 busy: Daily',
      '10:00..10:30 busy: Pune',
      '10:00..11:00 free: Canceled: Review',
      '14:30..15:00 busy: Without its zone',
      '17:00..17:30 free: Utc',
    ]);
    expect(only(await read(), 'Canceled: Review')?.isCancelled).toBe(true);
  });

  it('Zoom: a single meeting with a zone of its own', async () => {
    expect(await lines('zoom')).toEqual(["10:00..10:45 busy: Ada Lovelace's Zoom Meeting"]);
  });

  it('37: Evolution: prefixed zones, half a zone, and a rule that nobody knows costs only its event', async () => {
    expect(await lines('evolution')).toEqual([
      '09:00..09:30 busy: Prefixed',
      '13:00..13:30 busy: Quoted, prefixed, without its zone',
    ]);
  });
});

describe('what is no calendar, or half of one', () => {
  const good = () => file('zoom');
  const broken: readonly [string, { body: string; type?: string }, string][] = [
    ['cut off', { body: file('outlook').slice(0, 2_000) }, 'incomplete'],
    ['cut off between events', { body: file('google').replace(/END:VCALENDAR\s*$/, '') }, 'incomplete'],
    ['a sign-in page', { body: '<!doctype html><title>Sign in</title>', type: 'text/html' }, 'notCalendar'],
    ['a page that calls itself a calendar', { body: '<html>busy</html>' }, 'notCalendar'],
    ['nothing', { body: '' }, 'notCalendar'],
    ['bytes', { body: '\u0000\u0001\u0002PK' }, 'notCalendar'],
  ];

  it.each(broken)('52: %s is a clear error, and the last good view is kept', async (_name, { body, type }, reason) => {
    await publish(good());
    const reader = new CalendarReader(
      ACCOUNT,
      provider(),
      new FakeClock('2026-01-05T09:00:00Z'),
      new MemoryLogger(),
      pace,
    );
    await reader.read(signal);
    const before = reader.view?.map(line);
    expect(before).toHaveLength(1);
    const headers = { 'content-type': type ?? 'text/calendar' };
    world.sandbox.ics.fail({ status: 200, headers, body });
    await reader.read(signal);
    expect(reader.state).toMatchObject({ health: 'stale', error: { code: 'badResponse', reason } });
    expect(reader.state.error?.message).not.toContain('busy');
    expect(reader.view?.map(line)).toEqual(before);
    await reader.read(signal);
    expect(reader.state).toMatchObject({ health: 'ok', error: null });
    expect(reader.view?.map(line)).toEqual(before);
  });

  it.each(['text/plain', 'application/octet-stream', 'text/html; charset=utf-8'])(
    'a calendar that is called %s is read all the same',
    async (type) => {
      world.sandbox.ics.fail({ status: 200, headers: { 'content-type': type }, body: good() });
      expect(await read()).toHaveLength(1);
    },
  );

  it.each([
    'FREQ=SOMETIMES',
    'FREQ=WEEKLY;BYDAY=XX',

    'FREQ=DAILY;COUNT=-1',
    '',
    'UNTIL=never',
  ])('a series by the rule "%s" is left out, and the others are read', async (rrule) => {
    const [start, end] = [new Date('2026-01-05T09:00:00Z'), new Date('2026-01-05T10:00:00Z')];
    const text = buildCalendar([
      { uid: 'bad', summary: 'bad', start, end, lines: [`RRULE:${rrule}`] },
      { uid: 'good', summary: 'good', start, end },
    ]);
    await publish(text);
    expect((await read()).map(({ subject }) => subject)).toEqual(['good']);
  });

  it('an event that is not closed costs only itself', async () => {
    await publish(file('google').replace(/END:VEVENT\r\nBEGIN:VEVENT/, 'BEGIN:VEVENT'));
    const subjects = (await read()).map(({ subject }) => subject);
    expect(subjects).toContain('Anniversary');
  });
});

import ICAL from 'ical.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCalendar, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

let sandbox: Sandbox;
let clock = Date.UTC(2026, 0, 5, 9);
let address: string;
const event = { uid: 'u1', start: new Date('2026-01-05T09:00Z'), end: new Date('2026-01-05T10:00Z') };

beforeAll(async () => {
  sandbox = await startSandbox({ slack: false, now: () => clock });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.ics.clearFaults();
  address = sandbox.ics.publish('work', [event]);
  sandbox.ics.requireSignIn('work', false);
});

const read = (headers: Record<string, string> = {}) => fetch(address, { headers });

describe('the calendar host', () => {
  it('serves a calendar at an address that cannot be guessed', async () => {
    const answer = await read();
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(await answer.text()).toContain('UID:u1');
    expect(new URL(address).pathname).toMatch(/^\/calendar\/[\w-]{32}\/calendar\.ics$/);
    expect((await fetch(`${sandbox.urls.ics}/calendar/work/calendar.ics`)).status).toBe(404);
  });

  it('answers 304 to its own tag, weak or among others, until the calendar changes', async () => {
    const etag = (await read()).headers.get('etag') ?? '';
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await read({ 'if-none-match': tag });
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect(sandbox.ics.publish('work', [{ ...event, summary: 'changed' }])).toBe(address);
    const changed = await read({ 'if-none-match': etag });
    expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false]);
  });

  it('answers 304 by date where no tag is sent', async () => {
    const modified = (await read()).headers.get('last-modified') ?? '';
    expect((await read({ 'if-modified-since': modified })).status).toBe(304);
    expect((await read({ 'if-modified-since': modified, 'if-none-match': '"other"' })).status).toBe(200);
    clock += 5000;
    sandbox.ics.publish('work', [{ ...event, summary: 'later' }]);
    expect((await read({ 'if-modified-since': modified })).status).toBe(200);
  });

  it('withdraws a calendar, asks for a sign-in, and fails on demand', async () => {
    sandbox.ics.requireSignIn('work');
    expect((await read()).headers.get('www-authenticate')).toMatch(/^Basic/);
    sandbox.ics.requireSignIn('work', false);
    sandbox.ics.fail({ status: 502 });
    expect([(await read()).status, (await read()).status]).toEqual([502, 200]);
    sandbox.ics.unpublish('work');
    expect((await read()).status).toBe(404);
  });

  it('serves any text as it is', async () => {
    address = sandbox.ics.publish('broken', 'BEGIN:VCALENDAR\r\nNOT A CALENDAR');
    expect(await (await read()).text()).toBe('BEGIN:VCALENDAR\r\nNOT A CALENDAR');
  });
});

describe('the calendar builder', () => {
  it('writes what a parser of others reads back', () => {
    const summary = `Ünïcode, with; all\\ the\nspecials ${'and a long tail '.repeat(10)}`;
    const text = buildCalendar([
      { ...event, summary, busyStatus: 'OOF', rrule: 'FREQ=DAILY;COUNT=3', categories: ['a,b', 'c'] },
      {
        uid: 'u2',
        start: new Date('2026-01-05T00:00Z'),
        end: new Date('2026-01-07T00:00Z'),
        isAllDay: true,
        transp: 'TRANSPARENT',
      },
    ]);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const [first, second] = new ICAL.Component(ICAL.parse(text))
      .getAllSubcomponents('vevent')
      .map((component) => new ICAL.Event(component));
    expect(first?.summary).toBe(summary);
    expect(first?.startDate.toJSDate()).toEqual(event.start);
    expect(first?.isRecurring()).toBe(true);
    expect(first?.component.getFirstPropertyValue('x-microsoft-cdo-busystatus')).toBe('OOF');
    expect(first?.component.getFirstProperty('categories')?.getValues()).toEqual(['a,b', 'c']);
    expect([second?.startDate.isDate, second?.duration.toSeconds()]).toEqual([true, 2 * 86_400]);
  });
});

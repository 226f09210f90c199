import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaldavCalendarProvider } from '../../src/adapters/calendar/caldav/provider.ts';
import { IcsCalendarProvider } from '../../src/adapters/calendar/ics/provider.ts';
import type { VEventInput } from '../../src/sandbox/icsText.ts';
import { MemorySecrets } from '../fakes/memoryStores.ts';
import { type CaldavWorld, caldavContractWorld, caldavServer, objectOf } from './calendar-caldav-world.ts';
import { calendarContract } from './calendar-contract.ts';

calendarContract('CalDAV (Radicale)', caldavContractWorld);

describe('CalDAV, beyond the contract of calendars', () => {
  const signal = new AbortController().signal;
  const at = (text: string) => new Date(`2026-01-${text}Z`);
  const window = { start: at('05T00:00').getTime(), end: at('07T00:00').getTime() };
  let world: CaldavWorld;
  let calendar: string;
  let count = 0;

  const view = (provider: CaldavCalendarProvider, zone = 'Europe/Berlin', asked = window) =>
    provider.calendarView(asked, zone, signal);
  const subjects = async (provider: CaldavCalendarProvider) =>
    (await view(provider)).map(({ subject }) => subject).sort();
  const put = (name: string, more: Partial<VEventInput> = {}, place = calendar) => {
    const event = { uid: name, summary: name, start: at('05T09:00'), end: at('05T10:00'), ...more };
    return world.radicale.put(`${place}${name}.ics`, objectOf([event]));
  };
  const chosen = () => world.provider([`${world.proxy.url}${calendar}`]);
  const asked = () =>
    world.proxy.passed.map(({ method, path }) => `${method} ${path.includes(calendar) ? 'calendar' : path}`);

  beforeAll(async () => {
    world = await caldavServer();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    count += 1;
    calendar = await world.radicale.makeCalendar(`cal${count}`, `Work & "play" ${count}`);
    world.proxy.clear();
  });
  afterEach(async () => {
    await world.radicale.remove(calendar);
  });

  it('finds the calendars that take events, from a bare host, by the well-known address', async () => {
    const tasks = await world.radicale.makeCalendar('tasks', 'Tasks', 'VTODO');
    expect(await world.provider().calendars(signal)).toEqual([
      { id: `${world.proxy.url}${calendar}`, name: `Work & "play" ${count}`, isDefault: true },
    ]);
    expect(world.proxy.passed[0]?.path).toBe('/.well-known/caldav');
    await world.radicale.remove(tasks);
  });

  it('finds them from the address of a principal or of a calendar too', async () => {
    for (const path of [`/${encodeURIComponent(world.radicale.username)}/`, calendar]) {
      const found = await world.provider([], { server: `${world.proxy.url}${path}` }).calendars(signal);
      expect(found.map(({ id }) => id)).toEqual([`${world.proxy.url}${calendar}`]);
    }
  });

  it('reads all calendars, or the chosen ones', async () => {
    const other = await world.radicale.makeCalendar('other');
    await put('mine');
    await put('theirs', {}, other);
    expect(await subjects(world.provider())).toEqual(['mine', 'theirs']);
    expect(await subjects(chosen())).toEqual(['mine']);
    await world.radicale.remove(other);
  });

  it('the same meeting in two calendars keeps two ids and one UID', async () => {
    const other = await world.radicale.makeCalendar('other');
    await put('meeting');
    await put('meeting', {}, other);
    const events = await view(world.provider());
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(new Set(events.map(({ iCalUId }) => iCalUId)).size).toBe(1);
    await world.radicale.remove(other);
  });

  it('an unchanged calendar costs one small request', async () => {
    for (let index = 0; index < 20; index += 1) await put(`event${index}`);
    const provider = chosen();
    const first = await view(provider);
    world.proxy.clear();
    expect(await view(provider)).toEqual(first);
    // The window slides.
    const later = { start: window.start + 3_600_000, end: window.end + 3_600_000 };
    await view(provider, 'Europe/Berlin', later);
    expect(asked()).toEqual(['REPORT calendar', 'REPORT calendar']);
    for (const { sent, received } of world.proxy.passed) expect(sent + received).toBeLessThan(1_500);
  });

  it('what is new, changed and deleted comes alone', async () => {
    await put('stays');
    await put('changes');
    await put('goes');
    const provider = chosen();
    await view(provider);
    world.proxy.clear();
    await put('comes');
    await put('changes', { end: at('05T12:00') });
    await world.radicale.remove(`${calendar}goes.ics`);
    const events = await view(provider);
    expect(events.map(({ subject }) => subject).sort()).toEqual(['changes', 'comes', 'stays']);
    expect(events.find(({ subject }) => subject === 'changes')?.time).toMatchObject({ end: at('05T12:00').getTime() });
    expect(asked()).toEqual(['REPORT calendar', 'REPORT calendar']);
    expect(world.proxy.passed[1]?.received).toBeLessThan(3_000);
  });

  it('an event that moves in and out of the window is followed', async () => {
    await put('moves', { start: new Date('2027-06-01T09:00Z'), end: new Date('2027-06-01T10:00Z') });
    const provider = chosen();
    expect(await subjects(provider)).toEqual([]);
    await put('moves');
    expect(await subjects(provider)).toEqual(['moves']);
    await put('moves', { start: at('09T09:00'), end: at('09T10:00') });
    expect(await subjects(provider)).toEqual([]);
    expect(
      await view(provider, 'UTC', { start: at('09T00:00').getTime(), end: at('10T00:00').getTime() }),
    ).toHaveLength(1);
  });

  it('a window beyond what was read is read anew', async () => {
    await put('summer', { start: new Date('2026-07-01T09:00Z'), end: new Date('2026-07-01T10:00Z') });
    const provider = chosen();
    expect(await subjects(provider)).toEqual([]);
    const july = { start: Date.parse('2026-07-01T00:00Z'), end: Date.parse('2026-07-02T00:00Z') };
    expect(await view(provider, 'UTC', july)).toHaveLength(1);
  });

  it('a sync token that the server has forgotten costs one full read, not an error', async () => {
    await put('before');
    const provider = chosen();
    await view(provider);
    // Made anew under the same address: Radicale answers 403 valid-sync-token, which is checked here.
    await world.radicale.remove(calendar);
    await world.radicale.makeCalendar(`cal${count}`);
    await put('after');
    world.proxy.clear();
    expect(await subjects(provider)).toEqual(['after']);
    expect(world.proxy.passed.map(({ method, status }) => [method, status])).toEqual([
      ['REPORT', 403],
      ['PROPFIND', 207],
      ['REPORT', 207],
    ]);
  });

  it('410 is a forgotten token too; 403 without the precondition is a refusal', async () => {
    await put('before');
    const provider = chosen();
    await view(provider);
    world.proxy.fail({ kind: 'answer', status: 410 });
    expect(await subjects(provider)).toEqual(['before']);
    world.proxy.fail({ kind: 'answer', status: 403, body: '<error xmlns="DAV:"><need-privileges/></error>' });
    await expect(view(provider)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await subjects(provider)).toEqual(['before']);
  });

  it('series, a moved and a cancelled occurrence, all-day events and zones are expanded here', async () => {
    const zone = ['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', 'BEGIN:STANDARD', 'DTSTART:19701025T030000'];
    const standard = ['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'END:STANDARD', 'END:VTIMEZONE'];
    const series = [
      ...['BEGIN:VEVENT', 'UID:daily', 'DTSTAMP:20250101T000000Z', 'DTSTART;TZID=Europe/Berlin:20250101T090000'],
      ...['DTEND;TZID=Europe/Berlin:20250101T093000', 'RRULE:FREQ=DAILY', 'SUMMARY:daily', 'END:VEVENT'],
      ...['BEGIN:VEVENT', 'UID:daily', 'DTSTAMP:20250101T000000Z', 'RECURRENCE-ID;TZID=Europe/Berlin:20260105T090000'],
      ...['DTSTART;TZID=Europe/Berlin:20260105T150000', 'DTEND;TZID=Europe/Berlin:20260105T160000', 'SUMMARY:moved'],
      ...['END:VEVENT', 'BEGIN:VEVENT', 'UID:daily', 'DTSTAMP:20250101T000000Z'],
      ...['RECURRENCE-ID;TZID=Europe/Berlin:20260106T090000', 'DTSTART;TZID=Europe/Berlin:20260106T090000'],
      ...['DTEND;TZID=Europe/Berlin:20260106T093000', 'STATUS:CANCELLED', 'SUMMARY:cancelled', 'END:VEVENT'],
    ];
    const lines = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//x//EN',
      ...zone,
      ...standard,
      ...series,
      'END:VCALENDAR',
      '',
    ];
    await world.radicale.put(`${calendar}daily.ics`, lines.join('\r\n'));
    await put('holiday', { isAllDay: true, start: at('05T00:00'), end: at('07T00:00') });
    const found = await view(chosen());
    const said = found.map(({ subject, isCancelled, time }) => [
      subject,
      isCancelled,
      time.kind === 'timed' ? time.start : time,
    ]);
    expect(said.sort()).toEqual([
      ['cancelled', true, at('06T08:00').getTime()],
      ['holiday', false, { kind: 'allDay', startDate: '2026-01-05', endDate: '2026-01-07' }],
      ['moved', false, at('05T14:00').getTime()],
    ]);
  });

  it('one object that can not be read costs only itself', async () => {
    const odd = ['BEGIN:VEVENT', 'UID:odd', 'DTSTAMP:20260101T000000Z', 'DTSTART;TZID=Nowhere:20260105T090000'];
    const lines = [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//x//EN',
      ...odd,
      'DURATION:PT1H',
      'SUMMARY:odd',
      'END:VEVENT',
    ];
    await world.radicale.put(`${calendar}odd.ics`, [...lines, 'END:VCALENDAR', ''].join('\r\n'));
    await put('good');
    const provider = chosen();
    expect(await subjects(provider)).toEqual(['good']);
    expect(provider.skipped).toBe(1);
  });

  it('a chosen calendar that is gone is an error, never a free day', async () => {
    const provider = world.provider([`${world.proxy.url}${calendar.replace('cal', 'nocal')}`]);
    await expect(view(provider)).rejects.toMatchObject({ code: 'notFound', reason: 'calendarGone' });
  });

  it('new calendars are found within the hour', async () => {
    const provider = world.provider();
    expect(await subjects(provider)).toEqual([]);
    const other = await world.radicale.makeCalendar('later');
    await put('there', {}, other);
    expect(await subjects(provider)).toEqual([]);
    world.now += 3_600_000;
    expect(await subjects(provider)).toEqual(['there']);
    await world.radicale.remove(other);
  });

  it('a wrong password says so, with the next step', async () => {
    const error = await view(world.provider([], { password: 'wrong-word' })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unauthorized', reason: 'password' });
    expect(String((error as Error).stack)).not.toContain('wrong-word');
  });

  it('follows a redirect on the same host, and takes the password nowhere else', async () => {
    world.proxy.fail({ kind: 'answer', status: 301, headers: { location: `${world.proxy.url}/` } });
    expect(await world.provider().calendars(signal)).toHaveLength(1);
    const elsewhere = `${world.proxy.url.replace('127.0.0.1', 'localhost')}/`;
    for (let place = 0; place < 2; place += 1) {
      world.proxy.fail({ kind: 'answer', status: 302, headers: { location: elsewhere } });
    }
    world.proxy.passed.length = 0;
    const error = await world
      .provider()
      .calendars(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'forbidden', reason: 'otherSite' });
    expect(world.proxy.passed).toEqual([]);
  });

  it('redirects without end are given up', async () => {
    for (let hops = 0; hops < 20; hops += 1)
      world.proxy.fail({ kind: 'answer', status: 307, headers: { location: '/again' } });
    await expect(world.provider().calendars(signal)).rejects.toMatchObject({
      code: 'badResponse',
      reason: 'redirects',
    });
  });

  it('the ICS provider reads what Radicale serves as .ics behind Basic authentication', async () => {
    await put('served', { rrule: 'FREQ=DAILY;COUNT=2' });
    const secrets = new MemorySecrets();
    await secrets.set({ kind: 'icsaddress', account: 'mine' }, `${world.proxy.url}${calendar}`);
    await secrets.set({ kind: 'icspassword', account: 'mine' }, world.radicale.password);
    const account = { id: 'mine', provider: 'ics', name: 'Mine', username: world.radicale.username } as const;
    const provider = new IcsCalendarProvider(account, { fetch: world.fetch, now: () => world.now, secrets });
    const read = async () =>
      (await provider.calendarView(window, 'Europe/Berlin', signal)).map(({ subject }) => subject);
    expect(await read()).toEqual(['served', 'served']);
    expect(await read()).toEqual(['served', 'served']);
    await put('more');
    expect((await read()).sort()).toEqual(['more', 'served', 'served']);
    await secrets.set({ kind: 'icspassword', account: 'mine' }, 'wrong');
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

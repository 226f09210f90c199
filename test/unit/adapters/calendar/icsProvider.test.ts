import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { IcsCalendarProvider } from '../../../../src/adapters/calendar/ics/provider.ts';
import type { Fetch } from '../../../../src/adapters/http.ts';
import { MemorySecrets } from '../../../fakes/memoryStores.ts';

const ADDRESS = 'webcal://calendars.example/secret-token/mine.ics';
const window = { start: Date.parse('2026-01-05T00:00:00Z'), end: Date.parse('2026-01-06T00:00:00Z') };
const signal = new AbortController().signal;
const calendar = (subject: string) =>
  `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260105T090000Z\r\nSUMMARY:${subject}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

interface Call {
  readonly url: string;
  readonly headers: Headers;
}

let secrets: MemorySecrets;
let calls: Call[];
let answers: (() => Response | Promise<Response>)[];

const fetching: Fetch = async (url, init) => {
  calls.push({ url, headers: new Headers(init?.headers) });
  const answer = answers.shift();
  if (answer === undefined) throw new TypeError(`fetch failed: ${url}`);
  return answer();
};
const provider = (username = '') =>
  new IcsCalendarProvider(
    { id: 'mine', provider: 'ics', name: '', username },
    { fetch: fetching, now: () => 0, secrets },
  );
const ok =
  (text: string, headers: Record<string, string> = {}) =>
  () =>
    new Response(text, { headers });
const subjects = async (given: IcsCalendarProvider) =>
  (await given.calendarView(window, 'UTC', signal)).map(({ subject }) => subject);

beforeEach(async () => {
  secrets = new MemorySecrets();
  calls = [];
  answers = [];
  await secrets.set({ kind: 'icsaddress', account: 'mine' }, ADDRESS);
});

describe('a calendar in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hipstatus-ics-'));
  const file = join(folder, 'secret-name.ics');
  const keep = (path: string) => secrets.set({ kind: 'icsaddress', account: 'mine' }, path);

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read without a call, and again when it has changed', async () => {
    await keep(file);
    const mine = provider();
    writeFileSync(file, calendar('A'));
    expect([await subjects(mine), await subjects(mine)]).toEqual([['A'], ['A']]);
    writeFileSync(file, calendar('Other'));
    expect(await subjects(mine)).toEqual(['Other']);
    expect(calls).toEqual([]);
  });

  it.each([
    ['that is not there', 'none.ics', 'notFound'],
    ['that is a folder', '.', 'invalidInput'],
    ['within a file', 'secret-name.ics/x', 'notFound'],
  ])('%s is named without its path', async (_what, name, code) => {
    await keep(`${folder}/${name}`);
    const failed = await subjects(provider()).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code });
    expect(inspect(failed)).not.toContain(folder);
  });
});

describe('a published calendar', () => {
  it('is called by https where its address says webcal', async () => {
    answers.push(ok(calendar('A')));
    expect(await subjects(provider())).toEqual(['A']);
    expect(calls[0]?.url).toBe('https://calendars.example/secret-token/mine.ics');
    expect(calls[0]?.headers.has('authorization')).toBe(false);
  });

  it('is asked for changes only, and kept while there are none', async () => {
    const mine = provider();
    answers.push(ok(calendar('A'), { etag: '"1"', 'last-modified': 'Mon, 05 Jan 2026 00:00:00 GMT' }));
    answers.push(() => new Response(null, { status: 304 }), ok(calendar('B'), { etag: '"2"' }));
    expect([await subjects(mine), await subjects(mine), await subjects(mine)]).toEqual([['A'], ['A'], ['B']]);
    expect(calls.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"1"', '"1"']);
    expect(calls[1]?.headers.get('if-modified-since')).toBe('Mon, 05 Jan 2026 00:00:00 GMT');
  });

  it('is read anew after something else came, and when its address changes', async () => {
    const mine = provider();
    answers.push(ok(calendar('A'), { etag: '"1"' }), ok('<html>', { etag: '"2"' }), ok(calendar('A'), { etag: '"1"' }));
    expect(await subjects(mine)).toEqual(['A']);
    await expect(subjects(mine)).rejects.toMatchObject({ code: 'badResponse', reason: 'notCalendar' });
    expect(await subjects(mine)).toEqual(['A']);
    expect(calls[2]?.headers.get('if-none-match')).toBeNull();
    await secrets.set({ kind: 'icsaddress', account: 'mine' }, 'https://other.example/x.ics');
    answers.push(ok(calendar('C')));
    expect(await subjects(mine)).toEqual(['C']);
    expect(calls[3]?.headers.get('if-none-match')).toBeNull();
  });

  it('counts what it could not read', async () => {
    const mine = provider();
    answers.push(ok(calendar('A').replace('DTSTART:20260105T090000Z', 'DTSTART;TZID=Nowhere:20260105T090000')));
    expect(await subjects(mine)).toEqual([]);
    expect(mine.skipped).toBe(1);
  });

  it('is opened with the person’s name and password, over https only', async () => {
    await secrets.set({ kind: 'icspassword', account: 'mine' }, 'pässwort');
    answers.push(ok(calendar('A')));
    await subjects(provider('ada'));
    const expected = `Basic ${Buffer.from('ada:pässwort').toString('base64')}`;
    expect(calls[0]?.headers.get('authorization')).toBe(expected);
    await secrets.set({ kind: 'icsaddress', account: 'mine' }, 'http://calendars.example/mine.ics');
    await expect(subjects(provider('ada'))).rejects.toMatchObject({ code: 'invalidInput', reason: 'address' });
    expect(calls).toHaveLength(1);
  });

  it('names what is missing in the keychain', async () => {
    await expect(subjects(provider('ada'))).rejects.toMatchObject({ code: 'unauthorized', reason: 'noSecret' });
    await secrets.delete({ kind: 'icsaddress', account: 'mine' });
    await expect(subjects(provider())).rejects.toMatchObject({ code: 'unauthorized', reason: 'noSecret' });
    secrets.isLocked = true;
    await expect(subjects(provider())).rejects.toMatchObject({ code: 'locked' });
  });

  it.each(['not an address', 'file:///etc/passwd', 'javascript:alert(1)'])('refuses %s', async (address) => {
    await secrets.set({ kind: 'icsaddress', account: 'mine' }, address);
    await expect(subjects(provider())).rejects.toMatchObject({ code: 'invalidInput', reason: 'address' });
    expect(calls).toEqual([]);
  });

  it('never tells its address', async () => {
    const error = (await subjects(provider()).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'network' });
    expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain('secret-token');
  });

  it('is not read beyond twenty megabytes, announced or not', async () => {
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
        }),
      );
    answers.push(endless, ok('x', { 'content-length': String(21 * 1024 * 1024) }));
    await expect(subjects(provider())).rejects.toMatchObject({ code: 'badResponse', reason: 'tooLarge' });
    await expect(subjects(provider())).rejects.toMatchObject({ code: 'badResponse', reason: 'tooLarge' });
  });

  it('says when the connection breaks off', async () => {
    answers.push(
      () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })),
    );
    await expect(subjects(provider())).rejects.toMatchObject({ code: 'network' });
  });
});

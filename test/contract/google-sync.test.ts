import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GoogleAuth } from '../../src/adapters/calendar/google/auth.ts';
import { GOOGLE_CALENDAR_SCOPES, GoogleCalendarProvider } from '../../src/adapters/calendar/google/provider.ts';
import type { CalendarEvent } from '../../src/core/calendarEvent.ts';
import { PartialViewError } from '../../src/core/partialView.ts';
import { DAY } from '../../src/core/time.ts';
import { type GoogleEventInput, type GoogleSandbox, startGoogle } from '../../src/sandbox/google.ts';
import { type GoogleDesk, googleDesk, googleFindings } from './google-world.ts';

const at = (text: string) => new Date(`2026-01-${text}Z`);
const noon = at('05T12:00').getTime();
const HALF = 12 * 3_600_000;
const signal = new AbortController().signal;
const TEAM = 'team@group.calendar.google.example';

let google: GoogleSandbox;
let desk: GoogleDesk;

const provider = (calendars: readonly string[] = []) =>
  new GoogleCalendarProvider({ id: 'mine', username: 'ada@contoso.example', calendars }, desk.deps);
const view = (given: GoogleCalendarProvider, now = noon) =>
  given.calendarView({ start: now - HALF, end: now + 3 * HALF }, 'Europe/Berlin', signal);
const names = (events: readonly CalendarEvent[]) => events.map(({ subject }) => subject).sort();
const meeting = (summary: string, more: Partial<GoogleEventInput> = {}): GoogleEventInput => ({
  summary,
  start: at('05T09:00'),
  end: at('05T10:00'),
  ...more,
});
const lists = () => google.calendar.journal.exchanges.filter(({ path }) => path.endsWith('/events'));
const kinds = () =>
  lists().map(({ query }) => ('syncToken' in query ? 'changes' : 'pageToken' in query ? 'page' : 'full'));

beforeAll(async () => {
  google = await startGoogle();
  desk = googleDesk(google, google.calendar.url);
  await new GoogleAuth(desk.deps).signIn('mine', GOOGLE_CALENDAR_SCOPES, google.known.account, signal);
});
beforeEach(() => {
  google.calendar.clear();
  google.calendar.clearFaults();
  google.calendar.journal.clear();
});
afterAll(async () => {
  await desk.close();
  await google.close();
});

describe('reading Google by its changes', () => {
  it('reads in full once, and then what has changed: new, moved, deleted', async () => {
    const mine = provider();
    const a = google.calendar.addEvent(meeting('a'));
    const b = google.calendar.addEvent(meeting('b'));
    expect(names(await view(mine))).toEqual(['a', 'b']);
    expect(names(await view(mine))).toEqual(['a', 'b']);
    google.calendar.removeEvent(a);
    google.calendar.updateEvent(b, { end: at('05T11:00') });
    google.calendar.addEvent(meeting('c'));
    const events = await view(mine);
    expect(names(events)).toEqual(['b', 'c']);
    expect(events.find(({ subject }) => subject === 'b')?.time).toMatchObject({ end: at('05T11:00').getTime() });
    expect(kinds()).toEqual(['full', 'changes', 'changes']);
    expect(lists()[1]?.responseBody).toMatchObject({ items: [] });
    expect(googleFindings(lists())).toEqual([]);
  });

  it('takes events into the window and out of it', async () => {
    const mine = provider();
    const near = google.calendar.addEvent(meeting('near'));
    const far = google.calendar.addEvent(meeting('far', { start: at('20T09:00'), end: at('20T10:00') }));
    expect(names(await view(mine))).toEqual(['near']);
    google.calendar.updateEvent(near, { start: at('25T09:00'), end: at('25T10:00') });
    google.calendar.updateEvent(far, { start: at('05T14:00'), end: at('05T15:00') });
    expect(names(await view(mine))).toEqual(['far']);
    expect(kinds()).toEqual(['full', 'changes']);
  });

  it('takes the occurrences of a deleted series out, when only the series is named', async () => {
    const mine = provider();
    for (const hour of ['09', '11']) {
      const start = at(`05T${hour}:00`);
      google.calendar.addEvent(
        meeting('weekly', { start, end: new Date(start.getTime() + 1_800_000), recurringEventId: 's1' }),
      );
    }
    google.calendar.addEvent(meeting('other'));
    expect(names(await view(mine))).toEqual(['other', 'weekly', 'weekly']);
    google.calendar.removeSeries('s1');
    expect(names(await view(mine))).toEqual(['other']);
    expect(kinds()).toEqual(['full', 'changes']);
  });

  it('reads in full again in the same breath when the token has ended (410)', async () => {
    const mine = provider();
    google.calendar.addEvent(meeting('a'));
    await view(mine);
    google.calendar.endSyncTokens();
    google.calendar.addEvent(meeting('b'));
    expect(names(await view(mine))).toEqual(['a', 'b']);
    expect(names(await view(mine))).toEqual(['a', 'b']);
    expect(kinds()).toEqual(['full', 'changes', 'full', 'changes']);
    expect(lists()[1]?.status).toBe(410);
  });

  it('reads in full when the changes are more than that would be', async () => {
    const mine = provider();
    await view(mine);
    for (let index = 0; index < 900; index++) {
      const start = new Date(noon + index * DAY);
      google.calendar.addEvent(meeting('daily for ever', { start, end: new Date(start.getTime() + 900_000) }));
    }
    expect(await view(mine)).toHaveLength(2);
    expect(kinds()).toEqual(['full', 'changes', 'changes', 'changes', 'full']);
  });

  it('reads in full when the day changes, and by changes within it', async () => {
    const mine = provider();
    await view(mine);
    await view(mine, noon + 3_600_000);
    await view(mine, noon + DAY);
    expect(kinds()).toEqual(['full', 'changes', 'full']);
  });

  it('goes on by changes when only the beginning of what it is asked for moves on', async () => {
    const mine = provider();
    google.calendar.addEvent(meeting('a'));
    const from = (start: number) => mine.calendarView({ start, end: noon + 3 * HALF }, 'Europe/Berlin', signal);
    expect(names(await from(noon - HALF - DAY))).toEqual(['a']);
    google.calendar.addEvent(meeting('b'));
    expect(names(await from(noon - HALF))).toEqual(['a', 'b']);
    expect(names(await from(noon - HALF - 2 * DAY))).toEqual(['a', 'b']);
    expect(kinds()).toEqual(['full', 'changes', 'full']);
  });

  it('a failed read of changes is read again from where it was', async () => {
    const mine = provider();
    google.calendar.addEvent(meeting('a'));
    await view(mine);
    google.calendar.addEvent(meeting('b'));
    google.calendar.fail({ status: 503, body: {} });
    await expect(view(mine)).rejects.toMatchObject({ code: 'unavailable' });
    expect(names(await view(mine))).toEqual(['a', 'b']);
    expect(kinds()).toEqual(['full', 'changes', 'changes']);
  });

  it('asks for no description, and for nothing of the people of a large meeting', async () => {
    const others = Array.from({ length: 80 }, (_, index) => `person${index}@contoso.example`);
    google.calendar.addEvent(meeting('all hands', { others }));
    expect(await view(provider())).toMatchObject([{ otherAttendees: 1, responseStatus: 'organizer' }]);
    const answered = JSON.stringify(lists()[0]?.responseBody);
    expect(answered).not.toContain('Secret description');
    expect(answered).not.toContain('person1@');
  });
});

describe('trouble of Google', () => {
  it.each([
    ['rateLimitExceeded', 'rateLimited', null],
    ['userRateLimitExceeded', 'rateLimited', null],
    ['insufficientPermissions', 'forbidden', 'scopesMissing'],
    ['accessNotConfigured', 'forbidden', 'notConfigured'],
    ['forbidden', 'forbidden', null],
  ])('403 %s is %s', async (reason, code, told) => {
    google.calendar.throttle(1, reason);
    await expect(view(provider())).rejects.toMatchObject({ code, reason: told });
  });

  it('410 in a full read is no end of a token', async () => {
    google.calendar.fail({ status: 410, body: {} });
    await expect(view(provider())).rejects.toMatchObject({ code: 'notFound' });
  });

  it('a scope that was never given is said', async () => {
    const lesser = new GoogleAuth(desk.deps);
    const [events = ''] = GOOGLE_CALENDAR_SCOPES;
    await lesser.signIn('lesser', [events], google.known.account, signal);
    const other = new GoogleCalendarProvider({ id: 'lesser', username: '', calendars: [] }, desk.deps);
    await expect(other.calendars(signal)).rejects.toMatchObject({ code: 'forbidden', reason: 'scopesMissing' });
  });

  it('pages without end are given up', async () => {
    google.calendar.fail({ status: 200, body: { items: [], nextPageToken: 'again' }, times: 100 });
    await expect(view(provider())).rejects.toMatchObject({ code: 'badResponse', reason: 'tooManyPages' });
    expect(lists()).toHaveLength(40);
  });
});

describe('several calendars of one Google account', () => {
  it('are listed by name, and read together', async () => {
    google.calendar.addCalendar(TEAM, 'Team');
    google.calendar.addEvent(meeting('mine'));
    google.calendar.addEvent(meeting('ours'), TEAM);
    const mine = provider(['primary', TEAM]);
    expect(await mine.calendars(signal)).toEqual([
      { id: 'ada@contoso.example', name: 'ada@contoso.example', isDefault: true },
      { id: TEAM, name: 'Team', isDefault: false },
    ]);
    expect(names(await view(mine))).toEqual(['mine', 'ours']);
    expect(names(await view(provider()))).toEqual(['mine']);
    expect(googleFindings(google.calendar.journal.exchanges)).toEqual([]);
  });

  it('one that fails keeps its last good view, is named, and does not spoil the others', async () => {
    google.calendar.addCalendar(TEAM, 'Team');
    google.calendar.addEvent(meeting('ours'), TEAM);
    const mine = provider(['primary', TEAM]);
    expect(names(await view(mine))).toEqual(['ours']);
    google.calendar.removeCalendar(TEAM);
    google.calendar.addEvent(meeting('new'));
    const error = await view(mine).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PartialViewError);
    expect(error).toMatchObject({ code: 'notFound', isWhole: true });
    expect((error as PartialViewError).message).toContain('"Team"');
    expect(names((error as PartialViewError).events)).toEqual(['new', 'ours']);
  });

  it('one that could never be read leaves the view not whole', async () => {
    google.calendar.addEvent(meeting('mine'));
    const error = await view(provider(['primary', 'gone@group.example'])).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'notFound', isWhole: false });
    expect(names((error as PartialViewError).events)).toEqual(['mine']);
  });
});

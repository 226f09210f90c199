import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GoogleAuth } from '../../src/adapters/calendar/google/auth.ts';
import { GOOGLE_CALENDAR_SCOPES, GoogleCalendarProvider } from '../../src/adapters/calendar/google/provider.ts';
import { type EmulatedGoogle, startEmulatedGoogle } from '../../src/sandbox/google.ts';
import { type GoogleDesk, googleDesk, googleFindings } from './google-world.ts';

// Against what nobody here wrote: emulate's own Google, its Calendar too. It has no sync tokens, so every read is a full one.

const signal = new AbortController().signal;
const window = { start: Date.parse('2026-01-05T00:00:00Z'), end: Date.parse('2026-01-06T00:00:00Z') };
const WRITE = 'https://www.googleapis.com/auth/calendar.events';
const seeded = (summary: string, start: string, end: string) => ({
  summary,
  ...(start.length === 10 ? { start_date: start, end_date: end } : { start_date_time: start, end_date_time: end }),
  attendees: [{ email: 'ada@contoso.example' }, { email: 'grace@contoso.example' }],
});

let google: EmulatedGoogle;
let desk: GoogleDesk;
let auth: GoogleAuth;
const provider = (calendars: readonly string[] = []) =>
  new GoogleCalendarProvider({ id: 'mine', username: '', calendars }, desk.deps);
const view = (given = provider()) => given.calendarView(window, 'Europe/Berlin', signal);

beforeAll(async () => {
  google = await startEmulatedGoogle(
    {},
    {
      calendars: [
        { id: 'primary', summary: 'ada@contoso.example', primary: true, user_email: 'ada@contoso.example' },
        { id: 'team', summary: 'Team', user_email: 'ada@contoso.example' },
      ],
      calendar_events: [
        seeded('Design review', '2026-01-05T10:00:00+01:00', '2026-01-05T11:00:00+01:00'),
        seeded('Offsite', '2026-01-05', '2026-01-06'),
        seeded('Next week', '2026-01-12T10:00:00+01:00', '2026-01-12T11:00:00+01:00'),
        { ...seeded('Stand-up', '2026-01-05T08:00:00Z', '2026-01-05T08:15:00Z'), calendar_id: 'team' },
      ].map((event) => ({ ...event, user_email: 'ada@contoso.example' })),
    },
  );
  desk = googleDesk(google, google.api.url);
  auth = new GoogleAuth(desk.deps);
});
afterAll(async () => {
  await desk.close();
  await google.close();
});

describe('Google as emulate plays it', () => {
  it('signs in, lists calendars, reads, sees a new and a deleted event, renews and is revoked', async () => {
    const scopes = [...GOOGLE_CALENDAR_SCOPES, WRITE];
    expect(await auth.signIn('mine', scopes, google.known.account, signal)).toEqual({
      username: 'ada@contoso.example',
    });
    const mine = provider();
    const listed = await mine.calendars(signal);
    expect(listed).toContainEqual({ id: 'team', name: 'Team', isDefault: false });
    expect(listed.filter(({ isDefault }) => isDefault)).toHaveLength(1);

    const events = await view(mine);
    expect(events.map(({ subject }) => subject).sort()).toEqual(['Design review', 'Offsite']);
    expect(events.find(({ subject }) => subject === 'Design review')).toMatchObject({
      time: { kind: 'timed', start: Date.parse('2026-01-05T09:00Z'), end: Date.parse('2026-01-05T10:00Z') },
      showAs: 'busy',
      otherAttendees: 1,
    });
    expect(events.find(({ subject }) => subject === 'Offsite')?.time).toEqual({
      kind: 'allDay',
      startDate: '2026-01-05',
      endDate: '2026-01-06',
    });
    expect((await view(provider(['team']))).map(({ subject }) => subject)).toEqual(['Stand-up']);

    const write = async (path: string, init: RequestInit) =>
      desk.deps.fetch(`${google.api.url}/calendar/v3/calendars/primary/events${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${await auth.accessToken('mine', [WRITE], signal)}`,
          'content-type': 'application/json',
        },
      });
    const dateTime = (hour: string) => ({ dateTime: `2026-01-05T${hour}:00:00Z` });
    const body = JSON.stringify({ summary: 'Ad hoc', start: dateTime('14'), end: dateTime('15') });
    const made = (await (await write('', { method: 'POST', body })).json()) as { id: string };
    expect((await view(mine)).map(({ subject }) => subject)).toContain('Ad hoc');
    expect((await write(`/${made.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await view(mine)).map(({ subject }) => subject)).not.toContain('Ad hoc');

    const refused = await auth.accessToken('mine', scopes, signal);
    expect(await auth.accessToken('mine', scopes, signal, refused)).not.toBe(refused);

    // The emulator's own revocation endpoint; the proxy knows nothing of it.
    const token = desk.secrets.values.get('accountsecret/mine') ?? '';
    await desk.deps.fetch(`${google.accounts.url}/oauth2/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `token=${token}`,
    });
    await expect(view()).rejects.toMatchObject({ code: 'unauthorized', reason: 'interactionRequired' });
  });

  it('was asked for nothing that is not in the contract', () => {
    const asked = google.api.journal.exchanges.filter(({ method }) => method === 'GET');
    expect(asked.length).toBeGreaterThan(4);
    expect(googleFindings(asked)).toEqual([]);
  });
});

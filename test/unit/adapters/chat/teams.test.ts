import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../../../src/adapters/chat/teams/client.ts';
import { isPersonalAccount, teamsError } from '../../../../src/adapters/chat/teams/errors.ts';
import { teamsProvider } from '../../../../src/adapters/chat/teams/provider.ts';
import type { TeamsPresence } from '../../../../src/adapters/chat/teams/schema.ts';
import { toDuration, toMessage, toPreferred, toReading } from '../../../../src/adapters/chat/teams/transform.ts';
import type { Fetch } from '../../../../src/adapters/http.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');
const shown = (availability: string, activity = availability): TeamsPresence => ({ availability, activity });
const withMessage = (content: string, expiryDateTime: { dateTime: string; timeZone?: string } | null = null) =>
  toReading({ ...shown('Available'), statusMessage: { message: { content }, expiryDateTime } }, false, NOW).presence;

describe('Teams: what is read', () => {
  it.each([
    ['Available', 'Available', 'available', false],
    ['AvailableIdle', 'Available', 'available', false],
    ['Busy', 'Busy', 'busy', false],
    ['BusyIdle', 'InAMeeting', 'busy', true],
    ['Busy', 'InACall', 'busy', true],
    ['Busy', 'InAConferenceCall', 'busy', true],
    ['DoNotDisturb', 'DoNotDisturb', 'dnd', false],
    ['DoNotDisturb', 'UrgentInterruptionsOnly', 'dnd', false],
    ['DoNotDisturb', 'Presenting', 'dnd', true],
    ['DoNotDisturb', 'AWordOfTheFuture', 'dnd', true],
    ['BeRightBack', 'BeRightBack', 'away', false],
    ['Away', 'Away', 'away', true],
    ['Away', 'OutOfOffice', 'away', true],
    ['Offline', 'OffWork', 'offline', false],
    ['PresenceUnknown', 'PresenceUnknown', 'offline', false],
    ['AWordOfTheFuture', 'Busy', 'offline', false],
  ] as const)('%s, %s is %s', (availability, activity, state, isAutomatic) => {
    expect(toReading(shown(availability, activity), false, NOW)).toMatchObject({ presence: { state }, isAutomatic });
  });

  it('takes "away" as set when something that was set is in force', () => {
    expect(toReading(shown('Away'), true, NOW).isAutomatic).toBe(false);
    expect(toReading(shown('Away', 'OutOfOffice'), true, NOW).isAutomatic).toBe(true);
  });

  it('takes nothing at all as offline', () => {
    expect(toReading({}, false, NOW).presence).toEqual({ state: 'offline', text: '', emoji: '', until: null });
  });

  it.each([
    ['2026-01-05T10:00:00.0000000', 'UTC', '2026-01-05T10:00:00Z'],
    ['2026-01-05T10:00:00.2079781', undefined, '2026-01-05T10:00:00.207Z'],
    ['2026-01-05T10:00:00', 'Pacific Standard Time', '2026-01-05T18:00:00Z'],
    ['2026-01-05T10:00:00', 'Europe/Berlin', '2026-01-05T09:00:00.000Z'],
    ['2026-01-05T10:00:00Z', 'Etc/GMT', '2026-01-05T10:00:00Z'],
  ])('the end %s %s is %s', (dateTime, timeZone, instant) => {
    const end = timeZone === undefined ? { dateTime } : { dateTime, timeZone };
    const until = Date.parse(instant);
    expect(withMessage('Hello', end)).toMatchObject(until > NOW ? { text: 'Hello', until } : { text: '', until: null });
  });

  it.each([
    ['9999-12-30T22:00:00.0000000', 'UTC'],
    ['2026-01-05T10:00:00', 'Nowhere Standard Time'],
    ['soon', 'UTC'],
  ])('the end %s %s is none', (dateTime, timeZone) => {
    expect(withMessage('Hello', { dateTime, timeZone })).toMatchObject({ text: 'Hello', until: null });
  });

  it('an empty message has no end', () => {
    expect(withMessage('', { dateTime: '2026-01-05T10:00:00', timeZone: 'UTC' })).toMatchObject({ until: null });
  });
});

describe('Teams: what is written', () => {
  it.each([
    [1, 'PT1S'],
    [-5_000, 'PT1S'],
    [60_000, 'PT1M'],
    [60_001, 'PT1M1S'],
    [90 * 60_000, 'PT1H30M'],
    [50 * 3_600_000, 'PT50H'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(toDuration(milliseconds)).toBe(text);
  });

  it('"available" is the absence of a preferred presence', () => {
    expect(toPreferred('available', NOW + 60_000, NOW)).toBeNull();
    expect(toPreferred('offline', undefined, NOW)).toBeNull();
  });

  it('a state without an end is left to the default of Teams', () => {
    expect(toPreferred('busy', undefined, NOW)).toEqual({ availability: 'Busy', activity: 'Busy' });
  });

  it('a message without an end has no field for it, and an empty one neither', () => {
    const presence = { state: 'busy', text: 'Hello', emoji: '', until: null } as const;
    expect(toMessage(presence)).toEqual({ message: { content: 'Hello', contentType: 'text' } });
    expect(toMessage({ ...presence, text: '', until: NOW })).toEqual({ message: { content: '', contentType: 'text' } });
  });

  it('sends no token over an open line', async () => {
    const sent: string[] = [];
    const fetch: Fetch = async (url) => {
      sent.push(url);
      return Response.json({});
    };
    const deps = { fetch, now: () => NOW, baseUrl: 'http://graph.example.com', accessToken: async () => 'secret' };
    const read = teamsProvider({ id: 'teams', label: 'Teams' }, deps).read(new AbortController().signal);
    await expect(read).rejects.toMatchObject({ code: 'invalidInput', reason: 'notConfigured' });
    expect(sent).toEqual([]);
  });
});

describe('Teams: errors', () => {
  it.each([
    [401, 'unauthorized', 'interactionRequired'],
    [403, 'forbidden', 'consentRequired'],
    [404, 'notFound', 'noTeams'],
    [429, 'rateLimited', null],
    [503, 'unavailable', null],
  ])('%d is %s, %s', (status, code, reason) => {
    expect(teamsError(new Response('', { status }), NOW)).toMatchObject({ code, reason });
  });

  it('knows a personal account by its directory', () => {
    expect(isPersonalAccount('00000000-0000-0000-1234-56789abcdef0.9188040D-6C67-4C5B-B112-36A304B66DAD')).toBe(true);
    expect(isPersonalAccount('fa8bf3dc-eca7-46b7-bad1-db199b62afc3.9f2c0b6e-8d1a-4a53-9a37-2f4d3c1e7b10')).toBe(false);
    expect(isPersonalAccount('')).toBe(false);
  });

  it.each([
    [null, null],
    ['Bearer error="invalid_token", claims="e30="', null],
    ['Bearer error="insufficient_claims"', null],
    ['Bearer error="insufficient_claims", claims="bm8="', null],
    ['Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="', '{"a":1}'],
  ])('the claims of %s are %s', (header, claims) => {
    expect(claimsOf(header)).toBe(claims);
  });
});

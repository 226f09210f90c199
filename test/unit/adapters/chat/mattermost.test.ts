import { describe, expect, it } from 'vitest';
import { type MattermostDeps, mattermostClient } from '../../../../src/adapters/chat/mattermost/client.ts';
import { mattermostError, signInError } from '../../../../src/adapters/chat/mattermost/errors.ts';
import {
  capabilitiesOf,
  DEFAULT_FEATURES,
  toCustomStatus,
  toReading,
  toStatus,
} from '../../../../src/adapters/chat/mattermost/transform.ts';
import type { Fetch } from '../../../../src/adapters/http.ts';
import type { Presence } from '../../../../src/core/presence.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');
const online = { status: 'online', manual: false, dnd_end_time: 0 };
const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until: NOW + 60_001 };
const signal = new AbortController().signal;
const reading = (props: string) => toReading(online, props, DEFAULT_FEATURES, NOW).presence;

describe('Mattermost: what is read', () => {
  it.each([
    ['online', false, 'available', false],
    ['away', true, 'away', false],
    ['away', false, 'away', true],
    ['away', undefined, 'away', false],
    ['dnd', true, 'dnd', false],
    ['dnd', false, 'dnd', true],
    ['offline', true, 'offline', false],
    ['offline', false, 'offline', false],
    ['ooo', true, 'offline', false],
    ['in_orbit', true, 'offline', false],
  ] as const)('%s, manual: %s is %s (edge cases 40, 41 and 65)', (status, manual, state, isAutomatic) => {
    const given = { status, dnd_end_time: 0, ...(manual === undefined ? {} : { manual }) };
    expect(toReading(given, '', DEFAULT_FEATURES, NOW)).toMatchObject({ presence: { state }, isAutomatic });
  });

  it.each([
    ['nothing', '', '', '', null],
    ['null', 'null', '', '', null],
    ['an empty one', '{"emoji":"","text":""}', '', '', null],
    ['a text alone', '{"emoji":"","text":"Hello"}', 'Hello', '', null],
    ['an emoji alone', '{"emoji":"wave","text":""}', '', ':wave:', null],
    ['the year 1', '{"text":"Hello","expires_at":"0001-01-01T00:00:00Z"}', 'Hello', '', null],
    ['an end in another zone', '{"text":"x","expires_at":"2026-01-05T10:30:00.4+01:00"}', 'x', '', NOW + 1_800_400],
    ['one that is over', '{"text":"x","emoji":"y","expires_at":"2026-01-05T09:00:00Z"}', '', '', null],
  ] as const)('a custom status of %s', (_name, props, text, emoji, until) => {
    expect(reading(props)).toEqual({ state: 'available', text, emoji, until });
  });

  it.each([
    ['no JSON', 'Hello', '(whole answer)'],
    ['a list', '[]', '(whole answer)'],
    ['a number as its text', '{"text":7}', 'text'],
    ['an end that is none', '{"text":"x","expires_at":"soon"}', 'expires_at'],
  ])('names the field of a custom status that is %s', (_name, props, field) => {
    expect(() => reading(props)).toThrow(expect.objectContaining({ code: 'badResponse', reason: field }));
  });

  it('knows no custom status where they are switched off, whatever lies there', () => {
    const features = { ...DEFAULT_FEATURES, customStatuses: false };
    const { presence } = toReading(online, '{"emoji":"x","text":"Hello"}', features, NOW);
    expect(presence).toEqual({ state: 'available', text: '', emoji: '', until: null });
  });

  it('can do what is switched on', () => {
    expect(capabilitiesOf(DEFAULT_FEATURES)).toMatchObject({ textLimit: 100, expires: true, stateExpires: true });
    expect(capabilitiesOf({ statuses: false, customStatuses: false })).toMatchObject({
      states: [],
      textLimit: 0,
      emoji: false,
      expires: false,
      stateExpires: false,
    });
  });
});

describe('Mattermost: what is written', () => {
  it.each([
    [':calendar:', 'calendar'],
    ['calendar', 'calendar'],
    [':+1:', '+1'],
    ['📅', ''],
    [':two words:', ''],
    ['', ''],
  ])('the emoji %s is "%s"', (emoji, name) => {
    expect(toCustomStatus({ ...meeting, emoji }, NOW)).toMatchObject({ emoji: name });
  });

  it('a status without an end has no duration either', () => {
    expect(toCustomStatus({ ...meeting, until: null }, NOW)).toEqual({ emoji: 'calendar', text: 'In a meeting' });
  });

  it.each([
    ['empty', { text: '', emoji: '' }],
    ['only an emoji that Mattermost can’t take', { text: '', emoji: '📅' }],
    ['over already, which the server would refuse', { until: NOW }],
  ])('a status that is %s clears it', (_name, change) => {
    expect(toCustomStatus({ ...meeting, ...change }, NOW)).toBeNull();
  });

  it.each([
    ['available', undefined, { status: 'online' }],
    ['available', NOW, { status: 'online' }],
    ['away', NOW, { status: 'away' }],
    ['dnd', undefined, { status: 'dnd' }],
    ['dnd', NOW, { status: 'dnd', dnd_end_time: NOW / 1_000 }],
    ['dnd', NOW + 1, { status: 'dnd', dnd_end_time: NOW / 1_000 + 60 }],
    ['dnd', NOW + 60_000, { status: 'dnd', dnd_end_time: NOW / 1_000 + 60 }],
  ] as const)('%s until %s', (state, until, body) => {
    expect(toStatus('me-myself', state, until)).toEqual({ user_id: 'me-myself', ...body });
  });

  it.each(['busy', 'offline'] as const)('has no word for %s', (state) => {
    expect(toStatus('id', state, undefined)).toBeNull();
  });
});

describe('Mattermost: errors', () => {
  const answer = (status: number, id: string, headers: Record<string, string> = {}) =>
    Response.json({ id, message: 'secret', status_code: status }, { status, headers });

  it.each([
    [401, 'api.context.session_expired.app_error', 'unauthorized', 'tokenRefused'],
    [403, 'api.context.permissions.app_error', 'forbidden', 'noPermission'],
    [403, 'api.context.mfa_required.app_error', 'unauthorized', 'mfaRequired'],
    [501, 'api.custom_status.disabled', 'conflict', 'customStatusOff'],
    [404, 'api.status.user_not_found.app_error', 'notFound', 'statusesOff'],
    [501, 'something.else', 'serverError', null],
    [400, 'api.context.invalid_body_param.app_error', 'invalidInput', null],
  ])('%i %s is %s', async (status, id, code, reason) => {
    const error = await mattermostError(answer(status, id), NOW, 'token');
    expect(error).toMatchObject({ code, reason });
    expect(error.message).not.toContain('secret');
  });

  it.each([
    [400, 'api.user.login.blank_pwd.app_error', 'unauthorized', 'passwordRefused'],
    [401, 'api.user.login.invalid_credentials_email_username', 'unauthorized', 'passwordRefused'],
    [401, 'api.user.login.inactive.app_error', 'unauthorized', 'accountInactive'],
    [403, 'something.new', 'unauthorized', 'passwordRefused'],
    [500, 'something.new', 'serverError', null],
  ])('a sign-in answered by %i %s is %s', async (status, id, code, reason) => {
    expect(await signInError(answer(status, id), NOW)).toMatchObject({ code, reason });
  });

  it.each([
    [{ 'retry-after': '5', 'x-ratelimit-reset': '9' }, 5_000],
    [{ 'x-ratelimit-reset': '9' }, 9_000],
    [{ 'x-ratelimit-reset': 'soon' }, null],
    [{}, null],
  ])('429 with %o says to wait %s', async (headers, retryAfter) => {
    const error = await mattermostError(answer(429, 'x', headers as Record<string, string>), NOW, 'token');
    expect(error).toMatchObject({ code: 'rateLimited', retryAfter });
  });
});

describe('Mattermost: calls', () => {
  const deps = (fetch: Fetch, more: Partial<MattermostDeps> = {}): MattermostDeps => ({
    fetch,
    now: () => NOW,
    server: 'https://example.com/chat/api/v4/',
    signIn: async () => ({ kind: 'token', token: 't' }),
    ...more,
  });

  it('takes an address with a path, with or without the version', async () => {
    const called: string[] = [];
    const fetch: Fetch = async (url) => {
      called.push(url);
      return Response.json({ id: 'abc', props: null });
    };
    await mattermostClient(deps(fetch)).getMe(signal);
    await mattermostClient(deps(fetch, { server: 'https://example.com/chat' })).getMe(signal);
    expect(called).toEqual(Array(2).fill('https://example.com/chat/api/v4/users/me'));
  });

  it('takes a server that does not speak of custom statuses as one that has them', async () => {
    const client = mattermostClient(deps(async () => Response.json({ SiteName: 'x' })));
    expect(await client.hasCustomStatuses(signal)).toBe(true);
  });

  it('takes a sign-in without a session as no answer of Mattermost', async () => {
    const client = mattermostClient(
      deps(async () => Response.json({ id: 'abc' }, { status: 201 }), {
        signIn: async () => ({ kind: 'password', username: 'ada', password: 'p' }),
      }),
    );
    await expect(client.getMe(signal)).rejects.toMatchObject({ code: 'badResponse', reason: 'Token' });
  });
});

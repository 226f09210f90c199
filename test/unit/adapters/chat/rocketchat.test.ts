import { describe, expect, it } from 'vitest';
import { type RocketchatDeps, rocketchatClient } from '../../../../src/adapters/chat/rocketchat/client.ts';
import { rocketchatError } from '../../../../src/adapters/chat/rocketchat/errors.ts';
import { rocketchatProvider } from '../../../../src/adapters/chat/rocketchat/provider.ts';
import {
  capabilitiesOf,
  endsStatuses,
  isLasting,
  toReading,
  toUpdate,
} from '../../../../src/adapters/chat/rocketchat/transform.ts';
import type { Fetch } from '../../../../src/adapters/http.ts';
import type { ChatReading, Presence } from '../../../../src/core/presence.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');
const END = NOW + 1_800_000;
const END_TEXT = '2026-01-05T09:30:00.000Z';
const signal = new AbortController().signal;
const meeting: Presence = { state: 'busy', text: 'In a meeting', emoji: '', until: END };
const shown = (presence: Partial<Presence> = {}, isAutomatic = false): ChatReading => ({
  presence: { state: 'available', text: '', emoji: '', until: null, ...presence },
  isAutomatic,
  profileTimeZone: null,
});

describe('Rocket.Chat: which servers end a status', () => {
  it.each([
    ['8.6.0', true],
    ['8.6', true],
    ['8.10.1', true],
    ['9.0.0-rc.1', true],
    ['10.0', true],
    ['8.5.9', false],
    ['7.99', false],
    ['develop', false],
    ['', false],
    [null, false],
  ])('%s: %s', (version, ends) => {
    expect(endsStatuses(version)).toBe(ends);
    expect(capabilitiesOf(ends)).toMatchObject({ expires: ends, stateExpires: ends, textLimit: 120, emoji: false });
  });
});

describe('Rocket.Chat: what is read', () => {
  it.each([
    ['online', 'online', undefined, 'available', false],
    ['away by hand', 'away', undefined, 'away', false, 'away'],
    ['away by idling', 'away', undefined, 'away', true, 'online'],
    ['away by idling, with a text', 'away', 'manual', 'away', true, 'online'],
    ['away, of a server that does not say why', 'away', undefined, 'away', false],
    ['busy by hand', 'busy', 'manual', 'busy', false, 'busy'],
    ['in a call', 'busy', 'internal', 'busy', true, 'busy'],
    ['by the workspace’s calendar', 'busy', 'external', 'busy', true, 'busy'],
    ['offline or invisible', 'offline', undefined, 'offline', false, 'offline'],
    ['a word of the future', 'in-orbit', undefined, 'offline', false],
  ] as const)(
    '%s (edge cases 40, 41, 59 and 65)',
    (_name, status, statusSource, state, isAutomatic, chosen?: string) => {
      const source = statusSource === undefined ? {} : { statusSource };
      const reading = toReading({ status, ...source }, { statusDefault: chosen, statusText: 'Hello' });
      expect(reading).toEqual({
        presence: { state, text: 'Hello', emoji: '', until: null },
        isAutomatic,
        profileTimeZone: null,
      });
    },
  );

  it('tells the end of a text, and none where there is no text', () => {
    const status = { status: 'busy', statusExpiresAt: END_TEXT };
    expect(toReading(status, { statusText: 'x' }).presence.until).toBe(END);
    expect(toReading(status, { statusText: null }).presence).toMatchObject({ text: '', until: null });
  });

  it.each([
    ['available', false, false, false],
    ['busy', false, false, true],
    ['away', false, false, true],
    ['busy', false, true, false],
    ['away', true, false, false],
  ] as const)('%s, automatic: %s, with an end: %s lasts: %s', (state, isAutomatic, hasEnd, lasts) => {
    expect(isLasting(shown({ state }, isAutomatic), hasEnd)).toBe(lasts);
  });
});

describe('Rocket.Chat: what is written', () => {
  const update = (
    wanted: Presence,
    basis: ChatReading,
    { stateUntil, ...context }: { stateUntil?: number; takesEnd?: boolean; hasEnd?: boolean } = {},
  ) => toUpdate(wanted, stateUntil, basis, { takesEnd: true, hasEnd: false, now: NOW, ...context });

  it.each([
    ['text, state and end', meeting, shown(), {}, { message: 'In a meeting', status: 'busy', expiresAt: END_TEXT }],
    ['no end to an old server', meeting, shown(), { takesEnd: false }, { message: 'In a meeting', status: 'busy' }],
    ['no end that is past', { ...meeting, until: NOW }, shown(), {}, { message: 'In a meeting', status: 'busy' }],
    [
      'a text alone',
      { ...meeting, state: 'away', until: null },
      shown({ state: 'away' }),
      {},
      { message: 'In a meeting' },
    ],
    [
      'a text with an end, and the state with it',
      { ...meeting, state: 'away' },
      shown({ state: 'away' }),
      {},
      { message: 'In a meeting', status: 'away', expiresAt: END_TEXT },
    ],
    [
      'a text with an end for somebody idle, who stays idle',
      { ...meeting, state: 'away' },
      shown({ state: 'away' }, true),
      {},
      { message: 'In a meeting', status: 'online', expiresAt: END_TEXT },
    ],
    [
      'a state with an end',
      { ...meeting, text: '', until: null },
      shown(),
      { stateUntil: END },
      { message: '', status: 'busy', expiresAt: END_TEXT },
    ],
    [
      'a state beside a text that is to last',
      { ...meeting, text: 'Hello', until: null },
      shown({ text: 'Hello' }),
      { stateUntil: END },
      { message: 'Hello', status: 'busy' },
    ],
    [
      'the text without its end',
      { ...meeting, until: null },
      shown(meeting),
      { hasEnd: true },
      { message: 'In a meeting', status: 'busy' },
    ],
    [
      'only the text, for a state that Rocket.Chat does not have',
      { ...meeting, state: 'dnd', until: null },
      shown(),
      {},
      { message: 'In a meeting' },
    ],
    ['nothing where nothing changed', meeting, shown(meeting), { hasEnd: true }, null],
  ] as const)('%s', (_name, wanted, basis, context, body) => {
    expect(update(wanted, basis, context)).toEqual(body);
  });
});

describe('Rocket.Chat: errors', () => {
  it.each([
    [401, { status: 'error', message: 'secret' }, {}, 'unauthorized', 'tokenRefused', null],
    [400, { errorType: 'error-not-allowed', error: 'secret' }, {}, 'forbidden', 'statusChangeOff', null],
    [400, { errorType: 'error-status-not-allowed' }, {}, 'forbidden', 'statusNotAllowed', null],
    [400, { errorType: 'error-presence-disabled' }, {}, 'forbidden', 'presenceDisabled', null],
    [400, { errorType: 'error-invalid-date' }, {}, 'invalidInput', null, null],
    [400, { errorType: 'A sentence', error: 'secret' }, {}, 'invalidInput', null, null],
    [403, 'secret', {}, 'forbidden', null, null],
    [429, 'secret', { 'retry-after': '3', 'x-ratelimit-reset': String(NOW + 9_000) }, 'rateLimited', null, 3_000],
    [429, {}, { 'x-ratelimit-reset': String(NOW + 9_000) }, 'rateLimited', null, 9_000],
    [429, {}, { 'x-ratelimit-reset': String(NOW - 9_000) }, 'rateLimited', null, 0],
    [429, {}, { 'x-ratelimit-reset': String(NOW + 86_400_000) }, 'rateLimited', null, 600_000],
    [429, {}, { 'x-ratelimit-reset': 'soon' }, 'rateLimited', null, null],
    [400, { errorType: 'error-too-many-requests', details: { timeToReset: 4_200 } }, {}, 'rateLimited', null, 4_200],
    [400, { errorType: 'error-too-many-requests', details: 'x' }, {}, 'rateLimited', null, null],
  ])('%i %o %o is %s', async (status, body, headers, code, reason, retryAfter) => {
    const answer = new Response(JSON.stringify(body), { status, headers: headers as Record<string, string> });
    const error = await rocketchatError(answer, NOW);
    expect(error).toMatchObject({ code, reason, retryAfter });
    expect(error.message).not.toContain('secret');
  });
});

describe('Rocket.Chat: calls', () => {
  const deps = (fetch: Fetch): RocketchatDeps => ({
    fetch,
    now: () => NOW,
    server: 'https://contoso.rocket.chat/api/v1/',
    signIn: async () => ({ userId: 'u', token: 't' }),
  });

  it.each([
    [{ version: '8.6', success: true }, '8.6'],
    [{ info: { version: '3.18.2' }, success: true }, '3.18.2'],
    [{ success: true }, null],
    [['?'], null],
  ])('the version of %o is %s', async (body, version) => {
    const called: string[] = [];
    const fetch: Fetch = async (url) => {
      called.push(url);
      return Response.json(body);
    };
    expect(await rocketchatClient(deps(fetch)).getVersion(signal)).toBe(version);
    expect(called).toEqual(['https://contoso.rocket.chat/api/info']);
  });

  it.each([
    [404, null],
    [403, null],
    [401, null],
  ])('a version hidden by %i is none', async (status, version) => {
    const client = rocketchatClient(deps(async () => new Response('', { status })));
    expect(await client.getVersion(signal)).toBe(version);
  });

  it('passes on what is the service’s own trouble, and relies on no end before it knows', async () => {
    const client = rocketchatClient(deps(async () => new Response('', { status: 502 })));
    await expect(client.getVersion(signal)).rejects.toMatchObject({ code: 'unavailable' });
    const provider = rocketchatProvider({ id: 'rocketchat', label: 'Rocket.Chat' }, deps(fetch));
    expect(provider.capabilities).toMatchObject({ expires: false, stateExpires: false, textLimit: 120 });
  });

  it('names the field that does not parse', async () => {
    const client = rocketchatClient(deps(async () => Response.json({ status: 'busy', statusExpiresAt: 'soon' })));
    await expect(client.getStatus(signal)).rejects.toMatchObject({ code: 'badResponse', reason: 'statusExpiresAt' });
  });
});

import { describe, expect, it } from 'vitest';
import { type ZulipDeps, zulipClient } from '../../../../src/adapters/chat/zulip/client.ts';
import { zulipError } from '../../../../src/adapters/chat/zulip/errors.ts';
import { zulipProvider } from '../../../../src/adapters/chat/zulip/provider.ts';
import { statusAnswer } from '../../../../src/adapters/chat/zulip/schema.ts';
import { toReading, toStatus } from '../../../../src/adapters/chat/zulip/transform.ts';
import type { Fetch } from '../../../../src/adapters/http.ts';
import type { Presence } from '../../../../src/core/presence.ts';

const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until: 5 };
const signal = new AbortController().signal;
const by = { email: 'ada@contoso.example', apiKey: 'schlüssel' };
const deps = (fetch: Fetch): ZulipDeps => ({
  fetch,
  now: () => 0,
  server: 'https://contoso.zulipchat.com/api/v1/',
  signIn: async () => by,
});

describe('Zulip: what is read', () => {
  it.each([
    ['nothing', {}, '', ''],
    ['a text', { status_text: 'Hello' }, 'Hello', ''],
    ['an emoji', { emoji_name: 'car', emoji_code: '1f697', reaction_type: 'unicode_emoji' }, '', ':car:'],
    ['an invisible person', { away: true, status_text: 'Hello' }, 'Hello', ''],
  ])('%s: the state is never said', (_name, status, text, emoji) => {
    expect(toReading(statusAnswer.parse({ status }).status)).toEqual({
      presence: { state: 'available', text, emoji, until: null },
      isAutomatic: false,
      profileTimeZone: null,
    });
  });
});

describe('Zulip: what is written', () => {
  it.each([
    [':calendar:', 'calendar'],
    ['calendar', 'calendar'],
    ['📅', ''],
    ['', ''],
  ])('the emoji %s is "%s"', (emoji, emoji_name) => {
    expect(toStatus({ ...meeting, emoji })).toEqual({ status_text: 'In a meeting', emoji_name });
  });

  it('cuts a text to whole graphemes within sixty code points', () => {
    expect(toStatus({ ...meeting, text: `${'a'.repeat(59)}🇩🇪` }).status_text).toBe('a'.repeat(59));
    expect(toStatus({ ...meeting, text: `${'a'.repeat(58)}🇩🇪` }).status_text).toBe(`${'a'.repeat(58)}🇩🇪`);
  });
});

describe('Zulip: errors', () => {
  it.each([
    [401, { code: 'INVALID_API_KEY', msg: 'secret' }, 'unauthorized', 'keyRefused', null],
    [401, 'secret', 'unauthorized', 'keyRefused', null],
    [403, { code: 'USER_DEACTIVATED' }, 'unauthorized', 'accountInactive', null],
    [403, { code: 'REALM_DEACTIVATED' }, 'unauthorized', 'accountInactive', null],
    [403, { code: 'something else' }, 'forbidden', null, null],
    [400, { code: 'BAD_REQUEST', msg: 'secret' }, 'invalidInput', null, null],
    [429, { code: 'RATE_LIMIT_HIT', 'retry-after': 28.706 }, 'rateLimited', null, 28_706],
    [429, { code: 'RATE_LIMIT_HIT', 'retry-after': 'soon' }, 'rateLimited', null, null],
    [503, 'secret', 'unavailable', null, null],
  ])('%i %o is %s', async (status, body, code, reason, retryAfter) => {
    const error = await zulipError(new Response(JSON.stringify(body), { status }), 0);
    expect(error).toMatchObject({ code, reason, retryAfter });
    expect(error.message).not.toContain('secret');
  });

  it('takes the header before the body', async () => {
    const response = Response.json({ 'retry-after': 9 }, { status: 429, headers: { 'retry-after': '1.5' } });
    expect(await zulipError(response, 0)).toMatchObject({ retryAfter: 1_500 });
  });
});

describe('Zulip: calls', () => {
  it('signs with HTTP Basic in UTF-8 and sends a form', async () => {
    const sent: [string, RequestInit | undefined][] = [];
    const fetch: Fetch = async (url, init) => {
      sent.push([url, init]);
      return Response.json({ result: 'success', msg: '' });
    };
    await zulipClient(deps(fetch)).setStatus(by, { status_text: 'R&D', emoji_name: '' }, signal);
    const [[url, init] = []] = sent;
    expect(url).toBe('https://contoso.zulipchat.com/api/v1/users/me/status');
    expect(String(init?.body)).toBe('status_text=R%26D&emoji_name=');
    const [scheme, secret = ''] = new Headers(init?.headers).get('authorization')?.split(' ') ?? [];
    expect([scheme, Buffer.from(secret, 'base64').toString('utf8')]).toEqual(['Basic', `${by.email}:${by.apiKey}`]);
  });

  it('takes a server that names no feature level for one of before Zulip 3.0', async () => {
    const provider = zulipProvider(
      { id: 'zulip', label: 'Zulip' },
      deps(async () => Response.json({ msg: '' })),
    );
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'forbidden', reason: 'serverTooOld' });
  });

  it('names the field that does not parse', async () => {
    const client = zulipClient(deps(async () => Response.json({ status: { status_text: 7 } })));
    await expect(client.getStatus(by, 1, signal)).rejects.toMatchObject({
      code: 'badResponse',
      reason: 'status.status_text',
    });
  });
});

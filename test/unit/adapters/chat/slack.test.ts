import { describe, expect, it, vi } from 'vitest';
import { slackSession } from '../../../../src/adapters/chat/slack/client.ts';
import { errorOfName, isEmojiRefused, slackError } from '../../../../src/adapters/chat/slack/errors.ts';
import { slackProvider } from '../../../../src/adapters/chat/slack/provider.ts';
import type { SlackProfile } from '../../../../src/adapters/chat/slack/schema.ts';
import { snoozeMinutes, toProfile, toReading } from '../../../../src/adapters/chat/slack/transform.ts';
import type { Fetch } from '../../../../src/adapters/http.ts';
import { AppError } from '../../../../src/core/appError.ts';
import type { Presence } from '../../../../src/core/presence.ts';

const signal = new AbortController().signal;
const profile: SlackProfile = { status_text: 'Hello', status_emoji: ':wave:', status_expiration: 0 };
const meeting: Presence = { state: 'available', text: 'In a meeting', emoji: ':calendar:', until: 1_000_001 };
const TOKEN = 'xoxp-very-secret';

const session = (fetch: Fetch, given = signal) =>
  slackSession({ fetch, now: () => 0, apiUrl: 'https://slack.example.com/api', token: async () => TOKEN }, given);

describe('Slack: what is read', () => {
  it.each([
    ['active', { presence: 'active', online: true, auto_away: false, manual_away: false }, 'available', false],
    ['away by hand', { presence: 'away', auto_away: false, manual_away: true }, 'away', false],
    ['away by idling', { presence: 'away', online: true, auto_away: true, manual_away: false }, 'away', true],
    ['without any client', { presence: 'away', online: false, auto_away: false, manual_away: false }, 'away', true],
    ['by hand and idling', { presence: 'away', auto_away: true, manual_away: true }, 'away', false],
    ['without the reasons', { presence: 'away' }, 'away', false],
    ['a word of the future', { presence: 'napping', manual_away: false }, 'away', true],
  ] as const)('%s (edge cases 40, 41 and 65)', (_name, presence, state, isAutomatic) => {
    const reading = toReading(profile, presence);
    expect(reading).toMatchObject({ presence: { state }, isAutomatic, profileTimeZone: null });
  });

  it('takes the escapes out of the text, once', () => {
    const reading = toReading({ ...profile, status_text: 'R&amp;D &lt;b&gt; &amp;lt; &quot;' }, { presence: 'active' });
    expect(reading.presence.text).toBe('R&D <b> &lt; &quot;');
  });

  it('tells the end in milliseconds, and none as none', () => {
    const until = (status_expiration: number) =>
      toReading({ ...profile, status_expiration }, { presence: 'active' }).presence.until;
    expect([until(1_767_600_000), until(0)]).toEqual([1_767_600_000_000, null]);
  });
});

describe('Slack: do not disturb', () => {
  const now = 1_767_600_000_000;
  const dnd = (rest: object) => ({
    snooze_enabled: false,
    snooze_endtime: 0,
    dnd_enabled: false,
    next_dnd_start_ts: 0,
    next_dnd_end_ts: 0,
    ...rest,
  });
  const at = now / 1_000;

  it.each([
    ['none', dnd({}), 'available', false],
    ['a pause', dnd({ snooze_enabled: true, snooze_endtime: at + 60 }), 'dnd', false],
    ['a pause without an end', dnd({ snooze_enabled: true }), 'dnd', false],
    ['a pause that is over', dnd({ snooze_enabled: true, snooze_endtime: at }), 'available', false],
    ['quiet hours', dnd({ dnd_enabled: true, next_dnd_start_ts: at, next_dnd_end_ts: at + 1 }), 'dnd', true],
    [
      'quiet hours to come',
      dnd({ dnd_enabled: true, next_dnd_start_ts: at + 1, next_dnd_end_ts: at + 2 }),
      'available',
      false,
    ],
    [
      'quiet hours that are over',
      dnd({ dnd_enabled: true, next_dnd_start_ts: at - 9, next_dnd_end_ts: at }),
      'available',
      false,
    ],
    ['hours that are not in use', dnd({ next_dnd_start_ts: at - 9, next_dnd_end_ts: at + 9 }), 'available', false],
  ] as const)('%s', (_name, given, state, isAutomatic) => {
    expect(toReading(profile, { presence: 'active' }, given, now)).toMatchObject({ presence: { state }, isAutomatic });
  });

  it('a pause outranks being away, and idling in it is not told', () => {
    const idle = { presence: 'away', auto_away: true, manual_away: false };
    expect(toReading(profile, idle, dnd({ snooze_enabled: true }), now)).toMatchObject({
      presence: { state: 'dnd' },
      isAutomatic: false,
    });
  });

  it.each([
    [now + 1, 1],
    [now + 60_000, 1],
    [now + 60_001, 2],
    [now - 60_000, 1],
    [undefined, 1_440],
  ])('until %s is %d minutes', (until, minutes) => {
    expect(snoozeMinutes(until, now)).toBe(minutes);
  });
});

describe('Slack: what is written', () => {
  it.each([
    [1_000_000, 1_000],
    [1_000_001, 1_001],
    [1_000_999, 1_001],
    [null, 0],
  ])('the end %s is %s: whole seconds, never early', (until, status_expiration) => {
    expect(toProfile({ ...meeting, until })).toMatchObject({ status_expiration });
  });

  it('an empty status has no end', () => {
    expect(toProfile({ ...meeting, text: '', emoji: '' })).toEqual({
      status_text: '',
      status_emoji: '',
      status_expiration: 0,
    });
  });

  it.each([
    ['calendar', ':calendar:'],
    [':calendar:', ':calendar:'],
    [':wave::skin-tone-2:', ':wave::skin-tone-2:'],
    ['', ''],
  ])('the emoji %s is %s', (emoji, status_emoji) => {
    expect(toProfile({ ...meeting, emoji })).toMatchObject({ status_emoji });
  });

  it("leaves an idle person's presence alone when only the text changes (edge case 65)", async () => {
    const called: string[] = [];
    const fetch: Fetch = async (url) => {
      called.push(url);
      return Response.json({ ok: true });
    };
    const deps = { fetch, now: () => 0, apiUrl: 'https://slack.example.com/api/', token: async () => TOKEN };
    const basis = toReading(profile, { presence: 'away', auto_away: true, manual_away: false });
    await slackProvider({ id: 'slack' }, deps).write({ presence: { ...meeting, state: 'away' } }, basis, signal);
    expect(called).toEqual(['https://slack.example.com/api/users.profile.set']);
  });

  it('fails when Slack refuses the status without its emoji too', async () => {
    const fetch: Fetch = async () => Response.json({ ok: false, error: 'invalid_emoji' });
    const deps = { fetch, now: () => 0, apiUrl: 'https://slack.example.com/api/', token: async () => TOKEN };
    const written = slackProvider({ id: 'slack' }, deps).write(
      { presence: meeting },
      toReading(profile, { presence: 'active' }),
      signal,
    );
    await expect(written).rejects.toMatchObject({ code: 'invalidInput', reason: 'invalid_emoji' });
  });
});

describe('Slack: errors', () => {
  it.each([
    ['invalid_auth', 'unauthorized'],
    ['not_authed', 'unauthorized'],
    ['token_revoked', 'unauthorized'],
    ['token_expired', 'unauthorized'],
    ['account_inactive', 'unauthorized'],
    ['missing_scope', 'forbidden'],
    ['not_allowed_token_type', 'forbidden'],
    ['ekm_access_denied', 'forbidden'],
    ['enterprise_is_restricted', 'forbidden'],
    ['user_not_found', 'notFound'],
    ['ratelimited', 'rateLimited'],
    ['fatal_error', 'serverError'],
    ['internal_error', 'serverError'],
    ['service_unavailable', 'unavailable'],
    ['request_timeout', 'timeout'],
    ['invalid_profile', 'invalidInput'],
    ['too_long', 'invalidInput'],
    ['profile_status_set_failed_not_valid_emoji', 'invalidInput'],
    ['something_new', 'badResponse'],
  ] as const)('%s is %s', (name, code) => {
    expect(errorOfName(name)).toMatchObject({ code, reason: name });
  });

  it.each(['<html>secret</html>', '', undefined, 42, 'A Sentence With Words'])('%s is no name', (name) => {
    expect(errorOfName(name)).toMatchObject({ code: 'badResponse', reason: null });
  });

  it('knows a refused emoji by its name', () => {
    expect(isEmojiRefused(errorOfName('profile_status_set_failed_not_emoji_syntax'))).toBe(true);
    expect(isEmojiRefused(errorOfName('too_long'))).toBe(false);
    expect(isEmojiRefused(new AppError('network', 'x'))).toBe(false);
    expect(isEmojiRefused(new Error('invalid_emoji'))).toBe(false);
  });

  it('takes what broke within an answer for the network, or for the time limit', () => {
    const timeout = new DOMException('late', 'TimeoutError');
    expect(slackError(new TypeError('terminated'), signal)).toMatchObject({ code: 'network' });
    expect(slackError(timeout, signal)).toMatchObject({ code: 'timeout' });
    expect(slackError('?', signal)).toMatchObject({ code: 'network' });
    expect(slackError(timeout, AbortSignal.abort())).toMatchObject({ code: 'cancelled' });
  });
});

describe('Slack: calls through the SDK', () => {
  it.each([
    [401, {}, 'unauthorized', null],
    [429, { 'retry-after': '30' }, 'rateLimited', 30_000],
    [429, {}, 'rateLimited', null],
    [500, {}, 'serverError', null],
    [503, { 'retry-after': '5' }, 'unavailable', 5_000],
  ])('%i %o is %s, after one call', async (status, headers, code, retryAfter) => {
    let calls = 0;
    const fetch: Fetch = async () => {
      calls += 1;
      return new Response('a body', { status, headers: headers as Record<string, string> });
    };
    await expect((await session(fetch)).getProfile()).rejects.toMatchObject({ code, retryAfter });
    expect(calls).toBe(1);
  });

  it('posts a form with the token in its header', async () => {
    const sent: RequestInit[] = [];
    const fetch: Fetch = async (_url, init) => {
      sent.push(init ?? {});
      return Response.json({ ok: true });
    };
    await (await session(fetch)).setProfile(profile);
    const [init] = sent;
    expect(init?.method).toBe('POST');
    expect(new Headers(init?.headers).get('authorization')).toBe(`Bearer ${TOKEN}`);
    expect(JSON.parse(new URLSearchParams(String(init?.body)).get('profile') ?? '')).toEqual(profile);
    expect(String(init?.body)).not.toContain(TOKEN);
  });

  it('names the field that does not parse', async () => {
    const fetch: Fetch = async () => Response.json({ ok: true, profile: { status_text: 7 } });
    await expect((await session(fetch)).getProfile()).rejects.toMatchObject({
      code: 'badResponse',
      reason: 'profile.status_text',
    });
  });

  it('takes a profile that never had a status', async () => {
    const fetch: Fetch = async () => Response.json({ ok: true, profile: {} });
    expect(await (await session(fetch)).getProfile()).toEqual({
      status_text: '',
      status_emoji: '',
      status_expiration: 0,
    });
  });

  it('stops when told to, also within an answer', async () => {
    const given = new AbortController();
    const fetch: Fetch = async (_url, init) =>
      new Response(
        new ReadableStream({
          start: (stream) => init?.signal?.addEventListener('abort', () => stream.error(init.signal?.reason)),
          pull: () => given.abort(),
        }),
      );
    const reading = (await session(fetch, given.signal)).getPresence();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('writes nothing to the console, whatever happens', async () => {
    const written = ['log', 'info', 'warn', 'error', 'debug'].map((name) =>
      vi.spyOn(console, name as 'log').mockImplementation(() => undefined),
    );
    const fetch: Fetch = async () => {
      throw new TypeError('fetch failed');
    };
    await expect((await session(fetch)).getProfile()).rejects.toMatchObject({ code: 'network' });
    expect(written.flatMap((spy) => spy.mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });
});

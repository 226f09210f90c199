import { describe, expect, it } from 'vitest';
import { hipchatClient, hipchatError } from '../../../../src/adapters/chat/hipchat/client.ts';
import { type HipchatUser, hipchatUser } from '../../../../src/adapters/chat/hipchat/schema.ts';
import { toReading, toUpdate } from '../../../../src/adapters/chat/hipchat/transform.ts';
import type { Presence } from '../../../../src/core/presence.ts';

const signal = new AbortController().signal;
const ada: HipchatUser = {
  name: 'Ada Lovelace',
  mention_name: 'Ada',
  email: 'ada@example.com',
  title: 'Countess',
  timezone: 'Europe/London',
  is_group_admin: true,
  presence: { status: 'Hello', show: 'chat', idle: 0, is_online: true },
};
const showing = (presence: HipchatUser['presence']): HipchatUser => ({ ...ada, presence });
const dnd: Presence = { state: 'dnd', text: 'In a meeting', emoji: '', until: null };

describe('HipChat: what is read', () => {
  it.each([
    ['chat', 'available'],
    ['dnd', 'dnd'],
    ['away', 'away'],
    ['xa', 'away'],
    [null, 'available'],
    [undefined, 'available'],
  ] as const)('show %s is %s (edge case 64)', (show, state) => {
    const reading = toReading(showing({ status: 'Hello', show }));
    expect(reading.presence).toEqual({ state, text: 'Hello', emoji: '', until: null });
  });

  it.each([
    ['null', null],
    ['absent', undefined],
    ['said to be off', { show: 'chat', is_online: false }],
  ] as const)('a presence that is %s is offline', (_name, presence) => {
    expect(toReading(showing(presence)).presence).toEqual({ state: 'offline', text: '', emoji: '', until: null });
  });

  it.each([
    ['away', 300, true],
    ['xa', 1, true],
    ['away', 0, false],
    ['away', null, false],
    ['dnd', 300, false],
    ['chat', 300, false],
  ] as const)('%s with %s seconds idle: automatic is %s (edge case 65)', (show, idle, isAutomatic) => {
    expect(toReading(showing({ show, idle })).isAutomatic).toBe(isAutomatic);
  });

  it('tells the zone, or that there is none', () => {
    expect(toReading(ada).profileTimeZone).toBe('Europe/London');
    expect(toReading({ name: 'Ada', mention_name: 'Ada' }).profileTimeZone).toBeNull();
  });

  it('lets unknown fields through and refuses unknown words', () => {
    expect(hipchatUser.parse({ ...ada, id: 1, version: 'x', links: {} })).toEqual(ada);
    expect(hipchatUser.safeParse(showing({ show: 'busy' as 'dnd' })).error?.issues[0]?.path).toEqual([
      'presence',
      'show',
    ]);
  });
});

describe('HipChat: what is written', () => {
  it.each([
    ['available', 'chat'],
    ['dnd', 'dnd'],
    ['away', 'away'],
  ] as const)('%s is %s', (state, show) => {
    const user = showing({ show: state === 'dnd' ? 'chat' : 'dnd' });
    expect(toUpdate(user, '', { presence: { ...dnd, state } })?.presence).toEqual({ status: 'In a meeting', show });
  });

  it.each(['busy', 'offline'] as const)('%s, which it has not, leaves the state', (state) => {
    const update = toUpdate(showing({ show: 'xa', status: 'Hello' }), '', { presence: { ...dnd, state } });
    expect(update?.presence).toEqual({ status: 'In a meeting', show: 'xa' });
  });

  it('is never null where the contract wants a text', () => {
    const bare = { ...ada, title: null, email: null, roles: null, is_group_admin: null, timezone: null };
    const update = toUpdate({ ...bare, presence: { status: null, show: null } }, 'ada@example.com', {});
    expect(update).toEqual({
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      mention_name: 'Ada',
      title: '',
      presence: { status: '', show: 'chat' },
    });
  });

  it('sends roles back where the server tells them', () => {
    expect(toUpdate({ ...ada, roles: ['admin'] }, '', {})?.roles).toEqual(['admin']);
  });

  it("does not make an idle person's away their own word when only the zone changes (edge case 65)", () => {
    const idle = showing({ show: 'away', idle: 600, status: 'Hello' });
    const update = toUpdate(idle, '', { profileTimeZone: 'Europe/Berlin' });
    expect(update).toMatchObject({ timezone: 'Europe/Berlin', name: 'Ada Lovelace' });
    expect(update).not.toHaveProperty('presence');
  });

  it('is nothing for people who are offline (edge case 40)', () => {
    expect(toUpdate(showing(null), '', { presence: dnd })).toBeNull();
  });
});

describe('HipChat: calls', () => {
  const answered = (status: number, headers: Record<string, string> = {}) =>
    hipchatError(new Response(null, { status, headers }), 1_000_000);

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'notFound'],
    [429, 'rateLimited'],
    [500, 'serverError'],
    [503, 'unavailable'],
    [400, 'invalidInput'],
  ] as const)('%i is %s', (status, code) => {
    expect(answered(status)).toMatchObject({ code, retryAfter: null });
  });

  it.each([
    ['Retry-After first', { 'retry-after': '12', 'x-ratelimit-reset': '1100' }, 12_000],
    ['else the reset, in Unix time', { 'x-ratelimit-reset': '1100' }, 100_000],
    ['a reset that has passed', { 'x-ratelimit-reset': '900' }, 0],
    ['a reset beyond the window, by a wrong clock', { 'x-ratelimit-reset': '999999' }, 300_000],
    ['a reset that is no number', { 'x-ratelimit-reset': 'soon' }, null],
  ])('waits by %s', (_name, headers, retryAfter) => {
    expect(answered(429, headers as Record<string, string>).retryAfter).toBe(retryAfter);
  });

  it.each(['https://chat.example.com', 'https://chat.example.com/', 'https://chat.example.com/v2/'])(
    'goes to %s by the API path',
    async (server) => {
      const asked: string[] = [];
      const fetch = async (url: string) => {
        asked.push(url);
        return Response.json(ada);
      };
      const client = hipchatClient({ fetch, now: () => 0, server, token: async () => 'secret' });
      await client.getUser('ada/../b@example.com', signal);
      expect(asked).toEqual(['https://chat.example.com/v2/user/ada%2F..%2Fb%40example.com']);
    },
  );

  it('asks nobody without an address', async () => {
    const fetch = () => Promise.reject(new Error('must not be called'));
    const client = hipchatClient({ fetch, now: () => 0, server: 'https://chat.example.com', token: async () => 'x' });
    await expect(client.getUser('', signal)).rejects.toMatchObject({ code: 'notFound', reason: 'noEmail' });
  });

  it('names the field that does not parse, not its value', async () => {
    const fetch = async () => Response.json({ ...ada, mention_name: 42 });
    const client = hipchatClient({ fetch, now: () => 0, server: 'https://chat.example.com', token: async () => 'x' });
    const error = await client.getUser('ada@example.com', signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'badResponse', reason: 'mention_name' });
    expect(String(error)).not.toContain('42');
  });
});

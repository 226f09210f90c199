import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ZulipSignIn } from '../../src/adapters/chat/zulip/client.ts';
import { zulipProvider } from '../../src/adapters/chat/zulip/provider.ts';
import type { ChatReading, Presence } from '../../src/core/presence.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { startZulip, type ZulipOptions, type ZulipSandbox } from '../../src/sandbox/zulip.ts';
import { type ChatWorld, chatContract } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

const EMAIL = 'ada@contoso.example';
const KEY = 'zulip-key-of-ada';

interface ZulipWorld extends ChatWorld {
  readonly server: ZulipSandbox;
  readonly journal: Journal;
  /** What the person has entered. */
  signIn: ZulipSignIn;
}

async function open(options: Partial<ZulipOptions> = {}): Promise<ZulipWorld> {
  let now = Date.parse('2026-01-05T09:00:00Z');
  const journal = createJournal();
  const user = { id: 10, email: EMAIL, name: 'Ada Lovelace', apiKey: KEY };
  const server = await startZulip({ user, journal, now: () => now, ...options });
  const world: ZulipWorld = {
    server,
    journal,
    signIn: { email: EMAIL, apiKey: KEY },
    provider: zulipProvider(
      { id: 'zulip', label: 'Zulip' },
      { fetch, now: () => now, server: `${server.url}/`, signIn: async () => world.signIn },
    ),
    now: () => now,
    pass: (time) => {
      now += time;
    },
    personSets: async ({ text, emoji }) => server.setStatus(text, emoji.replaceAll(':', '')),
    async shown() {
      const { status_text, emoji_name } = server.status();
      return { state: 'available', text: status_text, emoji: emoji_name === '' ? '' : `:${emoji_name}:` };
    },
    profile: async () => server.profile(),
    rejectToken: () => server.rejectKey(),
    throttle: (seconds) => server.throttle(seconds),
    outage: (status) => server.outage(1, status),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    loseAnswer: () => void server.fail({ match: { method: 'POST' }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ method, status }) => method === 'POST' && status === 200).length,
    token: KEY,
    findings: () => findings(journal.exchanges),
    close: () => server.close(),
  };
  return world;
}

chatContract('Zulip', open);

describe('Zulip, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: ZulipWorld;
  const meeting: Presence = { state: 'available', text: 'In a meeting', emoji: ':calendar:', until: null };
  const read = () => world.provider.read(signal);
  const write = (presence: Presence, basis: ChatReading) => world.provider.write({ presence }, basis, signal);
  const calls = () => world.journal.exchanges.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
  const written = () => world.journal.exchanges.filter(({ method }) => method === 'POST').map(({ body }) => body);
  const reopen = async (options: Partial<ZulipOptions>) => {
    await world.close();
    world = await open(options);
  };

  beforeEach(async () => {
    world = await open();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('asks who the key belongs to and what the server can do once, and then only for the status', async () => {
    await read();
    await read();
    expect(calls()).toEqual(['GET /server_settings', 'GET /users/me', 'GET /users/10/status', 'GET /users/10/status']);
    // The server's settings are for everybody: no key is sent for them.
    expect(world.journal.exchanges.map(({ headers }) => 'authorization' in headers)).toEqual([false, true, true, true]);
  });

  it('asks again who it is when the key changes', async () => {
    await read();
    world.signIn = { email: EMAIL, apiKey: 'another' };
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'keyRefused' });
    world.signIn = { email: EMAIL, apiKey: KEY };
    expect((await read()).presence.state).toBe('available');
  });

  it('sends text and emoji together, since the server keeps what is left out', async () => {
    world.server.setStatus('Lunch', 'palm_tree');
    await write({ ...meeting, emoji: '' }, await read());
    expect(written()).toEqual([{ status_text: 'In a meeting', emoji_name: '' }]);
    const during = await read();
    await write(during.presence, during);
    expect(written()).toHaveLength(1);
  });

  it('sets the status without an emoji that the organization does not have', async () => {
    world.server.removeEmoji('calendar');
    await write(meeting, await read());
    expect(world.server.status()).toEqual({ status_text: 'In a meeting', emoji_name: '' });
    expect(written()).toHaveLength(2);
  });

  it('fails when the status is refused without its emoji too', async () => {
    const basis = await read();
    world.server.fail({ status: 400, body: { result: 'error', msg: KEY, code: 'BAD_REQUEST' }, times: 2 });
    await expect(write(meeting, basis)).rejects.toMatchObject({ code: 'invalidInput' });
    expect(world.server.status().status_text).toBe('');
  });

  it('cuts a text to sixty code points, which the server would refuse otherwise', async () => {
    await write({ ...meeting, text: '🇩🇪'.repeat(31) }, await read());
    expect((await read()).presence.text).toBe('🇩🇪'.repeat(30));
  });

  it('leaves alone what it cannot read: a server before Zulip 9.0, until it is updated', async () => {
    await reopen({ featureLevel: 261 });
    await expect(read()).rejects.toMatchObject({ code: 'forbidden', reason: 'serverTooOld' });
    await expect(read()).rejects.toThrow('older than Zulip 9.0');
    expect(calls()).toEqual(['GET /server_settings', 'GET /server_settings']);
    world.server.setFeatureLevel(262);
    expect((await read()).presence.text).toBe('');
  });

  it('says that a bot has no status', async () => {
    await reopen({ user: { id: 11, email: EMAIL, name: 'Bot', apiKey: KEY, isBot: true } });
    await expect(read()).rejects.toMatchObject({ code: 'forbidden', reason: 'isBot' });
  });

  it.each([
    ['INVALID_API_KEY', 'keyRefused', 'Account & privacy'],
    ['USER_DEACTIVATED', 'accountInactive', 'Your Zulip account is deactivated'],
    ['REALM_DEACTIVATED', 'accountInactive', 'Your Zulip organization is deactivated'],
  ] as const)('tells what to do about %s', async (code, reason, words) => {
    world.server.rejectKey(code);
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason });
    await expect(read()).rejects.toThrow(words);
  });
});

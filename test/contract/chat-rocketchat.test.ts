import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rocketchatProvider } from '../../src/adapters/chat/rocketchat/provider.ts';
import type { ChatReading, Presence } from '../../src/core/presence.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { type RocketchatSandbox, startRocketchat } from '../../src/sandbox/rocketchat.ts';
import { type ChatWorld, chatContract } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

const ID = 'aobEdbYhXfu5hkeqG';
const TOKEN = 'rocketchat-token-of-ada';

interface RocketchatWorld extends ChatWorld {
  readonly server: RocketchatSandbox;
  readonly journal: Journal;
}

const STATES = { online: 'available', away: 'away', busy: 'busy', offline: 'offline' } as const;
const WORDS = { available: 'online', away: 'away', busy: 'busy', dnd: 'busy', offline: 'offline' } as const;

async function open(version: string): Promise<RocketchatWorld> {
  let now = Date.parse('2026-01-05T09:00:00Z');
  const journal = createJournal();
  const server = await startRocketchat({
    user: { id: ID, username: 'ada', name: 'Ada Lovelace', email: 'ada@contoso.example', token: TOKEN },
    version,
    journal,
    now: () => now,
  });
  const provider = rocketchatProvider(
    { id: 'rocketchat', label: 'Rocket.Chat' },
    { fetch, now: () => now, server: `${server.url}/`, signIn: async () => ({ userId: ID, token: TOKEN }) },
  );
  const isWrite = (path: string) => path.endsWith('/users.setStatus');
  return {
    server,
    journal,
    provider,
    now: () => now,
    pass: (time) => {
      now += time;
    },
    personSets: async ({ state, text }) => server.setStatus({ statusDefault: WORDS[state], statusText: text }),
    async shown() {
      const { status, text } = server.shown();
      return { state: STATES[status], text, emoji: '' };
    },
    profile: async () => server.profile(),
    goOffline: () => server.setConnection('offline'),
    rejectToken: () => server.rejectToken(),
    throttle: (seconds) => server.throttle(seconds),
    outage: (status) => server.outage(1, status),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    loseAnswer: () => void server.fail({ match: { method: 'POST' }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ path, status }) => isWrite(path) && status === 200).length,
    token: TOKEN,
    // The file has no /api/info: it was cut to the paths that need a sign-in.
    findings: () => findings(journal.exchanges.filter(({ path }) => path !== '/api/info')),
    close: () => server.close(),
  };
}

chatContract('Rocket.Chat', () => open('8.6.1'));
chatContract('Rocket.Chat before 8.6', () => open('7.10.0'));

describe('Rocket.Chat, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: RocketchatWorld;
  const until = Date.parse('2026-01-05T10:00:00.000Z');
  const meeting: Presence = { state: 'busy', text: 'In a meeting', emoji: '', until };
  const read = () => world.provider.read(signal);
  const write = (presence: Presence, basis: ChatReading, stateUntil?: number) =>
    world.provider.write({ presence, ...(stateUntil === undefined ? {} : { stateUntil }) }, basis, signal);
  const written = () => world.journal.exchanges.filter(({ method }) => method === 'POST').map(({ body }) => body);
  const calls = (path: string) => world.journal.exchanges.filter((exchange) => exchange.path === path);
  const reopen = async (version: string) => {
    await world.close();
    world = await open(version);
  };

  beforeEach(async () => {
    world = await open('8.6.1');
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('writes status, text and their end in one call, and nothing where nothing changed', async () => {
    await write(meeting, await read(), until);
    expect(written()).toEqual([{ message: 'In a meeting', status: 'busy', expiresAt: '2026-01-05T10:00:00.000Z' }]);
    const during = await read();
    expect(during).toMatchObject({ presence: meeting, isAutomatic: false });
    await write(meeting, during, until);
    expect(written()).toHaveLength(1);
    await write({ ...meeting, until: until + 600_000 }, during, until + 600_000);
    expect(world.server.status().statusExpiresAt).toBe(until + 600_000);
  });

  it('knows before 8.6 that nothing ends by itself, and sends no end', async () => {
    await reopen('8.5.9');
    const basis = await read();
    expect(world.provider.capabilities).toMatchObject({ expires: false, stateExpires: false });
    await write({ ...meeting, until: null }, basis);
    expect(written()).toEqual([{ message: 'In a meeting', status: 'busy' }]);
    expect((await read()).presence.until).toBeNull();
  });

  it('asks for the version without credentials, and again after an hour', async () => {
    await reopen('8.5.9');
    await read();
    world.server.setVersion('8.6.0');
    world.pass(59 * 60_000);
    await read();
    expect(world.provider.capabilities.expires).toBe(false);
    world.pass(60_000);
    await read();
    expect(world.provider.capabilities.expires).toBe(true);
    expect(calls('/api/info').map(({ headers }) => 'x-auth-token' in headers)).toEqual([false, false]);
  });

  it('does not rely on an end where the version is hidden', async () => {
    world.server.fail({ match: { path: '/api/info' }, status: 403, body: '<html>no</html>' });
    await read();
    expect(world.provider.capabilities).toMatchObject({ expires: false, textLimit: 120 });
  });

  it('gives no end while the person shows a state that is to last, since it would be ended too', async () => {
    world.server.setStatus({ statusDefault: 'busy' });
    const basis = await read();
    expect(world.provider.capabilities).toMatchObject({ expires: false, stateExpires: false });
    await write({ ...meeting, until: null }, basis);
    expect(world.server.status()).toMatchObject({ statusDefault: 'busy', statusText: 'In a meeting' });
    expect(world.server.status().statusExpiresAt).toBeNull();
    world.server.setStatus({ statusDefault: 'busy', statusExpiresAt: until });
    await read();
    expect(world.provider.capabilities.expires).toBe(true);
  });

  it('gives a state no end of its own beside a text that is to last', async () => {
    world.server.setStatus({ statusText: 'Working from home' });
    await write({ ...meeting, text: 'Working from home', until: null }, await read(), until);
    expect(written()).toEqual([{ message: 'Working from home', status: 'busy' }]);
  });

  it('gives a state without a text its end, tells it as no end of a text, and takes both back', async () => {
    await write({ ...meeting, text: '', until: null }, await read(), until);
    expect(world.server.status()).toMatchObject({ statusDefault: 'busy', statusExpiresAt: until });
    const during = await read();
    expect(during.presence).toEqual({ state: 'busy', text: '', emoji: '', until: null });
    expect(world.provider.capabilities.stateExpires).toBe(true);
    await write({ ...during.presence, state: 'available' }, during);
    expect(world.server.status()).toMatchObject({ statusDefault: 'online', statusExpiresAt: null });
  });

  it("gives the person's own status back with its end", async () => {
    const theirs = until + 3_600_000;
    world.server.setStatus({ statusDefault: 'away', statusText: 'Gardening', statusExpiresAt: theirs });
    const before = await read();
    await write(meeting, before, until);
    await write(before.presence, await read());
    expect(world.server.status()).toMatchObject({ statusText: 'Gardening', statusExpiresAt: theirs });
    expect(world.server.shown().status).toBe('away');
  });

  it('takes the end back from a text that is to last', async () => {
    await write(meeting, await read(), until);
    await write({ ...meeting, text: 'Thinking', until: null }, await read());
    expect(world.server.status()).toMatchObject({ statusText: 'Thinking', statusExpiresAt: null });
  });

  it('leaves an idle person idle when only the text changes (edge case 65)', async () => {
    world.server.setConnection('away');
    const idle = await read();
    expect(idle).toMatchObject({ presence: { state: 'away' }, isAutomatic: true });
    await write({ ...meeting, state: 'away' }, idle);
    expect(world.server.status()).toMatchObject({ statusDefault: 'online', statusText: 'In a meeting' });
    expect(world.server.shown().status).toBe('away');
    await reopen('7.10.0');
    world.server.setConnection('away');
    await write({ ...meeting, state: 'away', until: null }, await read());
    expect(written()).toEqual([{ message: 'In a meeting' }]);
  });

  it.each(['internal', 'external'] as const)('takes what an %s program set for nobody’s word', async (statusSource) => {
    world.server.setStatus({ statusDefault: 'busy', statusSource });
    expect(await read()).toMatchObject({ presence: { state: 'busy' }, isAutomatic: true });
  });

  it('cuts a text to the 120 UTF-16 units that the server keeps, and tears nothing', async () => {
    await write({ ...meeting, text: `${'a'.repeat(119)}🌴` }, await read());
    expect(written()).toMatchObject([{ message: 'a'.repeat(119) }]);
  });

  it('waits until the reset, also where the refusal is a 400', async () => {
    world.server.throttle(30, 1, 400);
    await expect(read()).rejects.toMatchObject({ code: 'rateLimited', retryAfter: 30_000 });
  });

  it('tells what to do where the administrator does not let people change their status', async () => {
    world.server.allowStatusChange(false);
    const refused = write(meeting, await read(), until);
    await expect(refused).rejects.toMatchObject({ code: 'forbidden', reason: 'statusChangeOff' });
    await expect(refused).rejects.toThrow('Ask your administrator to switch on "Allow Custom Status Messages"');
    expect(world.server.shown()).toEqual({ status: 'online', text: '' });
  });

  it('tells what to do about a refused token', async () => {
    world.server.rejectToken();
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized', reason: 'tokenRefused' });
    await expect(read()).rejects.toThrow('Make a new personal access token in Rocket.Chat under My account');
  });

  it('keeps no token in the journal', async () => {
    await read();
    expect(JSON.stringify(world.journal.exchanges)).not.toContain(TOKEN);
  });
});

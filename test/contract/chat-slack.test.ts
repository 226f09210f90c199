import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatProvider } from '../../src/adapters/chat/registry.ts';
import type { Presence } from '../../src/core/presence.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { DND_SCOPES, type SlackSandbox, STATUS_SCOPES, startSlack } from '../../src/sandbox/slack.ts';
import { MemorySecrets } from '../fakes/memoryStores.ts';
import { type ChatWorld, chatContract } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

const EMAIL = 'ada@contoso.example';
const TOKEN = 'xoxp-token-of-ada';

interface SlackWorld extends ChatWorld {
  readonly server: SlackSandbox;
  readonly journal: Journal;
  readonly secrets: MemorySecrets;
}

const isWrite = (path: string) => /\/(users\.(profile\.set|setPresence)|dnd\.(setSnooze|endSnooze))$/.test(path);

/** @param scopes of the person's token; without those of do not disturb, as all tokens once were, Slack works without it */
async function open(scopes: readonly string[] = STATUS_SCOPES): Promise<SlackWorld> {
  let now = Date.parse('2026-01-05T09:00:00Z');
  const journal = createJournal();
  const server = await startSlack({
    user: { name: 'ada', realName: 'Ada Lovelace', email: EMAIL },
    tokens: [
      { token: TOKEN, scopes },
      { token: 'xoxp-blind', scopes: ['users.profile:read'] },
      { token: 'xoxp-of-old' },
      { token: 'xoxp-reader', scopes: [...STATUS_SCOPES, 'dnd:read'] },
    ],
    journal,
    now: () => now,
  });
  const secrets = new MemorySecrets();
  await secrets.set({ kind: 'slacktoken', account: EMAIL }, TOKEN);
  const provider = chatProvider(
    { id: 'slack', provider: 'slack', email: EMAIL },
    {
      fetch,
      now: () => now,
      secrets,
      organisation: { hipchatServer: 'http://localhost:1', slackApiUrl: server.apiUrl },
    },
  );
  const own = async () => ({ status: await server.status(), presence: await server.presence() });
  return {
    server,
    journal,
    secrets,
    provider,
    now: () => now,
    pass: (time) => {
      now += time;
    },
    async personSets({ state, text, emoji }) {
      await server.setStatus(text, emoji);
      await server.setPresence(state === 'away' ? 'away' : 'auto');
      server.dnd.snooze(state === 'dnd' ? 60 : null);
    },
    async shown() {
      const { status, presence } = await own();
      const isSnoozing = server.dnd.snoozedUntil() !== null;
      const state = isSnoozing ? 'dnd' : presence === 'away' ? 'away' : 'available';
      return { state, text: status.status_text, emoji: status.status_emoji };
    },
    async profile() {
      const answer = await fetch(`${server.apiUrl}users.profile.get`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      const { profile } = (await answer.json()) as { profile: Record<string, unknown> };
      return Object.fromEntries(Object.entries(profile).filter(([field]) => !field.startsWith('status_')));
    },
    rejectToken: () => server.revokeToken(TOKEN),
    throttle: (seconds) => server.throttle(seconds),
    // A reading is several calls at once; one of them is enough.
    outage: (status) => void server.fail({ match: { path: '/api/users.profile.get' }, status, body: '' }),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    loseAnswer: () => void server.fail({ match: { path: '/api/users.profile.set' }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000, times: 3 }),
    landed: () => {
      const ok = (body: unknown) => (body as { ok?: unknown } | undefined)?.ok === true;
      return journal.exchanges.filter(({ path, responseBody }) => isWrite(path) && ok(responseBody)).length;
    },
    token: TOKEN,
    findings: () => findings(journal.exchanges),
    close: () => server.close(),
  };
}

/** What the token may do is known from the first reading on. */
async function withDnd(): Promise<SlackWorld> {
  const world = await open([...STATUS_SCOPES, ...DND_SCOPES]);
  await world.provider.read(new AbortController().signal);
  world.journal.clear();
  return world;
}

chatContract('Slack', open);
chatContract('Slack with do not disturb', withDnd);

describe('Slack, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: SlackWorld;
  const until = Date.parse('2026-01-05T10:00:00.001Z');
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: 'calendar', until };
  const sent = () =>
    world.journal.exchanges
      .filter(({ path }) => isWrite(path))
      .map(({ path, body }) => {
        const { profile, ...rest } = body as { profile?: string };
        return [path.replace('/api/', ''), profile === undefined ? rest : JSON.parse(profile)];
      });

  beforeEach(async () => {
    world = await open();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('writes text, emoji and end in one call, and leaves the presence to Slack', async () => {
    await world.provider.write({ presence: meeting }, await world.provider.read(signal), signal);
    const profile = {
      status_text: 'In a meeting',
      status_emoji: ':calendar:',
      status_expiration: Math.ceil(until / 1_000),
    };
    expect(sent()).toEqual([['users.profile.set', profile]]);
  });

  it('sets the presence only when it changes, and hands it back as auto', async () => {
    const { provider } = world;
    const before = await provider.read(signal);
    await provider.write({ presence: { ...before.presence, state: 'away' } }, before, signal);
    const during = await provider.read(signal);
    await provider.write({ presence: during.presence }, during, signal);
    await provider.write({ presence: before.presence }, during, signal);
    expect(sent()).toEqual([
      ['users.setPresence', { presence: 'away' }],
      ['users.setPresence', { presence: 'auto' }],
    ]);
    expect(await world.server.presence()).toBe('auto');
  });

  it('sets the status without an emoji that the workspace does not have', async () => {
    world.server.fail({
      match: { path: '/api/users.profile.set' },
      status: 200,
      body: { ok: false, error: 'profile_status_set_failed_not_valid_emoji' },
    });
    await world.provider.write({ presence: meeting }, await world.provider.read(signal), signal);
    expect(await world.server.status()).toMatchObject({ status_text: 'In a meeting', status_emoji: '' });
    expect(sent()).toHaveLength(2);
  });

  it('names a missing token, an unknown one and a missing scope', async () => {
    const { provider, secrets } = world;
    const name = { kind: 'slacktoken', account: EMAIL } as const;
    await secrets.set(name, 'xoxp-blind');
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'forbidden', reason: 'missing_scope' });
    await secrets.set(name, 'xoxp-unknown');
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'unauthorized', reason: 'invalid_auth' });
    await secrets.delete(name);
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'unauthorized', reason: 'noSecret' });
  });

  it('takes a page in place of an answer as no answer of Slack', async () => {
    const page = '<html><title>Sign in to the Wi-Fi</title></html>';
    world.server.fail({ status: 200, headers: { 'content-type': 'text/html' }, body: page, times: 3 });
    const error = await world.provider.read(signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'badResponse', reason: null });
    expect(String(error)).not.toContain('Wi-Fi');
  });
});

describe('Slack, do not disturb', () => {
  const signal = new AbortController().signal;
  const MINUTE = 60_000;
  let world: SlackWorld;
  const start = Date.parse('2026-01-05T09:00:00Z');
  const until = start + 90 * MINUTE + 1;
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until };
  const read = () => world.provider.read(signal);
  const calls = () => world.journal.exchanges.map(({ path }) => path.replace('/api/', ''));
  const dndCalls = () =>
    world.journal.exchanges
      .filter(({ path, service }) => service === 'slack' && /dnd\.(set|end)/.test(path))
      .map(({ path, body }) => [path.replace('/api/', ''), body]);

  beforeEach(async () => {
    world = await withDnd();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('reads status, presence and pause at once', async () => {
    await read();
    expect(calls().sort()).toEqual(['dnd.info', 'users.getPresence', 'users.profile.get']);
    expect(world.provider.capabilities).toMatchObject({ states: ['available', 'away', 'dnd'], stateExpires: true });
  });

  it('pauses notifications until the end, which comes by itself and not early', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    expect(dndCalls()).toEqual([['dnd.setSnooze', { num_minutes: '91' }]]);
    world.pass(90 * MINUTE);
    expect(await read()).toMatchObject({ presence: { state: 'dnd' }, isAutomatic: false });
    world.pass(MINUTE);
    expect((await read()).presence).toEqual({ state: 'available', text: '', emoji: '', until: null });
  });

  it('tells another end of the same meeting', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    await world.provider.write({ presence: meeting, stateUntil: until + 30 * MINUTE }, await read(), signal);
    expect(dndCalls().map(([, body]) => body)).toEqual([{ num_minutes: '91' }, { num_minutes: '121' }]);
  });

  it('ends the pause at the end, and leaves a person away who was', async () => {
    await world.personSets({ state: 'away', text: '', emoji: '' });
    const before = await read();
    await world.provider.write({ presence: meeting, stateUntil: until }, before, signal);
    const during = await read();
    expect(during.presence.state).toBe('dnd');
    expect(await world.server.presence()).toBe('away');
    await world.provider.write({ presence: before.presence }, during, signal);
    expect((await read()).presence).toEqual(before.presence);
    expect(calls().filter((call) => call === 'users.setPresence')).toEqual([]);
  });

  it('takes the regular quiet hours as automatic, and a pause in them as the word of the person', async () => {
    world.server.dnd.setSchedule({ start: start - 60 * MINUTE, end: start + 60 * MINUTE });
    const quiet = await read();
    expect(quiet).toMatchObject({ presence: { state: 'dnd' }, isAutomatic: true });
    // What the engine asks for when it hands back: nothing is paused, so nothing is ended.
    await world.provider.write({ presence: { ...quiet.presence, state: 'available' } }, quiet, signal);
    expect(dndCalls()).toEqual([]);
    world.server.dnd.snooze(30);
    expect(await read()).toMatchObject({ presence: { state: 'dnd' }, isAutomatic: false });
    world.pass(61 * MINUTE);
    expect(await read()).toMatchObject({ presence: { state: 'available' }, isAutomatic: false });
  });

  it('takes quiet hours that are still to come as none', async () => {
    world.server.dnd.setSchedule({ start: start + 60 * MINUTE, end: start + 600 * MINUTE });
    expect((await read()).presence.state).toBe('available');
  });

  it('is content when the pause has ended just before', async () => {
    const before = await read();
    await world.provider.write({ presence: meeting, stateUntil: until }, before, signal);
    const during = await read();
    world.server.dnd.snooze(null);
    await world.provider.write({ presence: before.presence }, during, signal);
    expect((await read()).presence).toEqual(before.presence);
  });

  it('pauses for as long as Slack allows when the meeting is longer', async () => {
    const basis = await read();
    world.server.fail({
      match: { path: '/api/dnd.setSnooze' },
      status: 200,
      body: { ok: false, error: 'too_long' },
    });
    const stateUntil = start + 3 * 24 * 60 * MINUTE;
    await world.provider.write({ presence: meeting, stateUntil }, basis, signal);
    expect(dndCalls().map(([, body]) => body)).toEqual([{ num_minutes: '4320' }, { num_minutes: '1440' }]);
  });

  it('asks a token without the permission once only, and does all the rest', async () => {
    await world.secrets.set({ kind: 'slacktoken', account: EMAIL }, 'xoxp-of-old');
    const before = await read();
    await world.provider.write({ presence: meeting, stateUntil: until }, before, signal);
    expect((await read()).presence).toMatchObject({ state: 'available', text: 'In a meeting' });
    expect(calls().filter((call) => call.startsWith('dnd.'))).toEqual(['dnd.info']);
    expect(world.provider.capabilities).toMatchObject({ states: ['available', 'away'], stateExpires: false });
    // A better token is tried again.
    await world.secrets.set({ kind: 'slacktoken', account: EMAIL }, TOKEN);
    await read();
    expect(world.provider.capabilities.states).toContain('dnd');
  });

  it('sets the text where the pause may be read but not set', async () => {
    await world.secrets.set({ kind: 'slacktoken', account: EMAIL }, 'xoxp-reader');
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    expect((await read()).presence).toMatchObject({ state: 'available', text: 'In a meeting' });
    expect(world.provider.capabilities.states).not.toContain('dnd');
    world.server.dnd.snooze(30);
    expect((await read()).presence.state).toBe('dnd');
  });

  it.each([
    ['token_revoked', 'unauthorized', 'Enter a new one'],
    ['account_inactive', 'unauthorized', 'deactivated'],
    ['enterprise_is_restricted', 'forbidden', 'administrator'],
    ['not_allowed_token_type', 'forbidden', 'user token'],
  ])('%s is %s and says what to do', async (error, code, words) => {
    world.server.fail({ match: { path: '/api/users.profile.get' }, status: 200, body: { ok: false, error } });
    await expect(read()).rejects.toMatchObject({ code, reason: error, message: expect.stringContaining(words) });
  });
});

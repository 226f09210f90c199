import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatProvider } from '../../src/adapters/chat/registry.ts';
import type { Presence } from '../../src/core/presence.ts';
import { type HipchatSandbox, startHipchat } from '../../src/sandbox/hipchat.ts';
import type { HipchatShow } from '../../src/sandbox/hipchatUser.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { chatDeps } from '../fakes/chatDeps.ts';
import { MemorySecrets } from '../fakes/memoryStores.ts';
import { type ChatWorld, chatContract } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

const EMAIL = 'ada+chat@contoso.example';
const TOKEN = 'hipchat-token-of-ada';

interface HipchatWorld extends ChatWorld {
  readonly server: HipchatSandbox;
  readonly journal: Journal;
  readonly secrets: MemorySecrets;
}

async function open(): Promise<HipchatWorld> {
  let now = Date.parse('2026-01-05T09:00:00Z');
  const journal = createJournal();
  const server = await startHipchat({
    users: [
      {
        id: 1,
        name: 'Ada Lovelace',
        email: EMAIL,
        title: 'Countess',
        timezone: 'Europe/London',
        is_group_admin: true,
      },
    ],
    tokens: { [TOKEN]: { user: 1 }, blind: { user: 1, scopes: [] } },
    journal,
    now: () => now,
  });
  const secrets = new MemorySecrets();
  await secrets.set({ kind: 'hctoken', account: EMAIL }, TOKEN);
  const provider = chatProvider(
    { id: 'hipchat', provider: 'hipchat', email: EMAIL },
    chatDeps({ fetch, now: () => now, secrets }, { hipchatServer: server.url }),
  );
  const shows: Partial<Record<Presence['state'], HipchatShow>> = { available: 'chat', away: 'away', dnd: 'dnd' };
  return {
    server,
    journal,
    secrets,
    provider,
    now: () => now,
    pass: (time) => {
      now += time;
    },
    personSets: async ({ state, text }) => server.setPresence(1, shows[state] ?? null, text),
    async shown() {
      const { presence } = server.user(1);
      const state = { chat: 'available', away: 'away', xa: 'away', dnd: 'dnd' } as const;
      return { state: presence ? state[presence.show ?? 'chat'] : 'offline', text: presence?.status ?? '', emoji: '' };
    },
    async profile() {
      const { presence: _presence, timezone: _timezone, ...rest } = server.user(1);
      return rest;
    },
    goOffline: () => server.goOffline(1),
    rejectToken: () => server.rejectToken(TOKEN),
    throttle: (seconds) => server.throttle(seconds),
    outage: (status) => server.outage(1, status),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    loseAnswer: () => void server.fail({ match: { method: 'PUT' }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ method, status }) => method === 'PUT' && status === 204).length,
    token: TOKEN,
    findings: () => findings(journal.exchanges),
    close: () => server.close(),
  };
}

chatContract('HipChat', open);

describe('HipChat, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: HipchatWorld;
  const put = () => world.journal.exchanges.findLast(({ method }) => method === 'PUT')?.body;
  const dnd: Presence = { state: 'dnd', text: 'In a meeting', emoji: '', until: null };

  beforeEach(async () => {
    world = await open();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('finds the person by their address and writes the whole user', async () => {
    const { provider } = world;
    const basis = await provider.read(signal);
    await provider.write({ presence: dnd, profileTimeZone: 'Europe/Berlin' }, basis, signal);
    expect(world.journal.exchanges.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', '/v2/user/ada%2Bchat%40contoso.example', 200],
      ['PUT', '/v2/user/ada%2Bchat%40contoso.example', 204],
    ]);
    expect(put()).toEqual({
      name: 'Ada Lovelace',
      email: EMAIL,
      mention_name: 'Ada',
      title: 'Countess',
      timezone: 'Europe/Berlin',
      is_group_admin: true,
      presence: { status: 'In a meeting', show: 'dnd' },
    });
  });

  it.each([
    ['a show of null', null, 'chat'],
    ['chat', 'chat', 'chat'],
    ['xa', 'xa', 'xa'],
  ] as const)('sends %s back as it was when only the zone changes (edge case 64)', async (_name, show, sent) => {
    world.server.setPresence(1, show, 'Hello');
    const basis = await world.provider.read(signal);
    await world.provider.write({ profileTimeZone: 'Europe/Berlin' }, basis, signal);
    expect(put()).toMatchObject({ timezone: 'Europe/Berlin', presence: { status: 'Hello', show: sent } });
  });

  it('gives "xa" back as "xa" while the state stays', async () => {
    world.server.setPresence(1, 'xa', 'Gone');
    const basis = await world.provider.read(signal);
    await world.provider.write({ presence: { ...dnd, state: 'away', text: 'Out of office' } }, basis, signal);
    expect(put()).toMatchObject({ presence: { status: 'Out of office', show: 'xa' } });
  });

  it('reads again for a basis it did not make, and refuses when that no longer holds', async () => {
    const { provider } = world;
    const foreign = structuredClone(await provider.read(signal));
    await provider.write({ presence: dnd }, foreign, signal);
    expect(put()).toMatchObject({ title: 'Countess', presence: { show: 'dnd' } });
    const again = provider.write({ presence: { ...dnd, state: 'available', text: '' } }, foreign, signal);
    await expect(again).rejects.toMatchObject({ code: 'conflict', reason: 'changed' });
    expect(world.landed()).toBe(1);
  });

  it('names a missing token, a missing right and an unknown address', async () => {
    const { provider, secrets, server } = world;
    const name = { kind: 'hctoken', account: EMAIL } as const;
    await secrets.set(name, 'blind');
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'forbidden' });
    await secrets.set(name, 'Enter Token');
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'unauthorized', reason: 'noSecret' });
    await secrets.delete(name);
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'unauthorized', reason: 'noSecret' });
    await secrets.set(name, ` ${TOKEN}\n`);
    server.removeUser(1);
    await expect(provider.read(signal)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('waits until the window ends when all calls are used up', async () => {
    world.server.setRemaining(0);
    world.pass(60_000);
    await expect(world.provider.read(signal)).rejects.toMatchObject({ code: 'rateLimited', retryAfter: 240_000 });
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { STARTING_STATE, type SyncState } from '../../../src/core/syncState.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { SelfTest } from '../../../src/engine/selfTest.ts';
import type { SeenCall } from '../../../src/ports/networkProbe.ts';
import { meeting } from '../../fakes/events.ts';
import { FakeCalendar } from '../../fakes/fakeCalendar.ts';
import { FakeChat } from '../../fakes/fakeChat.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeNetwork } from '../../fakes/fakeNetwork.ts';
import { MemorySecrets, MemorySettings } from '../../fakes/memoryStores.ts';
import { rich } from '../../fakes/plans.ts';

const SETTINGS = {
  email: 'ada@example.com',
  calendars: [{ id: 'work', provider: 'microsoft365', homeAccountId: 'x', username: 'ada@example.com' }],
  chats: [
    { id: 'hipchat', provider: 'hipchat', email: '' },
    { id: 'slack', provider: 'slack', email: '' },
  ],
  organisation: {
    graphAuthority: 'https://login.example',
    graphBaseUrl: 'https://graph.example',
    hipchatServer: 'http://hipchat.example/v2',
    slackApiUrl: 'https://slack.example/api/',
  },
};

let clock: FakeClock;
let network: FakeNetwork;
let secrets: MemorySecrets;
let calendar: FakeCalendar;
let hipchat: FakeChat;
let slack: FakeChat;
let state: SyncState | null;
/** What the providers call, as they are read. */
let calls: readonly SeenCall[];

beforeEach(() => {
  clock = new FakeClock('2026-01-05T10:00:00Z');
  network = new FakeNetwork();
  secrets = new MemorySecrets();
  calendar = new FakeCalendar('work', 'Outlook');
  hipchat = new FakeChat({ accountId: 'hipchat', label: 'HipChat' });
  slack = new FakeChat({ accountId: 'slack', label: 'Slack' });
  state = null;
  calls = [];
});

const signal = new AbortController().signal;

const selfTest = (settings: object = SETTINGS) =>
  new SelfTest({
    settings: new MemorySettings({ ...settings }),
    secrets,
    clock,
    network,
    providers: (onCall) => {
      for (const call of calls) onCall(call);
      return { calendar: () => calendar, chat: ({ provider }) => (provider === 'slack' ? slack : hipchat) };
    },
    state: () => state,
  });

describe('SelfTest', () => {
  it('reads every account once and reaches for every server, and writes nothing', async () => {
    calendar.put(meeting('10:30', '11:30'));
    calendar.put(meeting('14:00', '15:00'));
    const facts = await selfTest().run(signal);
    expect(facts).toMatchObject({ isOnline: true, keychain: null, settings: [], clockAhead: null });
    expect(facts.accounts.map(({ id, kind, label, error, events }) => [id, kind, label, error, events])).toEqual([
      ['work', 'calendar', 'Outlook', null, 1],
      ['hipchat', 'chat', 'HipChat', null, null],
      ['slack', 'chat', 'Slack', null, null],
    ]);
    expect(facts.hosts.map(({ host, isSecure }) => [host, isSecure])).toEqual([
      ['login.example', true],
      ['graph.example', true],
      ['hipchat.example', false],
      ['slack.example', true],
    ]);
    expect([calendar.reads, hipchat.reads, slack.reads]).toEqual([1, 1, 1]);
    expect([...hipchat.writes, ...slack.writes]).toEqual([]);
    expect(clock.timers).toBe(0);
    expect(JSON.stringify(facts)).not.toContain('/v2');
  });

  it('takes what a provider saw of a server, and reaches only for the others', async () => {
    calls = [
      { origin: 'https://slack.example', hasAnswered: true, date: clock.now() - 5 * MINUTE },
      { origin: 'https://other.example:8443', hasAnswered: false, date: null },
    ];
    network.dates.set('https://graph.example', clock.now() - 3 * MINUTE);
    network.routes.set('https://slack.example', { proxy: 'proxy.example:8080', from: 'system' });
    const facts = await selfTest().run(signal);
    expect(network.reached).toEqual([
      'https://login.example',
      'https://graph.example',
      'http://hipchat.example',
      'https://other.example:8443',
    ]);
    expect(facts.hosts.map(({ host, route }) => [host, route?.proxy])).toContainEqual([
      'slack.example',
      'proxy.example:8080',
    ]);
    // One server may be wrong; the nearest to ours decides.
    expect(facts.clockAhead).toBe(3 * MINUTE);
  });

  it('lets each fail by itself, with its reason', async () => {
    secrets.isLocked = true;
    slack.fail({ kind: 'refused', error: new AppError('unauthorized', 'Update the token.', { reason: 'noSecret' }) });
    calendar.fail(new AppError('network', 'x', { reason: 'certificateAuthority', cause: new Error('secret') }));
    network.failures.set('https://graph.example', new AppError('network', 'x', { reason: 'certificateAuthority' }));
    const facts = await selfTest().run(signal);
    expect(facts.keychain).toMatchObject({ code: 'locked' });
    expect(facts.accounts.map(({ error }) => error?.reason)).toEqual(['certificateAuthority', undefined, 'noSecret']);
    expect(facts.hosts.find(({ host }) => host === 'graph.example')?.error).toEqual({
      code: 'network',
      reason: 'certificateAuthority',
      message: 'x',
    });
    expect(JSON.stringify(facts)).not.toContain('secret');
  });

  it('waits for none longer than its limit, at the same time', async () => {
    calendar.hang();
    slack.fail({ kind: 'late', until: new Promise(() => {}) });
    network.silent.add('https://login.example');
    const running = selfTest().run(signal);
    await clock.advance(20 * SECOND);
    await clock.advance(20 * SECOND);
    const facts = await running;
    expect(facts.accounts.map(({ error }) => error?.code)).toEqual(['timeout', undefined, 'timeout']);
    expect(facts.hosts[0]?.error).toMatchObject({ code: 'timeout' });
    expect(facts.hosts[1]?.error).toBeNull();
    expect(clock.timers).toBe(0);
  });

  it('does not call who has asked to be left alone', async () => {
    const error = { code: 'rateLimited', message: 'Later.', reason: null, since: 0, tries: 1 } as const;
    state = {
      ...STARTING_STATE,
      chats: [
        {
          id: 'slack',
          provider: 'slack',
          label: 'Slack',
          status: 'failing',
          claimed: false,
          capabilities: rich,
          error,
        },
      ],
    };
    const facts = await selfTest().run(signal);
    expect(slack.reads).toBe(0);
    expect(facts.accounts[2]?.error).toEqual({ code: 'rateLimited', message: 'Later.', reason: null });
  });

  it('tries Microsoft’s addresses while nothing is set up', async () => {
    const { accounts, hosts } = await selfTest({ organisation: SETTINGS.organisation }).run(signal);
    expect(accounts).toEqual([]);
    expect(hosts.map(({ host }) => host)).toEqual(['login.example', 'graph.example']);
  });

  it('ends when it is given up', async () => {
    calendar.hang();
    const stop = new AbortController();
    const running = selfTest().run(stop.signal);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});

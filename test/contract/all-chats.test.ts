import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/adapters/http.ts';
import { createProviders } from '../../src/adapters/providers.ts';
import { type ChatName as AnyChat, CHAT_NAMES } from '../../src/core/accounts.ts';
import type { CalendarEvent } from '../../src/core/calendarEvent.ts';
import { SyncEngine } from '../../src/engine/syncEngine.ts';
import type { Providers } from '../../src/ports/providers.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { browse, MORE_KNOWN, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { meeting } from '../fakes/events.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { MemoryClaims, MemoryLogger, MemorySecrets, MemorySettings } from '../fakes/memoryStores.ts';
import { findings } from './chat-findings.ts';
import { openHub } from './hub-proxy-world.ts';

// The real engine, the real adapters and every chat at once, each against its stand-in; the hub is a real one. XMPP has none: its server is a real
// one, and chat-xmpp-engine.test.ts is the same for it.
type ChatName = Exclude<AnyChat, 'xmpp'>;
const CHATS = CHAT_NAMES.filter((name) => name !== 'xmpp');

const MINUTE = 60_000;
const TEXT = 'In a meeting';
/** So soon, on the wall clock, a chat must show a meeting, whatever becomes of the others. */
const AT_ONCE = 4_000;
/** A network that is given up sooner than our own patience of 15 s: the test must not last that long for each chat. */
const PATIENCE = 1_500;

interface Shown {
  readonly text: string;
  /** Null where the chat has no such state. */
  readonly isBusy: boolean | null;
}

interface Office {
  readonly sandbox: Sandbox;
  readonly engine: SyncEngine;
  readonly clock: FakeClock;
  readonly settings: MemorySettings;
  readonly claims: MemoryClaims;
  readonly logger: MemoryLogger;
  /** The meeting is on. */
  meet(): void;
  adjourn(): void;
  shown(chat: ChatName): Promise<Shown>;
  fail(chat: ChatName, fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  close(): Promise<void>;
}

async function openOffice(): Promise<Office> {
  const clock = new FakeClock(Date.now());
  const now = () => clock.now();
  const sandbox = await startSandbox({ now });
  const { more, known, urls, certificate } = sandbox;
  const [mattermost, zulip, rocketchat, webhook, google, googlechat, hub] = await Promise.all([
    more.open('mattermost'),
    more.open('zulip'),
    more.open('rocketchat'),
    more.open('webhook'),
    more.open('google'),
    more.open('googlechat'),
    openHub(clock),
  ]);
  const agent = new Agent({ connect: { ca: certificate.cert } });
  const fetch: Fetch = async (url, init) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    const onAbort = () => patience.abort();
    init?.signal?.addEventListener('abort', onAbort);
    const given = { ...(init as object), dispatcher: agent, signal: patience.signal };
    try {
      return (await undiciFetch(url, given)) as unknown as Response;
    } finally {
      clearTimeout(timer);
      init?.signal?.removeEventListener('abort', onAbort);
    }
  };
  const secrets = new MemorySecrets();
  const claims = new MemoryClaims();
  const logger = new MemoryLogger();
  const email = known.account;
  const differ = { server: '', name: '', person: '', username: '' };
  const account = (id: ChatName, more: object = {}) => ({ ...differ, id, provider: id, ...more });
  const settings = new MemorySettings({
    email,
    calendars: [{ id: 'work', provider: 'ics' }],
    organisation: {
      hipchatServer: new URL(urls.hipchat).origin,
      slackApiUrl: urls.slack,
      graphAuthority: urls.entra,
      graphBaseUrl: new URL(urls.graph).origin,
      graphClientId: known.clientId,
      googleAccountsUrl: google.accounts.url,
      googleApiUrl: google.calendar.url,
      googleChatUrl: googlechat.url,
      googleClientId: google.known.clientId,
      googleClientSecret: google.known.clientSecret,
    },
  });
  const real = createProviders(() => ({
    fetch,
    now,
    secrets,
    claims,
    organisation: settings.get().organisation,
    openAddress: async (url) => void (await browse(url, { account: email, ca: certificate.cert })),
  }));
  const { signal } = new AbortController();
  const teams = await real.signIn('teams')?.interactive('teams', email, signal);
  const chat = await real.signIn('googlechat')?.interactive('googlechat', email, signal);
  for (const [kind, who, value] of [
    ['hctoken', email, known.hipchatToken],
    ['slacktoken', email, known.slackToken],
    ['accountsecret', 'mattermost', MORE_KNOWN.mattermostToken],
    ['accountsecret', 'zulip', MORE_KNOWN.zulipApiKey],
    ['accountsecret', 'rocketchat', MORE_KNOWN.rocketchatToken],
    ['accountsecret', 'webhook', webhook.address],
    ['accountsecret', 'hub', hub.token],
    ['accountsecret', 'webhook/key', MORE_KNOWN.webhookKey],
  ] as const) {
    await secrets.set({ kind, account: who }, value);
  }
  settings.update({
    chats: [
      account('hipchat'),
      account('slack'),
      account('mattermost', { server: mattermost.url }),
      account('teams', { homeAccountId: teams?.homeAccountId ?? '', username: teams?.username ?? '' }),
      account('googlechat', { username: chat?.username ?? '' }),
      account('zulip', { server: zulip.url, email }),
      account('rocketchat', { server: rocketchat.url, userId: MORE_KNOWN.rocketchatUserId }),
      account('webhook', { name: 'Door light' }),
      account('hub', { server: hub.server.url }),
    ] as never,
  });

  let events: readonly CalendarEvent[] = [];
  const providers: Providers = {
    chat: real.providers.chat,
    calendar: ({ id }) => ({ accountId: id, label: 'Work', calendarView: async () => events }),
  };
  const engine = new SyncEngine({ settings, secrets, providers, claims, clock, logger });
  await engine.start();

  const { hipchat, slack, graph } = sandbox;
  const looks: Readonly<Record<ChatName, () => Promise<Shown> | Shown>> = {
    hipchat: () => {
      const { presence } = hipchat.user(email);
      return { text: presence?.status ?? '', isBusy: presence?.show === 'dnd' };
    },
    slack: async () => ({ text: (await slack.status()).status_text, isBusy: null }),
    mattermost: () => ({
      text: mattermost.customStatus()?.text ?? '',
      isBusy: mattermost.status().status === 'dnd',
    }),
    teams: () => {
      const { content, availability } = graph.presence.shown();
      return { text: content, isBusy: availability === 'DoNotDisturb' };
    },
    googlechat: () => {
      const { state, status } = googlechat.shown();
      return { text: status?.text ?? '', isBusy: state === 'DO_NOT_DISTURB' };
    },
    zulip: () => ({ text: zulip.status().status_text, isBusy: null }),
    rocketchat: () => ({ text: rocketchat.shown().text, isBusy: rocketchat.shown().status === 'busy' }),
    webhook: () => ({ text: webhook.shown().text, isBusy: webhook.shown().state === 'dnd' }),
    hub: async () => {
      const { state, text } = await hub.shown();
      return { text, isBusy: state === 'dnd' };
    },
  };
  const services = {
    hipchat,
    slack,
    teams: graph,
    mattermost,
    zulip,
    rocketchat,
    googlechat,
    webhook,
    hub: hub.server,
  };
  return {
    sandbox,
    engine,
    clock,
    settings,
    claims,
    logger,
    meet() {
      const [start, end] = [clock.now() - MINUTE, clock.now() + 30 * MINUTE];
      events = [meeting('09:00', '10:00', { iCalUId: `m${start}`, time: { kind: 'timed', start, end } })];
    },
    adjourn: () => {
      events = [];
    },
    shown: async (name) => looks[name](),
    fail: async (name, fault) => void services[name].fail({ ...fault, times: Number.POSITIVE_INFINITY }),
    clearFaults: async () => {
      for (const service of Object.values(services)) service.clearFaults();
    },
    async close() {
      await engine.stop({ giveBack: false });
      await agent.close();
      await hub.close();
      await sandbox.close();
    },
  };
}

describe('every chat at once', () => {
  let office: Office;
  const expected = (shown: Shown, wanted: 'meeting' | 'free') => ({
    text: wanted === 'meeting' ? TEXT : '',
    isBusy: shown.isBusy === null ? null : wanted === 'meeting',
  });

  /** Waits on the wall clock: the engine's own clock stands still meanwhile, so none of its patience passes. */
  const show = async (chats: readonly ChatName[], wanted: 'meeting' | 'free', timeout = AT_ONCE): Promise<void> => {
    const now = () => Promise.all(chats.map(async (chat) => [chat, await office.shown(chat)] as const));
    await expect
      .poll(async () => (await now()).map(([chat, shown]) => ({ chat, ...shown })), { timeout, interval: 25 })
      .toEqual((await now()).map(([chat, shown]) => ({ chat, ...expected(shown, wanted) })));
  };
  const stateOf = (chat: ChatName) => office.engine.state().chats.find(({ id }) => id === chat);

  beforeAll(async () => {
    office = await openOffice();
  }, 60_000);
  afterAll(async () => {
    await office.close();
  });

  beforeEach(async () => {
    await office.clearFaults();
    office.adjourn();
    await office.clock.advance(MINUTE);
    await office.engine.refresh();
    await office.engine.settled();
    await show(CHATS, 'free');
  });

  it('is told of a meeting, and gives it back', async () => {
    office.meet();
    await office.engine.refresh();
    await show(CHATS, 'meeting');
    expect(office.engine.state().chats.map(({ id, status, claimed }) => [id, status, claimed])).toEqual(
      CHATS.map((chat) => [chat, 'ok', true]),
    );
    office.adjourn();
    await office.engine.refresh();
    await show(CHATS, 'free');
    expect(office.claims.records.size).toBe(0);
    // Rocket.Chat's own file leaves out where every server tells its version.
    const told = office.sandbox.exchanges.filter(({ path }) => path !== '/api/info');
    expect(findings(told)).toEqual([]);
  });

  const TROUBLE: readonly [string, Fault, string][] = [
    ['is down', { drop: true }, 'network'],
    ['is turned off by its administrator', { status: 403, body: {} }, 'forbidden'],
    ['never answers', { delayMs: 90_000 }, 'network'],
  ];
  describe.each(TROUBLE)('one that %s', (_name, fault, code) => {
    it.each(CHATS)('%s delays and spoils no other, and comes back', async (chat) => {
      const others = CHATS.filter((name) => name !== chat);
      await office.fail(chat, fault);
      office.meet();
      const running = office.engine.refresh();
      await show(others, 'meeting');
      expect((await office.shown(chat)).text).toBe('');
      await expect.poll(() => stateOf(chat)?.error?.code, { timeout: 10_000 }).toBe(code);
      expect(others.map((name) => stateOf(name)?.status)).toEqual(others.map(() => 'ok'));
      await office.clock.advance(MINUTE);
      await running;

      await office.clearFaults();
      await office.engine.refresh();
      await show(CHATS, 'meeting');
      expect(stateOf(chat)).toMatchObject({ status: 'ok', error: null });
    });
  });

  it('one that is removed is given back first; the others go on', async () => {
    office.meet();
    await office.engine.refresh();
    await show(CHATS, 'meeting');
    for (const [index, chat] of CHATS.entries()) {
      const { chats } = office.settings.get();
      office.settings.update({ chats: chats.filter(({ id }) => id !== chat) });
      expect(await office.engine.left(chat)).toBe(true);
      const shown = await office.shown(chat);
      expect(shown).toEqual(expected(shown, 'free'));
      await show(CHATS.slice(index + 1), 'meeting');
    }
    expect(office.claims.records.size).toBe(0);
  });

  it('leaves no token in the log', () => {
    const secrets = [...Object.values(MORE_KNOWN), office.sandbox.known.slackToken, office.sandbox.known.hipchatToken];
    const lines = office.logger.lines.join('\n');
    for (const secret of secrets.filter((value) => value.length > 10)) expect(lines).not.toContain(secret);
  });
});

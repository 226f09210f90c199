import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenWish } from '../../src/adapters/chat/teams/client.ts';
import { TEAMS_SCOPES } from '../../src/adapters/chat/teams/client.ts';
import { teamsProvider } from '../../src/adapters/chat/teams/provider.ts';
import type { Fetch } from '../../src/adapters/http.ts';
import type { Presence, PresenceState } from '../../src/core/presence.ts';
import { TokenStore } from '../../src/sandbox/entraTokens.ts';
import { type GraphSandbox, startGraph } from '../../src/sandbox/graph.ts';
import { ADA, type SandboxCertificate } from '../../src/sandbox/index.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { makeCertificate } from '../../src/sandbox/tls.ts';
import { type ChatWorld, chatContract } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

const MINUTE = 60_000;
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e';
const WORDS: Partial<Record<PresenceState, string>> = { busy: 'Busy', dnd: 'DoNotDisturb', away: 'Away' };
const STATES: Record<string, PresenceState> = {
  Available: 'available',
  Busy: 'busy',
  DoNotDisturb: 'dnd',
  Away: 'away',
  Offline: 'offline',
};

interface TeamsWorld extends ChatWorld {
  readonly server: GraphSandbox;
  readonly journal: Journal;
  readonly tokens: TokenStore;
  /** What the provider wished of its tokens. */
  readonly wishes: TokenWish[];
  /** Takes another token from now on. */
  useScopes(scopes: readonly string[]): Promise<void>;
}

let certificate: SandboxCertificate;
let agent: Agent;
beforeAll(async () => {
  certificate = await makeCertificate();
  agent = new Agent({ connect: { ca: certificate.cert } });
});
afterAll(() => agent.close());

async function open(account = ADA): Promise<TeamsWorld> {
  let now = Date.parse('2026-01-05T09:00:00Z');
  const journal = createJournal();
  const tokens = await TokenStore.create(() => now);
  // Longer than any test lets pass: renewing is MSAL's work, not this provider's.
  tokens.lifetimeSeconds = 86_400;
  const server = await startGraph({ tls: certificate, tokens, accounts: [account], journal, now: () => now });
  const issue = async (scopes: readonly string[]) => {
    const grant = { account, clientId: CLIENT, scopes, cp1: true };
    return (await tokens.issue(grant, { issuer: 'https://localhost/issuer', clientInfo: false })).access_token;
  };
  let token = await issue(TEAMS_SCOPES);
  const wishes: TokenWish[] = [];
  const fetch: Fetch = (url, init) =>
    undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
  const provider = teamsProvider(
    { id: 'teams', label: 'Microsoft Teams', homeAccountId: `${account.oid}.${account.tenantId}` },
    {
      fetch,
      now: () => now,
      baseUrl: server.url,
      accessToken: async (wish) => {
        wishes.push(wish);
        return token;
      },
    },
  );
  return {
    server,
    journal,
    tokens,
    wishes,
    provider,
    async useScopes(scopes) {
      token = await issue(scopes);
    },
    now: () => now,
    pass: (time) => {
      now += time;
    },
    async personSets({ state, text }) {
      const word = WORDS[state];
      server.presence.setPreferred(word === undefined ? null : { availability: word, activity: word });
      server.presence.setMessage(text);
    },
    async shown() {
      const { availability, content } = server.presence.shown();
      return { state: STATES[availability] ?? 'offline', text: content, emoji: '' };
    },
    profile: async () => account.oid,
    goOffline: () => server.presence.setSession(null),
    rejectToken: () => {
      token = 'a-token-that-nobody-issued';
    },
    throttle: (seconds) => server.throttle(seconds),
    outage: (status) => server.outage(1, status),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    loseAnswer: () => void server.fail({ match: { path: /\/setStatusMessage$/ }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ method, status }) => method === 'POST' && status === 200).length,
    token,
    findings: () => findings(journal.exchanges),
    close: () => server.close(),
  };
}

chatContract('Microsoft Teams', open);

describe('Microsoft Teams, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  let world: TeamsWorld;
  const until = Date.parse('2026-01-05T10:30:00.001Z');
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: '', until };
  const own = { availability: 'Available', activity: 'Available' };
  const read = () => world.provider.read(signal);
  const sent = () =>
    world.journal.exchanges
      .filter(({ method }) => method === 'POST')
      .map(({ path, body }) => [path.replace('/v1.0/me/presence/', ''), body]);

  beforeEach(async () => {
    world = await open();
  });
  afterEach(async () => {
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('writes the state and the message, each with its end', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    const preferred = { availability: 'DoNotDisturb', activity: 'DoNotDisturb', expirationDuration: 'PT1H30M1S' };
    const message = { content: 'In a meeting', contentType: 'text' };
    const expiryDateTime = { dateTime: '2026-01-05T10:30:00.001', timeZone: 'UTC' };
    expect(sent()).toEqual([
      ['setUserPreferredPresence', preferred],
      ['setStatusMessage', { statusMessage: { message, expiryDateTime } }],
    ]);
  });

  it('ends both by itself, even if nobody comes back to take them away', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    world.pass(90 * MINUTE);
    expect((await read()).presence).toEqual({ ...meeting, until });
    world.pass(1_001);
    expect((await read()).presence).toEqual({ state: 'available', text: '', emoji: '', until: null });
  });

  it('tells another end of the same state', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    const later = { ...meeting, until: until + 30 * MINUTE };
    await world.provider.write({ presence: later, stateUntil: until + 30 * MINUTE }, await read(), signal);
    world.pass(110 * MINUTE);
    expect((await read()).presence).toMatchObject({ state: 'dnd', text: 'In a meeting' });
  });

  it('writes nothing when nothing changes', async () => {
    const before = await read();
    await world.provider.write({ presence: before.presence }, before, signal);
    await world.provider.write({ profileTimeZone: 'UTC' }, before, signal);
    expect(sent()).toEqual([]);
  });

  it.each([
    ['Busy', 'InACall', 'busy'],
    ['Busy', 'InAMeeting', 'busy'],
    ['DoNotDisturb', 'Presenting', 'dnd'],
    ['Away', 'Away', 'away'],
    ['Away', 'OutOfOffice', 'away'],
  ])(
    'takes %s, %s as the word of Teams and hands back to it (edge cases 59 and 65)',
    async (availability, activity, state) => {
      world.server.presence.setSession({ availability, activity });
      const before = await read();
      expect(before).toMatchObject({ presence: { state }, isAutomatic: true });
      const other = state === 'busy' ? 'dnd' : 'busy';
      await world.provider.write({ presence: { ...meeting, state: other }, stateUntil: until }, before, signal);
      const during = await read();
      expect(during).toMatchObject({ presence: { state: other }, isAutomatic: false });
      // What the engine asks for then.
      await world.provider.write({ presence: { ...before.presence, state: 'available' } }, during, signal);
      expect(world.server.presence.shown()).toMatchObject({ availability, activity });
      world.server.presence.setSession(own);
      expect((await read()).presence.state).toBe('available');
    },
  );

  it('takes "away" as the word of the person while a state of ours hides idling', async () => {
    await world.provider.write({ presence: meeting, stateUntil: until }, await read(), signal);
    world.server.presence.setPreferred({ availability: 'Away', activity: 'Away' });
    expect((await read()).isAutomatic).toBe(false);
    world.pass(91 * MINUTE);
    expect((await read()).isAutomatic).toBe(true);
  });

  it('keeps what Teams itself puts into the text', async () => {
    world.server.presence.setMessage('Lunch<pinnednote></pinnednote>', until);
    const before = await read();
    await world.provider.write({ presence: meeting }, before, signal);
    await world.provider.write({ presence: before.presence }, await read(), signal);
    expect(world.server.presence.shown()).toMatchObject({ content: 'Lunch<pinnednote></pinnednote>', until });
  });

  it('renews the token once when it is refused, and says what to do when that does not help', async () => {
    world.rejectToken();
    const error = { code: 'unauthorized', reason: 'interactionRequired' };
    await expect(read()).rejects.toMatchObject(error);
    expect(world.wishes).toEqual([{}, { forceRefresh: true }]);
  });

  it('answers a claims challenge', async () => {
    world.tokens.challenge(ADA, false);
    await expect(read()).rejects.toMatchObject({ code: 'unauthorized' });
    const [, wish] = world.wishes;
    expect(JSON.parse(wish?.claims ?? '')).toMatchObject({ access_token: expect.anything() });
  });

  it('names the missing permission', async () => {
    await world.useScopes(['User.Read']);
    const error = {
      code: 'forbidden',
      reason: 'consentRequired',
      message: expect.stringContaining('Presence.ReadWrite'),
    };
    await expect(read()).rejects.toMatchObject(error);
    await world.useScopes(['Presence.Read']);
    await expect(world.provider.write({ presence: meeting }, await read(), signal)).rejects.toMatchObject(error);
    expect(world.landed()).toBe(0);
  });

  it('says that an account has no presence', async () => {
    world.server.fail({ status: 404, body: { error: { code: 'NotFound', message: 'Secret plans' } } });
    await expect(read()).rejects.toMatchObject({ code: 'notFound', reason: 'noTeams' });
  });

  it('asks nothing for a personal account, for which there is no presence', async () => {
    const personal = await open({ ...ADA, tenantId: '9188040d-6c67-4c5b-b112-36a304b66dad' });
    const error = { code: 'forbidden', reason: 'personalAccount' };
    await expect(personal.provider.read(signal)).rejects.toMatchObject(error);
    expect(personal.journal.exchanges).toEqual([]);
    await personal.close();
  });
});

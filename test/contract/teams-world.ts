import { Agent, fetch as undiciFetch } from 'undici';
import { TEAMS_SCOPES } from '../../src/adapters/chat/teams/client.ts';
import { teamsProvider } from '../../src/adapters/chat/teams/provider.ts';
import type { Fetch } from '../../src/adapters/http.ts';
import type { PresenceState } from '../../src/core/presence.ts';
import type { TokenWish } from '../../src/ports/signIn.ts';
import { TokenStore } from '../../src/sandbox/entraTokens.ts';
import { startGraph } from '../../src/sandbox/graph.ts';
import type { GraphSandbox } from '../../src/sandbox/graphControl.ts';
import { ADA, type SandboxCertificate } from '../../src/sandbox/index.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { makeCertificate } from '../../src/sandbox/tls.ts';
import type { ChatWorld } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e';
const WORDS: Partial<Record<PresenceState, string>> = { busy: 'Busy', dnd: 'DoNotDisturb', away: 'Away' };
const STATES: Record<string, PresenceState> = {
  Available: 'available',
  Busy: 'busy',
  DoNotDisturb: 'dnd',
  Away: 'away',
  Offline: 'offline',
};

export interface TeamsWorld extends ChatWorld {
  /** The next call that writes the text, which is the second of two, is one too many. */
  throttleHalf(seconds: number): void;
  readonly server: GraphSandbox;
  readonly journal: Journal;
  readonly tokens: TokenStore;
  /** What the provider wished of its tokens. */
  readonly wishes: TokenWish[];
  /** Takes another token from now on. */
  useScopes(scopes: readonly string[]): Promise<void>;
}

/** One for all worlds of a file. */
let made: Promise<SandboxCertificate> | undefined;

export async function openTeams(account = ADA): Promise<TeamsWorld> {
  made ??= makeCertificate();
  const certificate = await made;
  const agent = new Agent({ connect: { ca: certificate.cert } });
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
    throttleHalf(seconds) {
      server.fail({
        match: { path: /\/setStatusMessage$/ },
        status: 429,
        headers: { 'retry-after': String(seconds) },
        body: {},
      });
    },
    loseAnswer: () => void server.fail({ match: { path: /\/setStatusMessage$/ }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ method, status }) => method === 'POST' && status === 200).length,
    token,
    findings: () => findings(journal.exchanges),
    async close() {
      await server.close();
      await agent.close();
    },
  };
}

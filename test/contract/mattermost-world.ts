import type { MattermostSignIn } from '../../src/adapters/chat/mattermost/client.ts';
import { mattermostProvider } from '../../src/adapters/chat/mattermost/provider.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { type MattermostSandbox, startMattermost } from '../../src/sandbox/mattermost.ts';
import type { ChatWorld } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

export const ID = 'k4t7fqsbf3gixejnpkmnhqqtuw';
export const EMAIL = 'ada@contoso.example';
export const TOKEN = 'mattermost-token-of-ada';
export const PASSWORD = 'correct horse battery staple';

export interface MattermostWorld extends ChatWorld {
  readonly server: MattermostSandbox;
  readonly journal: Journal;
  /** The next call that writes the state, which is the second of two, is one too many. */
  throttleHalf(seconds: number): void;
  /** What the person has entered. */
  signIn: MattermostSignIn;
}

const STATES = { online: 'available', away: 'away', dnd: 'dnd', offline: 'offline', ooo: 'offline' } as const;
const WORDS = { available: 'online', away: 'away', dnd: 'dnd', busy: 'dnd', offline: 'offline' } as const;

export async function openMattermost(kind: MattermostSignIn['kind'] = 'token'): Promise<MattermostWorld> {
  let now = Date.parse('2026-01-05T09:00:00Z');
  const journal = createJournal();
  const server = await startMattermost({
    user: { id: ID, username: 'ada', email: EMAIL, password: PASSWORD },
    tokens: [TOKEN],
    journal,
    now: () => now,
  });
  const world: MattermostWorld = {
    server,
    journal,
    signIn: kind === 'token' ? { kind, token: TOKEN } : { kind, username: EMAIL, password: PASSWORD },
    provider: mattermostProvider(
      { id: 'mattermost', label: 'Mattermost' },
      { fetch, now: () => now, server: `${server.url}/`, signIn: async () => world.signIn },
    ),
    now: () => now,
    pass: (time) => {
      now += time;
    },
    async personSets({ state, text, emoji }) {
      server.setStatus(WORDS[state]);
      server.setCustomStatus(text === '' && emoji === '' ? null : { text, emoji: emoji.replaceAll(':', '') });
    },
    async shown() {
      const custom = server.customStatus();
      const emoji = custom === null || custom.emoji === '' ? '' : `:${custom.emoji}:`;
      return { state: STATES[server.status().status], text: custom?.text ?? '', emoji };
    },
    profile: async () => server.profile(),
    goOffline: () => server.setStatus('offline', false),
    rejectToken: () => server.rejectSignIns(),
    throttle: (seconds) => server.throttle(seconds),
    outage: (status) => server.outage(1, status),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    throttleHalf(seconds) {
      const headers = { 'retry-after': String(seconds) };
      server.fail({ match: { method: 'PUT', path: /\/status$/ }, status: 429, headers, body: {} });
    },
    loseAnswer: () => void server.fail({ match: { path: /\/status\/custom$/ }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ method, status }) => /PUT|DELETE/.test(method) && status === 200).length,
    token: kind === 'token' ? TOKEN : PASSWORD,
    findings: () => findings(journal.exchanges),
    close: () => server.close(),
  };
  return world;
}

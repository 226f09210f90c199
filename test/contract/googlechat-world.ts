import { GOOGLE_CHAT_SCOPES } from '../../src/adapters/chat/googlechat/client.ts';
import { googleChatProvider } from '../../src/adapters/chat/googlechat/provider.ts';
import type { PresenceState } from '../../src/core/presence.ts';
import { type GoogleChatSandbox, type GoogleState, startGoogleChat } from '../../src/sandbox/googleChat.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import type { ChatWorld } from './chat-contract.ts';

export const TOKEN = 'ya29.token-of-ada';
const EMOJI: Record<string, string> = { ':books:': '📚', ':calendar:': '📅' };
const STATES: Record<GoogleState, PresenceState> = {
  ACTIVE: 'available',
  IDLE: 'away',
  AWAY: 'away',
  DO_NOT_DISTURB: 'dnd',
};
const WORDS: Partial<Record<PresenceState, GoogleState>> = { away: 'AWAY', dnd: 'DO_NOT_DISTURB' };

export interface GoogleWorld extends ChatWorld {
  /** The next call that writes the text, which is the second of two, is one too many. */
  throttleHalf(seconds: number): void;
  readonly server: GoogleChatSandbox;
  readonly journal: Journal;
  /** How the provider has asked for its tokens. */
  readonly wishes: object[];
  token: string;
}

export async function openGoogleChat(): Promise<GoogleWorld> {
  let now = Date.parse('2026-01-05T09:00:00Z');
  const journal = createJournal();
  const [scope] = GOOGLE_CHAT_SCOPES;
  const tokens: Record<string, readonly string[]> = {
    [TOKEN]: [scope],
    'ya29.reader': [`${scope}.readonly`],
    'ya29.blind': ['openid'],
  };
  const server = await startGoogleChat({
    inspect: (token) => tokens[token] ?? null,
    journal,
    now: () => now,
  });
  const wishes: object[] = [];
  const world: GoogleWorld = {
    server,
    journal,
    wishes,
    provider: googleChatProvider(
      { id: 'googlechat', label: 'Google Chat' },
      {
        fetch,
        now: () => now,
        baseUrl: server.url,
        accessToken: async (wish) => {
          wishes.push(wish);
          return world.token;
        },
      },
    ),
    now: () => now,
    pass: (time) => {
      now += time;
    },
    async personSets({ state, text, emoji }) {
      server.setState(WORDS[state] ?? 'ACTIVE');
      server.setStatus(text, EMOJI[emoji] ?? emoji);
    },
    async shown() {
      const { state, status } = server.shown();
      return { state: STATES[state], text: status?.text ?? '', emoji: status?.emoji ?? '' };
    },
    // Availability has no other fields.
    profile: async () => null,
    rejectToken: () => server.rejectToken(TOKEN),
    throttle: (seconds) => server.throttle(seconds),
    outage: (status) => void server.fail({ status, body: '' }),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    throttleHalf(seconds) {
      server.fail({ match: { method: 'PATCH' }, status: 429, headers: { 'retry-after': String(seconds) }, body: {} });
    },
    loseAnswer: () => void server.fail({ match: { method: 'PATCH' }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ method, status }) => method !== 'GET' && status === 200).length,
    token: TOKEN,
    // Google publishes no OpenAPI file of it; the stand-in refuses what the reference does not name.
    findings: () =>
      journal.exchanges.filter(({ status, injected }) => !injected && status === 400).map(({ path }) => `400: ${path}`),
    close: () => server.close(),
  };
  return world;
}

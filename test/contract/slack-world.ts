import { chatProvider } from '../../src/adapters/chat/registry.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { DND_SCOPES, type SlackSandbox, STATUS_SCOPES, startSlack } from '../../src/sandbox/slack.ts';
import { chatDeps } from '../fakes/chatDeps.ts';
import { MemorySecrets } from '../fakes/memoryStores.ts';
import type { ChatWorld } from './chat-contract.ts';
import { findings } from './chat-findings.ts';

export const EMAIL = 'ada@contoso.example';
export const TOKEN = 'xoxp-token-of-ada';

export interface SlackWorld extends ChatWorld {
  /** The next call that writes the text, which is the second of two, is one too many. */
  throttleHalf(seconds: number): void;
  readonly server: SlackSandbox;
  readonly journal: Journal;
  readonly secrets: MemorySecrets;
}

export const isWrite = (path: string) => /\/(users\.(profile\.set|setPresence)|dnd\.(setSnooze|endSnooze))$/.test(path);

/** @param scopes of the person's token; without those of do not disturb, as all tokens once were, Slack works without it */
export async function openSlack(scopes: readonly string[] = STATUS_SCOPES): Promise<SlackWorld> {
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
    chatDeps({ fetch, now: () => now, secrets }, { slackApiUrl: server.apiUrl }),
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
    throttleHalf(seconds) {
      server.fail({
        match: { path: '/api/users.profile.set' },
        status: 429,
        headers: { 'retry-after': String(seconds) },
        body: {},
      });
    },
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
export async function openSlackWithDnd(): Promise<SlackWorld> {
  const world = await openSlack([...STATUS_SCOPES, ...DND_SCOPES]);
  await world.provider.read(new AbortController().signal);
  world.journal.clear();
  return world;
}

import type { Timers } from '../../src/adapters/chat/hub/heartbeat.ts';
import { hubProvider } from '../../src/adapters/chat/hub/provider.ts';
import type { ChatProvider } from '../../src/ports/chatProvider.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from '../../src/sandbox/http.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import type { ChatWorld } from './chat-contract.ts';
import { startTeamHub, type TeamHub } from './servers/teamHub.ts';

export interface HubWorld extends ChatWorld {
  readonly hub: TeamHub;
  /** What stands between the provider and the hub: trouble on demand, and what passed through. */
  readonly server: Service;
  readonly journal: Journal;
  /** The next write is one too many. */
  throttleHalf(seconds: number): void;
  /** The provider as another start of the program would make it. Without timers its heart does not beat. */
  start(timers?: Timers): ChatProvider;
  /** Happens once, just before the next write reaches the hub. */
  beforeWrite(act: () => Promise<void>): void;
  /** Resolves when no call is under way. */
  quiet(): Promise<void>;
}

const CARRIED = ['authorization', 'content-type', 'if-match', 'accept'];
const NO_TIMERS: Timers = { after: () => ({ stop: () => undefined }), random: () => 0 };
const TOLD = ['content-type', 'etag', 'retry-after'];

/** A hub for one person, Ada, and the way to it. @param clock the time there; default: one of its own that only `pass` moves */
export async function openHub(clock?: { now(): number }): Promise<HubWorld> {
  let own = Date.parse('2026-01-05T09:00:00Z');
  const now = clock === undefined ? () => own : () => clock.now();
  const hub = await startTeamHub(now);
  const journal = createJournal();

  let act: (() => Promise<void>) | null = null;
  const underWay = new Set<Promise<unknown>>();

  async function carry({ method, path, query, headers, rawBody }: SandboxRequest): Promise<SandboxAnswer> {
    const first = method === 'PUT' ? act : null;
    if (method === 'PUT') act = null;
    await first?.();
    await hub.catchUp();
    const carried = CARRIED.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
    const response = await fetch(`${hub.address}${path}${query.size > 0 ? `?${query}` : ''}`, {
      method,
      headers: Object.fromEntries(carried),
      ...(rawBody === '' ? {} : { body: rawBody }),
    });
    const told = TOLD.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    return { status: response.status, headers: Object.fromEntries(told), body: await response.text() };
  }

  const server = await startService({ name: 'hub', journal, now, routes: { '* *': carry }, notFound: carry });
  const throttle = (seconds: number, match = {}) => {
    const headers = { 'retry-after': String(seconds) };
    server.fail({ match, status: 429, headers, body: { error: { code: 'rateLimited', message: 'Slow down' } } });
  };
  const start = (timers = NO_TIMERS) =>
    hubProvider(
      { id: 'hub', label: 'HipStatus hub' },
      {
        fetch: (url, init) => {
          const answer = fetch(url, init);
          underWay.add(answer);
          void answer.catch(() => undefined).finally(() => underWay.delete(answer));
          return answer;
        },
        now,
        server: server.url,
        token: async () => hub.token,
        timers,
      },
    );
  return {
    hub,
    server,
    journal,
    start,
    provider: start(),
    beforeWrite: (given) => {
      act = given;
    },
    async quiet() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    now,
    pass: (time) => {
      own += time;
    },
    personSets: (presence) => hub.personSays({ ...presence, until: null }),
    async shown() {
      const { state, text, emoji } = await hub.shown();
      return { state, text, emoji };
    },
    profile: () => hub.profile(),
    goOffline: () => hub.personSays({ state: 'offline', text: '', emoji: '', until: null }),
    rejectToken: () => hub.revoke(),
    throttle,
    outage: (status) => void server.fail({ status, body: { error: { code: 'whatever', message: 'Secret plans' } } }),
    cutOff: () => server.fail({ drop: true, times: Number.POSITIVE_INFINITY }),
    throttleHalf: (seconds) => throttle(seconds, { method: 'PUT' }),
    loseAnswer: () => void server.fail({ match: { method: 'PUT' }, drop: 'after' }),
    hang: () => void server.fail({ delayMs: 60_000 }),
    landed: () => journal.exchanges.filter(({ method, status }) => method === 'PUT' && status === 200).length,
    token: hub.token,
    findings: () => hub.findings(journal.exchanges),
    async close() {
      await server.close();
      await hub.close();
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/adapters/node/systemClock.ts';
import type { Presence } from '../../../src/core/presence.ts';
import { startHub } from '../../../src/hub/compose.ts';
import type { Scope } from '../../../src/hub/model.ts';
import { readHubSettings } from '../../../src/hub/settings.ts';
import type { Exchange } from '../../../src/sandbox/index.ts';
import { MemoryLogger } from '../../fakes/memoryStores.ts';
import { checkExchange, createContract } from '../openapi.ts';

const ADA = { id: '01kdz0n4ada0000000000000ad', email: 'ada@contoso.example', name: 'Ada Lovelace', identities: [] };
/** So many of them end at once at most; there is one person. */
const ALL = 10;

/** A running hub with one person, Ada, and what can be seen and done there besides the provider. */
export interface TeamHub {
  readonly address: string;
  /** Ada's own. */
  readonly token: string;
  /** Ends what has run out by now; the hub does so by itself only four times a second. */
  catchUp(): Promise<void>;
  /** Ada says it by hand, in another program. */
  personSays(presence: Presence): Promise<void>;
  shown(): Promise<Presence & { readonly source: string }>;
  profile(): Promise<unknown>;
  rename(name: string): Promise<void>;
  /** Ada is taken off the list of people. */
  removePerson(): Promise<void>;
  /** Another token. @param isAdas or nobody's */
  issue(scopes: readonly Scope[], isAdas: boolean): Promise<string>;
  /** Takes the token back; `catchUp` waits for it. */
  revoke(): void;
  /** What the hub's own description has against these calls and answers. */
  findings(exchanges: readonly Exchange[]): string[];
  close(): Promise<void>;
}

/** Starts a real hub on a folder of its own. @param now the time there */
export async function startTeamHub(now: () => number): Promise<TeamHub> {
  const folder = await mkdtemp(join(tmpdir(), 'hipstatus-team-hub-'));
  const settings = readHubSettings({
    HUB_PORT: '0',
    HUB_DATA: folder,
    HUB_RATE_TOKEN: '100000',
    HUB_SHUTDOWN_SECONDS: '0',
  });
  const logger = new MemoryLogger();
  const hub = await startHub({ settings, logger, version: '0.0.0', clock: { ...systemClock, now } });
  await hub.presences.putPerson(ADA);
  const tokenFor = (name: string, scopes: readonly Scope[], personId: string | null = ADA.id) =>
    hub.tokens.issue({ name, scopes, personId, expiresAt: null });
  const app = await tokenFor('HipStatus', ['publish']);
  const laptop = await tokenFor('A script', ['publish', 'read']);
  let revoked: Promise<unknown> = Promise.resolve();

  async function ask(method: 'GET' | 'PUT', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${hub.address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${laptop.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  const contract = createContract('hub', await ask('GET', '/openapi.json'));
  const catchUp = async () => {
    await revoked;
    for (const event of await hub.store.endDue(now(), ALL)) hub.roster.apply(event);
  };
  return {
    address: hub.address,
    token: app.token,
    catchUp,
    async personSays({ until, ...said }) {
      await ask('PUT', '/presences/me', { ...said, until: until === null ? null : new Date(until).toISOString() });
    },
    async shown() {
      await catchUp();
      const { state, text, emoji, until, source } = (await ask('GET', '/presences/me')) as Record<string, string>;
      const end = until == null ? null : Date.parse(until);
      return { state, text, emoji, until: end, source } as Presence & { source: string };
    },
    profile: () => ask('GET', '/people/me'),
    async rename(name) {
      await hub.presences.putPerson({ ...ADA, name });
    },
    async removePerson() {
      await hub.presences.removePerson(ADA.id);
    },
    issue: async (scopes, isAdas) => (await tokenFor('Another', scopes, isAdas ? ADA.id : null)).token,
    revoke() {
      revoked = hub.tokens.revoke(app.info.id);
    },
    findings: (exchanges) => [
      ...exchanges.filter(({ injected }) => !injected).flatMap((exchange) => checkExchange(contract, exchange)),
      // Nor must a token be in its log.
      ...logger.lines.filter((line) => line.includes(app.token)),
    ],
    async close() {
      await hub.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

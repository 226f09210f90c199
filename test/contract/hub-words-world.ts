import { expect } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { createProviders } from '../../src/adapters/providers.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { type Instant, MINUTE } from '../../src/core/time.ts';
import { PersonsWord } from '../../src/engine/personsWord.ts';
import { RemoteWords } from '../../src/engine/remoteWords.ts';
import { SyncEngine } from '../../src/engine/syncEngine.ts';
import { SyncTriggers } from '../../src/engine/syncTriggers.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { SystemEvent } from '../../src/ports/systemEvents.ts';
import { createJournal } from '../../src/sandbox/journal.ts';
import { STATUS_SCOPES, startSlack } from '../../src/sandbox/slack.ts';
import { marks, ScriptedCalendar } from '../fakes/engineHarness.ts';
import { meeting } from '../fakes/events.ts';
import { MemoryClaims, MemoryLogger, MemorySecrets, MemorySettings } from '../fakes/memoryStores.ts';
import { type HubWorld, openHub } from './hub-world.ts';
import { freePort } from './servers/process.ts';

/** What a person who says a word sees of it elsewhere, this soon. */
export const SOON = 2_000;
const EMAIL = 'ada@example.com';
const SLACK_TOKEN = 'xoxp-token-of-ada';

/** What the hub shows of the person. */
export interface HubShown {
  readonly state: string;
  readonly text: string;
  readonly source: string;
  readonly reporting: boolean;
}

/** A real hub, the person's app with that hub and Slack, and a day that begins now and can be leapt through. */
export interface WordsWorld {
  readonly settings: MemorySettings;
  readonly word: () => PersonsWord;
  readonly log: MemoryLogger;
  hub: HubWorld;
  readonly token: string;
  readonly person: string;
  /** So many minutes after the world began. */
  at(minutes: number): Instant;
  meets(...meetings: readonly (readonly [from: number, to: number])[]): void;
  leap(minutes: number): Promise<void>;
  startApp(): Promise<void>;
  /** As a crash does: nothing is given back. */
  crashApp(): Promise<void>;
  /** With a command: `POST /people/me/word`. */
  says(body: object): Promise<void>;
  /** By hand, in another program. */
  setsInHub(presence: object): Promise<void>;
  inHub(): Promise<HubShown>;
  inSlack(): Promise<string>;
  setsInSlack(text: string): Promise<void>;
  /** Both show it soon. @param hub what of it the hub shows */
  bothShow(slack: string, hub: Partial<HubShown>): Promise<void>;
  newToken(): Promise<void>;
  restartHub(): Promise<void>;
  close(): Promise<void>;
}

interface App {
  readonly engine: SyncEngine;
  readonly word: PersonsWord;
  readonly remoteWords: RemoteWords;
  readonly triggers: SyncTriggers;
  tell(event: SystemEvent): void;
}

export async function openWords(): Promise<WordsWorld> {
  let ahead = 0;
  const begun = Date.now();
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
  const now = () => clock.now();
  let hub = await openHub({ clock, env: { HUB_PORT: String(await freePort()) } });
  const person = await hub.person('Ada');
  const token = await hub.token(['publish'], person);
  const slack = await startSlack({
    user: { name: 'ada', realName: 'Ada Lovelace', email: EMAIL },
    tokens: [{ token: SLACK_TOKEN, scopes: STATUS_SCOPES }],
    journal: createJournal(),
    now,
  });
  const claims = new MemoryClaims();
  const secrets = new MemorySecrets();
  await secrets.set({ kind: 'slacktoken', account: EMAIL }, SLACK_TOKEN);
  await secrets.set({ kind: 'accountsecret', account: 'hub' }, token);
  const settings = new MemorySettings({
    email: EMAIL,
    calendars: [{ id: 'work', provider: 'ics', name: 'work', username: '' }],
    chats: [
      { id: 'hub', provider: 'hub', server: hub.url },
      { id: 'slack', provider: 'slack', email: '' },
    ],
  });
  const calendar = new ScriptedCalendar('work', now);
  const log = new MemoryLogger();
  const { providers, words } = createProviders(() => ({
    fetch,
    now,
    secrets,
    claims,
    organisation: { ...DEFAULT_SETTINGS.organisation, slackApiUrl: slack.apiUrl },
    openAddress: async () => undefined,
  }));
  let app: App | null = null;

  function makeApp(): App {
    const engine = new SyncEngine({
      settings,
      secrets,
      providers: { ...providers, calendar: () => calendar },
      claims,
      clock,
      logger: log,
    });
    const listeners = new Set<(event: SystemEvent) => void>();
    const systemEvents = {
      subscribe: (onEvent: (event: SystemEvent) => void) => {
        listeners.add(onEvent);
        return () => void listeners.delete(onEvent);
      },
    };
    const word = new PersonsWord({ engine, settings, clock });
    return {
      engine,
      word,
      remoteWords: new RemoteWords({ sources: words, word, engine, settings, systemEvents, clock, logger: log }),
      triggers: new SyncTriggers({ engine, settings, clock, cadence: marks(clock), systemEvents, logger: log }),
      tell: (given) => {
        for (const listener of listeners) listener(given);
      },
    };
  }

  const running = (): App => {
    if (app === null) throw new Error('The app is off.');
    return app;
  };
  const at = (minutes: number): Instant => begun + minutes * MINUTE;
  const inHub = async (): Promise<HubShown> =>
    (await (await hub.ask('/api/v1/presences/me', token)).json()) as HubShown;
  const inSlack = async (): Promise<string> => (await slack.status()).status_text;
  const good = async (answer: Promise<Response>): Promise<void> => {
    const { status } = await answer;
    expect(status).toBe(200);
  };

  const world: WordsWorld = {
    settings,
    word: () => running().word,
    log,
    get hub() {
      return hub;
    },
    token,
    person,
    at,
    meets: (...meetings) => {
      calendar.events = meetings.map(([from, to]) =>
        meeting('00:00', '00:01', { time: { kind: 'timed', start: at(from), end: at(to) } }),
      );
    },
    async leap(minutes) {
      ahead = at(minutes) - Date.now();
      if (app === null) return;
      // What the heartbeat would have said in that time.
      await good(hub.ask('/api/v1/presences/me/report', token, { method: 'POST' }));
      app.tell('clockJump');
      await app.engine.settled();
    },
    async startApp() {
      app = makeApp();
      await app.engine.start();
      app.triggers.start();
      app.remoteWords.start();
      await app.engine.refresh();
      await app.engine.settled();
    },
    async crashApp() {
      const { engine, triggers, remoteWords } = running();
      app = null;
      remoteWords.stop();
      triggers.stop();
      await engine.stop({ giveBack: false });
    },
    says: (body) => good(hub.ask('/api/v1/people/me/word', token, { method: 'POST', body: JSON.stringify(body) })),
    setsInHub: (presence) =>
      good(hub.ask('/api/v1/presences/me', token, { method: 'PUT', body: JSON.stringify(presence) })),
    inHub,
    inSlack,
    setsInSlack: (text) => slack.setStatus(text, ''),
    async bothShow(text, shown) {
      await expect.poll(inSlack, { timeout: SOON, interval: 20 }).toBe(text);
      await expect.poll(inHub, { timeout: SOON, interval: 20 }).toMatchObject(shown);
    },
    async newToken() {
      const next = await hub.token(['publish'], person);
      await secrets.set({ kind: 'accountsecret', account: 'hub' }, next);
      running().remoteWords.renew('hub');
      await running().engine.renew('hub');
    },
    async restartHub() {
      hub = await hub.again();
      // A connection to the former one may still be in the pool.
      await expect
        .poll(() =>
          hub.ask('/healthz', null).then(
            ({ ok }) => ok,
            () => false,
          ),
        )
        .toBe(true);
    },
    async close() {
      if (app !== null) await world.crashApp();
      await slack.close();
      await hub.close();
    },
  };
  return world;
}

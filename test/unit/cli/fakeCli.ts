import type { AppPaths } from '../../../src/adapters/node/paths.ts';
import type { StateFile } from '../../../src/adapters/node/stateFile.ts';
import type { Cli } from '../../../src/cli/compose.ts';
import { createOutput } from '../../../src/cli/output.ts';
import { withReadCounts } from '../../../src/cli/readCounts.ts';
import type { ProviderName } from '../../../src/core/accounts.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { entryOf } from '../../../src/core/providerCatalogue.ts';
import type { SyncState } from '../../../src/core/syncState.ts';
import { Accounts, type AccountsDeps } from '../../../src/engine/accounts.ts';
import { Activity } from '../../../src/engine/activity.ts';
import { CalendarChoice } from '../../../src/engine/calendarChoice.ts';
import { PersonsWord } from '../../../src/engine/personsWord.ts';
import { RemoteWords } from '../../../src/engine/remoteWords.ts';
import { SelfTest } from '../../../src/engine/selfTest.ts';
import { SyncEngine } from '../../../src/engine/syncEngine.ts';
import { SyncTriggers } from '../../../src/engine/syncTriggers.ts';
import type { Providers } from '../../../src/ports/providers.ts';
import type { SignIn } from '../../../src/ports/signIn.ts';
import { ScriptedCalendar } from '../../fakes/engineHarness.ts';
import { at } from '../../fakes/events.ts';
import { FakeChat } from '../../fakes/fakeChat.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeNetwork } from '../../fakes/fakeNetwork.ts';
import { FakeWords } from '../../fakes/fakeWords.ts';
import { MemoryActivity, MemoryClaims, MemoryLogger, MemorySecrets, MemorySettings } from '../../fakes/memoryStores.ts';

export const PATHS: AppPaths = {
  home: '/home/ada',
  settingsFile: '/home/ada/settings.json',
  claimsFile: '/home/ada/claims.json',
  stateFile: '/home/ada/state.json',
  activityFile: '/home/ada/activity.jsonl',
  logFile: '/home/ada/HipStatus.log',
  runDir: '/home/ada/run',
};

export const SET_UP = {
  email: 'ada@example.com',
  calendars: [{ id: 'microsoft365', provider: 'microsoft365', homeAccountId: 'x', username: 'ada@example.com' }],
  chats: [
    { id: 'hipchat', provider: 'hipchat', email: '' },
    { id: 'slack', provider: 'slack', email: '' },
  ],
};

class MemoryState implements StateFile<SyncState> {
  state: SyncState | null = null;
  wasRemoved = false;

  write(state: SyncState): void {
    this.state = state;
  }

  read(): SyncState | null {
    return this.state;
  }

  watch(): () => void {
    return () => {};
  }

  remove(): void {
    this.state = null;
    this.wasRemoved = true;
  }
}

const HIPCHAT = { states: ['available', 'dnd', 'away'], textLimit: 500, emoji: false, expires: false } as const;
const SLACK = {
  states: ['available', 'away'],
  textLimit: 100,
  emoji: true,
  expires: true,
  stateExpires: false,
  profileTimeZone: false,
} as const;

/** The command line's parts in memory. It is 09:57 on the tests' day. */
export class FakeCli implements Cli {
  readonly paths = PATHS;
  readonly about = 'HipStatus 2.0.0 on linux';
  readonly activityLog = new MemoryActivity();
  readonly clock = new FakeClock(at('09:57'));
  readonly logger = new MemoryLogger();
  readonly settings: MemorySettings;
  readonly secrets = new MemorySecrets();
  readonly claims = new MemoryClaims();
  readonly stateFile = new MemoryState();
  readonly network = new FakeNetwork();
  readonly words = new FakeWords();
  readonly calendar = new ScriptedCalendar('microsoft365', () => this.clock.now());
  readonly hipchat: FakeChat;
  readonly slack: FakeChat;
  readonly signInPort: SignIn;
  /** The process of the HipStatus that runs; null for none. */
  running: number | null = null;
  isLocked = false;
  /** What the running HipStatus does when it is asked to sync. */
  onRequest: () => void = () => {};
  requests = 0;
  follower: (() => void) | null = null;
  #mark: () => void = () => {};

  constructor(events: readonly CalendarEvent[] = [], settings: Record<string, unknown> = SET_UP) {
    this.settings = new MemorySettings(settings);
    this.calendar.events = events;
    const now = () => this.clock.now();
    this.hipchat = new FakeChat({ accountId: 'hipchat', label: 'HipChat', capabilities: HIPCHAT, now });
    this.slack = new FakeChat({ accountId: 'slack', label: 'Slack', capabilities: SLACK, now });
    this.signInPort = {
      interactive: async () => ({ homeAccountId: 'home', username: 'ada@example.com' }),
      deviceCode: async (_id, onCode) => {
        onCode({ userCode: 'ABC', verificationUri: 'https://example.com/device', expiresAt: at('10:15') });
        return { homeAccountId: 'home', username: 'ada@example.com' };
      },
      signOut: async () => {},
    };
  }

  get providers(): Providers {
    return {
      calendar: () => this.calendar,
      chat: ({ provider }) => (provider === 'hipchat' ? this.hipchat : this.slack),
    };
  }

  async runningPid(): Promise<number | null> {
    return this.running;
  }

  async lock() {
    if (this.running !== null) return { heldBy: this.running };
    this.isLocked = true;
    return {
      release: () => {
        this.isLocked = false;
      },
    };
  }

  requestSync(): void {
    this.requests += 1;
    this.onRequest();
  }

  makeEngine() {
    const { settings, secrets, claims, clock, logger } = this;
    const { providers, counts } = withReadCounts(this.providers);
    const engine = new SyncEngine({ settings, secrets, providers, claims, clock, logger });
    const cadence = {
      start: (_minutes: number, onMark: () => void) => {
        this.#mark = onMark;
        return { stop: () => {} };
      },
    };
    const systemEvents = { subscribe: () => () => {} };
    const word = new PersonsWord({ engine, settings, clock });
    const sources = () => this.words;
    return {
      engine,
      counts,
      activity: new Activity({ engine, settings, systemEvents, clock, log: this.activityLog }),
      triggers: new SyncTriggers({ engine, clock, cadence, settings, systemEvents, logger }),
      remoteWords: new RemoteWords({ sources, word, engine, settings, systemEvents, clock, logger }),
    };
  }

  async makeSelfTest(): Promise<SelfTest> {
    const { settings, secrets, clock, network } = this;
    return new SelfTest({
      settings,
      secrets,
      clock,
      network,
      providers: () => this.providers,
      state: () => this.stateFile.state,
    });
  }

  /** A five-minute mark. */
  mark(): void {
    this.#mark();
  }

  accounts(hooks: Pick<AccountsDeps, 'onRenewed' | 'onLeft'>): Accounts {
    const { settings, secrets, providers, clock, signInPort } = this;
    const signIn = (provider: ProviderName) => (entryOf(provider).signIn === 'browser' ? signInPort : null);
    return new Accounts({ settings, secrets, providers, signIn, clock, ...hooks });
  }

  get calendarChoice(): CalendarChoice {
    const { settings, secrets, providers, clock, signInPort } = this;
    return new CalendarChoice({ settings, secrets, providers, clock, signIn: () => signInPort });
  }

  follow(onSyncRequest: () => void): () => void {
    this.follower = onSyncRequest;
    return () => {
      this.follower = null;
    };
  }
}

/** What a command printed, for people and for programs. */
export function record(isJson = false) {
  const lines: string[] = [];
  const output = createOutput(isJson, (text) => lines.push(text.replace(/\n$/, '')));
  return {
    output,
    lines,
    get text() {
      return lines.join('\n');
    },
    /** The first JSON value. */
    get json() {
      return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    },
  };
}

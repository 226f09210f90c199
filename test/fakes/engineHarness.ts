import { HIPCHAT_CAPABILITIES } from '../../src/adapters/chat/hipchat/transform.ts';
import { HUB_CAPABILITIES } from '../../src/adapters/chat/hub/transform.ts';
import { AppError } from '../../src/core/appError.ts';
import type { CalendarEvent } from '../../src/core/calendarEvent.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { ChatCapabilities } from '../../src/core/presence.ts';
import { ENGLISH } from '../../src/core/texts.ts';
import type { Instant, Interval } from '../../src/core/time.ts';
import { Notices } from '../../src/engine/notices.ts';
import { SyncEngine } from '../../src/engine/syncEngine.ts';
import { SyncTriggers } from '../../src/engine/syncTriggers.ts';
import type { Cadence } from '../../src/ports/cadence.ts';
import type { CalendarProvider } from '../../src/ports/calendarProvider.ts';
import type { ClaimStore } from '../../src/ports/claimStore.ts';
import type { Clock, Timer } from '../../src/ports/clock.ts';
import type { Providers } from '../../src/ports/providers.ts';
import type { SystemEvent, SystemEvents } from '../../src/ports/systemEvents.ts';
import { at, meeting } from './events.ts';
import { FakeChat } from './fakeChat.ts';
import { FakeClock, settle } from './fakeClock.ts';
import { MemoryClaims, MemoryLogger, MemorySecrets, MemorySettings } from './memoryStores.ts';
import { rich } from './plans.ts';

/** A calendar in memory that can fail. */
export class ScriptedCalendar implements CalendarProvider {
  readonly accountId: string;
  readonly label = 'Test calendar';
  events: readonly CalendarEvent[] = [];
  error: AppError | null = null;
  /** While set, a read waits for it. */
  waitFor: Promise<void> | null = null;
  readonly readsAt: Instant[] = [];
  readonly #now: () => Instant;

  constructor(accountId: string, now: () => Instant) {
    this.accountId = accountId;
    this.#now = now;
  }

  async calendarView(_window: Interval): Promise<readonly CalendarEvent[]> {
    this.readsAt.push(this.#now());
    await this.waitFor;
    if (this.error !== null) throw this.error;
    return this.events;
  }
}

/** The marks, on the fake clock. */
export const marks = (clock: Clock): Cadence => ({
  start: (minutes, onMark) => {
    const step = minutes * 60_000;
    let timer: Timer = { stop: () => {} };
    const next = () => {
      timer = clock.after(step - (clock.now() % step), () => {
        onMark();
        next();
      });
    };
    next();
    return { stop: () => timer.stop() };
  },
});

/** `timed` is a chat that ends a state, too, when it was told so. */
export type ChatKind = 'hipchat' | 'slack' | 'timed' | 'hub';

/** The ports that a whole run goes through. */
export interface RunPorts {
  readonly providers: Providers;
  readonly claims: ClaimStore;
  readonly clock: Clock;
}

export interface HarnessOptions {
  readonly now: Instant;
  readonly chats?: readonly ChatKind[];
  readonly calendars?: readonly string[];
  readonly settings?: Record<string, unknown>;
  readonly claims?: MemoryClaims;
  readonly clock?: FakeClock;
  /** Chats of a former run, so that a restart meets them as they are. */
  readonly former?: Harness;
  /** Puts something between the engine and the fakes. */
  readonly wrap?: (ports: RunPorts) => RunPorts;
}

const CAPABILITIES: Record<ChatKind, ChatCapabilities> = {
  hipchat: HIPCHAT_CAPABILITIES,
  slack: rich,
  timed: { ...rich, states: ['available', 'busy', 'dnd', 'away'], stateExpires: true },
  hub: HUB_CAPABILITIES,
};

/** The whole engine on fakes at the ports. */
export class Harness {
  readonly clock: FakeClock;
  readonly claims: MemoryClaims;
  readonly settings: MemorySettings;
  readonly secrets = new MemorySecrets();
  readonly logger = new MemoryLogger();
  readonly chats: ReadonlyMap<string, FakeChat>;
  readonly calendars: ReadonlyMap<string, ScriptedCalendar>;
  readonly shown: Notice[] = [];
  readonly open = new Map<string, { notice: Notice; click: () => void }>();
  readonly actions: unknown[] = [];
  readonly engine: SyncEngine;
  readonly triggers: SyncTriggers;
  readonly notices: Notices;
  #tell: (event: SystemEvent) => void = () => {};

  constructor(options: HarnessOptions) {
    this.clock = options.clock ?? new FakeClock(options.now);
    this.claims = options.claims ?? new MemoryClaims();
    const chatNames = options.chats ?? ['hipchat', 'slack'];
    const calendarNames = options.calendars ?? ['work'];
    this.settings = new MemorySettings({
      email: 'ada@example.com',
      calendars: calendarNames.map((id) => ({ id, provider: 'ics', name: id, username: '' })),
      chats: chatNames.map((id) => ({ id, provider: id === 'hipchat' ? id : 'slack', email: '' })),
      ...options.settings,
    });
    const now = () => this.clock.trueNow();
    this.chats =
      options.former?.chats ??
      new Map(
        chatNames.map((name) => [
          name,
          new FakeChat({ accountId: name, label: name, capabilities: CAPABILITIES[name], profileTimeZone: 'UTC', now }),
        ]),
      );
    this.calendars =
      options.former?.calendars ?? new Map(calendarNames.map((id) => [id, new ScriptedCalendar(id, now)]));
    const providers: Providers = {
      calendar: ({ id }) => found(this.calendars.get(id)),
      chat: ({ id }) => found(this.chats.get(id)),
    };
    const { settings, secrets, logger } = this;
    const ports: RunPorts = { providers, claims: this.claims, clock: this.clock };
    const { providers: reached, claims, clock } = options.wrap?.(ports) ?? ports;
    this.engine = new SyncEngine({ settings, secrets, providers: reached, claims, clock, logger });
    const systemEvents: SystemEvents = {
      subscribe: (onEvent) => {
        this.#tell = onEvent;
        return () => {};
      },
    };
    this.triggers = new SyncTriggers({
      engine: this.engine,
      clock,
      cadence: marks(clock),
      settings,
      systemEvents,
      logger,
    });
    this.notices = new Notices({
      engine: this.engine,
      speech: () => ({ ...ENGLISH, overrides: settings.get().organisation.texts }),
      settings,
      clock,
      notifier: {
        show: (notice, click) => {
          this.shown.push(notice);
          this.open.set(notice.id, { notice, click });
        },
        close: (id) => void this.open.delete(id),
      },
      onAction: (action) => this.actions.push(action),
    });
  }

  get calendar(): ScriptedCalendar {
    return found([...this.calendars.values()][0]);
  }

  chat(name: string): FakeChat {
    return found(this.chats.get(name));
  }

  async start(): Promise<void> {
    await this.engine.start();
    this.notices.start();
    this.triggers.start();
    void this.engine.refresh();
    await settle();
  }

  /** The machine tells something. */
  async tell(event: SystemEvent): Promise<void> {
    this.#tell(event);
    await settle();
  }

  /** kill -9: nothing asks the engine to run any more, and nothing is given back. */
  kill(): void {
    this.triggers.stop();
    this.notices.stop();
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new AppError('invalidInput', 'The test has no such account.');
  return value;
}

/** A started harness; every calendar holds `events`. */
export async function running(
  options: Partial<HarnessOptions> = {},
  events: readonly CalendarEvent[] = [meeting('10:00', '11:00')],
): Promise<Harness> {
  const harness = new Harness({ now: at('09:57'), ...options });
  for (const calendar of harness.calendars.values()) calendar.events = events;
  await harness.start();
  return harness;
}

/** What a chat shows in a meeting, and outside of any. */
export const dnd = { state: 'dnd', text: 'In a meeting' };
export const free = { state: 'available', text: '', until: null };

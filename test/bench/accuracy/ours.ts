// The real engine and its real triggers through one day.
import { layerSettings, type Settings } from '../../../src/core/settings.ts';
import { SyncEngine } from '../../../src/engine/syncEngine.ts';
import { SyncTriggers } from '../../../src/engine/syncTriggers.ts';
import type { Cadence } from '../../../src/ports/cadence.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import type { SettingsStore } from '../../../src/ports/settingsStore.ts';
import type { SystemEvent } from '../../../src/ports/systemEvents.ts';
import { MemoryClaims, MemorySecrets } from '../../fakes/memoryStores.ts';
import { BenchClock } from './clock.ts';
import { type At, type Shot, TrueCalendars, type WorkingDay } from './day.ts';
import { Random } from './random.ts';
import { BenchCalendar, BenchChat } from './stand-ins.ts';

/** What came of a tool's day. */
export interface DayRun {
  readonly shots: readonly Shot[];
  /** One call is one account read once. */
  readonly calendarReadsAt: readonly At[];
  readonly chatReadsAt: readonly At[];
  readonly writesAt: readonly At[];
}

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => SILENT };

/** Settings that stay as they are: parsed once, where the tests' store parses at every look. */
class FixedSettings implements SettingsStore {
  readonly #settings: Settings;

  constructor(value: Record<string, unknown>) {
    this.#settings = layerSettings(value).settings;
  }

  get = (): Settings => this.#settings;
  locked = (): ReadonlySet<string> => new Set();
  problems = () => [];
  subscribe = () => () => {};
  update(): void {
    throw new Error('Nothing is set on the bench.');
  }
}

/** Marks of the wall clock. */
const marks = (clock: BenchClock): Cadence => ({
  start: (minutes, onMark) => {
    const step = minutes * 60_000;
    let timer = { stop: () => {} };
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

/** @param refreshMinutes the setting of that name */
export async function runOurs(day: WorkingDay, refreshMinutes: number): Promise<DayRun> {
  const random = new Random(1);
  const clock = new BenchClock(day.start, () => random.next());
  const truth = new TrueCalendars(day.entries);
  const chat = new BenchChat(clock);
  const calendars = Array.from({ length: day.calendars }, (_, number) => new BenchCalendar(number, truth, clock));
  const settings = new FixedSettings({
    email: 'ada@example.com',
    refreshMinutes,
    calendars: calendars.map(({ accountId: id }) => ({ id, provider: 'ics', name: id, username: '' })),
    chats: [{ id: chat.accountId, provider: 'hipchat', email: '' }],
  });
  const engine = new SyncEngine({
    settings,
    secrets: new MemorySecrets(),
    providers: {
      calendar: ({ id }) => {
        const found = calendars.find(({ accountId }) => accountId === id);
        if (found === undefined) throw new Error(`No calendar ${id}.`);
        return found;
      },
      chat: () => chat,
    },
    claims: new MemoryClaims(),
    clock,
    logger: SILENT,
  });
  let tell: (event: SystemEvent) => void = () => {};
  const systemEvents = {
    subscribe: (onEvent: (event: SystemEvent) => void) => {
      tell = onEvent;
      return () => {};
    },
  };
  const triggers = new SyncTriggers({ engine, clock, cadence: marks(clock), settings, systemEvents, logger: SILENT });
  await engine.start();
  triggers.start();
  void engine.refresh();

  let isAsleep = false;
  const pass = async (at: At) => (isAsleep ? clock.jumpTo(at) : await clock.advanceTo(at));
  for (const happening of day.happenings) {
    await pass(happening.at);
    if (happening.kind === 'calendar') truth.put(happening.entries);
    else if (happening.kind === 'person') chat.personSets(happening.shown);
    else isAsleep = happening.kind === 'sleep';
    if (happening.kind === 'wake') tell('wake');
  }
  await pass(day.end);
  triggers.stop();
  const stopping = engine.stop({ giveBack: false });
  await clock.advanceTo(day.end + 60_000);
  await stopping;
  const calendarReadsAt = calendars.flatMap(({ readsAt }) => readsAt).sort((a, b) => a - b);
  return {
    shots: chat.shots.filter(({ at }) => at < day.end),
    calendarReadsAt,
    chatReadsAt: chat.readsAt,
    writesAt: chat.writesAt,
  };
}

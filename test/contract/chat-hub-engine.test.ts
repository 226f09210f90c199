import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SyncEngine } from '../../src/engine/syncEngine.ts';
import { SyncTriggers } from '../../src/engine/syncTriggers.ts';
import { marks, ScriptedCalendar } from '../fakes/engineHarness.ts';
import { at, meeting } from '../fakes/events.ts';
import { FakeClock, settle } from '../fakes/fakeClock.ts';
import { MemoryClaims, MemoryLogger, MemorySecrets, MemorySettings } from '../fakes/memoryStores.ts';
import { type HubWorld, openHub } from './hub-proxy-world.ts';

const MINUTE = 60_000;
const MEETING = { state: 'dnd', text: 'In a meeting', until: at('11:00'), source: 'app' };
const FREE = { state: 'available', text: '', until: null };
const OFFLINE = { state: 'offline', text: '' };

/** The engine with its triggers over a real hub; the clock is the test's. */
function appOver(world: HubWorld, claims: MemoryClaims, clock: FakeClock, differences: object = {}) {
  const calendar = new ScriptedCalendar('work', () => clock.now());
  calendar.events = [meeting('10:00', '11:00')];
  const logger = new MemoryLogger();
  const settings = new MemorySettings({
    email: 'ada@example.com',
    calendars: [{ id: 'work', provider: 'ics', name: 'work', username: '' }],
    chats: [{ id: 'hub', provider: 'hub', server: world.server.url, ...differences }],
  });
  const engine = new SyncEngine({
    settings,
    secrets: new MemorySecrets(),
    providers: { calendar: () => calendar, chat: () => world.start(clock) },
    claims,
    clock,
    logger,
  });
  const systemEvents = { subscribe: () => () => undefined };
  const triggers = new SyncTriggers({ engine, settings, clock, cadence: marks(clock), systemEvents, logger });
  return {
    /** As `hipstatus sync` does: no triggers, nothing that lasts. */
    async once() {
      await engine.start();
      await engine.refresh();
      await engine.stop({ giveBack: false });
    },
    async start() {
      await engine.start();
      triggers.start();
      await engine.refresh();
      await engine.settled();
    },
    settled: () => engine.settled(),
    status: () => engine.state().chats[0]?.status,
    /** As a crash does: nothing is given back. */
    async crash() {
      triggers.stop();
      await engine.stop({ giveBack: false });
    },
    async stop() {
      triggers.stop();
      await engine.stop();
    },
  };
}

describe('the hub with the engine, end to end', () => {
  let world: HubWorld;
  let clock: FakeClock;
  let claims: MemoryClaims;
  let app: ReturnType<typeof appOver>;
  const shown = () => world.hub.shown();

  /** Time passes a minute at a time, and every call is answered in the minute it was made. */
  async function until(clockTime: string): Promise<void> {
    while (clock.now() < at(clockTime)) {
      await clock.advance(Math.min(MINUTE, at(clockTime) - clock.now()));
      await world.quiet();
      await app.settled();
      await settle();
    }
  }
  const startApp = async (differences = {}) => {
    app = appOver(world, claims, clock, differences);
    await app.start();
  };

  beforeEach(async () => {
    clock = new FakeClock(at('09:57'));
    claims = new MemoryClaims();
    world = await openHub(clock);
  });
  afterEach(async () => {
    await app.stop();
    await world.close();
    expect(world.findings()).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('shows a meeting until its end, and then what was there before', async () => {
    await world.hub.personSays({ state: 'busy', text: '', emoji: ':coffee:', until: null });
    await startApp();
    expect(await shown()).toMatchObject({ state: 'busy', text: '', emoji: ':coffee:' });
    await until('10:01');
    expect(await shown()).toMatchObject(MEETING);
    const written = world.landed();
    await until('10:59');
    expect(await shown()).toMatchObject(MEETING);
    expect(world.landed()).toBe(written);
    await until('11:01');
    expect(await shown()).toMatchObject({ state: 'busy', text: '', emoji: ':coffee:', until: null });
    expect([app.status(), claims.records.size]).toEqual(['ok', 0]);
  });

  it('leaves the last word to the person, for the rest of the meeting and after it', async () => {
    await startApp();
    await until('10:01');
    expect(await shown()).toMatchObject(MEETING);
    await world.hub.personSays({ state: 'away', text: 'Dentist', emoji: '', until: null });
    await until('10:06');
    expect(app.status()).toBe('handsOff');
    await until('11:06');
    expect(await shown()).toMatchObject({ state: 'away', text: 'Dentist', source: 'api' });
  });

  it('writes over nothing that the person sets between its look and its word', async () => {
    await startApp();
    await until('09:59');
    world.beforeWrite(() => world.hub.personSays({ state: 'available', text: 'Ask me', emoji: '', until: null }));
    await until('10:00');
    await until('10:01');
    expect(world.journal.exchanges.filter(({ method }) => method === 'PUT').map(({ status }) => status)).toEqual([412]);
    expect(await shown()).toMatchObject({ state: 'available', text: 'Ask me', source: 'api' });
    expect(app.status()).toBe('handsOff');
    await until('11:01');
    expect(await shown()).toMatchObject({ state: 'available', text: 'Ask me', source: 'api' });
    expect(app.status()).toBe('ok');
  });

  it('is taken at its word again when somebody has only renamed the person in between', async () => {
    await startApp();
    await until('09:59');
    world.beforeWrite(() => world.hub.rename('Ada King'));
    await until('10:01');
    expect(await shown()).toMatchObject(MEETING);
    expect(app.status()).toBe('ok');
  });

  it('shows nobody as offline whose app runs, all day long', async () => {
    await startApp();
    await until('11:05');
    const states = new Set<string>();
    for (let minute = 0; minute < 120; minute++) {
      await until(new Date(clock.now() + MINUTE).toISOString().slice(11, 16));
      states.add((await shown()).state);
    }
    expect([...states]).toEqual(['available']);
  });

  it('shows as offline whose app was killed, and is right again when it is back', async () => {
    await startApp();
    await until('10:01');
    await app.crash();
    await until('10:14');
    expect(await shown()).toMatchObject(MEETING);
    await until('10:20');
    expect(await shown()).toMatchObject(OFFLINE);
    await startApp();
    expect(await shown()).toMatchObject(MEETING);
    expect(app.status()).toBe('ok');
    await app.crash();
    await until('11:10');
    expect(await shown()).toMatchObject(OFFLINE);
    await startApp();
    expect(await shown()).toMatchObject(FREE);
    expect([app.status(), claims.records.size]).toEqual(['ok', 0]);
  });

  it('keeps a text of the person until its end, goes on with the meeting then, and gives back nothing that is over', async () => {
    await world.hub.personSays({ state: 'away', text: 'Lunch', emoji: '', until: at('10:20') });
    await startApp();
    await until('10:01');
    expect(await shown()).toMatchObject({ state: 'dnd', text: 'Lunch', until: at('10:20') });
    await until('10:26');
    expect(await shown()).toMatchObject(MEETING);
    expect(app.status()).toBe('ok');
    await until('11:01');
    expect(await shown()).toMatchObject(FREE);
  });

  it('gives back a state of the person that was under a text of ours', async () => {
    await world.hub.personSays({ state: 'away', text: '', emoji: '', until: null });
    await startApp({ shows: { state: false, text: true } });
    await until('10:01');
    expect(await shown()).toMatchObject({ ...MEETING, state: 'away' });
    await until('11:01');
    expect(await shown()).toMatchObject({ ...FREE, state: 'away' });
    expect([app.status(), claims.records.size]).toEqual(['ok', 0]);
  });

  it('has the hub end a state without a text, and knows it as its own at the next start', async () => {
    const stateOnly = { shows: { state: true, text: false } };
    await startApp(stateOnly);
    await until('10:01');
    expect(await shown()).toMatchObject({ ...MEETING, text: '' });
    await app.crash();
    await startApp(stateOnly);
    expect(app.status()).toBe('ok');
    await until('11:01');
    expect(await shown()).toMatchObject(FREE);
    expect([app.status(), claims.records.size, world.landed()]).toEqual(['ok', 0, 1]);
  });

  it('keeps what a single sync wrote for as long as a report counts', async () => {
    clock.jumpTo(at('10:05'));
    app = appOver(world, claims, clock);
    await app.once();
    expect(clock.timers).toBe(0);
    expect(await shown()).toMatchObject(MEETING);
    await until('10:18');
    expect(await shown()).toMatchObject(MEETING);
    await until('10:21');
    expect(await shown()).toMatchObject(OFFLINE);
    app = appOver(world, claims, clock);
    await app.once();
    expect(await shown()).toMatchObject(MEETING);
  });

  it('is quiet while the hub is away, and right when it is back', async () => {
    await startApp();
    const back = world.cutOff();
    await until('10:10');
    expect(app.status()).toBe('failing');
    back();
    await until('10:12');
    expect(await shown()).toMatchObject(MEETING);
    expect(app.status()).toBe('ok');
  });
});

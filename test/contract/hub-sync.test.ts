import { afterEach, describe, expect, it } from 'vitest';
import { judgeAll } from './graph-unfold.ts';
import {
  allTried,
  instant,
  meeting,
  openSyncWorld,
  type SyncWorld,
  until,
  type WorldOptions,
} from './hub-sync-world.ts';
import { loadContracts } from './specs.ts';

const contracts = loadContracts();
const MINUTE = 60_000;

let world: SyncWorld;
const open = async (options?: WorldOptions) => {
  world = await openSyncWorld(options);
};
const withDays = (days: NonNullable<WorldOptions['days']>, options: WorldOptions = {}) => open({ ...options, days });
const calls = () => world.calls();

afterEach(async () => {
  // Whatever happens, our requests and its answers keep the published contract.
  expect(judgeAll(contracts, world.sandbox.exchanges)).toEqual([]);
  await world.close();
});

describe.each(['calendarView', 'getSchedule'])('organisation sync by %s', (mode) => {
  const env = { HUB_SYNC_MODE: mode };

  it('decides for everybody, twenty at a time, and decides the edges without a call', async () => {
    await withDays(
      {
        0: [meeting('08:30', '09:30')],
        1: [meeting('09:00', '10:00')],
        2: [meeting('08:00', '12:00', { showAs: 'oof' }), meeting('08:30', '09:30')],
        3: [
          meeting('08:00', '12:00', { showAs: 'tentative' }),
          meeting('08:00', '12:00', { responseStatus: 'declined' }),
        ],
        4: [],
      },
      { env },
    );
    await allTried(world);
    expect(await Promise.all([0, 1, 2, 3, 4].map(world.shown))).toEqual([
      'dnd',
      'available',
      'away',
      'available',
      'available',
    ]);
    expect((await world.record(0)).said).toMatchObject({
      text: 'In a meeting',
      source: 'calendar',
      until: instant('09:30:00'),
    });
    expect((await world.record(1)).day).toEqual([
      { start: instant('09:00:00'), end: instant('10:00:00'), state: 'dnd' },
    ]);
    expect(world.sync.metrics).toMatchObject({ people: 45, done: 45, failed: 0, stale: 0, isPlanner: true });
    // The list, then three jobs; of calendarView each also asks for the zones.
    expect(world.sync.metrics.calls).toBe(mode === 'calendarView' ? 7 : 4);
    await world.clock.advanceTo('2026-01-05T08:59:59Z');
    const before = world.sync.metrics.calls;
    world.sandbox.graph.outage(Number.POSITIVE_INFINITY);
    await world.clock.advance(1_000);
    await until(async () => (await world.shown(1)) === 'dnd', 'the edge was met');
    expect(world.sync.metrics.calls - before).toBeLessThanOrEqual(1);
    world.sandbox.graph.clearFaults();
  });

  it('keeps nothing of what meetings are about', async () => {
    await open({ env });
    await allTried(world);
    await world.pass('09:40:00');
    const documents = await world.store.documents.list('org-sync-views', { limit: 100 }, world.clock.now());
    expect(documents).toHaveLength(45);
    const kept = JSON.stringify([documents, await world.store.events(0, 10_000), world.log.lines]);
    expect(kept).not.toMatch(/Secret|Hidden|grace@|person\d+@.*@odata/);
    expect(JSON.stringify(world.sandbox.exchanges.map(({ responseBody }) => responseBody))).toMatch(
      mode === 'getSchedule' ? /Secret plan/ : /showAs/,
    );
    if (mode === 'calendarView') {
      expect(JSON.stringify(world.sandbox.exchanges)).not.toMatch(/Secret plan|Hidden room|grace@/);
    }
  });

  it("lets each one's trouble be their own, and writes nothing of whom it never read", async () => {
    await withDays(
      { 4: [meeting('08:30', '09:30')] },
      {
        env,
        before: ({ sandbox }) => {
          const { organisation } = sandbox.graph;
          const fail = (number: number, fault: Parameters<typeof organisation.fail>[1]) =>
            organisation.fail(organisation.address(number), { times: Number.POSITIVE_INFINITY, ...fault });
          fail(1, { status: 404, code: 'MailboxNotEnabledForRESTAPI' });
          fail(2, { status: 403 });
          fail(3, { status: 503 });
        },
      },
    );
    await allTried(world);
    expect(await Promise.all([1, 2, 3, 4].map(world.shown))).toEqual(['offline', 'offline', 'offline', 'dnd']);
    expect(world.sync.metrics).toMatchObject({ done: 42, failed: 3, stale: 3 });
    const asked = () => calls().length;
    const before = asked();
    await world.pass('08:50:20');
    expect(asked()).toBe(before);
    world.sandbox.graph.organisation.clear();
    await world.pass('10:00:00');
    expect(await Promise.all([1, 2, 3].map(world.shown))).not.toContain('offline');
    expect(world.sync.metrics.stale).toBe(0);
  });

  it('keeps the last good view while the tenant is in trouble, obeys Retry-After, and goes on by itself', async () => {
    await withDays({ 1: [meeting('09:00', '10:00')] }, { env });
    await allTried(world);
    const error = { error: { code: 'ServiceUnavailable', message: 'x' } };
    const headers = { 'retry-after': '1800' };
    world.sandbox.graph.fail({ status: 503, headers, body: error, times: Number.POSITIVE_INFINITY });
    const before = calls().length;
    await world.clock.advanceTo('2026-01-05T08:56:00Z');
    await until(() => calls().length > before, 'the tenant was tried');
    await world.clock.advanceTo('2026-01-05T09:10:00Z');
    await until(async () => (await world.shown(1)) === 'dnd', 'the edge was met');
    expect(calls().length).toBe(before + 1);
    expect(world.sync.metrics.lagSeconds(world.clock.now())).toBeGreaterThan(600);
    await world.clock.advanceTo('2026-01-05T09:20:00Z');
    expect(calls().length).toBe(before + 1);
    world.sandbox.graph.clearFaults();
    await world.pass('09:31:00');
    expect(world.sync.metrics.lagSeconds(world.clock.now())).toBe(0);
    expect(world.sync.metrics.throttled).toBe(1);
  });

  it('leaves who has an app to it, and reads nothing of them, until the app is gone', async () => {
    await withDays(
      { 1: [meeting('08:30', '09:30')] },
      {
        env,
        people: 3,
        before: async ({ store, sandbox }) => {
          const person = {
            id: 'app00000000000000000000000',
            email: sandbox.graph.organisation.address(1),
            name: '',
            identities: [],
          };
          await store.putPerson(person, instant('08:00:00'));
          const presence = { state: 'available', text: 'Free', emoji: '', until: null } as const;
          await store.report(
            person.id,
            { presence, source: 'app', reportedUntil: instant('23:00:00') },
            instant('08:00:00'),
          );
        },
      },
    );
    await allTried(world, 2);
    expect((await world.record(1)).said).toMatchObject({ source: 'app', text: 'Free' });
    const asked = () =>
      JSON.stringify(calls()).includes(`${world.sandbox.graph.organisation.person(world.address(1)).id}/calendarView`);
    expect(asked()).toBe(false);
    await world.store.signOff('app00000000000000000000000', world.clock.now());
    await world.pass('09:00:00');
    await until(async () => (await world.shown(1)) === 'dnd', 'the calendar took over');
    // Their name came from the directory; they themselves were there before.
    expect((await world.record(1)).person).toMatchObject({
      id: 'app00000000000000000000000',
      identities: [{ service: 'microsoft365' }],
    });
    expect((await world.record(1)).person.name).not.toBe('');
  });
});

describe('an app that comes later', () => {
  it('is left alone although it has said nothing yet, and until it is gone', async () => {
    await withDays({ 1: [meeting('09:00', '10:00')] }, { people: 3 });
    await allTried(world, 3);
    const { person } = await world.record(1);
    const stillThere = () =>
      world.store.report(
        person.id,
        { source: 'app', reportedUntil: world.clock.now() + 15 * MINUTE },
        world.clock.now(),
      );
    await world.clock.advanceTo('2026-01-05T08:59:00Z');
    await stillThere();
    await world.pass('09:05:00');
    expect((await world.record(1)).said).toMatchObject({ state: 'available', source: 'calendar' });
    // It says nothing more.
    await world.pass('09:14:02');
    await until(async () => (await world.record(1)).said.state === 'dnd', 'the calendar took over');
    expect(await world.shown(1)).toBe('dnd');
  });
});

describe('what was said by hand', () => {
  const say = async (number: number, until: number | null) => {
    const { person } = await world.record(number);
    const presence = { state: 'away', text: 'Lunch', emoji: '', until } as const;
    const now = world.clock.now();
    await world.store.report(person.id, { presence, source: 'command', reportedUntil: now + 15 * MINUTE }, now);
  };

  it('stands until its end, and then the calendar says it again', async () => {
    await withDays({ 1: [meeting('08:30', '12:00')] }, { people: 3 });
    await allTried(world, 3);
    await say(1, instant('10:00:00'));
    for (const time of ['09:00:00', '09:30:00', '09:59:00']) {
      await world.pass(time);
      expect((await world.record(1)).said.text).toBe('Lunch');
      expect(await world.shown(1)).toBe('away');
    }
    await world.pass('10:00:02');
    await until(async () => (await world.shown(1)) === 'dnd', 'the calendar counts again');
  });

  it('stands for the rest of the interval where it has no end', async () => {
    await withDays({ 1: [meeting('08:30', '09:30'), meeting('11:00', '12:00')] }, { people: 3 });
    await allTried(world, 3);
    await say(1, null);
    await world.pass('09:29:00');
    // It was reported for a quarter of an hour; nobody else has to say again that the person is there.
    expect(await world.shown(1)).toBe('away');
    await world.pass('09:30:02');
    await until(async () => (await world.shown(1)) === 'available', 'the meeting is over');
    await say(1, null);
    await world.pass('10:59:00');
    expect(await world.shown(1)).toBe('away');
    await world.pass('11:00:02');
    await until(async () => (await world.shown(1)) === 'dnd', 'the next meeting began');
  });
});

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
const HOUR = 3_600_000;

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

describe('zones', () => {
  const dayOff = {
    start: new Date('2026-01-05T15:00:00Z'),
    end: new Date('2026-01-06T15:00:00Z'),
    isAllDay: true,
    showAs: 'oof' as const,
  };
  const zoned = (env: Record<string, string>, roles?: readonly string[]) =>
    withDays(
      { 1: [dayOff] },
      {
        people: 3,
        env,
        ...(roles === undefined ? {} : { roles }),
        before: ({ sandbox }) =>
          sandbox.graph.organisation.setZone(sandbox.graph.organisation.address(1), 'Tokyo Standard Time'),
      },
    );

  it.each(['calendarView', 'getSchedule'])("are the mailbox's own for whole days, by %s", async (HUB_SYNC_MODE) => {
    await zoned({ HUB_SYNC_MODE });
    await allTried(world, 3);
    expect(await world.shown(1)).toBe('available');
    await world.pass('15:00:02');
    await until(async () => (await world.shown(1)) === 'away', 'the day began in Tokyo');
  });

  it("are the organisation's where mailboxes may not be asked", async () => {
    await zoned({ HUB_SYNC_ZONE: 'Asia/Tokyo' }, ['Calendars.Read', 'User.Read.All']);
    await allTried(world, 3);
    expect(await world.shown(1)).toBe('available');
    await world.pass('15:00:02');
    await until(async () => (await world.shown(1)) === 'away', 'the day began in Tokyo');
    // Asked for once a day only.
    const asked = calls().filter(
      ({ path, body }) => path.endsWith('$batch') && JSON.stringify(body).includes('mailboxSettings'),
    );
    expect(asked).toHaveLength(1);
  });
});

describe('throttling', () => {
  it("waits for one mailbox as long as it says, to the second, and for no other's", async () => {
    await open({
      people: 3,
      before: ({ sandbox }) =>
        sandbox.graph.organisation.fail(sandbox.graph.organisation.address(1), {
          status: 429,
          retryAfterSeconds: 47.5,
        }),
    });
    await allTried(world, 3);
    const { id } = world.sandbox.graph.organisation.person(world.address(1));
    const reads = () => JSON.stringify(calls().map(({ body }) => body)).split(`${id}/calendarView`).length - 1;
    expect([reads(), await world.shown(1)]).toEqual([1, 'offline']);
    await world.clock.advanceTo('2026-01-05T08:50:47.499Z');
    expect(reads()).toBe(1);
    await world.pass('08:50:49');
    expect(reads()).toBe(2);
    expect(await world.shown(1)).not.toBe('offline');
  });

  it('takes a batch in which every mailbox is throttled for the tenant', async () => {
    await open({ before: ({ sandbox }) => sandbox.graph.organisation.throttleAll(30, 2) });
    // Three batches are under way when the first is answered.
    await until(() => world.sync.metrics.throttled >= 40 && calls().length === 4, 'the tenant was throttled');
    const before = calls().length;
    await world.clock.advanceTo('2026-01-05T08:50:29Z');
    expect(calls().length).toBe(before);
    await world.pass('08:52:00');
    expect(world.sync.metrics.done).toBeGreaterThanOrEqual(45);
    expect(world.sync.metrics).toMatchObject({ failed: 0, stale: 0 });
  });
});

describe('the token', () => {
  const tokenCalls = () =>
    world.sandbox.exchanges.filter(({ service, path }) => service === 'entra' && path.endsWith('/token'));

  it('is asked for once, kept until a minute before its end, and renewed when it is refused', async () => {
    await open();
    await allTried(world);
    expect(tokenCalls()).toHaveLength(1);
    world.sandbox.entra.apps.expire();
    await world.pass('08:56:00');
    expect(tokenCalls()).toHaveLength(2);
    expect(world.sync.metrics.stale).toBe(0);
    await world.pass('09:54:58');
    expect(tokenCalls().length).toBeLessThanOrEqual(3);
  });

  it('that is not given holds the tenant, and says which setting is wrong', async () => {
    await open({ env: { HUB_SYNC_CLIENT_SECRET: 'expired-secret' } });
    await until(() => world.log.lines.length > 1, 'it was said');
    expect(world.log.lines.join('\n')).toContain('Check HUB_SYNC_CLIENT_SECRET');
    expect(world.log.lines.join('\n')).not.toContain('expired-secret');
    expect(tokenCalls()).toHaveLength(1);
    await world.clock.advance(HOUR);
    await until(() => tokenCalls().length > 1, 'it is tried again');
    // No more than once in half a minute or so.
    expect(tokenCalls().length).toBeLessThan(60);
    expect(calls()).toEqual([]);
  });
});

describe('who belongs to it', () => {
  it('follows the group: who leaves it is gone, who was there before stays', async () => {
    await open({
      env: { HUB_SYNC_GROUP: '0a11ce00-0000-4000-9000-000000000001' },
      before: async ({ sandbox, store }) => {
        const { organisation } = sandbox.graph;
        organisation.resizeGroup(10);
        const known = {
          id: 'before00000000000000000000',
          email: organisation.address(9),
          name: 'Own Name',
          identities: [],
        };
        await store.putPerson(known, instant('08:00:00'));
      },
    });
    await allTried(world, 10);
    expect(world.sync.metrics.people).toBe(10);
    world.sandbox.graph.organisation.resizeGroup(8);
    await world.clock.advanceTo('2026-01-05T09:51:00Z');
    await until(() => world.sync.metrics.people === 8, 'two have left');
    await until(async () => (await world.store.recordByEmail(world.address(8))) === null, 'who came with it is gone');
    await until(async () => (await world.shown(9)) === 'offline', 'nobody reports of who was there before');
    expect((await world.record(9)).person.identities).toEqual([]);
    const left = await world.store.documents.list('org-sync-views', { limit: 100 }, world.clock.now());
    expect(left).toHaveLength(8);
  });

  it('takes in again who was removed here and is still listed', async () => {
    await open({ people: 3 });
    await allTried(world, 3);
    const { person } = await world.record(1);
    await world.store.removePerson(person.id, world.clock.now());
    await world.clock.advanceTo('2026-01-05T09:49:00Z');
    await until(() => world.sync.metrics.people === 2, 'they are not read any more');
    expect(await world.store.recordByEmail(world.address(1))).toBeNull();
    await world.clock.advanceTo('2026-01-05T09:51:00Z');
    await until(() => world.sync.metrics.people === 3, 'they are listed again');
    expect((await world.record(1)).person.id).not.toBe(person.id);
  });

  it('does not believe at once that nearly everybody has left', async () => {
    await open();
    await allTried(world);
    world.sandbox.graph.organisation.resize(5);
    await world.clock.advanceTo('2026-01-05T09:51:00Z');
    await until(() => world.log.lines.some((line) => line.includes('not listed any more')), 'it was doubted');
    expect(world.sync.metrics.people).toBe(45);
    await world.clock.advanceTo('2026-01-05T10:52:00Z');
    await until(() => world.sync.metrics.people === 5, 'it was said again');
  });
});

describe('several hubs', () => {
  it('have one planner; the next one goes on from what is known', async () => {
    await withDays({ 1: [meeting('09:00', '10:00')] });
    await allTried(world);
    const other = world.start();
    await world.clock.advance(20_000);
    expect([world.sync.metrics.isPlanner, other.metrics.isPlanner]).toEqual([true, false]);
    const before = calls().filter(({ path }) => path.endsWith('$batch')).length;
    await world.sync.close();
    await world.clock.advance(6_000);
    await until(() => other.metrics.people === 45, 'the other plans');
    expect(other.metrics.isPlanner).toBe(true);
    // Nobody is read again before their time.
    expect(calls().filter(({ path }) => path.endsWith('$batch')).length).toBe(before);
    await world.pass('09:00:02');
    await until(async () => (await world.shown(1)) === 'dnd', 'the edge was met');
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../src/core/appError.ts';
import { SyncEngine } from '../../src/engine/syncEngine.ts';
import { SyncTriggers } from '../../src/engine/syncTriggers.ts';
import { ScriptedCalendar } from '../fakes/engineHarness.ts';
import { at, meeting } from '../fakes/events.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { MemoryClaims, MemoryLogger, MemorySecrets, MemorySettings } from '../fakes/memoryStores.ts';
import { openXmpp, type XmppWorld } from './chat-xmpp-world.ts';
import { type Prosody, startProsody } from './servers/prosody.ts';
import { XmppPerson } from './servers/xmppPerson.ts';

/** The engine with its triggers over a real chat; the clock is the test's. */
function engineOver(world: XmppWorld, claims: MemoryClaims, clock: FakeClock, provider = world.provider) {
  const calendar = new ScriptedCalendar('work', () => clock.now());
  calendar.events = [meeting('10:00', '11:00')];
  const logger = new MemoryLogger();
  const settings = new MemorySettings({
    email: 'ada@example.com',
    calendars: [{ id: 'work', provider: 'ics', name: 'work', username: '' }],
    // The engine does not care which chat it is.
    chats: [{ id: 'slack', provider: 'slack', email: '' }],
  });
  const engine = new SyncEngine({
    settings,
    secrets: new MemorySecrets(),
    providers: { calendar: () => calendar, chat: () => provider },
    claims,
    clock,
    logger,
  });
  const cadence = { start: () => ({ stop: () => undefined }) };
  const systemEvents = { subscribe: () => () => undefined };
  const triggers = new SyncTriggers({ engine, settings, clock, cadence, systemEvents, logger });
  return {
    engine,
    async start() {
      await engine.start();
      triggers.start();
      await engine.refresh();
      await engine.settled();
    },
    async until(clockTime: string) {
      await clock.advanceTo(at(clockTime));
      await engine.settled();
    },
    status: () => engine.state().chats[0]?.status,
    error: (): Pick<AppError, 'code'> | null | undefined => engine.state().chats[0]?.error,
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

describe('XMPP with the engine, end to end on a real Prosody', () => {
  let server: Prosody;
  let world: XmppWorld;
  let clock: FakeClock;
  let claims: MemoryClaims;
  const hipstatus = async () => {
    await world.colleague.settle();
    return world.colleague.hipstatus;
  };
  const seesMeeting = () => world.colleague.sees(() => world.colleague.hipstatus?.status === 'In a meeting');
  const seesNone = () => world.colleague.sees(() => world.colleague.hipstatus?.status !== 'In a meeting');

  beforeAll(async () => {
    server = await startProsody();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    world = await openXmpp(server);
    clock = new FakeClock(at('09:57'));
    claims = new MemoryClaims();
  });
  afterEach(() => world.close());

  it('a meeting begins and ends: a colleague sees it come and go', async () => {
    const { start, until, stop, status } = engineOver(world, claims, clock);
    await world.person.say({ status: 'Hello' });
    await world.person.say();
    await start();
    expect(await hipstatus()).toMatchObject({ show: '', status: '' });
    await until('10:01');
    await seesMeeting();
    expect(await hipstatus()).toEqual({ show: 'dnd', status: 'In a meeting', priority: -1 });
    expect((await claims.load()).size).toBe(1);
    await until('11:01');
    await seesNone();
    expect(await hipstatus()).toMatchObject({ show: '', status: '' });
    expect((await claims.load()).size).toBe(0);
    expect(status()).toBe('ok');
    await stop();
  });

  it('the person has the last word in their own client, for the rest of the meeting', async () => {
    const { engine, start, until, stop, status } = engineOver(world, claims, clock);
    await start();
    await until('10:01');
    await seesMeeting();
    await world.person.say({ show: 'dnd', status: 'Writing' });
    await seesNone();
    await engine.refresh();
    await engine.settled();
    expect(status()).toBe('handsOff');
    expect(await hipstatus()).toMatchObject({ show: 'dnd', status: 'Writing' });
    await until('11:01');
    expect(await hipstatus()).toMatchObject({ show: 'dnd', status: 'Writing' });
    await stop();
  });

  it('after a crash in a meeting it is said again; after one that ended meanwhile it is not', async () => {
    const first = engineOver(world, claims, clock);
    await first.start();
    await first.until('10:01');
    await seesMeeting();
    await first.crash();
    await world.colleague.sees(() => world.colleague.hipstatus === undefined);
    const second = engineOver(world, claims, clock, world.restart());
    await second.start();
    await seesMeeting();
    expect(second.status()).toBe('ok');
    await second.crash();
    clock.jumpTo(at('11:30'));
    const third = engineOver(world, claims, clock, world.restart());
    await third.start();
    expect(await hipstatus()).toMatchObject({ show: '', status: '' });
    expect((await claims.load()).size).toBe(0);
    await third.stop();
  });

  it('stops with the app: given back, and gone', async () => {
    const { start, until, stop } = engineOver(world, claims, clock);
    await start();
    await until('10:01');
    await seesMeeting();
    await stop();
    await world.colleague.sees(() => world.colleague.hipstatus === undefined);
    expect((await claims.load()).size).toBe(0);
  });

  it('a server that is killed and comes back hears it again without being asked', async () => {
    const { start, until, stop, engine, status, error } = engineOver(world, claims, clock);
    await start();
    await until('10:01');
    await seesMeeting();
    await server.kill();
    await engine.refresh();
    await engine.settled();
    expect(error()?.code).toBe('network');
    await server.start();
    const person = await XmppPerson.connect(server, world.name, world.token, 'laptop');
    await person.say();
    const colleague = await XmppPerson.connect(server, world.colleagueName, 'pw', 'desk');
    await colleague.say();
    await colleague.sees(() => colleague.hipstatus?.status === 'In a meeting');
    await until('10:10');
    expect(status()).toBe('ok');
    await until('11:01');
    await colleague.sees(() => colleague.hipstatus?.show !== 'dnd');
    await stop();
    person.close();
    colleague.close();
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '../../src/core/presence.ts';
import type { Wanted } from '../../src/core/presencePlan.ts';
import { ChatWorker } from '../../src/engine/chatWorker.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { MemoryClaims, MemoryLogger } from '../fakes/memoryStores.ts';
import type { ChatWorld } from './chat-contract.ts';
import { openGoogleChat } from './googlechat-world.ts';
import { openHub } from './hub-proxy-world.ts';
import { openMattermost } from './mattermost-world.ts';
import { openSlack, openSlackWithDnd } from './slack-world.ts';
import { openTeams } from './teams-world.ts';

const MINUTE = 60_000;
const IN_MEETING = { state: 'dnd', text: 'In a meeting' };
const FREE = { state: 'available', text: '', emoji: '' };

/** With the second of the two calls that a whole write takes. */
type World = ChatWorld & { throttleHalf(seconds: number): void };

/** The engine's worker on a real provider and its stand-in: what ownership makes of the forms the chats store. */
describe.each([
  { name: 'Microsoft Teams', open: openTeams },
  { name: 'Google Chat', open: openGoogleChat },
  { name: 'Slack with do not disturb', open: openSlackWithDnd },
  { name: 'Slack', open: openSlack },
  { name: 'Mattermost', open: openMattermost },
  { name: 'HipStatus hub', open: openHub },
] as { name: string; open: () => Promise<World> }[])('a meeting in $name', ({ open }) => {
  let world: World;
  let claims: MemoryClaims;
  let worker: ChatWorker;
  let wanted: Wanted;
  let meeting: Exclude<Wanted, null | 'unknown'>;

  /** The program starts, with what is on disk. */
  async function start(): Promise<void> {
    const clock: Clock = {
      now: world.now,
      after: () => ({ stop: () => undefined }),
      zone: () => 'UTC',
      random: () => 0,
    };
    const record = (await claims.load()).get(world.provider.accountId);
    const account = { id: world.provider.accountId, provider: 'slack', email: '' } as const;
    worker = new ChatWorker(account, world.provider, record, {
      claims,
      clock,
      logger: new MemoryLogger(),
      decide: (handsOff) => ({
        // What the person has had the last word on is wanted no more.
        wanted: handsOff.some(({ event }) => event === 'meeting') ? null : wanted,
        underWay: wanted === null || wanted === 'unknown' ? [] : [{ event: 'meeting', until: wanted.until }],
        justBefore: [],
        handsOff,
        ownText: 'keep',
        profileTimeZone: null,
        onlyGiveBack: false,
      }),
      onChange: () => undefined,
      onWritten: () => undefined,
    });
  }

  const reconcile = async (): Promise<string> => {
    await worker.reconcile(Number.POSITIVE_INFINITY);
    return worker.state.status;
  };
  const claim = async () => (await claims.load()).get(world.provider.accountId)?.claim ?? null;
  const canDnd = () => world.provider.capabilities.states.includes('dnd');
  const shownInMeeting = () => (canDnd() ? IN_MEETING : { text: 'In a meeting' });
  const read = async (): Promise<Presence> => (await world.provider.read(new AbortController().signal)).presence;

  beforeEach(async () => {
    world = await open();
    claims = new MemoryClaims();
    meeting = {
      state: 'dnd',
      text: 'In a meeting',
      emoji: ':calendar:',
      until: world.now() + 30 * MINUTE + 1,
      events: ['meeting'],
    };
    wanted = meeting;
    await start();
  });
  afterEach(async () => {
    await worker.close();
    await world.close();
    expect(world.findings()).toEqual([]);
  });

  it('is shown, kept without another write, told its new end, and taken back', async () => {
    expect(await reconcile()).toBe('ok');
    expect(await world.shown()).toMatchObject(shownInMeeting());
    const landed = world.landed();
    expect(await reconcile()).toBe('ok');
    await start();
    expect(await reconcile()).toBe('ok');
    expect(world.landed()).toBe(landed);

    wanted = { ...meeting, until: meeting.until + 30 * MINUTE };
    expect(await reconcile()).toBe('ok');
    world.pass(45 * MINUTE);
    expect(await reconcile()).toBe('ok');
    expect(await world.shown()).toMatchObject(shownInMeeting());

    wanted = null;
    expect(await reconcile()).toBe('ok');
    expect(await world.shown()).toEqual(FREE);
    expect(await claim()).toBeNull();
  });

  it('ends by itself when this machine is gone, and nothing of it is left over', async () => {
    await reconcile();
    world.pass(32 * MINUTE);
    expect((await read()).text).toBe('');
    wanted = null;
    await start();
    expect(await reconcile()).toBe('ok');
    expect(await world.shown()).toEqual(FREE);
    expect(await claim()).toBeNull();
  });

  it('is written whole when only half of it has landed, and taken back whole', async () => {
    // What the token may do is known from the first reading on.
    await read();
    world.throttleHalf(0);
    expect(await reconcile()).toBe('failing');
    expect(await world.shown()).not.toMatchObject(shownInMeeting());
    expect(await reconcile()).toBe('ok');
    expect(await world.shown()).toMatchObject(shownInMeeting());
    wanted = null;
    world.throttleHalf(0);
    expect(await reconcile()).toBe('failing');
    expect(await reconcile()).toBe('ok');
    expect(await world.shown()).toEqual(FREE);
    expect(await claim()).toBeNull();
  });

  it('leaves the last word to the person', async () => {
    await reconcile();
    await world.personSets({ state: 'away', text: 'Lunch', emoji: '' });
    expect(await reconcile()).toBe('handsOff');
    wanted = null;
    expect(await reconcile()).toBe('ok');
    expect(await world.shown()).toMatchObject({ state: 'away', text: 'Lunch' });
  });

  it('gives back a text that was there, and only sets the state beside it', async () => {
    await world.personSets({ state: 'available', text: 'Working from home', emoji: '' });
    await reconcile();
    expect((await world.shown()).text).toBe('Working from home');
    expect((await world.shown()).state).toBe(canDnd() ? 'dnd' : 'available');
    wanted = null;
    await reconcile();
    expect(await world.shown()).toMatchObject({ state: 'available', text: 'Working from home' });
  });

  it('is not shown while the person does not want to be disturbed by their own word', async () => {
    if (!canDnd()) {
      // Then there is no such word.
      expect((await read()).state).not.toBe('dnd');
      return;
    }
    await world.personSets({ state: 'dnd', text: '', emoji: '' });
    expect(await reconcile()).toBe('handsOff');
    expect(world.landed()).toBe(0);
  });
});

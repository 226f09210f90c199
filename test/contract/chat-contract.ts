import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/appError.ts';
import { type ChatRecord, EMPTY_RECORD } from '../../src/core/claim.ts';
import type { ChatReading, Presence } from '../../src/core/presence.ts';
import type { Wanted } from '../../src/core/presencePlan.ts';
import type { ChatProvider, PresenceWrite } from '../../src/ports/chatProvider.ts';
import { reconcileChat, wantedUntil } from './chat-reconcile.ts';

/** A chat, the person at its other end, and what may go wrong between. Made anew for each test. */
export interface ChatWorld {
  readonly provider: ChatProvider;
  readonly now: () => number;
  /**
   * The chat can't be read: a reading is what was told last, and only a write meets the service. Absent for all that can be.
   */
  readonly isWriteOnly?: true;
  /** Lets time pass for the chat and the provider; milliseconds. */
  pass(time: number): void;
  /** The person sets it by hand, in the chat itself. */
  personSets(presence: Pick<Presence, 'state' | 'text' | 'emoji'>): Promise<void>;
  /** What the chat shows, by its own account and not through the provider. */
  shown(): Promise<Pick<Presence, 'state' | 'text' | 'emoji'>>;
  /** What the chat keeps of the person besides their status and time zone. */
  profile(): Promise<unknown>;
  /** Only for chats that know it. */
  readonly goOffline?: () => void | Promise<void>;
  /** From the next call on the token is refused. */
  rejectToken(): void;
  throttle(seconds: number): void;
  /** False where the service has no way to say how long it wants to be left alone. Default true. */
  readonly tellsWait?: boolean;
  /** The next call is answered with this status. */
  outage(status: 500 | 503): void;
  /** Nobody answers any more; returns the way back. */
  cutOff(): () => void;
  /** The next write lands, and its answer is lost. */
  loseAnswer(): void;
  /** The next call is not answered until the world closes. */
  hang(): void;
  /** How many writes landed. */
  landed(): number;
  /** Must be in no error. */
  readonly token: string;
  /** What the published contract has against the exchanges so far. */
  findings(): string[];
  close(): Promise<void>;
}

const STATES = ['available', 'busy', 'dnd', 'away'] as const;
const MINUTE = 60_000;

/** What every chat must do; the engine relies on no more than this. */
export function chatContract(name: string, open: () => Promise<ChatWorld>): void {
  describe(`chat contract: ${name}`, () => {
    let world: ChatWorld;
    let provider: ChatProvider;
    const signal = new AbortController().signal;
    const read = () => provider.read(signal);
    const write = (change: PresenceWrite, basis: ChatReading) => provider.write(change, basis, signal);
    /** What a person can set by hand there: a chat of texts alone has one state. */
    const byHand = (state: Presence['state']): Presence['state'] =>
      provider.capabilities.states.includes(state) ? state : 'available';
    /** Before us: what the person has set, or what was told last where nothing else can be known. */
    const showing = async (shown: Pick<Presence, 'state' | 'text' | 'emoji'>): Promise<void> =>
      world.isWriteOnly ? write({ presence: { ...shown, until: null } }, await read()) : world.personSets(shown);
    /** The simplest call that the service gets to see. */
    const meet = async (given = signal): Promise<unknown> =>
      world.isWriteOnly
        ? provider.write({ presence: { state: 'available', text: '', emoji: '', until: null } }, await read(), given)
        : provider.read(given);
    const inMeeting = (until: number): Presence => ({
      state: provider.capabilities.states.includes('dnd') ? 'dnd' : 'available',
      text: 'In a meeting',
      emoji: provider.capabilities.emoji ? ':calendar:' : '',
      until: provider.capabilities.expires ? until : null,
    });
    const failure = async (call: Promise<unknown>): Promise<AppError> => {
      const thrown = await call.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(thrown).toBeInstanceOf(AppError);
      const told = [];
      for (let error: unknown = thrown; error instanceof Error; error = error.cause)
        told.push(error.message, error.stack);
      expect(told.join('\n')).not.toContain(world.token);
      return thrown as AppError;
    };

    const reconcile = (record: ChatRecord, wanted: Wanted) => reconcileChat(provider, record, wanted, world.now());

    beforeEach(async () => {
      world = await open();
      provider = world.provider;
    });
    afterEach(async () => {
      await world.close();
      expect(world.findings()).toEqual([]);
    });

    it('reads what the chat shows', async () => {
      await showing({ state: 'available', text: 'Hello', emoji: '' });
      const { presence, isAutomatic, profileTimeZone } = await read();
      expect(presence).toEqual({ state: 'available', text: 'Hello', emoji: '', until: null });
      expect(isAutomatic).toBe(false);
      expect(profileTimeZone === null).toBe(!provider.capabilities.profileTimeZone);
    });

    it('reads back each state it can write, as the chat itself shows it', async () => {
      for (const state of provider.capabilities.states) {
        await write({ presence: { state, text: `I am ${state}`, emoji: '', until: null } }, await read());
        expect((await read()).presence).toMatchObject({ state, text: `I am ${state}`, until: null });
        expect(await world.shown()).toMatchObject({ state, text: `I am ${state}` });
      }
    });

    it('leaves the state alone when it cannot write the one that is wanted', async () => {
      for (const state of STATES.filter((other) => !provider.capabilities.states.includes(other))) {
        for (const before of new Set(['available', byHand('away')] as const)) {
          await world.personSets({ state: before, text: '', emoji: '' });
          await write({ presence: { state, text: `I am ${state}`, emoji: '', until: null } }, await read());
          expect(await world.shown()).toMatchObject({ state: before, text: `I am ${state}` });
        }
      }
      expect(STATES).toEqual(expect.arrayContaining([...provider.capabilities.states]));
    });

    it("sees the person's own change, where it can be seen", async () => {
      await write({ presence: inMeeting(world.now() + 30 * MINUTE) }, await read());
      const told = await read();
      await world.personSets({ state: byHand('away'), text: 'Lunch', emoji: '' });
      // Where ours stands beside theirs it is taken back as soon as theirs is seen.
      await expect.poll(() => world.shown()).toMatchObject({ state: byHand('away'), text: 'Lunch' });
      const reading = await read();
      if (world.isWriteOnly) expect(reading).toEqual(told);
      else expect(reading.presence).toMatchObject({ state: byHand('away'), text: 'Lunch' });
      expect(reading.isAutomatic).toBe(false);
    });

    it('gives back what was there', async () => {
      await showing({
        state: byHand('away'),
        text: 'Reading R&D <notes> "quoted" 🌴',
        emoji: provider.capabilities.emoji ? ':books:' : '',
      });
      const before = await read();
      await write({ presence: { ...inMeeting(world.now() + 30 * MINUTE), state: 'available' } }, before);
      const during = await read();
      expect(during.presence.text).toBe('In a meeting');
      await write({ presence: before.presence }, during);
      expect((await read()).presence).toEqual(before.presence);
    });

    it('clears a status', async () => {
      await showing({ state: 'available', text: 'Hello', emoji: '' });
      await write({ presence: { state: 'available', text: '', emoji: '', until: null } }, await read());
      expect(await world.shown()).toEqual({ state: 'available', text: '', emoji: '' });
    });

    it('keeps a text of the most characters it names, and shows its stored form', async () => {
      const text = 'Ünd so weiter '
        .repeat(40)
        .slice(0, provider.capabilities.textLimit - 1)
        .padEnd(provider.capabilities.textLimit, '.');
      await write({ presence: { state: 'available', text, emoji: '', until: null } }, await read());
      expect((await read()).presence.text).toBe(text);
      expect((await world.shown()).text).toBe(text);
    });

    it('ends a status by itself if it says it can, and not early', async () => {
      const until = world.now() + 30 * MINUTE + 400;
      await write({ presence: { state: 'available', text: 'In a meeting', emoji: '', until } }, await read());
      const stored = (await read()).presence.until;
      world.pass(30 * MINUTE);
      expect((await read()).presence.text).toBe('In a meeting');
      world.pass(2_000);
      const after = (await read()).presence;
      if (provider.capabilities.expires) {
        expect(stored).toBeGreaterThanOrEqual(until);
        expect(stored).toBeLessThan(until + 1_000);
        expect(after).toMatchObject({ text: '', until: null });
      } else {
        expect(stored).toBeNull();
        expect(after.text).toBe('In a meeting');
      }
    });

    it('ends a state by itself if it says it can, and not early', async () => {
      const { states } = provider.capabilities;
      const timed = states.includes('dnd') ? 'dnd' : states.includes('busy') ? 'busy' : 'available';
      const basis = await read();
      const stateUntil = world.now() + 30 * MINUTE + 400;
      await write({ presence: { state: timed, text: '', emoji: '', until: null }, stateUntil }, basis);
      world.pass(30 * MINUTE);
      expect((await read()).presence.state).toBe(timed);
      // Some services look once a minute whose time is over.
      world.pass(2 * MINUTE);
      const { presence, isAutomatic } = await read();
      // What can't be read stays as it was told; whoever is idle by then is away by themselves.
      const hasEnded = provider.capabilities.stateExpires && !world.isWriteOnly;
      expect(isAutomatic ? 'available' : presence.state).toBe(hasEnded ? 'available' : timed);
    });

    it('keeps everything else of the profile', async () => {
      const before = await world.profile();
      await write({ presence: inMeeting(world.now() + 30 * MINUTE) }, await read());
      expect(await world.profile()).toEqual(before);
    });

    it("writes the profile's time zone by itself where there is one, and nothing otherwise", async () => {
      await showing({ state: byHand('away'), text: 'Hello', emoji: '' });
      const before = await read();
      const landed = world.landed();
      await write({ profileTimeZone: 'Pacific/Auckland' }, before);
      const after = await read();
      expect(after.presence).toEqual(before.presence);
      expect(after.profileTimeZone).toBe(provider.capabilities.profileTimeZone ? 'Pacific/Auckland' : null);
      expect(world.landed() - landed).toBe(provider.capabilities.profileTimeZone ? 1 : 0);
    });

    it('leaves people alone who are offline, where the chat knows', async () => {
      if (world.goOffline === undefined) {
        // Then nobody is ever said to be.
        expect((await read()).presence.state).not.toBe('offline');
        return;
      }
      const before = await read();
      await world.goOffline();
      const reading = await read();
      expect(reading.presence.state).toBe('offline');
      const error = await failure(write({ presence: before.presence, profileTimeZone: 'UTC' }, reading));
      expect(error).toMatchObject({ code: 'conflict', reason: 'offline' });
      expect(world.landed()).toBe(0);
    });

    it('says when the token is refused, to a reading and to a write', async () => {
      const basis = await read();
      world.rejectToken();
      expect((await failure(meet())).code).toBe('unauthorized');
      expect((await failure(write({ presence: inMeeting(world.now() + MINUTE) }, basis))).code).toBe('unauthorized');
      expect(world.landed()).toBe(0);
    });

    it('says how long it is asked to wait, to the second if the service does, and does not wait by itself', async () => {
      const basis = await read();
      const told = (wait: number) => (world.tellsWait === false ? null : wait);
      world.throttle(120);
      expect(await failure(meet())).toMatchObject({ code: 'rateLimited', retryAfter: told(120_000) });
      world.throttle(7);
      const write7 = write({ presence: inMeeting(world.now() + MINUTE) }, basis);
      expect(await failure(write7)).toMatchObject({ code: 'rateLimited', retryAfter: told(7_000) });
      expect(world.landed()).toBe(0);
    });

    it("says what is the service's own trouble, and works again after it", async () => {
      world.outage(500);
      expect((await failure(meet())).code).toBe('serverError');
      world.outage(503);
      expect((await failure(meet())).code).toBe('unavailable');
      await meet();
      expect((await read()).presence.state).toBe('available');
    });

    it.each([
      ['available', ''],
      ['available', 'Hello'],
      ['away', 'Hello'],
    ] as const)(
      'is known by the engine as its own, told of another end, and given back: %s "%s"',
      async (state, text) => {
        await showing({ state: byHand(state), text, emoji: '' });
        const { presence: shown, isAutomatic } = await read();
        const start = world.now();
        const { states } = provider.capabilities;
        // Where there is a text alone, and it is the person's, nothing is ours.
        const isOurs = text === '' || states.includes('dnd') || states.includes('busy');
        // Idling is nobody's word: nobody comes back to an "away" that stays (edge case 65).
        const before: Presence = isOurs && isAutomatic ? { ...shown, state: 'available' } : shown;
        const owned = (record: ChatRecord) => record.claim?.owns.state === true || record.claim?.owns.text === true;
        let [record, outcome] = await reconcile(EMPTY_RECORD, wantedUntil(start + 30 * MINUTE));
        expect([owned(record), outcome]).toEqual(isOurs ? [true, 'ok'] : [false, 'handsOff']);
        [record] = await reconcile(record, wantedUntil(start + 45 * MINUTE));
        expect(owned(record)).toBe(isOurs);
        world.pass(40 * MINUTE);
        [record] = await reconcile(record, wantedUntil(start + 45 * MINUTE));
        expect(owned(record)).toBe(isOurs);
        [record, outcome] = await reconcile(record, null);
        expect([record.claim, outcome]).toEqual([null, isOurs ? 'restored' : 'ok']);
        expect((await read()).presence).toEqual(before);
      },
    );

    it('shows afterwards what was there, when the machine slept over the end (edge cases 44 and 66)', async () => {
      const before = (await read()).presence;
      const [record] = await reconcile(EMPTY_RECORD, wantedUntil(world.now() + 30 * MINUTE));
      expect(record.claim).not.toBeNull();
      world.pass(90 * MINUTE);
      const [later] = await reconcile(record, null);
      expect(later.claim).toBeNull();
      expect((await read()).presence).toEqual(before);
    });

    it('says when nobody answers, and works again after it', async () => {
      const basis = await read();
      const restore = world.cutOff();
      expect((await failure(meet())).code).toBe('network');
      expect((await failure(write({ presence: inMeeting(world.now() + MINUTE) }, basis))).code).toBe('network');
      expect(world.landed()).toBe(0);
      restore();
      expect((await read()).presence).toEqual(basis.presence);
    });

    it('shows by a reading whether a write landed whose answer was lost (edge case 57)', async () => {
      const basis = await read();
      world.loseAnswer();
      const error = await failure(write({ presence: inMeeting(world.now() + 30 * MINUTE) }, basis));
      expect(['network', 'timeout']).toContain(error.code);
      if (world.isWriteOnly) {
        // Nobody can know; so it is as before, and is said once more.
        expect(await read()).toEqual(basis);
        await write({ presence: inMeeting(world.now() + 30 * MINUTE) }, basis);
      }
      expect((await read()).presence.text).toBe('In a meeting');
      expect((await world.shown()).text).toBe('In a meeting');
    });

    it('gives up when told to', async () => {
      const given = new AbortController();
      world.hang();
      const meeting = failure(meet(given.signal));
      given.abort();
      expect((await meeting).code).toBe('cancelled');
      expect((await failure(provider.read(given.signal))).code).toBe('cancelled');
    });
  });
}

// Random days with random trouble: when all trouble is over and no meeting is on, every chat shows what the person left.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import type { Presence } from '../../../src/core/presence.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { Harness } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { type ChatFault, refused } from '../../fakes/fakeChat.ts';
import { settle } from '../../fakes/fakeClock.ts';

const CHATS = ['hipchat', 'slack'] as const;
type ChatName = (typeof CHATS)[number];

type Step =
  | { readonly kind: 'wait' | 'sleep'; readonly minutes: number }
  | {
      readonly kind: 'addEvent';
      readonly start: number;
      readonly minutes: number;
      readonly showAs: 'busy' | 'oof' | 'free';
    }
  | { readonly kind: 'removeEvent' | 'extendEvent'; readonly which: number }
  | {
      readonly kind: 'person';
      readonly chat: ChatName;
      readonly state: 'available' | 'away' | 'dnd';
      readonly says: boolean;
    }
  | {
      readonly kind: 'chatFault';
      readonly chat: ChatName;
      readonly fault: 'lost' | 'landed' | 'down' | 'limited';
      readonly times: number;
    }
  | { readonly kind: 'calendarFault'; readonly code: 'network' | 'serverError' | 'unauthorized' }
  | { readonly kind: 'mend' | 'kill' | 'pause' | 'resume' };

const chatName = fc.constantFrom(...CHATS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 25 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('sleep' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('addEvent' as const),
      start: fc.integer({ min: 0, max: 230 }),
      minutes: fc.integer({ min: 1, max: 60 }),
      showAs: fc.constantFrom('busy', 'busy', 'oof', 'free'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('removeEvent', 'extendEvent'), which: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      chat: chatName,
      state: fc.constantFrom('available', 'away', 'dnd'),
      says: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('chatFault' as const),
      chat: chatName,
      fault: fc.constantFrom('lost', 'landed', 'down', 'limited'),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('calendarFault' as const),
      code: fc.constantFrom('network', 'serverError', 'unauthorized'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('mend', 'kill', 'pause', 'resume') }) },
);

const FAULTS: Record<'lost' | 'landed' | 'down' | 'limited', () => ChatFault> = {
  lost: () => ({ kind: 'lost' }),
  landed: () => ({ kind: 'landed' }),
  down: refused.unavailable,
  limited: () => refused.rateLimited(90_000),
};

/** More runs, or other ones: `HIPSTATUS_RUNS=10000 HIPSTATUS_SEED=7 npx vitest run --project unit test/unit/engine/trust.test.ts`. */
const RUNS = Number(process.env['HIPSTATUS_RUNS'] ?? 100);
const SEED = Number(process.env['HIPSTATUS_SEED'] ?? 20260105);

class Day {
  harness = new Harness({ now: at('09:00') });
  /** What each chat would show without us. */
  readonly left = new Map<ChatName, Presence>();
  #events: CalendarEvent[] = [];
  #words = 0;

  async begin(): Promise<void> {
    await this.harness.start();
    for (const chat of CHATS) this.left.set(chat, this.harness.chat(chat).shown);
  }

  async run(given: Step): Promise<void> {
    const { clock, calendar, settings, engine } = this.harness;
    switch (given.kind) {
      case 'wait':
        return clock.advance(given.minutes * MINUTE);
      case 'sleep':
        clock.jumpTo(clock.now() + given.minutes * MINUTE);
        await this.harness.tell('wake');
        return engine.settled();
      case 'addEvent': {
        const start = at('09:00') + given.start * MINUTE;
        const time = { kind: 'timed', start, end: start + given.minutes * MINUTE } as const;
        return this.#show([...this.#events, meeting('09:00', '09:01', { time, showAs: given.showAs })]);
      }
      case 'removeEvent':
        return this.#show(this.#events.filter((_, index) => index !== given.which));
      case 'extendEvent':
        return this.#show(this.#events.map((event, index) => (index === given.which ? extended(event) : event)));
      case 'person':
        return this.#personSets(given.chat, given.state, given.says);
      case 'chatFault':
        this.harness.chat(given.chat).fail(FAULTS[given.fault](), { times: given.times });
        return;
      case 'calendarFault':
        calendar.error = new AppError(given.code, 'Trouble.');
        return;
      case 'mend':
        return this.#mend();
      case 'kill':
        return this.#kill();
      case 'pause':
      case 'resume':
        settings.update({ pausedUntil: given.kind === 'pause' ? 'forever' : null });
        return settle();
    }
  }

  /** All trouble ends, the last meeting too, and two marks pass. */
  async end(): Promise<void> {
    this.#mend();
    this.harness.settings.update({ pausedUntil: null });
    await settle();
    const last = Math.max(this.harness.clock.now(), at('16:00'));
    await this.harness.clock.advanceTo(last + 12 * MINUTE);
    await this.harness.engine.settled();
  }

  #show(events: CalendarEvent[]): void {
    this.#events = events;
    this.harness.calendar.events = events;
  }

  #personSets(name: ChatName, state: 'available' | 'away' | 'dnd', says: boolean): void {
    const chat = this.harness.chat(name);
    const allowed = chat.capabilities.states.includes(state) ? state : 'available';
    this.#words += 1;
    // Whoever sets nothing new has said nothing: the text tells one word from another.
    const text = says ? `Word ${this.#words}` : '';
    const before = chat.shown;
    if (before.state === allowed && before.text === text) return;
    chat.personSets({ state: allowed, text, emoji: '', until: null });
    // Where state and text are set apart, a part that is set to what it shows already is no word on it.
    const was = this.left.get(name) ?? before;
    const apart = !chat.capabilities.oneStatus;
    this.left.set(name, {
      ...chat.shown,
      ...(apart && allowed === before.state ? { state: was.state } : {}),
      ...(apart && text === before.text ? { text: was.text } : {}),
    });
  }

  #mend(): void {
    this.harness.calendar.error = null;
    for (const chat of CHATS) this.harness.chat(chat).clearFaults();
  }

  async #kill(): Promise<void> {
    const { harness } = this;
    harness.kill();
    const { clock, claims } = harness;
    this.harness = new Harness({
      now: clock.now(),
      clock,
      claims,
      former: harness,
      settings: { pausedUntil: harness.settings.get().pausedUntil },
    });
    await this.harness.start();
  }
}

const extended = (event: CalendarEvent): CalendarEvent =>
  event.time.kind === 'timed' ? { ...event, time: { ...event.time, end: event.time.end + 20 * MINUTE } } : event;

describe('after any day', () => {
  it('every chat shows what the person left, and no claim is kept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const day = new Day();
        await day.begin();
        for (const given of steps) await day.run(given);
        await day.end();
        for (const chat of CHATS)
          expect({ chat, ...day.harness.chat(chat).shown }).toEqual({ chat, ...day.left.get(chat) });
        expect([...day.harness.claims.records.values()].filter(({ claim }) => claim !== null)).toEqual([]);
        expect(day.harness.clock.timers).toBeLessThan(20);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 3_600_000);
});

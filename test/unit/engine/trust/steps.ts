// What can happen on a day, at random.
import fc from 'fast-check';
import { AppError } from '../../../../src/core/appError.ts';
import type { CalendarEvent } from '../../../../src/core/calendarEvent.ts';
import type { PresenceState } from '../../../../src/core/presence.ts';
import { addDays, dateAt, MINUTE, SECOND } from '../../../../src/core/time.ts';
import type { SystemEvent } from '../../../../src/ports/systemEvents.ts';
import type { Harness, ScriptedCalendar } from '../../../fakes/engineHarness.ts';
import { meeting } from '../../../fakes/events.ts';
import { CALENDAR_FAULTS, CHAT_FAULTS, chatFault, type FaultName } from './faults.ts';
import { SUBJECT } from './invariants.ts';
import { CALENDARS, CHATS, type ChatName, type World } from './world.ts';

const chat = fc.constantFrom(...CHATS);
const calendar = fc.constantFrom(...CALENDARS);
const which = fc.nat(9);
const one = <const K extends string, const T extends object>(
  weight: number,
  kind: K,
  fields: { [P in keyof T]: fc.Arbitrary<T[P]> },
) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), ...fields }) as fc.Arbitrary<{ readonly kind: K } & Readonly<T>>,
});

const SHOW_AS = ['busy', 'busy', 'busy', 'oof', 'tentative', 'free', 'workingElsewhere', 'unknown'] as const;
const STATES = ['available', 'away', 'dnd'] as const satisfies readonly PresenceState[];
const EVENTS = ['wake', 'unlock', 'online'] as const satisfies readonly SystemEvent[];
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'] as const;

interface NewEvent {
  readonly calendar: (typeof CALENDARS)[number];
  /** Minutes from now. */
  readonly start: number;
  readonly minutes: number;
  readonly showAs: (typeof SHOW_AS)[number];
  readonly declined: boolean;
  readonly isPrivate: boolean;
  /** In the other calendar too, and longer there by so many minutes. */
  readonly copy: number | null;
}

export const step = fc.oneof(
  one<'wait', { seconds: number }>(6, 'wait', { seconds: fc.integer({ min: 1, max: 1500 }) }),
  one<'wait', { seconds: number }>(3, 'wait', { seconds: fc.integer({ min: 1, max: 40 }) }),
  one<'sleep', { minutes: number }>(1, 'sleep', { minutes: fc.integer({ min: 1, max: 90 }) }),
  one<'addEvent', NewEvent>(6, 'addEvent', {
    calendar,
    start: fc.integer({ min: -15, max: 45 }),
    minutes: fc.integer({ min: 0, max: 60 }),
    showAs: fc.constantFrom(...SHOW_AS),
    declined: fc.nat(9).map((dice) => dice === 0),
    isPrivate: fc.boolean(),
    copy: fc.option(fc.integer({ min: 0, max: 15 }), { freq: 5 }),
  }),
  one<'follow', { which: number; minutes: number; showAs: 'busy' | 'oof' }>(2, 'follow', {
    which,
    minutes: fc.integer({ min: 1, max: 40 }),
    showAs: fc.constantFrom('busy', 'busy', 'oof'),
  }),
  one<'allDay', { showAs: 'busy' | 'oof'; days: number }>(1, 'allDay', {
    showAs: fc.constantFrom('busy', 'busy', 'oof'),
    days: fc.integer({ min: 1, max: 2 }),
  }),
  one<'change', { which: number; how: 'remove' | 'cancel' | 'longer' | 'shorter' | 'move' | 'later' }>(3, 'change', {
    which,
    how: fc.constantFrom('remove', 'cancel', 'longer', 'longer', 'shorter', 'move', 'later'),
  }),
  one<'person', { chat: ChatName; state: 'available' | 'away' | 'dnd'; says: boolean; ends: number | null }>(
    4,
    'person',
    {
      chat,
      state: fc.constantFrom(...STATES),
      says: fc.boolean(),
      ends: fc.option(fc.integer({ min: 1, max: 60 })),
    },
  ),
  one<'chatFault', { chat: ChatName; fault: FaultName; on: 'read' | 'write' | 'both'; times: number; seconds: number }>(
    5,
    'chatFault',
    {
      chat,
      fault: fc.constantFrom(...CHAT_FAULTS),
      on: fc.constantFrom('read', 'write', 'write', 'both'),
      times: fc.integer({ min: 1, max: 4 }),
      seconds: fc.integer({ min: 1, max: 29 }),
    },
  ),
  one<'calendarFault', { calendar: string; code: (typeof CALENDAR_FAULTS)[number]; seconds: number }>(
    2,
    'calendarFault',
    {
      calendar,
      code: fc.constantFrom(...CALENDAR_FAULTS),
      seconds: fc.integer({ min: 1, max: 600 }),
    },
  ),
  one<'calendarLate', { calendar: string; seconds: number }>(1, 'calendarLate', {
    calendar,
    seconds: fc.integer({ min: 1, max: 29 }),
  }),
  one<'crash', { steps: number }>(2, 'crash', { steps: fc.integer({ min: 1, max: 14 }) }),
  one<'tell', { event: SystemEvent }>(1, 'tell', { event: fc.constantFrom(...EVENTS) }),
  one<'setClock', { minutes: number }>(1, 'setClock', { minutes: fc.integer({ min: -25, max: 25 }) }),
  one<'travel', { zone: string }>(1, 'travel', { zone: fc.constantFrom(...ZONES) }),
  one<'pause', { minutes: number | null }>(1, 'pause', { minutes: fc.option(fc.integer({ min: 1, max: 60 })) }),
  one<'resume' | 'mend' | 'kill' | 'start' | 'diskFull' | 'calm', object>(1, 'resume', {}),
  one<'mend', object>(2, 'mend', {}),
  one<'kill', object>(1, 'kill', {}),
  one<'start', object>(3, 'start', {}),
  one<'diskFull', object>(1, 'diskFull', {}),
  one<'calm', object>(3, 'calm', {}),
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export async function take(world: World, given: Step, count: number): Promise<void> {
  const { clock, harness } = world;
  switch (given.kind) {
    case 'wait':
      return world.pass(given.seconds * SECOND);
    case 'sleep':
      clock.jumpTo(clock.now() + given.minutes * MINUTE);
      return harness.tell('wake');
    case 'addEvent':
      return addEvent(world, given);
    case 'follow': {
      const { time } = eventsOf(world)[given.which] ?? { time: null };
      if (time?.kind !== 'timed') return;
      return put(
        harness,
        'work',
        { start: time.end, end: time.end + given.minutes * MINUTE },
        { showAs: given.showAs },
      );
    }
    case 'allDay': {
      const startDate = dateAt(clock.now(), clock.zone());
      const time = { kind: 'allDay', startDate, endDate: addDays(startDate, given.days) } as const;
      return put(harness, 'home', { start: 0, end: 1 }, { time, showAs: given.showAs });
    }
    case 'change':
      return changeEvent(world, given.which, given.how);
    case 'person':
      return personSets(world, given, count);
    case 'chatFault': {
      const fault = chatFault(world, given.fault, given.seconds);
      harness.chat(given.chat).fail(fault, { on: given.on, times: given.times });
      return;
    }
    case 'calendarFault': {
      const { code, seconds } = given;
      const options = code === 'rateLimited' ? { retryAfter: seconds * SECOND } : {};
      calendarOf(harness, given.calendar).error = new AppError(code, 'Trouble.', options);
      return;
    }
    case 'calendarLate':
      // Half a second off, so that it never meets a late chat.
      calendarOf(harness, given.calendar).waitFor = world.later(given.seconds * SECOND + 500)();
      return;
    case 'crash':
      return world.life.crashAfter(given.steps);
    case 'tell':
      return harness.tell(given.event);
    case 'setClock': {
      const by = Math.max(given.minutes * MINUTE, -world.fast);
      if (!world.options.isClockSet) return;
      world.setClock(by);
      return harness.tell('clockJump');
    }
    case 'travel':
      clock.travel(given.zone);
      return harness.tell('zoneChange');
    case 'pause': {
      const end = given.minutes === null ? null : clock.now() + given.minutes * MINUTE;
      harness.settings.update({ pausedUntil: end === null ? 'forever' : new Date(end).toISOString() });
      return world.settle();
    }
    case 'resume':
      harness.settings.update({ pausedUntil: null });
      return world.settle();
    case 'mend':
      return world.mend();
    case 'kill':
      return world.kill();
    case 'start':
      return world.start();
    case 'diskFull':
      world.isDiskFull = true;
      return;
    case 'calm':
      return world.calm();
  }
}

const eventsOf = ({ harness }: World): readonly CalendarEvent[] =>
  [...harness.calendars.values()].flatMap(({ events }) => events);

function calendarOf(harness: Harness, id: string): ScriptedCalendar {
  const found = harness.calendars.get(id);
  if (found === undefined) throw new Error(`no calendar ${id}`);
  return found;
}

/** One more event. */
export function put(
  harness: Harness,
  id: string,
  time: { readonly start: number; readonly end: number },
  more: Partial<CalendarEvent>,
): void {
  const target = calendarOf(harness, id);
  const event = meeting('09:00', '09:01', { subject: SUBJECT, time: { kind: 'timed', ...time }, ...more });
  target.events = [...target.events, event];
}

function addEvent(world: World, given: NewEvent): void {
  const { harness } = world;
  const now = Math.floor(world.clock.now() / MINUTE) * MINUTE;
  const start = now + given.start * MINUTE;
  const end = start + given.minutes * MINUTE;
  const uid = `uid-of-${given.calendar}-${eventsOf(world).length}-${start}`;
  const more = {
    iCalUId: uid,
    showAs: given.showAs,
    responseStatus: given.declined ? 'declined' : 'accepted',
    sensitivity: given.isPrivate ? 'private' : 'normal',
  } as const;
  put(harness, given.calendar, { start, end }, more);
  const other = given.calendar === 'work' ? 'home' : 'work';
  if (given.copy !== null) put(harness, other, { start, end: end + given.copy * MINUTE }, more);
}

function changeEvent(
  world: World,
  which: number,
  how: 'remove' | 'cancel' | 'longer' | 'shorter' | 'move' | 'later',
): void {
  const event = eventsOf(world)[which];
  if (event === undefined) return;
  for (const calendar of world.harness.calendars.values()) {
    calendar.events = calendar.events.flatMap((other) => (other === event ? changed(event, how) : [other]));
  }
}

function changed(event: CalendarEvent, how: string): readonly CalendarEvent[] {
  if (how === 'remove') return [];
  if (how === 'cancel') return [{ ...event, isCancelled: true }];
  if (event.time.kind === 'allDay') return [event];
  const { start, end } = event.time;
  const by = { longer: [0, 20], shorter: [0, -10], move: [20, 20], later: [10, 0] }[how] ?? [0, 0];
  const [first = 0, last = 0] = by;
  return [{ ...event, time: { kind: 'timed', start: start + first * MINUTE, end: end + last * MINUTE } }];
}

function personSets(world: World, given: Extract<Step, { kind: 'person' }>, count: number): void {
  const chat = world.harness.chat(given.chat);
  const { shown, capabilities } = chat;
  const state = capabilities.states.includes(given.state) ? given.state : 'available';
  const text = given.says ? `Word ${count}` : '';
  // Who has an old text and sets none clears it; a clock that is set makes no end of a text certain.
  const hasEnd = given.says && given.ends !== null && capabilities.expires && !world.options.isClockSet;
  const until = hasEnd ? world.clock.now() + (given.ends ?? 0) * MINUTE : null;
  const isSame = shown.text === text && shown.emoji === '';
  world.personSets(given.chat, {
    ...(state === shown.state ? {} : { state }),
    ...(isSame ? {} : { text, emoji: '', until }),
  });
}

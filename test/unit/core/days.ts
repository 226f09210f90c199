// Random days: calendars, rules and the person's word, in zones whose clocks are changed.
import fc from 'fast-check';
import { type CalendarEvent, eventKey } from '../../../src/core/calendarEvent.ts';
import { addDays, HOUR, type Instant, MINUTE, startOfDate, type TimeZone } from '../../../src/core/time.ts';
import { meeting } from '../../fakes/events.ts';

/** A quiet day, one of 23 hours and one of 25, one that begins at one o'clock, and one half an hour longer. */
const DATES = [
  ['Europe/Berlin', '2026-01-05'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['Africa/Cairo', '2026-04-24'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Asia/Kolkata', '2026-06-17'],
] as const;

const HOURS = [
  { from: '09:00', to: '12:30' },
  { from: '13:30', to: '17:00' },
];
const WEEK = {
  monday: HOURS,
  tuesday: HOURS,
  wednesday: HOURS,
  thursday: [],
  friday: HOURS,
  saturday: [],
  sunday: [{ from: '08:00', to: '24:00' }],
};

export interface RandomDay {
  readonly date: string;
  readonly zone: TimeZone;
  /** When it is looked at. */
  readonly now: Instant;
  /** Of each calendar. */
  readonly calendars: readonly (readonly CalendarEvent[])[];
  /** Besides the defaults. */
  readonly settings: Record<string, unknown>;
}

const chance = (one: number) => fc.nat(one - 1).map((dice) => dice === 0);

const shape = fc.record({
  uid: fc.nat(11),
  /** From the midnight before to the one after, in steps of five minutes. */
  startsAt: fc.integer({ min: -72, max: 300 }),
  steps: fc.constantFrom(0, 1, 3, 6, 6, 6, 12, 12, 24, 96, 400),
  isAllDay: chance(8),
  more: fc.record({
    showAs: fc.constantFrom('busy', 'busy', 'busy', 'tentative', 'oof', 'free', 'workingElsewhere', 'unknown'),
    isCancelled: chance(12),
    responseStatus: fc.constantFrom('accepted', 'accepted', 'organizer', 'notResponded', 'declined'),
    sensitivity: fc.constantFrom('normal', 'private'),
    otherAttendees: fc.constantFrom(0, 3),
    categories: fc.constantFrom<string[]>([], [], ['Focus'], ['Lunch'], ['Home']),
  }),
});

const rules = fc.record({
  showAs: fc.record({ tentative: fc.constantFrom('ignore', 'busy'), oof: fc.constantFrom('away', 'dnd') }),
  categories: fc.constantFrom(
    [],
    [
      { name: 'focus', effect: 'busy', text: 'Focusing' },
      { name: 'lunch', effect: 'ignore' },
    ],
  ),
  workingHours: fc.constantFrom(null, null, WEEK),
  leadMinutes: fc.constantFrom(0, 0, 5),
  tailMinutes: fc.constantFrom(0, 0, 10),
  allDay: fc.constantFrom('oof', 'never', 'always'),
  soloEvents: fc.boolean(),
  notResponded: fc.boolean(),
  minimumMinutes: fc.constantFrom(0, 0, 20),
  bridgeMinutes: fc.constantFrom(0, 0, 15),
});

export const randomDay: fc.Arbitrary<RandomDay> = fc
  .record({
    place: fc.constantFrom(...DATES),
    minutes: fc.integer({ min: 0, max: 22 * 60 }),
    calendars: fc.array(fc.array(shape, { maxLength: 7, size: 'max' }), { minLength: 1, maxLength: 3 }),
    rules,
    silenced: fc.array(fc.nat(20), { maxLength: 2 }),
    busy: fc.option(fc.record({ from: fc.integer({ min: -60, max: 60 }), length: fc.integer({ min: 5, max: 600 }) })),
    text: fc.constantFrom('', 'Deep in thought'),
  })
  .map(({ place: [zone, date], minutes, calendars, rules: given, silenced, busy, text }) => {
    const midnight = startOfDate(date, zone);
    const now = midnight + minutes * MINUTE;
    const events = calendars.map((shapes) => shapes.map((one) => eventOf(one, date, midnight)));
    const all = events.flat();
    const until = (at: Instant) => new Date(Math.max(at, now + MINUTE)).toISOString();
    const notFor = silenced.flatMap((index) => {
      const event = all[index];
      return event === undefined ? [] : [{ event: eventKey(event), until: until(now + 12 * HOUR) }];
    });
    const from = now + (busy?.from ?? 0) * MINUTE;
    const word =
      busy === null ? null : { from: new Date(from).toISOString(), until: until(from + busy.length * MINUTE), text };
    return { date, zone, now, calendars: events, settings: { rules: given, overrides: { notFor, busy: word } } };
  });

function eventOf({ uid, startsAt, steps, isAllDay, more }: Shape, date: string, midnight: Instant): CalendarEvent {
  const start = midnight + startsAt * 5 * MINUTE;
  const from = addDays(date, startsAt < 0 ? -1 : 0);
  const { showAs, responseStatus, sensitivity } = more;
  return {
    ...meeting('00:00', '00:01'),
    ...more,
    showAs,
    responseStatus,
    sensitivity,
    id: `event-${uid}-${startsAt}-${steps}`,
    iCalUId: `uid-${uid}`,
    time: isAllDay
      ? { kind: 'allDay', startDate: from, endDate: addDays(from, 1 + (steps % 3)) }
      : { kind: 'timed', start, end: start + steps * 5 * MINUTE },
  };
}

type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

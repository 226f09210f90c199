import type { PresenceState } from '../../../src/core/presence.ts';
import { HOUR, type Instant, MINUTE } from '../../../src/core/time.ts';
import type { Hub } from '../../../src/hub/compose.ts';
import { newId } from '../../../src/hub/ids.ts';
import { NEVER } from '../../../src/hub/presences.ts';
import type { ShiftedClock } from '../../fakes/shiftedClock.ts';

type Said = readonly [from: number, state: PresenceState, text?: string, emoji?: string, until?: number];

interface Member {
  readonly name: string;
  /** What was said and from which hour. */
  readonly said: readonly Said[];
  /** What is planned: from, to, state. */
  readonly plan?: readonly (readonly [from: number, to: number, state: PresenceState])[];
  /** Nobody reports any more from this hour on. */
  readonly left?: number;
}

const MEETING = 'In a meeting';
const CALENDAR = ':spiral_calendar_pad:';

/** A small team on a Tuesday before noon. */
const TEAM: readonly Member[] = [
  {
    name: 'Ada Lovelace',
    said: [
      [8, 'available'],
      [9, 'busy', MEETING, CALENDAR, 9.5],
      [9.5, 'available'],
      [10, 'dnd', 'Design review', CALENDAR, 11],
    ],
    plan: [
      [10, 11, 'dnd'],
      [11, 12, 'available'],
      [12, 13, 'away'],
      [13, 14.5, 'busy'],
      [14.5, 17, 'available'],
    ],
  },
  {
    name: 'Alan Turing',
    said: [[7.5, 'available']],
    plan: [
      [11, 11.5, 'busy'],
      [15, 16, 'busy'],
    ],
  },
  {
    name: 'Betty Holberton',
    said: [
      [8.5, 'available'],
      [10.25, 'busy', MEETING, CALENDAR, 10.75],
    ],
    plan: [
      [10.25, 10.75, 'busy'],
      [13, 15, 'busy'],
    ],
  },
  {
    name: 'Dennis Ritchie',
    said: [[6, 'dnd', 'Writing, please send mail', ':writing_hand:', 12]],
    plan: [[6, 12, 'dnd']],
  },
  {
    name: 'Edsger Dijkstra',
    said: [
      [8, 'available'],
      [9.75, 'away', 'Walking', ':walking:'],
    ],
  },
  {
    name: 'Frances Allen',
    said: [
      [7, 'available'],
      [8, 'busy'],
      [9, 'available'],
    ],
    left: 10,
  },
  { name: 'Grace Hopper', said: [[8.25, 'available', 'Ask me about compilers', '🐞']], plan: [[14, 15, 'dnd']] },
  { name: 'José Moreno', said: [[9, 'away', 'Out of office', ':palm_tree:', 24 * 4 + 9]] },
  {
    name: 'Katherine Johnson',
    said: [
      [7, 'available'],
      [9, 'dnd', 'Focus time', ':headphones:', 11.5],
    ],
    plan: [
      [9, 11.5, 'dnd'],
      [13, 13.5, 'busy'],
    ],
  },
  { name: 'Mary Jackson', said: [[8, 'available']], plan: [[16, 17, 'busy']] },
  { name: '', said: [] },
  { name: 'Rózsa Péter', said: [[8.75, 'busy', 'On a call', ':telephone_receiver:']], plan: [] },
  { name: 'Kristen Nygaard', said: [[9.5, 'available']] },
];

const addressOf = (name: string): string =>
  `${name === '' ? 'new.colleague' : name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '.')}@example.com`;

/** Has the team live its morning on the hub's clock, up to `now`. @returns the ids by name */
export async function liveMorning(
  hub: Hub,
  clock: ShiftedClock,
  midnight: Instant,
  now: Instant,
): Promise<ReadonlyMap<string, string>> {
  clock.set(midnight + 5 * HOUR);
  const ids = new Map<string, string>();
  for (const { name } of TEAM) {
    const id = newId(clock.now());
    ids.set(name, id);
    await hub.presences.putPerson({ id, email: addressOf(name), name, identities: [] });
  }
  const at = (hour: number): Instant => midnight + hour * HOUR;
  const acts = TEAM.flatMap(({ name, said, plan = [], left }) => {
    const id = ids.get(name) ?? '';
    const day = plan.map(([start, end, state]) => ({ start: at(start), end: at(end), state }));
    const says = said.map(([from, state, text = '', emoji = '', until]) => ({
      from,
      act: async () => {
        const presence = { state, text, emoji, until: until === undefined ? null : at(until) };
        await hub.presences.say(id, presence, { source: 'app', day, reportedUntil: NEVER });
      },
    }));
    return left === undefined ? says : [...says, { from: left, act: () => hub.presences.signOff(id) }];
  });
  for (const { from, act } of acts.sort((a, b) => a.from - b.from)) {
    clock.set(Math.max(at(from), clock.now() + 1));
    await act();
  }
  clock.set(Math.max(now, clock.now() + MINUTE / 60));
  return ids;
}

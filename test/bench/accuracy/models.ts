// How others decide, as small models written from `reference/peers.md` section 2 (their source was read, not run here). In
// doubt they are given the better reading: no delays, never a failed call, our texts, the machine's clock exact.
import {
  type At,
  type Entry,
  MEETING_TEXT,
  MINUTE,
  OOF_TEXT,
  SECOND,
  type Shot,
  type Shown,
  TrueCalendars,
  UNSET,
  type WorkingDay,
} from './day.ts';
import type { DayRun } from './ours.ts';

/** What a model can reach at a tick. */
interface World {
  readonly now: At;
  /** Calls the calendar: entries of the main calendar that overlap the window, by start. */
  view(from: At, to: At): readonly Entry[];
  /** Calls the chat. `isManual`: the person, not the tool, set it last. */
  read(): Shown & { readonly isManual: boolean };
  write(shown: Shown): void;
}

export interface Model {
  readonly name: string;
  readonly period: number;
  /** A laptop's tool sleeps with the laptop. */
  readonly runsOn: 'laptop' | 'server';
  /** A new day: what it remembers is its own. */
  readonly make: () => (world: World) => void;
}

const MEETING: Shown = { state: 'dnd', text: MEETING_TEXT };

/** JAMF's HipStatus: stateless, at every five-minute mark; the first entry of the next five minutes decides. */
const hipstatus: Model = {
  name: 'HipStatus (JAMF)',
  period: 5 * MINUTE,
  runsOn: 'laptop',
  make: () => (world) => {
    const [first] = world.view(world.now + 10 * SECOND, world.now + 290 * SECOND);
    const isBusy = first?.showAs === 'busy';
    // Whatever is not "chat" counts as busy there.
    const { state } = world.read();
    if (isBusy && state === 'available') world.write(MEETING);
    if (!isBusy && state !== 'available') world.write(UNSET);
  },
};

/** The Mattermost calendar plugin: a server's job looks ten minutes ahead and acts on meetings it has not met yet. */
const mattermost: Model = {
  name: 'Mattermost calendar plugin',
  period: 5 * MINUTE,
  runsOn: 'server',
  make: () => {
    let active: readonly string[] = [];
    let before: Shown | null = null;
    return (world) => {
      const busy = world
        .view(world.now, world.now + 10 * MINUTE)
        .filter(
          ({ showAs, isCancelled, isDeclined, others }) =>
            showAs === 'busy' && !isCancelled && !isDeclined && others >= 1,
        )
        .map(({ uid, start }) => `${uid} ${start}`);
      const shown = world.read();
      const isNew = busy.some((meeting) => !active.includes(meeting));
      if (busy.length === 0) {
        if (active.length > 0 && shown.state === 'dnd') world.write(before ?? UNSET);
        before = null;
      } else if (isNew) {
        if (active.length === 0) before = shown.isManual ? { state: shown.state, text: shown.text } : null;
        if (shown.state !== 'dnd') world.write(MEETING);
      }
      active = busy;
    };
  },
};

const RANK = { oof: 4, busy: 3, tentative: 2, workingElsewhere: 1, free: 0 } as const;

/** A one-minute poller as CalendarToSlack: the highest showAs, then the latest start; never looks at the chat. */
const poller: Model = {
  name: 'One-minute poller',
  period: MINUTE,
  runsOn: 'server',
  make: () => {
    let last: string | null = null;
    return (world) => {
      const [top] = world
        .view(world.now - 2 * MINUTE, world.now + MINUTE)
        .filter(({ isCancelled }) => !isCancelled)
        .toSorted((a, b) => RANK[b.showAs] - RANK[a.showAs] || b.start - a.start);
      const id = top?.id ?? null;
      if (id === last) return;
      last = id;
      if (top?.showAs === 'oof') world.write({ state: 'away', text: OOF_TEXT });
      else world.write(top?.showAs === 'busy' ? MEETING : UNSET);
    };
  },
};

export const MODELS: readonly Model[] = [hipstatus, mattermost, poller];

/** A model's day. @param phase when its ticks fall within its period: a server's job starts at any time */
export function runModel(model: Model, day: WorkingDay, phase: number): DayRun {
  const calendars = new TrueCalendars(day.entries);
  const shots: Shot[] = [{ at: day.start, shown: UNSET }];
  const [calendarReadsAt, chatReadsAt, writesAt]: [At[], At[], At[]] = [[], [], []];
  let isManual = false;
  let isAsleep = false;
  const shown = () => shots.at(-1)?.shown ?? UNSET;
  const tick = model.make();
  const pending = [...day.happenings];
  const happen = (until: At) => {
    for (let next = pending[0]; next !== undefined && next.at <= until; next = pending[0]) {
      pending.shift();
      if (next.kind === 'calendar') calendars.put(next.entries);
      else if (next.kind === 'person') {
        shots.push({ at: next.at, shown: next.shown });
        isManual = true;
      } else isAsleep = next.kind === 'sleep';
    }
  };
  for (let now = day.start + phase; now < day.end; now += model.period) {
    happen(now);
    if (isAsleep && model.runsOn === 'laptop') continue;
    tick({
      now,
      view: (from, to) => {
        calendarReadsAt.push(now);
        return calendars.entries
          .filter(({ calendar, start, end }) => calendar === 0 && start < to && from < end)
          .sort((a, b) => a.start - b.start);
      },
      read: () => {
        chatReadsAt.push(now);
        return { ...shown(), isManual };
      },
      write: (wanted) => {
        writesAt.push(now);
        shots.push({ at: now, shown: wanted });
        isManual = false;
      },
    });
  }
  happen(day.end);
  return { shots, calendarReadsAt, chatReadsAt, writesAt };
}

// A working day as it truly happens. Nothing here knows `src/core`: the bench must not share its mistakes.

/** Milliseconds since the Unix epoch, UTC. The bench's person lives in UTC. */
export type At = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What people see in the chat. */
export interface Shown {
  readonly state: 'available' | 'dnd' | 'away';
  readonly text: string;
}

/** One entry of one calendar as it is at some moment. */
export interface Entry {
  /** Stable within its calendar, whatever is changed. */
  readonly id: string;
  /** The same for copies of one meeting in several calendars. */
  readonly uid: string;
  /** 0 is the main calendar. */
  readonly calendar: number;
  readonly start: At;
  readonly end: At;
  /** `start` and `end` are midnights then. */
  readonly isAllDay: boolean;
  readonly showAs: 'free' | 'tentative' | 'busy' | 'oof' | 'workingElsewhere';
  readonly isCancelled: boolean;
  /** Gone from the calendar altogether. */
  readonly isRemoved: boolean;
  readonly isDeclined: boolean;
  /** People besides the owner. */
  readonly others: number;
}

/** Why an entry changes. */
export type ChangeKind = 'added' | 'cancelled' | 'moved' | 'extended' | 'shortened' | 'declined';

/** What happens at one moment. */
export type Happening =
  | { readonly at: At; readonly kind: 'calendar'; readonly change: ChangeKind; readonly entries: readonly Entry[] }
  | { readonly at: At; readonly kind: 'person'; readonly shown: Shown }
  | { readonly at: At; readonly kind: 'sleep' | 'wake' };

/** One person's day, from midnight to midnight. */
export interface WorkingDay {
  readonly start: At;
  readonly end: At;
  readonly calendars: number;
  /** Whether the laptop sleeps at night. */
  readonly sleepsAtNight: boolean;
  /** What is in the calendars at `start`. */
  readonly entries: readonly Entry[];
  /** In order of time. */
  readonly happenings: readonly Happening[];
}

/** What was, or should have been, shown from `at` on. */
export interface Shot {
  readonly at: At;
  readonly shown: Shown;
}

export const UNSET: Shown = { state: 'available', text: '' };

/** Texts that every tool on the bench writes, so that only times and states tell them apart. */
export const MEETING_TEXT = 'In a meeting';
export const OOF_TEXT = 'Out of office';

export interface Stretch {
  readonly start: At;
  readonly end: At;
}

/** When the laptop is asleep. */
export function sleeps({ happenings, end }: WorkingDay): readonly Stretch[] {
  const result: Stretch[] = [];
  let since: At | null = null;
  for (const { at, kind } of happenings) {
    if (kind === 'sleep') since ??= at;
    if (kind !== 'wake' || since === null) continue;
    result.push({ start: since, end: at });
    since = null;
  }
  if (since !== null) result.push({ start: since, end });
  return result;
}

/** The calendars as they change: entries by calendar and id. */
export class TrueCalendars {
  readonly #entries = new Map<string, Entry>();

  constructor(entries: readonly Entry[]) {
    this.put(entries);
  }

  put(entries: readonly Entry[]): void {
    for (const entry of entries) this.#entries.set(`${entry.calendar} ${entry.id}`, entry);
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()].filter(({ isRemoved }) => !isRemoved);
  }
}

import {
  type At,
  type ChangeKind,
  DAY,
  type Entry,
  type Happening,
  HOUR,
  MINUTE,
  type Shown,
  type Stretch,
  type WorkingDay,
} from './day.ts';
import { Random } from './random.ts';
import { RATES } from './rates.ts';

const FIRST_DAY = Date.parse('2026-01-05T00:00:00Z');

export interface DayOptions {
  /** Only what everybody agrees on: busy meetings with others, one calendar, nothing by hand, no sleep during the day. */
  readonly plain?: boolean;
}

/** Day number `index` of the row that `seed` begins. Each day stands for itself. */
export function makeDay(seed: number, index: number, { plain = false }: DayOptions = {}): WorkingDay {
  return new DayMaker(new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)), index, plain).make();
}

class DayMaker {
  readonly #random: Random;
  readonly #start: At;
  readonly #plain: boolean;
  readonly #entries: Entry[] = [];
  readonly #happenings: Happening[] = [];
  #count = 0;

  constructor(random: Random, index: number, plain: boolean) {
    this.#random = random;
    this.#start = FIRST_DAY + index * DAY;
    this.#plain = plain;
  }

  make(): WorkingDay {
    const random = this.#random;
    const calendars = this.#plain ? 1 : random.pick(RATES.calendars);
    const sleepsAtNight = random.chance(RATES.sleepsAtNight);
    const sleeping = this.#sleeps(sleepsAtNight);
    const [low, high] = RATES.meetings;
    for (let left = random.whole(low, high); left > 0; left--) this.#meeting(this.#planned(0), calendars);
    for (let calendar = 1; calendar < calendars; calendar++) {
      for (let left = random.whole(0, 2); left > 0; left--) this.#meeting(this.#planned(calendar), 1);
    }
    if (!this.#plain) this.#allDay();
    this.#addedLate();
    if (!this.#plain) this.#byHand(sleeping);
    for (const { start, end } of sleeping) {
      this.#happenings.push({ at: start, kind: 'sleep' });
      if (end < this.#start + DAY) this.#happenings.push({ at: end, kind: 'wake' });
    }
    const happenings = this.#happenings
      .filter(({ at }) => at >= this.#start && at < this.#start + DAY)
      .sort((a, b) => a.at - b.at);
    return { start: this.#start, end: this.#start + DAY, calendars, sleepsAtNight, entries: this.#entries, happenings };
  }

  /** A moment between two hours of the day, to the millisecond: nothing that people do falls on a mark. */
  #moment(from: number, to: number): At {
    return this.#start + Math.floor(this.#random.between(from, to) * HOUR);
  }

  #sleeps(atNight: boolean): readonly Stretch[] {
    const random = this.#random;
    const naps: Stretch[] = [];
    if (!this.#plain && random.chance(RATES.naps)) {
      const start = this.#moment(9.5, 15);
      naps.push({ start, end: start + Math.floor(random.between(10, 90) * MINUTE) });
    }
    if (!atNight) return naps;
    const morning = { start: this.#start, end: this.#moment(7.5, 9) };
    const evening = { start: this.#moment(16.6, 18.5), end: this.#start + DAY };
    return [morning, ...naps, evening];
  }

  #planned(calendar: number): Entry {
    const random = this.#random;
    const start = this.#start + random.whole(8, 16) * HOUR + random.pick<number>(RATES.starts) * MINUTE;
    return this.#entry(calendar, start, start + random.pick<number>(RATES.lengths) * MINUTE);
  }

  #entry(calendar: number, start: At, end: At): Entry {
    const random = this.#random;
    this.#count += 1;
    return {
      id: `entry-${this.#count}`,
      uid: `meeting-${this.#count}`,
      calendar,
      start,
      end,
      isAllDay: false,
      showAs: this.#plain ? 'busy' : random.pick<Entry['showAs']>(RATES.showAs),
      isCancelled: false,
      isRemoved: false,
      isDeclined: !this.#plain && random.chance(RATES.declined),
      others: !this.#plain && random.chance(RATES.solo) ? 0 : random.whole(1, 8),
    };
  }

  /** Puts it into the calendars, with a copy in another one now and then, and lets its day happen. */
  #meeting(entry: Entry, calendars: number): void {
    const copies = [entry];
    if (calendars > 1 && this.#random.chance(RATES.copied)) copies.push({ ...entry, calendar: 1 });
    this.#entries.push(...copies);
    this.#fate(copies, entry);
  }

  /** At most one thing changes about a meeting. */
  #fate(copies: readonly Entry[], { start, end }: Entry): void {
    const random = this.#random;
    const { cancelled, moved, extended, shortened, declinedLater } = RATES;
    const length = end - start;
    const ahead = () => start - Math.floor(random.between(10, 240) * MINUTE);
    const during = () => start + Math.floor(random.between(0.1, 0.9) * length);
    const later = random.whole(1, 6) * 30 * MINUTE;
    const gone = random.chance(0.5) ? { isRemoved: true } : { isCancelled: true };
    const longer = end + random.whole(1, 6) * 5 * MINUTE;
    const justAfter = (moment: At) => moment + Math.floor(random.between(0, 5) * MINUTE);
    const extendedAt = end - Math.floor(random.between(0.05, 0.5) * length);
    const shortenedAt = during();
    const fates: readonly (readonly [number, ChangeKind, At, Partial<Entry>])[] = [
      [cancelled.ahead, 'cancelled', ahead(), gone],
      [cancelled.lastMinutes, 'cancelled', start - Math.floor(random.between(0, 10) * MINUTE), gone],
      [cancelled.afterStart, 'cancelled', justAfter(start), gone],
      [moved, 'moved', ahead(), { start: start + later, end: end + later }],
      [extended.during, 'extended', extendedAt, { end: longer }],
      [extended.after, 'extended', justAfter(end), { end: end + 15 * MINUTE }],
      [shortened, 'shortened', shortenedAt, { end: Math.ceil(shortenedAt / MINUTE) * MINUTE }],
      [declinedLater, 'declined', ahead(), { isDeclined: true }],
    ];
    let left = random.next();
    for (const [rate, change, at, given] of fates) {
      left -= rate;
      if (left >= 0) continue;
      this.#happenings.push({
        at,
        kind: 'calendar',
        change,
        entries: copies.map((copy) => ({ ...copy, ...given })),
      });
      return;
    }
  }

  #allDay(): void {
    for (const showAs of ['busy', 'oof', 'free'] as const) {
      if (!this.#random.chance(RATES.allDay[showAs])) continue;
      const entry = this.#entry(0, this.#start, this.#start + DAY);
      this.#entries.push({ ...entry, isAllDay: true, showAs, isDeclined: false, others: 0 });
    }
  }

  #addedLate(): void {
    const random = this.#random;
    const add = (entry: Entry, at: At) =>
      this.#happenings.push({ at, kind: 'calendar', change: 'added', entries: [entry] });
    if (random.chance(RATES.addedAhead)) {
      const entry = this.#planned(0);
      add(entry, entry.start - Math.floor(random.between(5, 180) * MINUTE));
    }
    if (random.chance(RATES.addedAtOnce)) {
      const at = this.#moment(9, 16);
      // Calendars offer whole five minutes; the one just past is the start.
      const start = Math.floor(at / (5 * MINUTE)) * 5 * MINUTE;
      add(this.#entry(0, start, start + random.pick<number>(RATES.lengths) * MINUTE), at);
    }
  }

  #byHand(sleeping: readonly Stretch[]): void {
    const random = this.#random;
    const isAwake = (at: At) => !sleeping.some(({ start, end }) => start <= at && at < end);
    const meetings = this.#entries.filter(({ isAllDay }) => !isAllDay);
    const isInMeeting = (at: At) => meetings.some(({ start, end }) => start <= at && at < end);
    const set = (at: At) => {
      if (!isAwake(at)) return;
      const state = random.pick<Shown['state']>([
        [4, 'available'],
        [4, 'away'],
        [3, 'dnd'],
      ]);
      // A status of its own each time: whoever sets what is shown already has said nothing.
      const words = state === 'available' || random.chance(0.5) ? `Word ${Math.floor(at / 1000) % 86_400}` : '';
      this.#happenings.push({ at, kind: 'person', shown: { state, text: words } });
      const back = at + Math.floor(random.between(15, 90) * MINUTE);
      if (!random.chance(RATES.takenBack) || !isAwake(back)) return;
      this.#happenings.push({ at: back, kind: 'person', shown: { state: 'available', text: '' } });
    };
    if (random.chance(RATES.byHand.outside)) {
      const moments = Array.from({ length: 20 }, () => this.#moment(8, 17));
      const free = moments.find((at) => !isInMeeting(at));
      if (free !== undefined) set(free);
    }
    const meeting = meetings[random.whole(0, Math.max(0, meetings.length - 1))];
    if (meeting !== undefined && random.chance(RATES.byHand.during)) {
      set(meeting.start + Math.floor(random.between(0.05, 0.95) * (meeting.end - meeting.start)));
    }
  }
}

import { DAY, HOUR, MINUTE, SECOND } from '../../../core/time.ts';
import type { RecurrenceRule } from './schema.ts';

/**
 * Expands recurrence rules (RFC 5545 section 3.3.10) on the wall clock.
 *
 * ical.js reads the rules; its iterator is not used, because it can neither start near the window nor promise to end
 * (`FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30` never returns) and takes BYSETPOS and BYWEEKNO for some frequencies only. Here the
 * days of each period are filtered by all the BY parts, as python-dateutil does it, and the work is bounded.
 */

/** A wall-clock time written as if it were UTC, in milliseconds. */
export type Wall = number;

/** More days than this are not looked through for one rule: a thousand years. */
const MOST_DAYS = 366_000;
/** More occurrences than this are not made of one rule. */
const MOST_OCCURRENCES = 100_000;

/** Thrown where a rule asks for more than any calendar has. */
export class EndlessRule extends Error {}

const dayOf = (wall: Wall): number => Math.floor(wall / DAY);
const mod = (value: number, by: number): number => ((value % by) + by) % by;
/** Monday is 0; day 0 is Thursday, 1 January 1970. */
const weekdayOf = (day: number): number => mod(day + 3, 7);
const dayAt = (year: number, month: number, date: number): number => Date.UTC(year, month, date) / DAY;

interface Day {
  readonly day: number;
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  readonly date: number;
}

function dateOf(day: number): Day {
  const date = new Date(day * DAY);
  return { day, year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate() };
}

/** Whether `position` (from 1), or its distance from the end of `length`, is in the list. */
const listed = (list: readonly number[], position: number, length: number): boolean =>
  list.includes(position) || list.includes(position - length - 1);

/** ISO week numbering, but for weeks that begin on `weekStart`. */
function inWeeks(weeks: readonly number[], day: number, weekStart: number): boolean {
  const fourth = day - mod(weekdayOf(day) - weekStart, 7) + 3;
  const { year } = dateOf(fourth);
  const number = Math.floor((fourth - dayAt(year, 0, 1)) / 7) + 1;
  // The last week holds 28 December.
  const last = dayAt(year, 11, 28);
  const length = Math.floor((last - mod(weekdayOf(last) - weekStart, 7) + 3 - dayAt(year, 0, 1)) / 7) + 1;
  return listed(weeks, number, length);
}

function matchesDay(rule: RecurrenceRule, at: Day): boolean {
  const { bymonth, byweekno, byyearday, bymonthday, byday, freq } = rule;
  if (bymonth && !bymonth.includes(at.month + 1)) return false;
  const monthLength = new Date(Date.UTC(at.year, at.month + 1, 0)).getUTCDate();
  if (bymonthday && !listed(bymonthday, at.date, monthLength)) return false;
  const yearStart = dayAt(at.year, 0, 1);
  const yearLength = dayAt(at.year + 1, 0, 1) - yearStart;
  if (byyearday && !listed(byyearday, at.day - yearStart + 1, yearLength)) return false;
  if (byweekno && !inWeeks(byweekno, at.day, rule.wkst)) return false;
  if (!byday) return true;
  const inMonth = freq === 'MONTHLY' || (freq === 'YEARLY' && bymonth !== undefined);
  const [position, length] = inMonth ? [at.date, monthLength] : [at.day - yearStart + 1, yearLength];
  return byday.some(({ day, nth }) => {
    if (day !== weekdayOf(at.day)) return false;
    if (nth === 0 || (freq !== 'MONTHLY' && freq !== 'YEARLY')) return true;
    return nth === Math.ceil(position / 7) || nth === -Math.ceil((length - position + 1) / 7);
  });
}

/** The rule with what its start says where it is silent itself. */
function completed(rule: RecurrenceRule, start: Wall): RecurrenceRule {
  const at = dateOf(dayOf(start));
  const weekday = [{ day: weekdayOf(at.day), nth: 0 }];
  if (rule.byday || rule.bymonthday || rule.byyearday) return rule;
  if (rule.byweekno) return { ...rule, byday: weekday };
  switch (rule.freq) {
    case 'YEARLY':
      return { ...rule, bymonth: rule.bymonth ?? [at.month + 1], bymonthday: [at.date] };
    case 'MONTHLY':
      return { ...rule, bymonthday: [at.date] };
    case 'WEEKLY':
      return { ...rule, byday: weekday };
    default:
      return rule;
  }
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** The times of a day that the rule names, in milliseconds from midnight. */
function timesOf(rule: RecurrenceRule, start: Wall, day: number): number[] {
  const time = mod(start, DAY);
  const often = rule.freq === 'HOURLY' || rule.freq === 'MINUTELY';
  const hours = rule.byhour ?? (often ? range(24) : [Math.floor(time / HOUR)]);
  const minutes = rule.byminute ?? (rule.freq === 'MINUTELY' ? range(60) : [Math.floor(time / MINUTE) % 60]);
  const seconds = rule.bysecond ?? [Math.floor(time / SECOND) % 60];
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * HOUR + minute * MINUTE + second * SECOND)),
  );
  const unit = rule.freq === 'HOURLY' ? HOUR : MINUTE;
  const due = (at: number) => mod(Math.floor((day * DAY + at) / unit) - Math.floor(start / unit), rule.interval) === 0;
  return (often ? times.filter(due) : times).sort((a, b) => a - b);
}

interface Periods {
  readonly indexOf: (day: number) => number;
  /** First day of the period, and of the one after it. */
  readonly days: (index: number) => readonly [number, number];
}

function periodsOf(rule: RecurrenceRule): Periods {
  switch (rule.freq) {
    case 'YEARLY':
      return { indexOf: (day) => dateOf(day).year, days: (year) => [dayAt(year, 0, 1), dayAt(year + 1, 0, 1)] };
    case 'MONTHLY':
      return {
        indexOf: (day) => dateOf(day).year * 12 + dateOf(day).month,
        days: (index) => [monthStart(index), monthStart(index + 1)],
      };
    case 'WEEKLY': {
      const shift = 3 - rule.wkst;
      return {
        indexOf: (day) => Math.floor((day + shift) / 7),
        days: (index) => [index * 7 - shift, index * 7 - shift + 7],
      };
    }
    default:
      return { indexOf: (day) => day, days: (day) => [day, day + 1] };
  }
}

const monthStart = (index: number): number => dayAt(Math.floor(index / 12), mod(index, 12), 1);

/** One period's occurrences, in order. */
function* candidates(rule: RecurrenceRule, start: Wall, first: number, end: number): Generator<Wall> {
  for (let day = first; day < end; day++) {
    if (!matchesDay(rule, dateOf(day))) continue;
    for (const time of timesOf(rule, start, day)) yield day * DAY + time;
  }
}

function picked(rule: RecurrenceRule, all: Iterable<Wall>): Iterable<Wall> {
  const { bysetpos } = rule;
  if (bysetpos === undefined) return all;
  const list = [...all];
  return list.filter((_, index) => listed(bysetpos, index + 1, list.length));
}

/**
 * The starts within [`from`, `to`] that a rule gives, in order.
 * @param start the event's own start; counts only where the rule names it
 * @param until the last start there may be; null for no end
 * @throws EndlessRule when the bounds above are passed
 */
export function expandRule(written: RecurrenceRule, start: Wall, until: Wall | null, from: Wall, to: Wall): Wall[] {
  const rule = completed(written, start);
  const periods = periodsOf(rule);
  const step = rule.freq === 'HOURLY' || rule.freq === 'MINUTELY' ? 1 : rule.interval;
  const first = periods.indexOf(dayOf(start));
  // What is counted has to be counted from the start; everything else can begin where the window does.
  const skipped = rule.count === undefined ? Math.floor((periods.indexOf(dayOf(from)) - first) / step) : 0;
  const last = Math.min(to, until ?? to);
  const found: Wall[] = [];
  let seen = 0;
  let days = 0;
  for (let index = first + Math.max(0, skipped) * step; ; index += step) {
    const [begin, end] = periods.days(index);
    if (begin * DAY > last) return found;
    days += end - begin;
    for (const at of picked(rule, candidates(rule, start, begin, end))) {
      if (at < start) continue;
      if (at > last || (rule.count !== undefined && seen >= rule.count)) return found;
      seen += 1;
      if (seen > MOST_OCCURRENCES) throw new EndlessRule();
      if (at >= from) found.push(at);
    }
    if (days > MOST_DAYS) throw new EndlessRule();
  }
}

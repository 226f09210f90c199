import { z } from 'zod';
import {
  addDays,
  dateAt,
  HOUR,
  type Instant,
  type Interval,
  instantOfWallClock,
  MINUTE,
  type TimeZone,
} from './time.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as 09:00');

const hours = z
  .array(
    z
      .object({ from: clock, to: clock })
      .refine(({ from, to }) => from < to, 'the end must come after the beginning; use two days for a night shift'),
  )
  .max(6)
  .default([]);

/** From Sunday on, as JavaScript counts. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** When somebody works, by weekday, in their own zone. */
export const workingHours = z.object({
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
  saturday: hours,
  sunday: hours,
});

export type WorkingHours = Readonly<z.infer<typeof workingHours>>;

/** Milliseconds from midnight on the wall clock. */
function sinceMidnight(clockTime: string): number {
  const [hour = 0, minute = 0] = clockTime.split(':').map(Number);
  return hour * HOUR + minute * MINUTE;
}

/** The working time of one date, on the UTC line. */
function ofDate(date: string, week: WorkingHours, zone: TimeZone): readonly Interval[] {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const weekday = WEEKDAYS[new Date(midnight).getUTCDay()] ?? 'sunday';
  const at = (clockTime: string): Instant => instantOfWallClock(midnight + sinceMidnight(clockTime), zone);
  return week[weekday].map(({ from, to }) => ({ start: at(from), end: at(to) }));
}

/** The parts of `interval` in working time, in order; all of it where there are no working hours. */
export function withinWorkingHours(interval: Interval, week: WorkingHours | null, zone: TimeZone): readonly Interval[] {
  if (week === null) return [interval];
  const parts: Interval[] = [];
  const last = dateAt(interval.end, zone);
  for (let date = dateAt(interval.start, zone); date <= last; date = addDays(date, 1)) {
    for (const work of ofDate(date, week, zone)) {
      const part = { start: Math.max(work.start, interval.start), end: Math.min(work.end, interval.end) };
      if (part.start < part.end) parts.push(part);
    }
  }
  return parts;
}

import { addDays, dateAt, type Instant, instantOfWallClock, MINUTE, type TimeZone } from '../../../core/time.ts';

/** The next time that the wall clock shows `typed` (`HH:MM`), today or else tomorrow; null when that is no time. */
export function nextTime(typed: string, now: Instant, zone: TimeZone): Instant | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(typed) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const sinceMidnight = (Number(hours) * 60 + Number(minutes)) * MINUTE;
  const on = (date: string) => instantOfWallClock(Date.parse(`${date}T00:00:00Z`) + sinceMidnight, zone);
  const today = dateAt(now, zone);
  return on(today) > now ? on(today) : on(addDays(today, 1));
}

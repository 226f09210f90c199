/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number;

/** A calendar date without a zone: `YYYY-MM-DD`. */
export type LocalDate = string;

/** An IANA zone name such as `Europe/Berlin`. */
export type TimeZone = string;

/** Half-open: `start` belongs to it, `end` does not. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const overlaps = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end;

const formatters = new Map<TimeZone, Intl.DateTimeFormat>();

function formatter(zone: TimeZone): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(zone, found);
  }
  return found;
}

/** The wall clock of `zone` at `at`, written as if it were UTC (so that date arithmetic works on it). */
function wallClock(at: Instant, zone: TimeZone): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The instant of a wall-clock time in a zone.
 * In the hour that daylight saving skips, the instant after the gap; in the hour it repeats, the first one.
 * @param wall the wall clock written as if it were UTC, in milliseconds
 */
export function instantOfWallClock(wall: number, zone: TimeZone): Instant {
  const offset = (at: Instant) => wallClock(at, zone) - Math.floor(at / SECOND) * SECOND;
  const before = wall - offset(wall - DAY);
  const after = wall - offset(wall + DAY);
  const matches = [before, after].filter((at) => at + offset(at) === wall);
  return matches.length > 0 ? Math.min(...matches) : Math.max(before, after);
}

/** Midnight at the start of `date` in `zone`. */
export const startOfDate = (date: LocalDate, zone: TimeZone): Instant =>
  instantOfWallClock(Date.parse(`${date}T00:00:00Z`), zone);

/** The date that `zone` shows at `at`. */
export const dateAt = (at: Instant, zone: TimeZone): LocalDate =>
  new Date(wallClock(at, zone)).toISOString().slice(0, 10);

/** `date` moved by whole days. */
export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** All of `date` in `zone`: 23 or 25 hours where the clock is changed. */
export const dayOf = (date: LocalDate, zone: TimeZone): Interval => {
  return { start: startOfDate(date, zone), end: startOfDate(addDays(date, 1), zone) };
};

/** Hours and minutes of `at` in `zone`, 24-hour: `09:05`. */
export const clockTime = (at: Instant, zone: TimeZone): string =>
  new Date(wallClock(at, zone)).toISOString().slice(11, 16);

/** `09:05`, or `Tue 09:05` when it is not the day of `now`. */
export function clockTimeFrom(at: Instant, now: Instant, zone: TimeZone): string {
  if (dateAt(at, zone) === dateAt(now, zone)) return clockTime(at, zone);
  const weekday = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' }).format(at);
  return `${weekday} ${clockTime(at, zone)}`;
}

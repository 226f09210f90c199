import {
  addDays,
  DAY,
  dateAt,
  HOUR,
  type Instant,
  instantOfWallClock,
  MINUTE,
  type TimeZone,
} from '../../../../core/time.ts';

/** How long somebody said, and what they said after it. */
export interface End {
  readonly until: Instant;
  readonly rest: string;
}

const UNTIL = /^(?:until|till|til)\s+(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?(?=\s|$)/i;
const HOURS = /^(\d{1,2})\s?(?:hours?|hrs?|h)(?:\s?(\d{1,2})\s?(?:minutes?|mins?|m)|(\d{1,2}))?(?=\s|$)/i;
const MINUTES = /^(\d{1,4})(?:\s?(?:minutes?|mins?|m))?(?=\s|$)/i;

/**
 * Reads `30m`, `1h`, `1h30m`, `90` (minutes), `until 15:00` or `until 3pm` at the beginning of what was said; the next time that the clock of `zone`
 * shows that. Null for what is none of them, or is no time of up to a day.
 */
export function readEnd(said: string, now: Instant, zone: TimeZone): End | null {
  const text = said.trim().replace(/^for\s+/i, '');
  const clock = UNTIL.exec(text);
  if (clock !== null) {
    const until = nextTime(clock, now, zone);
    return until === null ? null : { until, rest: text.slice(clock[0].length).trim() };
  }
  const hours = HOURS.exec(text);
  const minutes = MINUTES.exec(text);
  const [whole] = hours ?? minutes ?? [];
  if (whole === undefined) return null;
  const length =
    hours === null
      ? Number(minutes?.[1]) * MINUTE
      : Number(hours[1]) * HOUR + Number(hours[2] ?? hours[3] ?? 0) * MINUTE;
  if (length <= 0 || length > DAY) return null;
  return { until: now + length, rest: text.slice(whole.length).trim() };
}

function nextTime([, digits, past = '0', half]: RegExpExecArray, now: Instant, zone: TimeZone): Instant | null {
  const hour = Number(digits);
  const minute = Number(past);
  if (minute > 59 || hour > 23 || (half !== undefined && (hour < 1 || hour > 12))) return null;
  const shown = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const today = dateAt(now, zone);
  const at = [today, addDays(today, 1)].map((date) =>
    instantOfWallClock(Date.parse(`${date}T00:00:00Z`) + shown * HOUR + minute * MINUTE, zone),
  );
  const found = at.find((one) => one > now) ?? null;
  // The day on which clocks are set back has 25 hours.
  return found === null ? null : Math.min(found, now + DAY);
}

import type { Speech, TextKey } from './texts.ts';
import { text } from './texts.ts';
import { dateAt, HOUR, type Instant, MINUTE, type TimeZone } from './time.ts';

// Times, lists and numbers for people. What a chat shows is for others: its times are of 24 hours everywhere
// (docs/decisions/languages.md), as are the command line's (`clockTime`).

type Locale = Pick<Speech, 'locale'>;

const FORMATS = {
  time: { timeStyle: 'short' },
  timeWithDay: { weekday: 'short', hour: 'numeric', minute: '2-digit' },
} as const;

/** Making one is dear; there are a few locales and zones in a life at most. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(name: keyof typeof FORMATS, zone: TimeZone, locale: string): Intl.DateTimeFormat {
  const key = `${name} ${zone} ${locale}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: zone, ...FORMATS[name] });
  formatters.set(key, known);
  return known;
}

/** The time of day as the person's region writes it, such as `14:05` or `2:05 PM`. */
export const timeOfDay = (at: Instant, zone: TimeZone, { locale }: Locale): string =>
  formatter('time', zone, locale).format(at);

/** The same, with the weekday where it is not the day of `now`, such as `Tue 09:05`. */
export function timeFrom(at: Instant, now: Instant, zone: TimeZone, speech: Locale): string {
  if (dateAt(at, zone) === dateAt(now, zone)) return timeOfDay(at, zone, speech);
  return formatter('timeWithDay', zone, speech.locale).format(at);
}

/** A length in whole hours or minutes, such as `30 minutes` or `1 hour`. @param length milliseconds */
export function lengthOfTime(length: number, { locale }: Locale): string {
  const isHours = length % HOUR === 0;
  const format = { style: 'unit', unit: isHours ? 'hour' : 'minute', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(locale, format).format(length / (isHours ? HOUR : MINUTE));
}

/** Such as `HipChat and Slack`, each once. */
export const listed = (
  names: readonly string[],
  { locale }: Locale,
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string => new Intl.ListFormat(locale, { type }).format(new Set(names));

/** A text that has one form for one thing and another for several; `{count}` is how many. */
export function counted(
  [one, several]: readonly [one: TextKey, several: TextKey],
  count: number,
  speech: Speech,
  marks: Readonly<Record<string, string>> = {},
): string {
  const key = new Intl.PluralRules(speech.locale).select(count) === 'one' ? one : several;
  return text(key, speech, { ...marks, count: new Intl.NumberFormat(speech.locale).format(count) });
}

import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import { listed, timeFrom, timeOfDay } from '../../../core/localFormat.ts';
import { ENGLISH, type Speech, type TextKey, text } from '../../../core/texts.ts';
import type { Instant, TimeZone } from '../../../core/time.ts';
import { usePage } from './usePage.ts';

/** A window's words, times and numbers, in the person's language and region. */
export interface Words {
  readonly speech: Speech;
  /** The text of a key. */
  t(key: TextKey, marks?: Readonly<Record<string, string>>): string;
  /** The time of day, such as `14:05` or `2:05 PM`. */
  time(at: Instant): string;
  /** A whole hour, as short as it can be: `14` or `2 PM`. */
  hour(at: Instant): string;
  /** The same, with the weekday where it is not the day of `now`. */
  timeFrom(at: Instant, now: Instant): string;
  /** Such as `Tuesday, 3 March`. */
  date(at: Instant): string;
  /** Such as `3 Mar, 14:05`. */
  dateTime(at: Instant): string;
  /** Such as `HipChat and Slack`. */
  list(items: readonly string[]): string;
  /** Such as `1 hr 30 min`. @param minutes whole ones */
  duration(minutes: number): string;
}

/** Pure: the same for the same speech and zone. */
export function wordsOf(speech: Speech, zone: TimeZone): Words {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(speech.locale, { timeZone: zone, ...options });
    return (at: Instant) => formatter.format(at);
  };
  const unit = (value: number, name: 'hour' | 'minute') =>
    new Intl.NumberFormat(speech.locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  return {
    speech,
    t: (key, marks) => text(key, speech, marks),
    time: (at) => timeOfDay(at, zone, speech),
    hour: format({ hour: 'numeric' }),
    timeFrom: (at, now) => timeFrom(at, now, zone, speech),
    date: format({ weekday: 'long', day: 'numeric', month: 'long' }),
    dateTime: format({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }),
    list: (items) => listed(items, speech),
    duration: (minutes) => {
      const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
      const parts = [
        ...(hours > 0 ? [unit(hours, 'hour')] : []),
        ...(rest > 0 || hours === 0 ? [unit(rest, 'minute')] : []),
      ];
      return parts.join(' ');
    },
  };
}

const Context = createContext<Words>(wordsOf(ENGLISH, 'UTC'));

interface SpeechProviderProps {
  readonly speech: Speech;
  readonly zone: TimeZone;
  /** The window's title. */
  readonly title: TextKey;
  readonly children: ComponentChildren;
}

/** Gives a window its words, and tells the page its language and direction. */
export function SpeechProvider({ speech, zone, title, children }: SpeechProviderProps): JSX.Element {
  const key = JSON.stringify(speech);
  const words = useMemo(() => wordsOf(speech, zone), [key, zone]);
  usePage(words.speech.language, words.t(title));
  return <Context.Provider value={words}>{children}</Context.Provider>;
}

export const useWords = (): Words => useContext(Context);

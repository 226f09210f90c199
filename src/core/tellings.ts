import type { CalendarEvent } from './calendarEvent.ts';
import { desiredPresence, type Told } from './presenceRules.ts';
import type { CountedEffect, Span } from './sweep.ts';
import type { Interval, TimeZone } from './time.ts';

/** What a chat is told from `start` to `end`. Its text may say what a meeting is about: for the person's own screen only. */
export interface Telling extends Interval {
  /** Null: the state is left as it is, only the text is told. */
  readonly state: CountedEffect | null;
  readonly text: string;
}

/** All that a chat is told in `window`, as things stand, in order. */
export const tellings = (
  spans: readonly Span[],
  told: Told,
  window: Interval,
  zone: TimeZone,
  events: readonly CalendarEvent[],
): readonly Telling[] =>
  spans
    .filter(({ start, end }) => start < window.end && end > window.start)
    .flatMap(({ start, end }) => {
      const wanted = desiredPresence(spans, told, Math.max(start, window.start), zone, events);
      return wanted === null ? [] : [{ start, end, state: wanted.state, text: wanted.text }];
    });

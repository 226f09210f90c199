import { type CalendarEvent, eventKey } from './calendarEvent.ts';
import type { Settings } from './settings.ts';
import { type Mark, type Marks, marksIn } from './templates.ts';

/**
 * Why a text says nothing of an event's own words:
 * - `notAllowed`: the settings do not allow it (`privacy`)
 * - `sensitive`: an event is private, confidential or personal
 * - `several`: there are several events, and they do not agree
 * - `empty`: the event has none
 */
export type Silence = 'notAllowed' | 'sensitive' | 'several' | 'empty';

/** What a text may say of the events of a span: `text`, or why it is empty. */
export interface EventWord {
  readonly text: string;
  readonly silence: Silence | null;
}

export type EventWords = Readonly<Record<Exclude<Mark, 'until'>, EventWord>>;

const silent = (silence: Silence): EventWord => ({ text: '', silence });

/**
 * An event's own words, where they may be shown. Several events say only what they all say: so the text is never about the
 * wrong one of meetings that follow each other or overlap, and stays the same for as long as the span does.
 * @param keys the events of the span
 * @param events all that the calendars hold
 */
export function eventWords(
  keys: readonly string[],
  events: readonly CalendarEvent[],
  privacy: Settings['privacy'],
): EventWords {
  if (!privacy.subject && !privacy.location) {
    return { subject: silent('notAllowed'), location: silent('notAllowed') };
  }
  const wanted = new Set(keys);
  const found = events.filter((event) => wanted.has(eventKey(event)));
  // A time that the person has set by hand is no event of a calendar.
  const isWhole = new Set(found.map(eventKey)).size === wanted.size;
  const word = (name: 'subject' | 'location'): EventWord => {
    if (!privacy[name]) return silent('notAllowed');
    if (found.some(({ sensitivity }) => sensitivity !== 'normal')) return silent('sensitive');
    const [first = '', ...others] = new Set(found.map((event) => event[name].trim()));
    if (others.length > 0 || (!isWhole && found.length > 0)) return silent('several');
    return first === '' ? silent('empty') : { text: first, silence: null };
  };
  return { subject: word('subject'), location: word('location') };
}

export const marksOf = (until: string, { subject, location }: EventWords): Marks => {
  return { until, subject: subject.text, location: location.text };
};

/** The marks of `template` that say nothing, and why. */
export const silences = (
  template: string,
  words: EventWords,
): readonly { readonly mark: keyof EventWords; readonly silence: Silence }[] =>
  marksIn(template).flatMap((mark) => {
    const silence = mark === 'until' ? null : words[mark].silence;
    return mark === 'until' || silence === null ? [] : [{ mark, silence }];
  });

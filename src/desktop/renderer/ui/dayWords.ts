import type { DayEvent, DayPicture, DaySpan } from '../../../core/day.ts';
import type { Interval } from '../../../core/time.ts';
import type { Words } from './speech.tsx';

/** What an event is called on the person's own screen. */
export const subjectOf = (event: DayEvent, { t }: Words): string => event.subject.trim() || t('day.noSubject');

/** From when to when, in full also where it goes on before or after the day. */
export function timesOf(event: DayEvent | DaySpan | Interval, day: DayPicture, words: Words): string {
  if ('isAllDay' in event && event.isAllDay) return words.t('day.allDay');
  const { start, end } = 'whole' in event ? event.whole : event;
  const at = (instant: number) => words.timeFrom(instant, day.start);
  return words.t('day.times', { start: at(start), end: at(end) });
}

/** Why an event counts, or not. */
export function whyWords({ why }: DayEvent, { t }: Words): string {
  if (why.kind === 'doesNotCount') return t('day.doesNotCount', { because: t(`day.because.${why.because}`) });
  const marks = { state: t(`state.${why.effect}`), category: why.category ?? '' };
  if (why.isOutranked) return t('day.outranked', marks);
  if (why.category !== null) return t('day.countsCategory', marks);
  return t(why.isOutOfOffice ? 'day.countsOof' : 'day.counts', marks);
}

/** Why the chats show what they show. */
export function spanWords(span: DaySpan, { t }: Words): string {
  const marks = { state: t(`state.${span.effect}`), count: String(span.events.length) };
  if (span.isOwn) return t('day.span.own', marks);
  return t(span.events.length > 1 ? 'day.span.several' : 'day.span.one', marks);
}

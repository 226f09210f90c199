import type { DayPicture } from '../../../core/day.ts';
import { HOUR, type Interval } from '../../../core/time.ts';

/** What is drawn of a day on which nothing else says more: the usual working day, in hours from its beginning. */
const USUAL = { from: 8, to: 18 };

/** The part of the day that is drawn: the working hours, all that happens, and now, from a whole hour to a whole hour. */
export function dayRange(day: DayPicture): Interval {
  const { start, end, ticks, working, events, spans, now, busy } = day;
  const isWholeDay = (one: Interval): boolean => one.start <= start && one.end >= end;
  const usual = working?.length ? working : [{ start: ticks[USUAL.from] ?? start, end: ticks[USUAL.to] ?? end }];
  const shown: readonly Interval[] = [
    ...usual,
    ...events.filter((event) => !event.isAllDay && !isWholeDay(event)),
    ...spans.filter((span) => !isWholeDay(span)),
    ...(busy === null ? [] : [busy]),
    ...(start <= now && now < end ? [{ start: now, end: now }] : []),
  ];
  const first = Math.min(...shown.map((one) => one.start));
  const last = Math.max(...shown.map((one) => one.end));
  const from = ticks.findLast((tick) => tick <= first) ?? start;
  const to = ticks.find((tick) => tick >= last) ?? end;
  return { start: from, end: Math.max(to, from + HOUR) };
}

/** The hours that are written under the picture: not more than there is room for. */
export function shownTicks({ ticks }: DayPicture, { start, end }: Interval, most: number): readonly number[] {
  const inside = ticks.filter((tick) => start <= tick && tick <= end);
  const step = [1, 2, 3, 4, 6].find((every) => inside.length / every <= most) ?? 6;
  return inside.filter((_, index) => index % step === 0);
}

import type { PresenceState } from '../../core/presence.ts';
import { type Instant, type Interval, MINUTE } from '../../core/time.ts';
import type { DayItem, PresenceOut } from './model.ts';

/** A piece of a day's bar. */
export interface Segment extends Interval {
  readonly state: PresenceState;
  readonly kind: DayItem['kind'];
}

/** The calendar day around `at` in the browser's zone: 23 or 25 hours long when the clocks change. */
export function dayAround(at: Instant): Interval {
  const date = new Date(at);
  const midnight = (days: number) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
  return { start: midnight(0), end: midnight(1) };
}

/** The instants of the wall clock's hours, every `step` hours of a day. */
export function hoursOf({ start, end }: Interval, step: number): readonly Instant[] {
  const date = new Date(start);
  const hours: Instant[] = [];
  for (let hour = 0; hour <= 24; hour += step) {
    const at = new Date(date.getFullYear(), date.getMonth(), date.getDate(), hour).getTime();
    if (at >= start && at <= end) hours.push(at);
  }
  return hours;
}

/** Where in an interval, 0 to 1. */
export const shareOf = (at: Instant, { start, end }: Interval): number =>
  Math.min(1, Math.max(0, (at - start) / (end - start)));

/** What the hub told of a day as pieces of a bar: what was up to now, then what is planned. */
export function segmentsOf(
  items: readonly DayItem[],
  presence: Pick<PresenceOut, 'state' | 'until'>,
  day: Interval,
  now: Instant,
): readonly Segment[] {
  const clip = ({ start, end, ...rest }: Segment): readonly Segment[] => {
    const clipped = { start: Math.max(start, day.start), end: Math.min(end, day.end), ...rest };
    return clipped.start < clipped.end ? [clipped] : [];
  };
  const was = items.filter(({ kind }) => kind === 'was');
  const past = was.map(({ start, end, state, kind }) => ({
    start: Date.parse(start),
    end: end === null ? now : Math.min(Date.parse(end), now),
    state,
    kind,
  }));
  const planned = items
    .filter(({ kind, end }) => kind === 'will' && end !== null)
    .map(({ start, end, state, kind }) => ({
      start: Math.max(Date.parse(start), now),
      end: Date.parse(end ?? start),
      state,
      kind,
    }));
  return [...past, ...held(presence, planned, now), ...planned].flatMap(clip);
}

/** What is shown now goes on until it ends, where no plan says what comes. */
function held({ state, until }: Pick<PresenceOut, 'state' | 'until'>, planned: readonly Segment[], now: Instant) {
  if (until === null) return [];
  const firstPlanned = Math.min(...planned.map(({ start }) => start));
  // The plan was cut at the hub's now, which is not quite ours.
  if (firstPlanned - now < MINUTE) return [];
  return [{ start: now, end: Math.min(Date.parse(until), firstPlanned), state, kind: 'will' as const }];
}

/** Pieces that say the same and lie side by side as one: what is shown now and what goes on of it. */
export function joined(segments: readonly Segment[]): readonly Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    const goesOn = last !== undefined && last.state === segment.state && segment.start - last.end < MINUTE;
    if (goesOn) result[result.length - 1] = { ...last, end: segment.end };
    else result.push(segment);
  }
  return result;
}

/** A day with a change that has just come: what was shown ends there. */
export function withChange(items: readonly DayItem[], at: string, state: PresenceState): readonly DayItem[] {
  const was = items.filter(({ kind }) => kind === 'was');
  const last = was.at(-1);
  if (last?.end === null && last.state === state) return items;
  const ended = was.map((item) => (item.end === null ? { ...item, end: at } : item));
  // Nobody reports any more, so that nothing is planned either.
  const planned = state === 'offline' ? [] : items.filter(({ kind }) => kind === 'will');
  return [...ended, { start: at, end: null, state, kind: 'was' }, ...planned];
}

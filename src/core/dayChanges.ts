import type { BlockWhy, DayEvent, DayPicture, DaySpan } from './day.ts';
import type { CountedEffect } from './sweep.ts';
import type { Instant, Interval } from './time.ts';

/** What is otherwise in the picture of a day. */
export type DayChange =
  /** An event counts as something else; null: it does not count. */
  | {
      readonly kind: 'event';
      readonly subject: string;
      readonly start: Instant;
      readonly isAllDay: boolean;
      readonly before: CountedEffect | null;
      readonly after: CountedEffect | null;
    }
  /** The chats are told the same thing at another time. */
  | { readonly kind: 'times'; readonly effect: CountedEffect; readonly before: Interval; readonly after: Interval }
  /** The chats are told something that they were not, or are not any more. */
  | { readonly kind: 'more' | 'less'; readonly effect: CountedEffect; readonly at: Interval };

const effectOf = (why: BlockWhy): CountedEffect | null => (why.kind === 'counts' ? why.effect : null);

const timesOf = ({ start, end }: Interval): Interval => ({ start, end });

const isSame = (a: DaySpan, b: DaySpan): boolean => a.start === b.start && a.end === b.end && a.effect === b.effect;

/** What of a day would be otherwise, in order of the day. Where events say it, the times that follow from them are not told. */
export function dayChanges(before: DayPicture, after: DayPicture): readonly DayChange[] {
  const events = after.events.flatMap((event): DayChange[] => {
    const was = before.events.find(({ key }) => key === event.key);
    if (was === undefined || effectOf(was.why) === effectOf(event.why)) return [];
    return [eventChange(was, event)];
  });
  const changed = new Set(
    after.events
      .filter(
        (event) =>
          effectOf(event.why) !== effectOf(before.events.find(({ key }) => key === event.key)?.why ?? event.why),
      )
      .map(({ key }) => key),
  );
  const isTold = ({ events: keys }: DaySpan): boolean => keys.some((key) => changed.has(key));
  const fresh = after.spans.filter((span) => !before.spans.some((one) => isSame(one, span)));
  const gone = before.spans.filter((span) => !after.spans.some((one) => isSame(one, span)));
  const taken = new Set<DaySpan>();
  const moved = fresh.flatMap((span): DayChange[] => {
    const old = gone.find(
      (one) => !taken.has(one) && one.effect === span.effect && one.start < span.end && span.start < one.end,
    );
    if (old !== undefined) taken.add(old);
    if (isTold(span)) return [];
    if (old === undefined) return [{ kind: 'more', effect: span.effect, at: timesOf(span) }];
    return [{ kind: 'times', effect: span.effect, before: timesOf(old), after: timesOf(span) }];
  });
  const less = gone
    .filter((span) => !taken.has(span) && !isTold(span))
    // Bridged, it is part of another now.
    .filter(
      (span) => !fresh.some((one) => one.effect === span.effect && one.start <= span.start && span.end <= one.end),
    )
    .map((span): DayChange => ({ kind: 'less', effect: span.effect, at: timesOf(span) }));
  return [...events, ...moved, ...less].sort((a, b) => startOf(a) - startOf(b));
}

const eventChange = (was: DayEvent, { subject, start, isAllDay, why }: DayEvent): DayChange => ({
  kind: 'event',
  subject,
  start,
  isAllDay,
  before: effectOf(was.why),
  after: effectOf(why),
});

const startOf = (change: DayChange): Instant =>
  change.kind === 'event' ? change.start : change.kind === 'times' ? change.after.start : change.at.start;

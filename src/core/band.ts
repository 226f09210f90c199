import type { DayPicture } from './day.ts';
import { type CountedEffect, spanAt } from './sweep.ts';
import type { Instant } from './time.ts';

/** What the band shows at an instant, and why, for the windows to put into words. Events by their keys. */
export type BandWhy =
  /** The person has paused the app, and it is still so then: nothing is touched. */
  | { readonly kind: 'paused'; readonly until: Instant | 'forever' }
  /** `isOwn`: the person said so, whatever else is on. `since` and `until` are those of the span, also outside the day. */
  | {
      readonly kind: 'counts';
      readonly effect: CountedEffect;
      readonly isOutOfOffice: boolean;
      readonly isOwn: boolean;
      readonly since: Instant;
      readonly until: Instant;
      readonly events: readonly string[];
    }
  /** Nothing counts, and chats show what is the person's own. `events`: what is on and does not count. */
  | {
      readonly kind: 'yours';
      readonly events: readonly string[];
      /** What comes next that day; null when nothing does. */
      readonly next: { readonly at: Instant; readonly effect: CountedEffect } | null;
    };

/** @param at within the day */
export function bandAt({ spans, events, now, pausedUntil }: DayPicture, at: Instant): BandWhy {
  // What was before the pause is not known here, but a pause is no matter of the past.
  const isPaused = pausedUntil !== null && at >= now && (pausedUntil === 'forever' || at < pausedUntil);
  if (isPaused) return { kind: 'paused', until: pausedUntil };
  const span = spanAt(spans, at);
  if (span !== null) {
    const { effect, isOutOfOffice, isOwn, whole } = span;
    return { kind: 'counts', effect, isOutOfOffice, isOwn, since: whole.start, until: whole.end, events: span.events };
  }
  const next = spans.find(({ start }) => start > at);
  return {
    kind: 'yours',
    events: events.filter(({ start, end }) => start <= at && at < end).map(({ key }) => key),
    next: next === undefined ? null : { at: next.start, effect: next.effect },
  };
}

import { z } from 'zod';
import { REASONS } from '../../core/availability.ts';
import type { DayPicture } from '../../core/day.ts';

const instant = z.number();
const effect = z.enum(['dnd', 'busy', 'away']);
const interval = z.object({ start: instant, end: instant });
const clipped = interval.extend({ goesOnBefore: z.boolean(), goesOnAfter: z.boolean(), whole: interval });

const blockWhy = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('counts'),
    effect,
    isOutOfOffice: z.boolean(),
    category: z.string().nullable(),
    isOutranked: z.boolean(),
  }),
  z.object({
    kind: z.literal('doesNotCount'),
    because: z.enum(REASONS),
    category: z.string().nullable(),
  }),
]);

const dayEvent = clipped.extend({
  key: z.string(),
  subject: z.string(),
  location: z.string(),
  sensitivity: z.enum(['normal', 'personal', 'private', 'confidential']),
  showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']),
  responseStatus: z.enum(['none', 'organizer', 'tentativelyAccepted', 'accepted', 'declined', 'notResponded']),
  isCancelled: z.boolean(),
  isAllDay: z.boolean(),
  lane: z.number(),
  lanes: z.number(),
  why: blockWhy,
});

const daySpan = clipped.extend({
  effect,
  isOutOfOffice: z.boolean(),
  isOwn: z.boolean(),
  events: z.array(z.string()).readonly(),
});

/** The picture of one date, as it goes to a window. */
export const dayPictureSchema = interval.extend({
  date: z.string(),
  zone: z.string(),
  now: instant,
  ticks: z.array(instant).readonly(),
  working: z.array(interval).readonly().nullable(),
  events: z.array(dayEvent).readonly(),
  spans: z.array(daySpan).readonly(),
  busy: clipped.extend({ text: z.string() }).nullable(),
  pausedUntil: z.union([instant, z.literal('forever')]).nullable(),
}) satisfies z.ZodType<DayPicture>;

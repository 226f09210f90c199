import { z } from 'zod';
import type { HandsOff } from './claim.ts';
import type { Instant, Interval } from './time.ts';

const instant = z.iso.datetime();

/** The person's own word, which wins over the calendar. Each ends by itself. */
export const overrides = z.object({
  notFor: z
    .array(z.object({ event: z.string(), until: instant }))
    .max(200)
    .default([])
    .describe('Meetings that do not count, by "Not for this meeting".'),
  busy: z
    .object({ from: instant, until: instant })
    .nullable()
    .default(null)
    .describe('You are busy, by "I am busy until …", whatever the calendar says.'),
});

export type Overrides = Readonly<z.infer<typeof overrides>>;

/** The meetings that do not count any more. Remembered a while beyond their end, like a last word in a chat. */
export const notForKeys = ({ notFor }: Overrides): readonly string[] => notFor.map(({ event }) => event);

/** The time for which the person has said that they are busy. */
export const busyTimes = ({ busy }: Overrides): readonly Interval[] =>
  busy === null ? [] : [{ start: Date.parse(busy.from), end: Date.parse(busy.until) }];

/** "Not for this meeting": what is under way does not count. */
export const withNotFor = (current: Overrides, underWay: readonly HandsOff[]): Overrides => ({
  ...current,
  notFor: [...current.notFor, ...underWay.map(({ event, until }) => ({ event, until: new Date(until).toISOString() }))],
});

/** "I am busy until …" */
export const withBusy = (current: Overrides, from: Instant, until: Instant): Overrides => ({
  ...current,
  busy: { from: new Date(from).toISOString(), until: new Date(until).toISOString() },
});

/** What is left of it at `now`: ended words are forgotten. The same value when nothing has ended. */
export function liveOverrides(current: Overrides, now: Instant): Overrides {
  const notFor = current.notFor.filter(({ until }) => Date.parse(until) > now);
  const busy = current.busy !== null && Date.parse(current.busy.until) > now ? current.busy : null;
  return notFor.length === current.notFor.length && busy === current.busy ? current : { notFor, busy };
}

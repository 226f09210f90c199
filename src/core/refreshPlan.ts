import type { Span } from './sweep.ts';
import { type Instant, MINUTE, type TimeZone } from './time.ts';
import { type WorkingHours, withinWorkingHours } from './workingHours.ts';

/** So long around the edges of what counts, plans change most: meetings are put off, run over or end early. */
const NEAR = 10 * MINUTE;
/** When people work who have not said it. */
const USUAL_HOURS = { from: '07:00', to: '19:00' } as const;
const USUAL_WEEK: WorkingHours = {
  monday: [USUAL_HOURS],
  tuesday: [USUAL_HOURS],
  wednesday: [USUAL_HOURS],
  thursday: [USUAL_HOURS],
  friday: [USUAL_HOURS],
  saturday: [USUAL_HOURS],
  sunday: [USUAL_HOURS],
};

/** How many marks lie between two reads of a calendar in working time when nothing is near, and at other times. */
const IN_WORKING_TIME = 2;
const AT_OTHER_TIMES = 12;

/** Whether a calendar's own spans have an edge near `now`, or one is on. */
export const isNear = (spans: readonly Span[], now: Instant): boolean =>
  spans.some(({ start, end }) => start - NEAR <= now && now <= end + NEAR);

/**
 * After how many marks a calendar is read again: at each one near its meetings, at every other one in working time, once
 * an hour at other times (at the default distance of marks). Edges come in addition.
 * @param spans what counts in this calendar
 */
export function marksBetweenReads(
  spans: readonly Span[],
  workingHours: WorkingHours | null,
  now: Instant,
  zone: TimeZone,
): number {
  if (isNear(spans, now)) return 1;
  const isWorkingTime = withinWorkingHours({ start: now, end: now + 1 }, workingHours ?? USUAL_WEEK, zone).length > 0;
  return isWorkingTime ? IN_WORKING_TIME : AT_OTHER_TIMES;
}

import type { Span } from './sweep.ts';
import { HOUR, type Instant, MINUTE, type TimeZone } from './time.ts';
import { type WorkingHours, withinWorkingHours } from './workingHours.ts';

/** So long before and after what counts, plans change most: meetings are put off, run over or end early. */
const BEFORE = HOUR;
const AFTER = 10 * MINUTE;
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

/** How many marks lie between two reads of a calendar when nothing is near. */
const IN_WORKING_TIME = 2;
const WHERE_NOTHING_IS = 6;
const AT_OTHER_TIMES = 12;

/** Whether a calendar's own spans have an edge near `now`, or one is on. */
export const isNear = (spans: readonly Span[], now: Instant): boolean =>
  spans.some(({ start, end }) => start - BEFORE <= now && now <= end + AFTER);

/**
 * After how many marks a calendar is read again: at each one near its meetings; in working time at every other one, or at
 * every sixth where nothing is in sight; at every twelfth at other times. Edges come in addition. The figures are
 * what `npm run bench:accuracy` found to be worth their calls.
 * @param spans what counts in this calendar
 * @param all what counts in any calendar: an empty one is read less often only beside one that is in use
 */
export function marksBetweenReads(
  spans: readonly Span[],
  all: readonly Span[],
  workingHours: WorkingHours | null,
  now: Instant,
  zone: TimeZone,
): number {
  if (isNear(spans, now)) return 1;
  const isWorkingTime = withinWorkingHours({ start: now, end: now + 1 }, workingHours ?? USUAL_WEEK, zone).length > 0;
  if (!isWorkingTime) return AT_OTHER_TIMES;
  return spans.length > 0 || all.length === 0 ? IN_WORKING_TIME : WHERE_NOTHING_IS;
}

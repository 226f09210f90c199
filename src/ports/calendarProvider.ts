import type { CalendarEvent } from '../core/calendarEvent.ts';
import type { Interval, TimeZone } from '../core/time.ts';

/** One calendar account. Throws `AppError` only. */
export interface CalendarProvider {
  readonly accountId: string;
  /** What the person knows it by, such as `Microsoft 365 (ada@example.com)`. */
  readonly label: string;
  /**
   * All single instances and occurrences that overlap `window`; every page is read.
   * @param zone the person's zone, for times that have none of their own
   */
  calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]>;
}

import type { CalendarEvent } from '../core/calendarEvent.ts';
import type { Interval, TimeZone } from '../core/time.ts';

/** A calendar that the person can choose to have read. */
export interface ListedCalendar {
  /** What goes into the account's `calendars`. */
  readonly id: string;
  /** What the person knows it by. */
  readonly name: string;
  /** The one that is read where none is chosen. */
  readonly isDefault: boolean;
}

/** One calendar account. Throws `AppError` only. */
export interface CalendarProvider {
  readonly accountId: string;
  /** What the person knows it by, such as `Microsoft 365 (ada@example.com)`. */
  readonly label: string;
  /**
   * All single instances and occurrences that overlap `window`; every page is read.
   * @param zone the person's zone, for times that have none of their own
   * @throws PartialViewError where the account has several calendars and only some could be read
   */
  calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]>;
  /** The calendars to choose from; absent where an account is one calendar. */
  calendars?(signal: AbortSignal): Promise<readonly ListedCalendar[]>;
}

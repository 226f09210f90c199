import { AppError } from './appError.ts';
import type { CalendarEvent } from './calendarEvent.ts';

/** Some calendars of an account could be read and others not: the first one's trouble, and what is known nevertheless. */
export class PartialViewError extends AppError {
  /** Of the calendars that could be read, and the last good view of the others. */
  readonly events: readonly CalendarEvent[];
  /** Whether there was such a view of each; otherwise the person's time is partly unknown, which is not free. */
  readonly isWhole: boolean;

  constructor(trouble: AppError, message: string, events: readonly CalendarEvent[], isWhole: boolean) {
    super(trouble.code, message, {
      cause: trouble,
      ...(trouble.retryAfter === null ? {} : { retryAfter: trouble.retryAfter }),
      ...(trouble.reason === null ? {} : { reason: trouble.reason }),
    });
    this.events = events;
    this.isWhole = isWhole;
  }
}

import { type AppError, asAppError } from '../core/appError.ts';
import type { Reason, Verdict } from '../core/availability.ts';
import { type CalendarEvent, eventInterval, isAllDay } from '../core/calendarEvent.ts';
import { verdictOf } from '../core/day.ts';
import { STATE_NAMES } from '../core/headline.ts';
import { PartialViewError } from '../core/partialView.ts';
import type { Settings } from '../core/settings.ts';
import { HOUR, type Instant, type Interval, type TimeZone } from '../core/time.ts';
import type { Cli } from './compose.ts';

/** Read around the day too: a meeting that began the evening before, or one that goes on, belongs to the picture. */
const AROUND = 12 * HOUR;

const REASONS: Readonly<Record<Reason, string>> = {
  cancelled: 'it is cancelled',
  declined: 'you declined it',
  showAs: 'events shown like this do not count',
  unknownShowAs: 'the calendar does not say how it is shown',
  allDay: 'all-day events like this do not count',
  solo: 'nobody else is invited',
  notResponded: 'you have not answered it yet',
  tooShort: 'it is too short',
  category: 'events of its category do not count',
  workingHours: 'it is outside your working hours',
  person: 'you had the last word on it',
};

export interface ReadEvent {
  readonly calendar: string;
  readonly event: CalendarEvent;
  readonly interval: Interval;
  readonly verdict: Verdict;
}

/** The events of `day` and a while around it, with their verdicts; a calendar that can't be read is a failure. */
export async function readCalendars(
  { providers, secrets }: Pick<Cli, 'secrets' | 'providers'>,
  settings: Settings,
  day: Interval,
  zone: TimeZone,
) {
  const window = { start: day.start - AROUND, end: day.end + AROUND };
  const signal = new AbortController().signal;
  const events: ReadEvent[] = [];
  const failures: { calendar: string; error: AppError }[] = [];
  for (const account of settings.calendars) {
    const calendar = providers.calendar(account, secrets);
    const add = (found: readonly CalendarEvent[]) => {
      for (const event of found) {
        const interval = eventInterval(event, zone);
        events.push({ calendar: account.id, event, interval, verdict: verdictOf(event, settings, zone) });
      }
    };
    try {
      add(await calendar.calendarView(window, zone, signal));
    } catch (thrown) {
      const error = asAppError(thrown);
      failures.push({ calendar: calendar.label, error });
      if (error instanceof PartialViewError) add(error.events);
    }
  }
  return { events, failures };
}

export type Time = (at: Instant) => string;

/** One event with why it counts or not. */
export function eventLine(
  { event, interval, verdict }: ReadEvent,
  subjects: boolean,
  zone: TimeZone,
  time: Time,
): string {
  const when = isAllDay(event, zone) ? 'all day    ' : `${time(interval.start)}–${time(interval.end)}`;
  const what = subjects ? `${event.showAs}, "${event.subject}"` : event.showAs;
  const why = verdict.counts
    ? `counts as ${STATE_NAMES[verdict.effect]}`
    : `does not count: ${REASONS[verdict.because]}`;
  return `${when}  ${what}: ${why}`;
}

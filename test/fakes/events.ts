import type { CalendarEvent } from '../../src/core/calendarEvent.ts';
import type { Instant } from '../../src/core/time.ts';

/** `10:30` of the tests' day, 2026-01-05 (a Monday), UTC. */
export const at = (clock: string): Instant => Date.parse(`2026-01-05T${clock}:00Z`);

let count = 0;

/** A meeting with someone else that shows as busy, unless told otherwise. */
export function meeting(start: string, end: string, more: Partial<CalendarEvent> = {}): CalendarEvent {
  count += 1;
  return {
    id: `event-${count}`,
    iCalUId: `uid-${count}`,
    subject: 'Secret plans',
    location: 'Secret room',
    time: { kind: 'timed', start: at(start), end: at(end) },
    showAs: 'busy',
    isCancelled: false,
    responseStatus: 'accepted',
    sensitivity: 'normal',
    otherAttendees: 2,
    categories: [],
    ...more,
  };
}

export const allDay = (startDate: string, endDate: string, more: Partial<CalendarEvent> = {}): CalendarEvent => ({
  ...meeting('00:00', '00:01', more),
  time: { kind: 'allDay', startDate, endDate },
});

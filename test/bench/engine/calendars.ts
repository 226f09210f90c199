import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { Random } from '../accuracy/random.ts';

const MONDAY = Date.parse('2026-01-05T00:00:00Z');

function event(number: number, start: number, end: number): CalendarEvent {
  return {
    id: `event-${number}`,
    iCalUId: `uid-${number}`,
    subject: 'Plans',
    location: '',
    time: { kind: 'timed', start, end },
    showAs: 'busy',
    isCancelled: false,
    responseStatus: 'accepted',
    sensitivity: 'normal',
    otherAttendees: 3,
    categories: [],
  };
}

/** A full day: 20 events between 8:00 and 18:00, many of them overlapping. */
export function oneDay(): readonly CalendarEvent[] {
  const random = new Random(20);
  return Array.from({ length: 20 }, (_, number) => {
    const start = MONDAY + 8 * HOUR + random.whole(0, 18) * 30 * MINUTE;
    return event(number, start, start + random.whole(1, 4) * 15 * MINUTE);
  });
}

/** When the decision for `oneDay` is asked for. */
export const NOON = MONDAY + 12 * HOUR;

/** A year of series, expanded as a calendar's view gives them: five a working day, and two a week: 1,404 events. */
export function oneYear(): readonly CalendarEvent[] {
  const events: CalendarEvent[] = [];
  const add = (day: number, hour: number, minutes: number) => {
    const start = MONDAY + day * DAY + hour * HOUR;
    events.push(event(events.length, start, start + minutes * MINUTE));
  };
  for (let week = 0; week < 52; week++) {
    for (let weekday = 0; weekday < 5; weekday++) {
      for (const [hour, minutes] of [
        [9, 15],
        [10, 30],
        [11, 60],
        [14, 30],
        [16, 45],
      ] as const) {
        add(week * 7 + weekday, hour, minutes);
      }
    }
    add(week * 7, 10.25, 60);
    add(week * 7 + 3, 15, 90);
  }
  return events;
}

/** How the events of a growing calendar lie to each other. */
export type Shape = 'sparse' | 'nested';

export const SHAPES: Readonly<Record<Shape, string>> = {
  sparse: 'twenty a day, a few at once',
  nested: 'all of them on at the same time',
};

/** `count` events in no order. */
export function growing(shape: Shape, count: number): readonly CalendarEvent[] {
  const random = new Random(count);
  return Array.from({ length: count }, (_, number) => {
    if (shape === 'nested') {
      const inset = Math.floor(random.next() * 100 * DAY);
      return event(number, MONDAY + inset, MONDAY + 300 * DAY - inset);
    }
    const start =
      MONDAY + random.whole(0, Math.max(1, Math.round(count / 20))) * DAY + random.whole(16, 35) * 30 * MINUTE;
    return event(number, start, start + random.whole(1, 4) * 15 * MINUTE);
  });
}

import { type CalendarEvent, type EventTime, eventInterval } from '../../../core/calendarEvent.ts';
import { DAY, type Instant, type Interval, overlaps, type TimeZone } from '../../../core/time.ts';
import type { IcsCalendar, IcsEvent, IcsSeries } from './parse.ts';
import type { Stamp } from './read.ts';
import { expandRule, type Wall } from './recurrence.ts';
import { instantIn, wallIn, type Zone } from './zones.ts';

/** Where an event's times are worked out. */
interface Place {
  readonly window: Interval;
  readonly person: TimeZone;
}

const dateOf = (wall: Wall): string => new Date(wall).toISOString().slice(0, 10);
const startOfDay = (wall: Wall): Wall => Math.floor(wall / DAY) * DAY;
const instantOf = (stamp: Stamp, { person }: Place): Instant => instantIn(stamp.wall, stamp.zone, person);

const isSameZone = (a: Zone, b: Zone): boolean =>
  a === b || (a.kind === b.kind && a.kind !== 'observed' && (a.kind !== 'named' || (b as typeof a).name === a.name));

/** A written time on the clock of `event`'s start. */
function wallFor({ start }: IcsEvent, stamp: Stamp, place: Place): Wall {
  // Dates, and midnights that stand for dates, are the same date everywhere.
  const isDate = stamp.isDate || (start.isDate && (stamp.zone.kind !== 'utc' || stamp.wall % DAY === 0));
  if (isDate || isSameZone(start.zone, stamp.zone)) return stamp.wall;
  return wallIn(instantOf(stamp, place), start.zone, place.person);
}

/** The last start that UNTIL allows, on the clock of the event's start. */
function untilFor(event: IcsEvent, until: Stamp | null, place: Place): Wall | null {
  if (until === null) return null;
  // A date as the end of a series of times takes the whole day in.
  if (until.isDate) return until.wall + DAY - 1;
  if (!event.start.isDate) return wallFor(event, until, place);
  // The end of a series of dates is written as midnight, of UTC or of the writer's zone.
  if (until.wall % DAY === 0) return until.wall;
  return startOfDay(wallIn(instantOf(until, place), { kind: 'floating' }, place.person));
}

/** The time of the occurrence that starts at `wall`. */
function timeAt(event: IcsEvent, wall: Wall, place: Place): EventTime {
  const { start, ending } = event;
  if (start.isDate) {
    const written = ending.kind === 'end' ? startOfDay(ending.stamp.wall) - startOfDay(start.wall) : 0;
    const days = ending.kind === 'end' ? Math.round(written / DAY) : ending.duration.days;
    return { kind: 'allDay', startDate: dateOf(wall), endDate: dateOf(wall + Math.max(1, days) * DAY) };
  }
  const from = instantIn(wall, start.zone, place.person);
  // RFC 5545 section 3.8.5.3: an end gives every occurrence the same exact length, a duration the same nominal one.
  const end =
    ending.kind === 'end'
      ? from + instantOf(ending.stamp, place) - instantOf(start, place)
      : ending.duration.milliseconds +
        (ending.duration.days === 0 ? from : instantIn(wall + ending.duration.days * DAY, start.zone, place.person));
  return { kind: 'timed', start: from, end: Math.max(from, end) };
}

/** How long it lasts at most, in milliseconds; a day is added for the zones' sake where it is used. */
function lengthOf(event: IcsEvent): number {
  const { start, ending } = event;
  if (ending.kind === 'duration') return ending.duration.days * DAY + ending.duration.milliseconds;
  return Math.max(0, ending.stamp.wall - start.wall) + DAY;
}

/** Which occurrences are meant by written times: by their day where those are dates, else by their instant. */
function matcher(event: IcsEvent, stamps: readonly Stamp[], place: Place): (wall: Wall) => boolean {
  const days = new Set<Wall>();
  const walls = new Set<Wall>();
  for (const stamp of stamps) {
    const wall = wallFor(event, stamp, place);
    if (stamp.isDate || event.start.isDate) days.add(startOfDay(wall));
    else walls.add(wall);
  }
  return (wall) => walls.has(wall) || days.has(startOfDay(wall));
}

/** All starts of a series near the window, in order, before exceptions. */
function startsOf(master: IcsEvent, reach: number, place: Place): Wall[] {
  const clock = (at: Instant) => wallIn(at, master.start.zone, place.person);
  const from = clock(place.window.start) - reach;
  const to = clock(place.window.end) + reach;
  const near = (wall: Wall) => from <= wall && wall <= to;
  const given = master.moreStarts.map((stamp) => wallFor(master, stamp, place)).filter(near);
  const ruled = master.rules.flatMap(({ rule, until }) =>
    expandRule(rule, master.start.wall, untilFor(master, until, place), from, to),
  );
  const own = master.rules.length === 0 && near(master.start.wall) ? [master.start.wall] : [];
  return [...new Set([...own, ...ruled, ...given])].sort((a, b) => a - b);
}

/** What tells one occurrence of a series from another, in its id. */
const occurrenceName = (event: IcsEvent, wall: Wall, place: Place): string =>
  event.start.isDate ? dateOf(wall) : new Date(instantIn(wall, event.start.zone, place.person)).toISOString();

const asEvent = (event: IcsEvent, id: string, time: EventTime): CalendarEvent => ({ id, time, ...event.facts });

/** An event of its own, or a replacement: it lies where it says. */
function single(event: IcsEvent, place: Place): CalendarEvent {
  const named = event.recurrenceId;
  const id =
    named === null
      ? event.uid
      : `${event.uid}/${named.isDate ? dateOf(named.wall) : new Date(instantOf(named, place)).toISOString()}`;
  return asEvent(event, id, timeAt(event, event.start.wall, place));
}

/** Whether it can't possibly touch the window; spares the zones' arithmetic for the most of a long calendar. */
const isFar = (event: IcsEvent, { window }: Place): boolean =>
  event.start.wall - 2 * DAY > window.end || event.start.wall + lengthOf(event) + 2 * DAY < window.start;

function occurrencesOf(master: IcsEvent, replacements: readonly IcsEvent[], place: Place): CalendarEvent[] {
  const replaced = replacements.map((event) => event.recurrenceId).filter((stamp) => stamp !== null);
  const isReplaced = matcher(master, replaced, place);
  const isExcepted = matcher(master, master.exceptStarts, place);
  const ranges = replacements
    .filter((event) => event.andFuture)
    .map((event) => {
      const at = event.recurrenceId === null ? event.start.wall : wallFor(master, event.recurrenceId, place);
      return { event, at, shift: event.start.wall - at };
    })
    .sort((a, b) => b.at - a.at);
  const reach =
    2 * DAY +
    Math.max(...[master, ...replacements].map(lengthOf), 0) +
    Math.max(0, ...ranges.map(({ shift }) => Math.abs(shift)));
  return startsOf(master, reach, place)
    .filter((wall) => !isReplaced(wall) && !isExcepted(wall))
    .map((wall) => {
      const id = `${master.uid}/${occurrenceName(master, wall, place)}`;
      const range = ranges.find(({ at }) => at < wall);
      return range === undefined
        ? asEvent(master, id, timeAt(master, wall, place))
        : asEvent(range.event, id, timeAt(range.event, wall + range.shift, place));
    });
}

function eventsOf({ master, replacements }: IcsSeries, place: Place): CalendarEvent[] {
  const own = replacements.filter((event) => !isFar(event, place)).map((event) => single(event, place));
  if (master === null) return own;
  const repeats = master.rules.length > 0 || master.moreStarts.length > 0;
  if (repeats) return [...occurrencesOf(master, replacements, place), ...own];
  // A replacement of an event that does not repeat is a newer version of it.
  return replacements.length > 0 || isFar(master, place) ? own : [single(master, place)];
}

/**
 * The occurrences that touch the window, with the number of series that could not be expanded.
 * @param person the zone of times that have none of their own, and of all-day events
 */
export function calendarView(
  calendar: IcsCalendar,
  window: Interval,
  person: TimeZone,
): { readonly events: readonly CalendarEvent[]; readonly skipped: number } {
  const events: CalendarEvent[] = [];
  let skipped = calendar.skipped;
  for (const series of calendar.series) {
    try {
      const found = eventsOf(series, { window, person });
      events.push(...found.filter((event) => touches(eventInterval(event, person), window)));
    } catch {
      skipped += 1;
    }
  }
  return { events, skipped };
}

/** Overlaps; an event that takes no time counts where it begins inside. */
const touches = (interval: Interval, window: Interval): boolean =>
  interval.start === interval.end
    ? window.start <= interval.start && interval.start < window.end
    : overlaps(interval, window);

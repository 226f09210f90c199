import { AppError } from '../../../core/appError.ts';
import { DAY } from '../../../core/time.ts';
import {
  type Duration,
  durationOf,
  firstValue,
  propertyOf,
  ruleOf,
  type Stamp,
  stampOf,
  stampsOf,
  Unreadable,
  zoneDefinition,
} from './read.ts';
import { eventComponent, type Property, type RecurrenceRule, zoneComponent } from './schema.ts';
import { type EventFacts, factsOf, isMarkedAllDay, isRange, ownerOf } from './transform.ts';
import type { Zone } from './zones.ts';

/** How an event's end is written. */
type Ending =
  | { readonly kind: 'end'; readonly stamp: Stamp }
  | { readonly kind: 'duration'; readonly duration: Duration };

/** One VEVENT, read. */
export interface IcsEvent {
  /** Unique within the file, with or without a UID. */
  readonly uid: string;
  readonly start: Stamp;
  readonly ending: Ending;
  readonly rules: readonly { readonly rule: RecurrenceRule; readonly until: Stamp | null }[];
  readonly moreStarts: readonly Stamp[];
  readonly exceptStarts: readonly Stamp[];
  /** Which occurrence of its series it replaces; null for the series itself. */
  readonly recurrenceId: Stamp | null;
  /** Replaces all later occurrences too. */
  readonly andFuture: boolean;
  readonly sequence: number;
  readonly facts: EventFacts;
}

/** All VEVENTs with one UID. */
export interface IcsSeries {
  readonly master: IcsEvent | null;
  readonly replacements: readonly IcsEvent[];
}

export interface IcsCalendar {
  readonly series: readonly IcsSeries[];
  /** Events that could not be read, such as times in a zone that nobody knows. */
  readonly skipped: number;
}

/** What ical.js is used for: text of one component to jCal. */
export type ParseComponent = (text: string) => unknown;

const SERVICE = 'The published calendar';
const MIDNIGHT = (wall: number) => wall % DAY === 0;

function endingOf(properties: readonly Property[], start: Stamp, zones: ReadonlyMap<string, Zone>): Ending {
  const end = propertyOf(properties, 'dtend');
  if (end !== undefined) {
    const stamp = stampOf(end[3], end[1]['tzid'], zones);
    return { kind: 'end', stamp: stamp.zone.kind === 'unknown' ? { ...stamp, zone: start.zone } : stamp };
  }
  const written = firstValue(properties, 'duration');
  const none = { days: start.isDate ? 1 : 0, milliseconds: 0 };
  return { kind: 'duration', duration: written === undefined ? none : durationOf(written) };
}

function eventOf(
  properties: readonly Property[],
  index: number,
  zones: ReadonlyMap<string, Zone>,
  facts: EventFacts,
): IcsEvent {
  const written = propertyOf(properties, 'dtstart');
  let start = stampOf(written?.[3], written?.[1]['tzid'], zones);
  // A time that can't be placed is left out, never put at midnight or in another zone (edge case 37).
  if (start.zone.kind === 'unknown') throw new Unreadable();
  let ending = endingOf(properties, start, zones);
  if (!start.isDate && isMarkedAllDay(properties) && MIDNIGHT(start.wall)) {
    const end = ending.kind === 'end' ? ending.stamp : null;
    if (end === null || MIDNIGHT(end.wall)) {
      start = { ...start, isDate: true };
      if (end !== null) ending = { kind: 'end', stamp: { ...end, isDate: true } };
    }
  }
  const all = (name: string) =>
    properties.filter(([found]) => found === name).flatMap((property) => stampsOf(property, zones));
  const placed = (stamp: Stamp): Stamp => (stamp.zone.kind === 'unknown' ? { ...stamp, zone: start.zone } : stamp);
  const recurrence = propertyOf(properties, 'recurrence-id');
  const sequence = firstValue(properties, 'sequence');
  return {
    uid: facts.iCalUId === '' ? `no-uid-${index}` : facts.iCalUId,
    start,
    ending,
    rules: properties
      .filter(([name]) => name === 'rrule')
      .map((property) => {
        const rule = ruleOf(property[3]);
        return { rule, until: rule.until === undefined ? null : stampOf(rule.until, undefined, zones) };
      }),
    moreStarts: all('rdate').map(placed),
    exceptStarts: all('exdate').map(placed),
    recurrenceId: recurrence === undefined ? null : placed(stampOf(recurrence[3], recurrence[1]['tzid'], zones)),
    andFuture: isRange(properties),
    sequence: typeof sequence === 'number' ? sequence : 0,
    facts,
  };
}

/** The text of every component of a kind; components of one kind do not nest. */
function blocks(text: string, name: string): string[] {
  return text.match(new RegExp(`^BEGIN:${name}[ \\t]*\\r?$[\\s\\S]*?^END:${name}[ \\t]*\\r?$`, 'gim')) ?? [];
}

const headerOf = (text: string, name: string): string =>
  new RegExp(`^${name}(?:;[^:\\r\\n]*)?:([^\\r\\n]*)`, 'im').exec(text)?.[1]?.trim() ?? '';

/** The newest of each: one series, and one replacement for each occurrence. */
function seriesOf(events: readonly IcsEvent[]): IcsSeries[] {
  const byUid = new Map<string, { master: IcsEvent | null; replacements: Map<string, IcsEvent> }>();
  for (const event of events) {
    const found = byUid.get(event.uid) ?? { master: null, replacements: new Map<string, IcsEvent>() };
    byUid.set(event.uid, found);
    if (event.recurrenceId === null) {
      if (found.master === null || found.master.sequence <= event.sequence) found.master = event;
      continue;
    }
    const key = JSON.stringify([event.recurrenceId.wall, event.recurrenceId.zone.kind, event.andFuture]);
    const before = found.replacements.get(key);
    if (before === undefined || before.sequence <= event.sequence) found.replacements.set(key, event);
  }
  return [...byUid.values()].map(({ master, replacements }) => ({ master, replacements: [...replacements.values()] }));
}

/**
 * Reads a published calendar (RFC 5545). Each event stands for itself: one that can't be read is counted and left out.
 * @param username the person's address, if there is one; it finds them among the attendees
 * @throws AppError badResponse for what is not a whole calendar
 */
export function parseCalendar(text: string, parseComponent: ParseComponent, username: string): IcsCalendar {
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR\s/i.test(text)) {
    const message = `${SERVICE} did not answer with a calendar. Check that its address ends in .ics and needs no sign-in; in a guest network, sign in to the network first.`;
    throw new AppError('badResponse', message, { reason: 'notCalendar' });
  }
  if (!/^END:VCALENDAR\s*$/im.test(text.slice(-200))) {
    throw new AppError('badResponse', `${SERVICE} arrived incomplete. HipStatus tries again by itself.`, {
      reason: 'incomplete',
    });
  }
  const zones = new Map<string, Zone>();
  for (const block of blocks(text, 'VTIMEZONE')) {
    try {
      const [tzid, zone] = zoneDefinition(zoneComponent.parse(parseComponent(block)));
      zones.set(tzid, zone);
    } catch {
      // Its times stay unknown; the events that need it are counted below.
    }
  }
  const owner = ownerOf(username) || ownerOf(headerOf(text, 'X-WR-CALNAME'));
  const isWithdrawn = headerOf(text, 'METHOD').toUpperCase() === 'CANCEL';
  const events: IcsEvent[] = [];
  let skipped = 0;
  for (const [index, block] of blocks(text, 'VEVENT').entries()) {
    try {
      const [, properties] = eventComponent.parse(parseComponent(block));
      events.push(eventOf(properties, index, zones, factsOf(properties, owner, isWithdrawn)));
    } catch {
      skipped += 1;
    }
  }
  return { series: seriesOf(events), skipped };
}

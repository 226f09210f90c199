import type { z } from 'zod';
import { DAY, HOUR, MINUTE, SECOND } from '../../../core/time.ts';
import type { Wall } from './recurrence.ts';
import { type Property, type RecurrenceRule, recurrenceRule, type zoneComponent } from './schema.ts';
import { type Observance, observedZone, type Zone, zoneOf } from './zones.ts';

/** Thrown for an event or a zone that can't be read; the others are. */
export class Unreadable extends Error {}

/** A written date or time. */
export interface Stamp {
  readonly wall: Wall;
  /** A date without a time. */
  readonly isDate: boolean;
  readonly zone: Zone;
}

/** DURATION (RFC 5545 section 3.3.6): days follow the wall clock, the rest is exact. */
export interface Duration {
  readonly days: number;
  readonly milliseconds: number;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z?$/;

/** The wall clock of a date or time as jCal writes it (RFC 7265 section 3.6). */
function wallOf(value: string): Wall {
  const wall = DATE.test(value)
    ? Date.parse(`${value}T00:00:00Z`)
    : DATE_TIME.test(value)
      ? // A leap second (60) is the last one that clocks know.
        Date.parse(`${value.slice(0, 16)}:${value.slice(17, 19) === '60' ? '59' : value.slice(17, 19)}Z`)
      : Number.NaN;
  // Date.parse takes 30 February for 2 March; written back, it differs.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(value.slice(0, 10))) throw new Unreadable();
  return wall;
}

/** The time that a jCal value stands for. */
export function stampOf(value: unknown, tzid: unknown, zones: ReadonlyMap<string, Zone>): Stamp {
  if (typeof value !== 'string') throw new Unreadable();
  const isDate = DATE.test(value);
  const zone: Zone =
    value.endsWith('Z') || isDate || typeof tzid !== 'string' || tzid === ''
      ? { kind: value.endsWith('Z') ? 'utc' : 'floating' }
      : zoneOf(tzid, zones);
  return { wall: wallOf(value), isDate, zone };
}

/** All values of a property that holds dates or times; of periods the start. */
export const stampsOf = (property: Property, zones: ReadonlyMap<string, Zone>): Stamp[] =>
  property
    .slice(3)
    .map((value) => stampOf(Array.isArray(value) ? value[0] : value, (property[1] as { tzid?: unknown }).tzid, zones));

export function durationOf(value: unknown): Duration {
  const match =
    typeof value === 'string'
      ? /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(value)
      : null;
  if (match === null) throw new Unreadable();
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  // An event that ends before it starts has no length.
  if (match[1] === '-') return { days: 0, milliseconds: 0 };
  return {
    days: (weeks ?? 0) * 7 + (days ?? 0),
    milliseconds: (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND,
  };
}

export function ruleOf(value: unknown): RecurrenceRule {
  const parsed = recurrenceRule.safeParse(value);
  if (!parsed.success) throw new Unreadable();
  return parsed.data;
}

/** Milliseconds of an UTC-OFFSET as jCal writes it: `+01:00`, `-03:30:00`. */
function offsetOf(value: unknown): number {
  const match = typeof value === 'string' ? /^([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(value) : null;
  if (match === null) throw new Unreadable();
  const offset = Number(match[2]) * HOUR + Number(match[3]) * MINUTE + Number(match[4] ?? 0) * SECOND;
  if (offset > DAY) throw new Unreadable();
  return match[1] === '-' ? -offset : offset;
}

export const propertyOf = (properties: readonly Property[], name: string): Property | undefined =>
  properties.find(([found]) => found === name);

export const firstValue = (properties: readonly Property[], name: string): unknown => propertyOf(properties, name)?.[3];

function observanceOf(properties: readonly Property[]): Observance {
  const none: ReadonlyMap<string, Zone> = new Map();
  const offsetFrom = offsetOf(firstValue(properties, 'tzoffsetfrom'));
  return {
    start: stampOf(firstValue(properties, 'dtstart'), undefined, none).wall,
    offsetFrom,
    offsetTo: offsetOf(firstValue(properties, 'tzoffsetto')),
    rules: properties
      .filter(([name]) => name === 'rrule')
      .map((property) => {
        const rule = ruleOf(property[3]);
        if (rule.until === undefined) return { rule, until: null };
        const until = stampOf(rule.until, undefined, none);
        return {
          rule,
          until: until.zone.kind === 'utc' ? until.wall + offsetFrom : until.wall + (until.isDate ? DAY : 0),
        };
      }),
    dates: properties
      .filter(([name]) => name === 'rdate')
      .flatMap((property) => stampsOf(property, none).map(({ wall }) => wall)),
  };
}

/** A VTIMEZONE as its TZID and rules. */
export function zoneDefinition(component: z.infer<typeof zoneComponent>): readonly [string, Zone] {
  const [, properties, parts] = component;
  const tzid = firstValue(properties, 'tzid');
  if (typeof tzid !== 'string') throw new Unreadable();
  const location = firstValue(properties, 'x-lic-location');
  const named = typeof location === 'string' ? zoneOf(location, new Map()) : { kind: 'unknown' as const };
  return [tzid, named.kind === 'unknown' ? observedZone(parts.map(([, inside]) => observanceOf(inside))) : named];
}

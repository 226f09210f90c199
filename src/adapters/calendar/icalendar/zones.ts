import { clockTime, DAY, dateAt, type Instant, instantOfWallClock, MINUTE, type TimeZone } from '../../../core/time.ts';
import { ianaZone } from '../../../core/windowsZones.ts';
import { expandRule, type Wall } from './recurrence.ts';
import type { RecurrenceRule } from './schema.ts';

/** A STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545 section 3.6.5); offsets in milliseconds. */
export interface Observance {
  readonly start: Wall;
  readonly offsetFrom: number;
  readonly offsetTo: number;
  readonly rules: readonly { readonly rule: RecurrenceRule; readonly until: Wall | null }[];
  readonly dates: readonly Wall[];
}

/** Where a written time belongs. */
export type Zone =
  | { readonly kind: 'utc' }
  /** No zone of its own: the person's. */
  | { readonly kind: 'floating' }
  | { readonly kind: 'named'; readonly name: TimeZone }
  | { readonly kind: 'observed'; readonly offsetAt: (at: Instant) => number }
  /** Neither its name nor its rules are known: its times can't be placed. */
  | { readonly kind: 'unknown' };

interface Onset {
  readonly at: Instant;
  readonly offset: number;
}

/** The onset of `observance` that holds at `at`; null before its first. */
function latestOnset(observance: Observance, at: Instant): Onset | null {
  const wall = at + observance.offsetFrom;
  const fixed = [observance.start, ...observance.dates].filter((start) => start <= wall);
  const ruled = observance.rules.flatMap(({ rule, until }) => {
    const to = Math.min(wall, until ?? wall);
    // Two years back, so that rules that skip a year still find their last onset.
    return expandRule(rule, observance.start, until, to - 800 * DAY, to);
  });
  const starts = [...fixed, ...ruled];
  return starts.length === 0 ? null : { at: Math.max(...starts) - observance.offsetFrom, offset: observance.offsetTo };
}

/** The offset from UTC that a VTIMEZONE gives; remembered by day where no change is near. */
export function observedZone(observances: readonly Observance[]): Zone {
  const first = [...observances].sort((a, b) => a.start - b.start)[0];
  if (first === undefined) return { kind: 'unknown' };
  const compute = (at: Instant): number => {
    const onsets = observances.map((observance) => latestOnset(observance, at)).filter((onset) => onset !== null);
    const latest = onsets.sort((a, b) => b.at - a.at)[0];
    return latest === undefined ? first.offsetFrom : latest.offset;
  };
  const known = new Map<Instant, number>();
  const remembered = (at: Instant): number => {
    let offset = known.get(at);
    if (offset === undefined) {
      offset = compute(at);
      known.set(at, offset);
    }
    return offset;
  };
  const offsetAt = (at: Instant): number => {
    const day = Math.floor(at / DAY) * DAY;
    const before = remembered(day);
    return before === remembered(day + DAY) ? before : compute(at);
  };
  return { kind: 'observed', offsetAt };
}

/** The instant of a wall clock under `offsetAt`; gaps and repeats as in `instantOfWallClock`. */
function observedInstant(wall: Wall, offsetAt: (at: Instant) => number): Instant {
  const before = wall - offsetAt(wall - DAY);
  const after = wall - offsetAt(wall + DAY);
  const matches = [before, after].filter((at) => at + offsetAt(at) === wall);
  return matches.length > 0 ? Math.min(...matches) : Math.max(before, after);
}

/**
 * The instant of a wall-clock time.
 * @param person the person's zone, for times that have none of their own
 */
export function instantIn(wall: Wall, zone: Zone, person: TimeZone): Instant {
  switch (zone.kind) {
    case 'utc':
      return wall;
    case 'named':
      return instantOfWallClock(wall, zone.name);
    case 'observed':
      return observedInstant(wall, zone.offsetAt);
    default:
      return instantOfWallClock(wall, person);
  }
}

const wallClock = (at: Instant, zone: TimeZone): Wall =>
  Date.parse(`${dateAt(at, zone)}T${clockTime(at, zone)}:00Z`) + (((at % MINUTE) + MINUTE) % MINUTE);

/** What the clock of a zone shows at an instant. */
export function wallIn(at: Instant, zone: Zone, person: TimeZone): Wall {
  switch (zone.kind) {
    case 'utc':
      return at;
    case 'named':
      return wallClock(at, zone.name);
    case 'observed':
      return at + zone.offsetAt(at);
    default:
      return wallClock(at, person);
  }
}

/**
 * The zone of a TZID. A name that is known wins over the file's own rules, which often hold this year's only; the rules
 * serve names that mean nothing elsewhere, such as Outlook's `Customized Time Zone`.
 * @param own the file's VTIMEZONEs by TZID
 */
export function zoneOf(tzid: string, own: ReadonlyMap<string, Zone>): Zone {
  const name = ianaZone(tzid);
  if (name !== null) return name === 'UTC' ? { kind: 'utc' } : { kind: 'named', name };
  return own.get(tzid) ?? { kind: 'unknown' };
}

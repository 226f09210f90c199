import { SECOND, type TimeZone } from '../core/time.ts';
import type { SystemEvents } from '../ports/systemEvents.ts';

const LOOK = 15 * SECOND;
/** The wall clock runs this much ahead of or behind the steady one before it counts as set. */
const JUMP = 30 * SECOND;

export interface ClockEventsDeps {
  /** The wall clock; milliseconds. */
  readonly now: () => number;
  /** A clock that stands still while the machine sleeps and that nobody can set; milliseconds. */
  readonly monotonic: () => number;
  readonly zone: () => TimeZone;
  /** Calls again and again, `every` milliseconds; returns the stop. */
  readonly repeat: (every: number, call: () => void) => () => void;
}

/** What a program without a desktop can tell of the machine: a sleep or a clock that was set, and another time zone. */
export const clockEvents = ({ now, monotonic, zone, repeat }: ClockEventsDeps): SystemEvents => ({
  subscribe(onEvent) {
    let offset = now() - monotonic();
    let known = zone();
    return repeat(LOOK, () => {
      const before = offset;
      offset = now() - monotonic();
      if (Math.abs(offset - before) > JUMP) onEvent('clockJump');
      const current = zone();
      if (current !== known) onEvent('zoneChange');
      known = current;
    });
  },
});

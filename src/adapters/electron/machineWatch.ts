import { MINUTE, SECOND, type TimeZone } from '../../core/time.ts';
import type { SystemEvent } from '../../ports/systemEvents.ts';

/** The wall clock runs this much ahead of or behind the steady one before it counts as set. */
const JUMP = 30 * SECOND;

export interface MachineWatchDeps {
  /** The wall clock; milliseconds. */
  readonly now: () => number;
  /** A clock that nobody can set; milliseconds. */
  readonly monotonic: () => number;
  readonly zone: () => TimeZone;
  readonly isOnline: () => boolean;
}

/** What has changed about the machine since the last look. The first look, at once, only remembers. */
export function machineWatch(deps: MachineWatchDeps): () => readonly SystemEvent[] {
  const { now, monotonic, zone, isOnline } = deps;
  let wasOnline = isOnline();
  let knownZone = zone();
  let offset = now() - monotonic();
  let zoneDueAt = monotonic() + MINUTE;
  return () => {
    const events: SystemEvent[] = [];
    const online = isOnline();
    if (online && !wasOnline) events.push('online');
    wasOnline = online;
    const newOffset = now() - monotonic();
    const jumped = Math.abs(newOffset - offset) > JUMP;
    offset = newOffset;
    if (jumped) events.push('clockJump');
    // Asking for the zone costs more than the rest. A jump or a wake often comes with a new one.
    if (!jumped && monotonic() < zoneDueAt) return events;
    zoneDueAt = monotonic() + MINUTE;
    const newZone = zone();
    if (newZone !== knownZone) events.push('zoneChange');
    knownZone = newZone;
    return events;
  };
}

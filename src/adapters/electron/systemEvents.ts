import { net, powerMonitor } from 'electron';
import { MINUTE, SECOND, type TimeZone } from '../../core/time.ts';
import type { SystemEvent, SystemEvents } from '../../ports/systemEvents.ts';

/** Electron tells neither that the network is back nor that the clock or zone was changed; so they are looked at. Cheap. */
const LOOK = 5 * SECOND;
/** The wall clock runs this much ahead of or behind the steady one before it counts as set. */
const JUMP = 30 * SECOND;

export interface ElectronSystemEventsDeps {
  /** The wall clock; milliseconds. */
  readonly now: () => number;
  /** A clock that nobody can set; milliseconds. */
  readonly monotonic: () => number;
  readonly zone: () => TimeZone;
}

/** What the machine tells: by Electron's power monitor, and by a look every few seconds. */
export class ElectronSystemEvents implements SystemEvents {
  readonly #deps: ElectronSystemEventsDeps;

  constructor(deps: ElectronSystemEventsDeps) {
    this.#deps = deps;
  }

  subscribe(onEvent: (event: SystemEvent) => void): () => void {
    const onResume = (): void => onEvent('wake');
    const onUnlock = (): void => onEvent('unlock');
    powerMonitor.on('resume', onResume);
    powerMonitor.on('unlock-screen', onUnlock);
    const look = this.#watcher(onEvent);
    const timer = setInterval(look, LOOK);
    return () => {
      clearInterval(timer);
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onUnlock);
    };
  }

  #watcher(onEvent: (event: SystemEvent) => void): () => void {
    const { now, monotonic, zone } = this.#deps;
    let wasOnline = net.isOnline();
    let knownZone = zone();
    let offset = now() - monotonic();
    let zoneDueAt = monotonic() + MINUTE;
    return () => {
      const isOnline = net.isOnline();
      if (isOnline && !wasOnline) onEvent('online');
      wasOnline = isOnline;
      const newOffset = now() - monotonic();
      const jumped = Math.abs(newOffset - offset) > JUMP;
      offset = newOffset;
      if (jumped) onEvent('clockJump');
      // Asking for the zone costs more than the rest. A jump or a wake often comes with a new one.
      if (!jumped && monotonic() < zoneDueAt) return;
      zoneDueAt = monotonic() + MINUTE;
      const newZone = zone();
      if (newZone !== knownZone) onEvent('zoneChange');
      knownZone = newZone;
    };
  }
}

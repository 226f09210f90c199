import { net, powerMonitor } from 'electron';
import { SECOND } from '../../core/time.ts';
import type { SystemEvent, SystemEvents } from '../../ports/systemEvents.ts';
import { type MachineWatchDeps, machineWatch } from './machineWatch.ts';

/** Electron tells neither that the network is back nor that the clock or zone was changed; so they are looked at. Cheap. */
const LOOK = 5 * SECOND;

export type ElectronSystemEventsDeps = Omit<MachineWatchDeps, 'isOnline'>;

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
    const look = machineWatch({ ...this.#deps, isOnline: () => net.isOnline() });
    const timer = setInterval(() => look().forEach(onEvent), LOOK);
    return () => {
      clearInterval(timer);
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onUnlock);
    };
  }
}

import { systemClock } from '../../src/adapters/node/systemClock.ts';
import type { Instant } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** Runs as the machine's does, from another time on; timers are the machine's. */
export class ShiftedClock implements Clock {
  #shift = 0;
  readonly zone = systemClock.zone;
  readonly random = systemClock.random;
  readonly after = systemClock.after;

  constructor(at: Instant) {
    this.set(at);
  }

  now(): Instant {
    return systemClock.now() + this.#shift;
  }

  set(at: Instant): void {
    this.#shift = at - systemClock.now();
  }
}

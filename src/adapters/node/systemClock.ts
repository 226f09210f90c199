import type { TimeZone } from '../../core/time.ts';
import { MINUTE } from '../../core/time.ts';
import type { Clock, Timer } from '../../ports/clock.ts';

/**
 * How long one platform timer runs at most. Timers stand still while the machine sleeps (they count monotonic time) and
 * take at most 2^31-1 ms, so a wait is made of short ones that look at the wall clock each time: after a sleep a
 * timer is at most this late even if nobody heard of the waking.
 */
const LONGEST_STEP = MINUTE;

function after(delay: number, call: () => void): Timer {
  if (Number.isNaN(delay)) throw new RangeError('A timer needs a delay.');
  const due = Date.now() + Math.max(0, delay);
  let running: NodeJS.Timeout;
  const step = (): void => {
    const left = due - Date.now();
    running = setTimeout(() => (Date.now() >= due ? call() : step()), Math.min(Math.max(left, 1), LONGEST_STEP));
  };
  step();
  return { stop: () => clearTimeout(running) };
}

/**
 * The machine's zone. V8 and ICU keep the zone they saw first; Node makes them look again whenever `TZ` is touched, so
 * taking out a `TZ` that is not there is how a person's travel is noticed. A `TZ` that was given stands.
 */
function zone(): TimeZone {
  if (process.env['TZ'] === undefined) delete process.env['TZ'];
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The real clock. */
export const systemClock: Clock = { now: () => Date.now(), after, zone, random: () => Math.random() };

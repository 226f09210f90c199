import { useEffect, useState } from 'preact/hooks';
import { type Instant, MINUTE } from '../../core/time.ts';
import { browserTimers } from './timers.ts';

const listeners = new Set<(now: Instant) => void>();
let stop: (() => void) | null = null;

/** One timer for all who ask, at each full minute. */
function schedule(): void {
  const { now, later } = browserTimers;
  stop = later(MINUTE - (now() % MINUTE) + 20, () => {
    const at = now();
    for (const listener of listeners) listener(at);
    schedule();
  });
}

/** Now, to the minute. */
export function useNow(): Instant {
  const [now, setNow] = useState(browserTimers.now);
  useEffect(() => {
    // It may be a while since the first drawing.
    setNow(browserTimers.now());
    listeners.add(setNow);
    if (stop === null) schedule();
    return () => {
      listeners.delete(setNow);
      if (listeners.size > 0) return;
      stop?.();
      stop = null;
    };
  }, []);
  return now;
}

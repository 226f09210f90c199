import type { Instant } from '../core/time.ts';

/**
 * Why a chat is looked at. `edge`: for what is known to have changed on our side; `mark`: for what the person may have
 * changed, too, and now and then for its health; an instant: in any case, unless it was looked at since then.
 */
export type Look = 'edge' | 'mark' | Instant;

/** Which of two asks leaves less unseen. */
export function closer(a: Look, b: Look): Look {
  if (typeof a === 'number') return typeof b === 'number' ? Math.max(a, b) : a;
  return typeof b === 'number' || a === 'edge' ? b : a;
}

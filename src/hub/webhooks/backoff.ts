import { HOUR, SECOND } from '../../core/time.ts';

/** Tries of one change before it becomes a dead letter: about an hour. */
export const MAX_TRIES = 8;

const FIRST = 10 * SECOND;
const FACTOR = 2.5;
/** What a receiver may ask for with Retry-After: a slip of the pen must not stop a webhook for good. */
const LONGEST_ASKED = 24 * HOUR;

/**
 * Milliseconds until the next try: 10 s, 25 s, 63 s … 41 min, each a fifth more or less so that many do not come back at once.
 * @param tries that have failed so far, at least 1
 * @param random in [0, 1)
 * @param asked what the receiver asked for; null for nothing
 */
export function waitAfter(tries: number, random: number, asked: number | null): number {
  const own = FIRST * FACTOR ** (Math.min(tries, MAX_TRIES - 1) - 1) * (0.8 + 0.4 * random);
  return Math.round(Math.max(own, Math.min(asked ?? 0, LONGEST_ASKED)));
}

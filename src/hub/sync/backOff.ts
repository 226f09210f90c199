import type { AppError, ErrorCode } from '../../core/appError.ts';
import { HOUR, type Instant, MINUTE } from '../../core/time.ts';

/** What only an administrator mends: no mailbox, or not allowed to read it. */
const LASTING: ReadonlySet<ErrorCode> = new Set(['notFound', 'forbidden', 'unauthorized', 'invalidInput']);

const FIRST = MINUTE;
const CAP = HOUR;
const LASTING_FIRST = 30 * MINUTE;
const LASTING_CAP = 6 * HOUR;

/**
 * When to read one person's calendar again after it failed: Retry-After to the millisecond where the service gave one; else a wait
 * that doubles, with jitter, so that those who failed together do not come back together.
 * @param failures how many in a row, this one included
 * @param random uniform in [0, 1)
 */
export function readAgainAt(error: AppError, failures: number, now: Instant, random: number): Instant {
  if (error.retryAfter !== null) return now + error.retryAfter;
  const [first, cap] = LASTING.has(error.code) ? [LASTING_FIRST, LASTING_CAP] : [FIRST, CAP];
  const wait = Math.min(cap, first * 2 ** Math.min(failures - 1, 16));
  return now + Math.round(wait * (0.5 + random / 2));
}

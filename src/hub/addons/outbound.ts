import { codeOfStatus, retryAfterOf, serviceMessage } from '../../adapters/http.ts';
import { AppError } from '../../core/appError.ts';
import { type Instant, MINUTE, SECOND } from '../../core/time.ts';
import type { GuardedAnswer, GuardedFetch } from '../guard/guardedFetch.ts';

// Calls to chat servers. Their addresses came from outside, so all go through the guard.

export type Outbound = Pick<GuardedFetch, 'request'>;

export const CHAT = 'The chat server';
export const CALL_TIMEOUT = 10 * SECOND;
/** Of an answer. The longest that is read is a list of people. */
export const MAX_ANSWER = 1_048_576;
/** HipChat counts in windows of five minutes: a longer wait is a wrong clock. */
const RATE_WINDOW = 5 * MINUTE;

const headerOf = ({ headers }: GuardedAnswer, name: string): string | null => {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0]) ?? null;
};

/** The JSON of an answer. Throws `badResponse`; what it holds is not said. */
export function jsonOf({ body }: GuardedAnswer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AppError('badResponse', serviceMessage(CHAT, 'badResponse'));
  }
}

/** When calls are counted again, by the headers of a limit (`x-ratelimit` or `x-floodcontrol`); undefined: it is not used up. */
function resetOf(answer: GuardedAnswer, limit: string, now: Instant): number | undefined {
  const remaining = headerOf(answer, `${limit}-remaining`);
  const reset = Number(headerOf(answer, `${limit}-reset`) ?? Number.NaN);
  if (remaining === null || Number(remaining) > 0 || !Number.isFinite(reset)) return undefined;
  return Math.min(Math.max(0, reset * SECOND - now), RATE_WINDOW);
}

/** The error of an answer that is no success. A redirect is none: nobody follows it. */
export function errorOf(answer: GuardedAnswer, now: Instant): AppError {
  const code = codeOfStatus(answer.status);
  const message = serviceMessage(CHAT, code);
  if (code !== 'rateLimited') {
    const retryAfter = answer.retryAfter;
    return new AppError(code, message, {
      reason: `http${answer.status}`,
      ...(retryAfter === null ? {} : { retryAfter }),
    });
  }
  const flood = resetOf(answer, 'x-floodcontrol', now);
  const said = retryAfterOf(headerOf(answer, 'retry-after'), now);
  const retryAfter = said ?? flood ?? resetOf(answer, 'x-ratelimit', now);
  return new AppError(
    code,
    flood === undefined ? message : `${CHAT} takes no more messages to this recipient for now. Send fewer.`,
    { reason: flood === undefined ? 'rateLimit' : 'floodControl', ...(retryAfter === undefined ? {} : { retryAfter }) },
  );
}

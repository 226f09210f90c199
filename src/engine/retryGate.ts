import type { AppError, ErrorCode } from '../core/appError.ts';
import { type Instant, MINUTE, SECOND } from '../core/time.ts';

/** Failures that may pass by themselves. The others need the person, and are tried again at the regular marks only. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'rateLimited',
  'serverError',
  'unavailable',
  'network',
  'timeout',
  'badResponse',
]);

const FIRST_WAIT = SECOND;
/** While a chat shows what it should not: right within 10 s of being reachable again (DESIGN section 4, rule 5). */
const URGENT_CAP = 8 * SECOND;
const CAP = 5 * MINUTE;

/** Says when a service may be called again: Retry-After to the second, otherwise exponential backoff with jitter. */
export class RetryGate {
  readonly #random: () => number;
  #failures = 0;
  #askedToWaitUntil: Instant = 0;
  #retryAt: Instant | null = null;

  /** @param random uniform in [0, 1) */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Whether a call is allowed: false only while the service itself has asked for silence. */
  isOpen(now: Instant): boolean {
    return now >= this.#askedToWaitUntil;
  }

  /** When to try again by ourselves; null when there is nothing to try again. */
  get retryAt(): Instant | null {
    return this.#retryAt;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#retryAt = null;
  }

  /** @param urgent whether the chat shows, or may show, what it should not */
  failed(error: AppError, now: Instant, urgent: boolean): void {
    this.#failures += 1;
    if (error.retryAfter !== null) {
      this.#askedToWaitUntil = now + error.retryAfter;
      this.#retryAt = this.#askedToWaitUntil;
      return;
    }
    if (!PASSING.has(error.code)) {
      this.#retryAt = null;
      return;
    }
    const wait = Math.min(urgent ? URGENT_CAP : CAP, FIRST_WAIT * 2 ** Math.min(this.#failures - 1, 16));
    this.#retryAt = now + Math.round(wait * (0.5 + this.#random() / 2));
  }
}

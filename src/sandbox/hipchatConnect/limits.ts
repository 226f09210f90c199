import { hipchatError } from '../hipchatUser.ts';
import type { SandboxAnswer } from '../http.ts';

/** How many calls are let through in a stretch of time, counted for each name by itself. */
export class Limits {
  readonly #windows = new Map<string, { left: number; resetAt: number }>();
  readonly #now: () => number;
  readonly #prefix: string;
  readonly #lengthMs: number;
  #limit: number;

  /** `prefix` of the headers, such as `x-ratelimit`. */
  constructor(given: { prefix: string; limit: number; lengthMs: number; now: () => number }) {
    this.#prefix = given.prefix;
    this.#limit = given.limit;
    this.#lengthMs = given.lengthMs;
    this.#now = given.now;
  }

  #window(name: string): { left: number; resetAt: number } {
    const known = this.#windows.get(name);
    if (known && this.#now() < known.resetAt) return known;
    const fresh = { left: this.#limit, resetAt: this.#now() + this.#lengthMs };
    this.#windows.set(name, fresh);
    return fresh;
  }

  /** Takes one; false when none is left. */
  take(name: string): boolean {
    const window = this.#window(name);
    if (window.left <= 0) return false;
    window.left -= 1;
    return true;
  }

  /** `-Limit`, `-Remaining` and `-Reset`, the last in seconds since 1970. */
  headers(name: string): Record<string, string> {
    const { left, resetAt } = this.#window(name);
    return {
      [`${this.#prefix}-limit`]: String(this.#limit),
      [`${this.#prefix}-remaining`]: String(left),
      [`${this.#prefix}-reset`]: String(Math.ceil(resetAt / 1000)),
    };
  }

  /** The 429 for a name that has none left. */
  refuse(name: string): SandboxAnswer {
    const seconds = Math.ceil((this.#window(name).resetAt - this.#now()) / 1000);
    return { ...tooMany(seconds), headers: { 'retry-after': String(seconds), ...this.headers(name) } };
  }

  /** From now on, and for those that have begun. */
  set(limit: number): void {
    this.#limit = limit;
    this.#windows.clear();
  }
}

/** HipChat's 429, with `Retry-After`. */
export function tooMany(seconds: number): SandboxAnswer {
  const answer = hipchatError(429, 'Too Many Requests', 'You have exceeded the rate limit.');
  return { ...answer, headers: { 'retry-after': String(seconds) } };
}

import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import type { Documents } from '../store/port.ts';

const SEEN = 'host-requests';

/** Which requests have come, on whichever hub of a team. */
export class Seen {
  readonly #documents: Documents;
  readonly #now: () => Instant;

  constructor(documents: Documents, now: () => Instant) {
    this.#documents = documents;
    this.#now = now;
  }

  /** Notes all of a request's names. @returns whether it is the first with any of them. Throws where the store can't be asked */
  async isFirst(names: readonly string[], keep: number): Promise<boolean> {
    const now = this.#now();
    const first = await Promise.all(names.map((name) => this.#note(name, now, now + keep)));
    return first.every((one) => one);
  }

  async #note(name: string, now: Instant, expiresAt: Instant): Promise<boolean> {
    try {
      await this.#documents.put(SEEN, name, true, now, { expected: 0, expiresAt });
      return true;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'conflict') return false;
      throw thrown;
    }
  }
}

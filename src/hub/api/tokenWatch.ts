import { SECOND } from '../../core/time.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Tokens } from '../tokens.ts';

/** The most an open socket outlives its token. */
const LOOK = 10 * SECOND;

/** Looks whether the tokens behind open sockets still count; one question for each token, however many sockets it has. */
export class TokenWatch {
  readonly #tokens: Pick<Tokens, 'info'>;
  readonly #clock: Clock;
  readonly #watched = new Map<string, Set<() => void>>();
  #timer: Timer | null = null;

  constructor(tokens: Pick<Tokens, 'info'>, clock: Clock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** Calls once the token does not count any more; the returned function ends it. */
  watch(id: string, onRevoked: () => void): () => void {
    const calls = this.#watched.get(id) ?? new Set();
    this.#watched.set(id, calls.add(onRevoked));
    this.#timer ??= this.#lookLater();
    return () => {
      calls.delete(onRevoked);
      if (calls.size === 0 && this.#watched.get(id) === calls) this.#watched.delete(id);
    };
  }

  stop(): void {
    this.#watched.clear();
    this.#timer?.stop();
  }

  #lookLater(): Timer {
    return this.#clock.after(LOOK, () => {
      void this.#look().then(() => {
        this.#timer = this.#watched.size > 0 ? this.#lookLater() : null;
      });
    });
  }

  async #look(): Promise<void> {
    for (const [id, calls] of [...this.#watched]) {
      // A store that can't be reached says nothing about a token.
      const counts = await this.#tokens.info(id).catch(() => 'unknown');
      if (counts !== null) continue;
      for (const call of [...calls]) call();
    }
  }
}

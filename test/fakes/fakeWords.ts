import type { RemoteWord } from '../../src/core/remoteWord.ts';
import type { WordSource } from '../../src/ports/wordSource.ts';

/** A hub in memory, as far as it tells what the person has said there. */
export class FakeWords implements WordSource {
  reconnects = 0;
  readonly #readers = new Set<(word: RemoteWord) => void>();

  follow(onWord: (word: RemoteWord) => void) {
    this.#readers.add(onWord);
    return {
      reconnect: () => {
        this.reconnects += 1;
      },
      stop: () => void this.#readers.delete(onWord),
    };
  }

  get readers(): number {
    return this.#readers.size;
  }

  say(word: RemoteWord): void {
    for (const tell of [...this.#readers]) tell(word);
  }
}

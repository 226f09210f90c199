import type { Roster } from '../roster.ts';
import { outlookOf } from './status.ts';

const EMPTY = Buffer.from('[]');

/** The pages of `/status` as they are sent. A page is written anew only after somebody on it has changed. */
export class StatusPages {
  readonly #roster: Roster;
  readonly #size: number;
  readonly #pages: (Buffer | undefined)[] = [];

  constructor(roster: Roster, size: number) {
    this.#roster = roster;
    this.#size = size;
    roster.onChange((index, moved) => {
      const page = Math.floor(index / size);
      if (moved) this.#pages.length = Math.min(this.#pages.length, page);
      else this.#pages[page] = undefined;
    });
  }

  /** @param page from 0; past the end it is empty, as before the beginning */
  page(page: number): Buffer {
    if (page < 0 || page * this.#size >= this.#roster.size) return EMPTY;
    const kept = this.#pages[page];
    if (kept !== undefined) return kept;
    const people = this.#roster.slice(page * this.#size, this.#size);
    const fresh = Buffer.from(JSON.stringify(people.map((record) => outlookOf(record))));
    this.#pages[page] = fresh;
    return fresh;
  }
}

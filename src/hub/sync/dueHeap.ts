import type { Instant } from '../../core/time.ts';

interface Entry<T> {
  readonly at: Instant;
  readonly item: T;
}

/**
 * What is due when: a binary heap, so that a million people cost no more than twenty steps each. What has changed since it was put in
 * is passed over when it comes up, instead of being looked for.
 */
export class DueHeap<T> {
  readonly #entries: Entry<T>[] = [];
  readonly #isSo: (item: T, at: Instant) => boolean;

  /** @param isSo whether an item is still due at this time */
  constructor(isSo: (item: T, at: Instant) => boolean) {
    this.#isSo = isSo;
  }

  push(item: T, at: Instant): void {
    const entries = this.#entries;
    let place = entries.push({ at, item }) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((entries[parent]?.at ?? 0) <= at) break;
      this.#swap(place, parent);
      place = parent;
    }
  }

  /** When the first is due; null when there is none. */
  get next(): Instant | null {
    for (let first = this.#entries[0]; first !== undefined; first = this.#entries[0]) {
      if (this.#isSo(first.item, first.at)) return first.at;
      this.#dropFirst();
    }
    return null;
  }

  /** Takes the one that has waited longest out, if it is due at `now`. */
  takeDue(now: Instant): T | null {
    const { next } = this;
    if (next === null || next > now) return null;
    const item = this.#entries[0]?.item ?? null;
    this.#dropFirst();
    return item;
  }

  #dropFirst(): void {
    const entries = this.#entries;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return;
    entries[0] = last;
    let place = 0;
    for (;;) {
      let least = place;
      for (const child of [2 * place + 1, 2 * place + 2]) {
        if ((entries[child]?.at ?? Number.POSITIVE_INFINITY) < (entries[least]?.at ?? 0)) least = child;
      }
      if (least === place) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#entries[a], this.#entries[b]];
    if (one === undefined || other === undefined) return;
    this.#entries[a] = other;
    this.#entries[b] = one;
  }
}

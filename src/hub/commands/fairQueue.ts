export interface FairQueueOptions {
  /** Of one room, taken and not released. */
  readonly mostRunning: number;
  /** Of one room. */
  readonly mostWaiting: number;
}

/** Things that wait, by room: each room has its turn, whatever the others bring. */
export class FairQueue<T> {
  readonly #options: FairQueueOptions;
  /** In the order of their turns. */
  readonly #waiting = new Map<string, T[]>();
  readonly #running = new Map<string, number>();
  #size = 0;

  constructor(options: FairQueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  hasPlace(room: string): boolean {
    return (this.#waiting.get(room)?.length ?? 0) < this.#options.mostWaiting;
  }

  add(room: string, item: T): void {
    const items = this.#waiting.get(room);
    if (items === undefined) this.#waiting.set(room, [item]);
    else items.push(item);
    this.#size += 1;
  }

  /** The next one, whose room then has to wait until the others have had their turn. Null when none may go. */
  take(): { readonly room: string; readonly item: T } | null {
    for (const [room, items] of this.#waiting) {
      const running = this.#running.get(room) ?? 0;
      if (running >= this.#options.mostRunning) continue;
      const item = items.shift();
      this.#waiting.delete(room);
      if (item === undefined) continue;
      if (items.length > 0) this.#waiting.set(room, items);
      this.#running.set(room, running + 1);
      this.#size -= 1;
      return { room, item };
    }
    return null;
  }

  /** What was taken is done. */
  release(room: string): void {
    const left = (this.#running.get(room) ?? 0) - 1;
    if (left > 0) this.#running.set(room, left);
    else this.#running.delete(room);
  }

  /** Takes out everything that waits. */
  drain(): readonly T[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return all;
  }
}

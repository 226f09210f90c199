import type { Clock, Timer } from '../../../ports/clock.ts';
import type { HubEvent } from '../../model.ts';
import { FeedGone } from '../port.ts';

interface Follower {
  /** The last event that it was told. */
  after: number;
  readonly onEvents: (events: readonly HubEvent[]) => void;
  readonly onGone: () => void;
  /** It is to be told events that are in the store; false once it has seen them all. */
  isBehind: boolean;
  /** Until whoever follows has ended it. */
  isOn: boolean;
}

interface Source {
  /** Throws `FeedGone`. */
  events(after: number, limit: number): readonly HubEvent[];
  /** Another number after another handle has written: https://www.sqlite.org/pragma.html#pragma_data_version */
  dataVersion(): number;
}

/** How often it is looked for what other processes wrote, in milliseconds. A look costs some microseconds. */
const POLL = 250;
const PAGE = 500;

/** Tells followers of events: those of this handle at once, those of others when the file's data version has changed. */
export class Followers {
  readonly #source: Source;
  readonly #clock: Clock;
  readonly #all = new Set<Follower>();
  #timer: Timer | null = null;
  #step: NodeJS.Immediate | null = null;
  #seenVersion: number | null = null;
  #isClosed = false;

  constructor(source: Source, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  follow(after: number, onEvents: Follower['onEvents'], onGone: Follower['onGone']): () => void {
    const follower: Follower = { after, onEvents, onGone, isBehind: true, isOn: !this.#isClosed };
    if (!follower.isOn) return () => undefined;
    this.#all.add(follower);
    this.#catchUp();
    this.#timer ??= this.#clock.after(POLL, this.#poll);
    return () => {
      follower.isOn = false;
      this.#all.delete(follower);
    };
  }

  /** This handle has made these events. */
  committed(events: readonly HubEvent[]): void {
    const first = events[0]?.id ?? 0;
    for (const follower of [...this.#all]) {
      if (follower.after === first - 1) this.#tell(follower, events);
      else this.#page(follower);
    }
    this.#catchUp();
  }

  close(): void {
    this.#isClosed = true;
    for (const follower of this.#all) follower.isOn = false;
    this.#all.clear();
    this.#timer?.stop();
    this.#timer = null;
    if (this.#step !== null) clearImmediate(this.#step);
    this.#step = null;
  }

  readonly #poll = (): void => {
    this.#timer = this.#all.size === 0 ? null : this.#clock.after(POLL, this.#poll);
    if (this.#timer === null) return;
    try {
      const version = this.#source.dataVersion();
      if (version !== this.#seenVersion) for (const follower of this.#all) follower.isBehind = true;
      this.#seenVersion = version;
    } catch {
      // The store can't be read now; the next look may.
    }
    this.#catchUp();
  };

  /** A page for each that is behind, then the event loop has its turn. */
  #catchUp(): void {
    if (this.#step !== null || ![...this.#all].some(({ isBehind }) => isBehind)) return;
    this.#step = setImmediate(() => {
      this.#step = null;
      let isAgain = false;
      for (const follower of [...this.#all]) if (follower.isBehind) isAgain = this.#page(follower) || isAgain;
      if (isAgain) this.#catchUp();
    });
  }

  /** @returns whether to go on at once; what can't be read now waits for the next look */
  #page(follower: Follower): boolean {
    let events: readonly HubEvent[];
    try {
      events = this.#source.events(follower.after, PAGE);
    } catch (thrown) {
      follower.isBehind = true;
      if (!(thrown instanceof FeedGone)) return false;
      this.#all.delete(follower);
      queueMicrotask(() => {
        if (follower.isOn) follower.onGone();
      });
      return false;
    }
    follower.isBehind = events.length === PAGE;
    if (events.length > 0) this.#tell(follower, events);
    return follower.isBehind;
  }

  #tell(follower: Follower, events: readonly HubEvent[]): void {
    follower.after = events.at(-1)?.id ?? follower.after;
    // By itself, so that one that throws takes nothing from the others.
    queueMicrotask(() => {
      if (follower.isOn) follower.onEvents(events);
    });
  }
}

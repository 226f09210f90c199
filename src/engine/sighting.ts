import { shownAt } from '../core/dayState.ts';
import type { ChatCapabilities, Presence } from '../core/presence.ts';
import type { Instant } from '../core/time.ts';

/** What a chat was last seen to show. In memory only: a text may say what a meeting is about. */
export class Sighting {
  #seen: { readonly shown: Presence; readonly at: Instant } | null = null;

  /** The chat has said so. */
  saw(shown: Presence, at: Instant): void {
    this.#seen = { shown, at };
  }

  /** A write has begun: until it is answered nobody knows which of the two is shown. */
  lost(): void {
    this.#seen = null;
  }

  at(now: Instant, capabilities: ChatCapabilities): { readonly shown: Presence; readonly seenAt: Instant } | null {
    return this.#seen && { shown: shownAt(this.#seen.shown, capabilities, now), seenAt: this.#seen.at };
  }
}

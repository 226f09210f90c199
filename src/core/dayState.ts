import type { DayPicture } from './day.ts';
import { type ChatCapabilities, endsAsOne, type Presence } from './presence.ts';
import type { Instant } from './time.ts';

/** What is known of what one chat shows. Its text may say what a meeting is about: for the person's own screen only. */
export interface ChatNow {
  /** The account's id. */
  readonly id: string;
  /** As it was read or written last, without what has ended by itself since; null while that is not known. */
  readonly shown: Presence | null;
  /** When the chat last said so, with a reading or the answer to a write; null while `shown` is. */
  readonly seenAt: Instant | null;
  /** Whether it shows what we wrote. */
  readonly isOurs: boolean;
  /** When what is ours is taken back, as far as is known; null where nothing is. */
  readonly until: Instant | null;
  /** Until when the chat is left as the person has set it; null where it is not. */
  readonly handsOffUntil: Instant | null;
}

/**
 * What the Today window needs beyond the `SyncState`. It holds subjects and texts, so that it is no part of that, and never
 * written anywhere (docs/decisions/no-calendar-on-disk.md).
 */
export interface DayState {
  readonly picture: DayPicture;
  /** Whether any calendar could be read yet: before, an empty day means nothing. */
  readonly isKnown: boolean;
  /** Whether all of them could. */
  readonly isWhole: boolean;
  readonly chats: readonly ChatNow[];
}

/** What a chat shows when its own clock has gone on to `now`. */
export function shownAt(shown: Presence, capabilities: ChatCapabilities, now: Instant): Presence {
  if (shown.until === null || now < shown.until) return shown;
  return { state: endsAsOne(capabilities) ? 'available' : shown.state, text: '', emoji: '', until: null };
}

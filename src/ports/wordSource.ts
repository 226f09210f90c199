import type { ChatAccount } from '../core/accounts.ts';
import type { RemoteWord } from '../core/remoteWord.ts';

/** A following of words under way. */
export interface WordFollowing {
  /** The way there may have changed: connects anew at once, where it is not known to be of no use. */
  reconnect(): void;
  stop(): void;
}

/** Where a person's words come from that they say elsewhere than in the app, such as with a command in a team's chat. */
export interface WordSource {
  /**
   * Calls with every word that still counts, oldest first, and then as they come. A word can come more than once. Failures are
   * silent: it tries again, and after a refused token only once there is another.
   */
  follow(onWord: (word: RemoteWord) => void): WordFollowing;
}

/** The source that goes with a chat account; null where there is none. */
export type WordSources = (account: ChatAccount) => WordSource | null;

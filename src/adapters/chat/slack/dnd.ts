import type { Instant } from '../../../core/time.ts';
import type { SlackSession } from './client.ts';
import { isNotForUs, isNotSnoozing, isTooLong } from './errors.ts';
import type { SlackDnd } from './schema.ts';
import { LONGEST_SNOOZE, snoozeMinutes } from './transform.ts';

/**
 * Do not disturb with the token in use. Tokens from before HipStatus knew of it lack `dnd:read` and `dnd:write`; with them
 * Slack works without it, and it is asked for once only.
 */
export class SlackDndAccess {
  #token = '';
  #canRead = true;
  #canWrite = false;

  /** Whether do not disturb can be set, as far as is known. */
  get canWrite(): boolean {
    return this.#canRead && this.#canWrite;
  }

  /** Null when the token may not read it. */
  async read(session: SlackSession): Promise<SlackDnd | null> {
    if (session.token !== this.#token) {
      this.#token = session.token;
      this.#canRead = true;
      this.#canWrite = true;
    }
    if (!this.#canRead) return null;
    try {
      return await session.getDnd();
    } catch (thrown) {
      if (!isNotForUs(thrown)) throw thrown;
      this.#canRead = false;
      return null;
    }
  }

  /** Pauses notifications. Does nothing when that is not allowed: the text is worth having by itself. */
  async snooze(session: SlackSession, until: Instant | undefined, now: Instant): Promise<void> {
    if (!this.canWrite) return;
    const minutes = snoozeMinutes(until, now);
    try {
      await session.setSnooze(minutes).catch((thrown: unknown) => {
        if (isTooLong(thrown) && minutes > LONGEST_SNOOZE) return session.setSnooze(LONGEST_SNOOZE);
        throw thrown;
      });
    } catch (thrown) {
      if (!isNotForUs(thrown)) throw thrown;
      this.#canWrite = false;
    }
  }

  async end(session: SlackSession): Promise<void> {
    try {
      await session.endSnooze();
    } catch (thrown) {
      if (!isNotSnoozing(thrown)) throw thrown;
    }
  }
}

import { type HalfWritten, stateWritten, withoutHalf } from '../../../core/halfWritten.ts';
import type { PresenceState } from '../../../core/presence.ts';
import type { Instant } from '../../../core/time.ts';
import type { ChatProvider } from '../../../ports/chatProvider.ts';
import { type GoogleChatDeps, googleChatClient } from './client.ts';
import { GOOGLE_CHAT_CAPABILITIES, toDndEnd, toReading, toStatus } from './transform.ts';

/** "Using a short TTL effectively resets the user's state to be based on activity" (users.availability.markAsActive). */
const HAND_BACK_SECONDS = 60;

/** The Google Chat availability of the person who signed in. */
export function googleChatProvider(
  account: { readonly id: string; readonly label: string },
  deps: GoogleChatDeps,
): ChatProvider {
  const client = googleChatClient(deps);
  /** Until when a state of ours is in force; 0 for none. Not known after a restart, and then not needed. */
  let setUntil: Instant = 0;
  let half: HalfWritten | null = null;

  async function writeState(state: PresenceState, stateUntil: Instant | undefined, signal: AbortSignal): Promise<void> {
    if (state === 'dnd') {
      const until = toDndEnd(stateUntil, deps.now());
      await client.markAsDoNotDisturb(until, signal);
      setUntil = until;
    } else if (state === 'away') {
      await client.markAsAway(signal);
      setUntil = Number.POSITIVE_INFINITY;
    } else if (state === 'available') {
      await client.markAsActive(HAND_BACK_SECONDS, signal);
      setUntil = 0;
    }
  }

  return {
    accountId: account.id,
    label: account.label,
    capabilities: GOOGLE_CHAT_CAPABILITIES,
    async read(signal) {
      const availability = await client.getAvailability(signal);
      const now = deps.now();
      const reading = toReading(availability, now < setUntil, now);
      // The person is back from an "away" of ours: what follows is theirs, or idling.
      if (reading.presence.state === 'available') setUntil = 0;
      return withoutHalf(reading, half);
    },
    async write({ presence, stateUntil }, basis, signal) {
      if (presence === undefined) return;
      const { state, text, emoji, until } = presence;
      const shown = basis.presence;
      // Only "do not disturb" has an end that may have to be told anew.
      const isTimed = state === 'dnd' && stateUntil !== undefined;
      if (state !== shown.state || isTimed) await writeState(state, stateUntil, signal);
      half = stateWritten(basis, state);
      const isOther = text !== shown.text || emoji !== shown.emoji || until !== shown.until;
      if (isOther) await client.setCustomStatus(toStatus(presence), signal);
      half = null;
    },
  };
}

// What a chat is told to show: our parts as wanted or as they were before us, the person's as they are.
import type { Claim } from './claim.ts';
import type { Parts } from './ownership.ts';
import { type ChatCapabilities, endsAsOne, type Presence, type PresenceState, truncateText } from './presence.ts';
import type { DesiredPresence } from './presenceRules.ts';
import type { Instant } from './time.ts';

/** What to show instead, where a chat does not have the state. */
const SUBSTITUTE: Partial<Record<PresenceState, PresenceState>> = { busy: 'dnd', dnd: 'busy' };

export function targetState(
  wanted: DesiredPresence,
  shown: PresenceState,
  { states }: ChatCapabilities,
): PresenceState {
  if (wanted.state === null) return shown;
  if (states.includes(wanted.state)) return wanted.state;
  const substitute = SUBSTITUTE[wanted.state];
  return substitute !== undefined && states.includes(substitute) ? substitute : shown;
}

/**
 * What the chat should show: our parts as wanted, the person's parts as they are.
 * @param before the state before us, for what the chat has no word for
 */
export function target(
  wanted: DesiredPresence,
  shown: Presence,
  owns: Parts,
  capabilities: ChatCapabilities,
  before: PresenceState,
): Presence {
  const state = owns.state ? targetState(wanted, before, capabilities) : shown.state;
  if (!owns.text) return { ...shown, state };
  if (wanted.text === '') return { state, text: '', emoji: '', until: null };
  return {
    state,
    text: truncateText(wanted.text, capabilities.textLimit),
    emoji: capabilities.emoji ? wanted.emoji : '',
    until: capabilities.expires ? wanted.until : null,
  };
}

/** What was there before us, as it would look now (edge cases 8, 9 and 65). */
export function takenBack(claim: Claim, shown: Presence, capabilities: ChatCapabilities, now: Instant): Presence {
  const { snapshot, owns } = claim;
  const hasEnded = snapshot.until !== null && snapshot.until <= now;
  // What was not ours has ended with what was.
  const isWhole = endsAsOne(capabilities) && (owns.state || owns.text);
  if (isWhole && hasEnded) return { state: 'available', text: '', emoji: '', until: null };
  const state = owns.state || isWhole ? stateBefore(claim) : shown.state;
  if (!owns.text && !isWhole) return { ...shown, state };
  return hasEnded ? { state, text: '', emoji: '', until: null } : { ...snapshot, state };
}

/** The state before us; idling is handed back as `available` (edge case 65). */
export const stateBefore = ({
  snapshot,
  snapshotIsAutomatic,
}: Pick<Claim, 'snapshot' | 'snapshotIsAutomatic'>): PresenceState =>
  snapshotIsAutomatic ? 'available' : snapshot.state;

/**
 * Whether the chat is told when to end the state. Not one that is as it was before us: it is to stay. Nor where one end ends
 * all and there is a text: its end is the one.
 */
export const isStateTimed = ({ owns, snapshot }: Claim, write: Presence, capabilities: ChatCapabilities): boolean =>
  capabilities.stateExpires &&
  owns.state &&
  write.state !== snapshot.state &&
  !(endsAsOne(capabilities) && (write.text !== '' || write.emoji !== ''));

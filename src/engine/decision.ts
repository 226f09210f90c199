import type { HandsOff } from '../core/claim.ts';
import type { ChatCapabilities, PresenceState } from '../core/presence.ts';
import type { Plan, Wanted } from '../core/presencePlan.ts';
import type { Instant, TimeZone } from '../core/time.ts';

/** What the engine wants of a chat at the moment it is asked. */
export interface Decision {
  readonly wanted: Wanted;
  readonly underWay: readonly HandsOff[];
  readonly justBefore: readonly HandsOff[];
  /** What the person has had the last word on, with the events that have joined since. */
  readonly handsOff: readonly HandsOff[];
  readonly ownText: 'keep' | 'replace';
  /** Up to when the commands said in this chat have been obeyed; absent: none. */
  readonly heardUntil?: Instant;
  /** The zone that the profile should have; null leaves it. */
  readonly profileTimeZone: TimeZone | null;
  /** Only give back what is ours; write and read nothing else. */
  readonly onlyGiveBack: boolean;
}

/** The part of a decision that a chat is told. */
function told({ wanted, ownText, profileTimeZone, onlyGiveBack }: Decision, capabilities: ChatCapabilities): string {
  const isPresence = wanted !== null && wanted !== 'unknown';
  const until = isPresence && (capabilities.expires || capabilities.stateExpires) ? wanted.until : null;
  const shown = isPresence ? { ...wanted, until, events: null } : wanted;
  return JSON.stringify({ shown, ownText, profileTimeZone, onlyGiveBack });
}

/** Whether a chat is told the same by both. */
export const isToldAlike = (a: Decision, b: Decision, capabilities: ChatCapabilities): boolean =>
  told(a, capabilities) === told(b, capabilities);

/** What the notice says: what the rules wanted, also where the chat has no word for it. */
export const presenceState = (plan: Exclude<Plan, { kind: 'keep' }>, { wanted }: Decision): PresenceState =>
  plan.kind === 'set' && wanted !== null && wanted !== 'unknown'
    ? (wanted.state ?? plan.write.state)
    : plan.write.state;

// The two parts of a presence, whose word they are, and what a chat is told in each; what is known at a moment.
import type { Claim } from '../../../../src/core/claim.ts';
import { type ChatCapabilities, endsAsOne, type Presence, type PresenceState } from '../../../../src/core/presence.ts';
import { type Instant, SECOND } from '../../../../src/core/time.ts';
import type { Counting, DayRules, Want } from './dayRules.ts';

export type Part = 'state' | 'text';
export const PARTS: readonly Part[] = ['state', 'text'];

export const samePart = (part: Part, a: Presence, b: Presence): boolean =>
  part === 'state' ? a.state === b.state : a.text === b.text && a.emoji === b.emoji && a.until === b.until;
export const same = (a: Presence, b: Presence): boolean => PARTS.every((part) => samePart(part, a, b));

/** `base` with these parts of `other`. */
export const mix = (parts: readonly Part[], base: Presence, other: Presence): Presence => ({
  ...(parts.includes('text') ? other : base),
  state: (parts.includes('state') ? other : base).state,
});

/** What the engine knows at a moment. */
export interface Sight {
  readonly now: Instant;
  readonly events: readonly Counting[];
  /** Whether each calendar could be read in this life of the engine. */
  readonly isWhole: boolean;
  readonly isPaused: boolean;
  /** Whether a claim is on disk. */
  readonly isClaimed: boolean;
  readonly shown: Presence;
}

export interface Expected {
  readonly presence: Presence;
  /** When the chat may be told to end the state; null for never. Never is right for a state that is the person's. */
  readonly stateUntil: readonly (Instant | null)[];
  readonly want: Want | null | 'unknown';
}

/** Clocks differ: what ended this close to its end may have ended by itself. */
export const TOLERANCE = 30 * SECOND;

/** Whether `shown` has no text as if that of `presence` had ended by itself. Where one end ends all, the state is gone as well. */
export const isTextGone = (presence: Presence, { shown, now }: Sight, can: ChatCapabilities): boolean =>
  presence.until !== null &&
  presence.until - TOLERANCE <= now &&
  shown.text === '' &&
  shown.emoji === '' &&
  (!endsAsOne(can) || shown.state === 'available');

/** What is left when the text has ended. */
export const endedText = ({ state }: Presence, can: ChatCapabilities): Presence => ({
  state: endsAsOne(can) ? 'available' : state,
  text: '',
  emoji: '',
  until: null,
});

/** What the model takes to be known of a claim: that it is on disk, and how far its write has come. */
export type KeptClaim = Pick<Claim, 'asked' | 'written' | 'isAnswered' | 'restoring' | 'previousEnd'>;

/** What changes when a word of the person is noticed. It counts once it is on disk. */
export interface Memory {
  readonly silenced: ReadonlySet<string>;
  /** The end and the events of what our claim was last written for. */
  readonly end: Instant;
  readonly events: readonly string[];
  /** The person has had the last word on what is over by now: our claim is over too. */
  readonly isOver: boolean;
}

/** What a write may not be about. */
export interface Word {
  /** What the chat would show without us. */
  readonly left: Presence;
  /** The parts on which the person has had the last word since our claim began. */
  readonly yielded: readonly Part[];
}

const STATE = { dnd: 'dnd', busy: 'busy', oof: 'away' } as const;
const SUBSTITUTE: Partial<Record<PresenceState, PresenceState>> = { dnd: 'busy', busy: 'dnd' };
export const WORDS = {
  dnd: { text: 'In a meeting', emoji: ':spiral_calendar_pad:' },
  busy: { text: 'In a meeting', emoji: ':spiral_calendar_pad:' },
  oof: { text: 'Out of office', emoji: ':palm_tree:' },
} as const;

/** What a chat should show for a want, with `left` the person's. Parts on which they have had the last word stay theirs. */
export function told(
  { kind, until }: Want,
  left: Presence,
  yielded: readonly Part[],
  { ownText }: DayRules,
  { states, emoji, expires }: ChatCapabilities,
): Presence {
  const words = [STATE[kind], SUBSTITUTE[STATE[kind]]];
  const state = words.find((word) => word !== undefined && states.includes(word)) ?? left.state;
  const mayWrite = left.text === '' || ownText === 'replace';
  const text =
    mayWrite && !yielded.includes('text')
      ? { text: WORDS[kind].text, emoji: emoji ? WORDS[kind].emoji : '', until: expires ? until : null }
      : { text: left.text, emoji: left.emoji, until: left.until };
  return { ...text, state: yielded.includes('state') ? left.state : state };
}

// What is so in one story of a chat, and which stories a write leaves open that was begun and not answered.
import { type ChatCapabilities, endsAsOne, type Presence, type PresenceState } from '../../../../src/core/presence.ts';
import type { Instant } from '../../../../src/core/time.ts';
import {
  type Expected,
  isTextGone,
  type KeptClaim,
  type Memory,
  mix,
  PARTS,
  type Part,
  type Sight,
  samePart,
  TOLERANCE,
  type Word,
} from './parts.ts';

export interface Facts {
  word: Word;
  memory: Memory;
  /** What the last reading told, until it is on disk. */
  noticed: Memory | null;
  /** The word as the engine has seen it, and what our last write left: who goes back to that unseen has said nothing. */
  seen: Word;
  ours: Presence | null;
  /** The parts that writes of ours have changed since the claim began. */
  owned: readonly Part[];
  /** The person has touched the state since then: the chat ends it no more, whatever it is. */
  isTouched: boolean;
  /** A state that a write of ours has set when nobody reckoned with it, and when the chat ends it: that can't be read. */
  stray: { readonly state: PresenceState; readonly end: Instant } | null;
  /** What the engine is about to write there, or may have written. */
  claim: KeptClaim | null;
  /** The engine knows what became of it, or takes it to be known in this story. */
  isAnswered: boolean;
  /** The same, on disk. */
  isAnswerKept: boolean;
  /** What was so when the write began that is open; null for none. */
  base: Base | null;
  /** The word when the last write began. */
  wordAtCall: Word;
  /** When the chat ends the state by itself, where that is not when the claim was last written for. */
  stateEnd: Instant | null;
  /** A guess at what was read; it counts once the engine has gone on from it. */
  isGuess: boolean;
  /** What the engine may write after the last reading. */
  told: Expected | null;
}

/** What was so when a write began: where it is not known to have landed, that may still be so. */
type Base = Pick<Facts, 'word' | 'owned' | 'ours'> & { readonly shown: Presence };

export const baseOf = ({ word, owned, ours }: Facts, shown: Presence): Base => ({ word, owned, ours, shown });

/** Of a chat that the engine has never seen. */
export function factsOf(shown: Presence): Facts {
  const word: Word = { left: shown, yielded: [] };
  return {
    word,
    memory: { silenced: new Set(), end: 0, events: [], isOver: false },
    noticed: null,
    seen: word,
    ours: null,
    owned: [],
    isTouched: false,
    stray: null,
    claim: null,
    isAnswered: false,
    isAnswerKept: false,
    base: null,
    wordAtCall: word,
    stateEnd: null,
    isGuess: false,
    told: null,
  };
}

/** What became of one part of a write that was not answered; `asIs`: what has in truth, whether the engine can know it or not. */
type Fate = 'asIs' | 'landed' | 'lost';

/**
 * The other stories that end in what is read. While a write is open each part may show what was asked, because that has landed,
 * or what was there before, because it has not, and either may have ended by itself. Who has set just that by hand, and the
 * network that did it late, can't be told from it. Where no write is open there is no other story.
 */
export function guessesOf(facts: Facts, can: ChatCapabilities, sight: Sight): readonly Facts[] {
  const { base, claim, isAnswered } = facts;
  if (isAnswered || base === null || claim === null) return [];
  const fatesOf = (parts: readonly Part[]): readonly Fate[] => {
    const isSo = (fate: Fate, presence: Presence, end: Instant | null) =>
      parts.every((part) => samePart(part, sight.shown, presence) || isEnd(part, presence, end)) ? [fate] : [];
    const stateEnd = base.owned.includes('state') ? (claim.previousEnd ?? facts.memory.end) : null;
    return ['asIs', ...isSo('landed', claim.asked, facts.memory.end), ...isSo('lost', base.shown, stateEnd)];
  };
  /** Whether `part` looks as `presence` does when the chat has ended it by itself: a state at `end`. */
  const isEnd = (part: Part, presence: Presence, end: Instant | null): boolean => {
    const { shown, now } = sight;
    const isGone = isTextGone(presence, sight, can);
    if (part === 'text' || (isGone && endsAsOne(can))) return isGone;
    const isPlain = shown.state === 'available' || shown.state === base.word.left.state;
    return can.stateExpires && isPlain && end !== null && end - TOLERANCE <= now;
  };
  const [, ...pairs] = can.oneStatus
    ? fatesOf(PARTS).map((fate) => ({ state: fate, text: fate }))
    : fatesOf(['state']).flatMap((state) => fatesOf(['text']).map((text) => ({ state, text })));
  return pairs.map((fates) => guessed(facts, fates, base, claim));
}

/** As it would be, had these been the fates. */
function guessed(facts: Facts, fates: Readonly<Record<Part, Fate>>, base: Base, claim: KeptClaim): Facts {
  const known = PARTS.filter((part) => fates[part] !== 'asIs');
  const landed = PARTS.filter((part) => fates[part] === 'landed');
  const mixed = (word: Word): Word => ({
    left: mix(known, word.left, base.word.left),
    yielded: PARTS.filter((part) => (known.includes(part) ? base.word : word).yielded.includes(part)),
  });
  const isOwned = (part: Part): boolean => {
    if (fates[part] === 'asIs') return facts.owned.includes(part);
    if (fates[part] === 'lost') return base.owned.includes(part);
    // What is given back is ours no more.
    return !claim.restoring && (base.owned.includes(part) || !samePart(part, base.shown, claim.asked));
  };
  const there = mix(known, facts.ours ?? facts.seen.left, base.ours ?? base.word.left);
  const isAnythingOurs =
    landed.length > 0 || base.ours !== null || (facts.ours !== null && known.length < PARTS.length);
  return {
    ...facts,
    word: mixed(facts.word),
    seen: mixed(facts.seen),
    owned: PARTS.filter(isOwned),
    ours: isAnythingOurs ? mix(landed, there, claim.asked) : null,
    isAnswered: true,
    stateEnd: fates.state === 'lost' ? claim.previousEnd : null,
    isGuess: true,
  };
}

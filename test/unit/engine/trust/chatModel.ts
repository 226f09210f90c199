// What one chat should show, and whose it is. It knows the truth: who set what and when, where the engine has to infer it.
import type { ChatCapabilities, Presence, PresenceState } from '../../../../src/core/presence.ts';
import { type Instant, SECOND } from '../../../../src/core/time.ts';
import { chainAt, type DayRules, grown, type Want, wantAt } from './dayRules.ts';
import {
  type Base,
  type Expected,
  type Fate,
  hasTextEnded,
  type KeptClaim,
  type Memory,
  mix,
  PARTS,
  type Part,
  type Sight,
  same,
  samePart,
  TOLERANCE,
  told,
  WORDS,
  type Word,
} from './parts.ts';

/** A word that is seen at an edge was said before it. */
const JUST = 5 * SECOND;

export class ChatModel {
  readonly #rules: DayRules;
  readonly #can: ChatCapabilities;
  #word: Word;
  #memory: Memory = { silenced: new Set(), end: 0, events: [], isOver: false };
  /** What the last reading told, until it is on disk. */
  #noticed: Memory | null = null;
  /** The word as the engine has seen it, and what our last write left: who goes back to that unseen has said nothing. */
  #seen: Word;
  #ours: Presence | null = null;
  /** The parts that writes of ours have changed since the claim began. */
  #owned: readonly Part[] = [];
  /** The person has touched the state since then: the chat ends it no more, whatever it is. */
  #isTouched = false;
  /** A state that a write of ours has set when nobody reckoned with it, and when the chat ends it: that can't be read. */
  #stray: { readonly state: PresenceState; readonly end: Instant } | null = null;
  /** What the engine is about to write there, or may have written. */
  #claim: KeptClaim | null = null;
  /** What was there before a write of which the engine does not know yet whether it landed. */
  #before: Presence | null = null;
  /** The parts that were ours before that write. */
  #ownedBefore: readonly Part[] = [];
  #isAnswered = false;
  /** The same, on disk. */
  #isAnswerKept = false;
  /** What was so when the write was last said to begin that is not answered. */
  #base: Base | null = null;
  /** The word when the last write began. */
  #wordAtCall: Word;
  /** When the chat ends the state by itself, where that is not when the claim was last written for. */
  #stateEnd: Instant | null = null;
  /** One of several stories of what was read; it counts once the engine has gone on from it. */
  #isGuess = false;
  /** What the engine may write after the last reading. */
  #told: Expected | null = null;

  constructor(rules: DayRules, can: ChatCapabilities, shown: Presence) {
    this.#rules = rules;
    this.#can = can;
    this.#word = { left: shown, yielded: [] };
    this.#seen = this.#word;
    this.#wordAtCall = this.#word;
  }

  get isGuess(): boolean {
    return this.#isGuess;
  }

  get told(): Expected | null {
    return this.#told;
  }

  clone(): ChatModel {
    const copy = new ChatModel(this.#rules, this.#can, this.#word.left);
    copy.#word = this.#word;
    copy.#memory = this.#memory;
    copy.#noticed = this.#noticed;
    copy.#seen = this.#seen;
    copy.#ours = this.#ours;
    copy.#owned = this.#owned;
    copy.#isTouched = this.#isTouched;
    copy.#stray = this.#stray;
    copy.#claim = this.#claim;
    copy.#before = this.#before;
    copy.#ownedBefore = this.#ownedBefore;
    copy.#isAnswered = this.#isAnswered;
    copy.#isAnswerKept = this.#isAnswerKept;
    copy.#base = this.#base;
    copy.#wordAtCall = this.#wordAtCall;
    copy.#stateEnd = this.#stateEnd;
    copy.#isGuess = this.#isGuess;
    copy.#told = this.#told;
    return copy;
  }

  /** The same for the same: two stories that have come to the same end are one. */
  get key(): string {
    const { silenced } = this.#noticed ?? this.#memory;
    return JSON.stringify([
      { word: this.#word, memory: this.#memory, noticed: this.#noticed, seen: this.#seen, ours: this.#ours },
      [...this.#memory.silenced].sort(),
      [...silenced].sort(),
      [[...this.#owned].sort(), this.#isTouched, this.#stray, this.#claim, this.#before, [...this.#ownedBefore].sort()],
      [this.#isAnswered, this.#isAnswerKept, this.#base, this.#wordAtCall, this.#stateEnd, this.#told],
    ]);
  }

  /**
   * The stories that end in what is read, while a write is open: each part may show what was asked, because that has landed,
   * or what was there before, because it has not, and either may have ended by itself. What the person or the network has
   * done to the same end in truth is one more story, `this`. The engine can't know which is true: it has to be right in one.
   * Where no write is open there is one story.
   */
  guesses(sight: Sight): readonly ChatModel[] {
    const base = this.#base;
    const claim = this.#claim;
    if (this.#isAnswered || base === null || claim === null) return [];
    const fatesOf = (parts: readonly Part[]): readonly Fate[] => {
      const isSo = (presence: Presence, isLost: boolean) =>
        parts.every((part) => samePart(part, sight.shown, presence) || this.#isEnd(part, presence, sight, isLost));
      return [
        'asIs',
        ...(isSo(claim.asked, false) ? ['landed' as const] : []),
        ...(isSo(base.shown, true) ? ['lost' as const] : []),
      ];
    };
    const pairs = this.#can.oneStatus
      ? fatesOf(PARTS).map((fate) => ({ state: fate, text: fate }))
      : fatesOf(['state']).flatMap((state) => fatesOf(['text']).map((text) => ({ state, text })));
    return pairs.slice(1).map((fates) => this.#guess(fates, base, claim));
  }

  /** Whether `part` looks as `presence` does when the chat has ended it by itself. */
  #isEnd(part: Part, presence: Presence, { shown, now }: Sight, isLost: boolean): boolean {
    if (part === 'text') return hasTextEnded(presence, now) && shown.text === '' && shown.emoji === '';
    const isPlain = shown.state === 'available' || shown.state === this.#base?.word.left.state;
    const end = (isLost ? this.#claim?.previousEnd : null) ?? this.#memory.end;
    const isOurs = !isLost || this.#base?.owned.includes('state') === true;
    return this.#can.stateExpires && isOurs && isPlain && end - TOLERANCE <= now;
  }

  #guess(fates: Readonly<Record<Part, Fate>>, base: Base, { asked, restoring, previousEnd }: KeptClaim): ChatModel {
    const guess = this.clone();
    const known = PARTS.filter((part) => fates[part] !== 'asIs');
    const landed = PARTS.filter((part) => fates[part] === 'landed');
    const mixed = (now: Word): Word => ({
      left: mix(known, now.left, base.word.left),
      yielded: PARTS.filter((part) => (known.includes(part) ? base.word : now).yielded.includes(part)),
    });
    guess.#word = mixed(this.#word);
    guess.#seen = mixed(this.#seen);
    guess.#owned = PARTS.filter((part) => {
      if (fates[part] === 'asIs') return this.#owned.includes(part);
      if (fates[part] === 'lost') return base.owned.includes(part);
      return !restoring && (base.owned.includes(part) || !samePart(part, base.shown, asked));
    });
    const isNothing =
      base.ours === null && landed.length === 0 && (this.#ours === null || known.length === PARTS.length);
    const there = mix(known, this.#ours ?? this.#seen.left, base.ours ?? base.word.left);
    guess.#ours = isNothing ? null : mix(landed, there, asked);
    guess.#before = null;
    guess.#isAnswered = true;
    guess.#isGuess = true;
    guess.#stateEnd = fates.state === 'lost' ? previousEnd : null;
    return guess;
  }

  /** A write begins: what the engine has gone on from is what it knows now. */
  begun(shown: Presence): void {
    this.#wordAtCall = this.#word;
    if (this.#isGuess) this.#open(shown);
    this.#isGuess = false;
  }

  /** From now on it is not known what became of our write. */
  #open(shown: Presence): void {
    this.#before = shown;
    this.#isAnswered = false;
    this.#base = { word: this.#word, owned: this.#owned, ours: this.#ours, shown };
  }

  /** What the chat would show without us. */
  left(now: Instant): Presence {
    this.#endStray(now);
    const { left } = this.#word;
    return left.until !== null && left.until <= now ? { ...left, text: '', emoji: '', until: null } : left;
  }

  /** Whether a text of the person's has ended by itself since then: no edge, so it may take until the next mark to be seen. */
  hasEndedSince(then: Instant, now: Instant): boolean {
    const { until } = this.#word.left;
    return until !== null && then < until && until <= now;
  }

  /** Someone who is not the engine has changed what is shown. */
  changed(before: Presence, after: Presence, isClaimed: boolean): void {
    const parts = PARTS.filter((part) => !samePart(part, before, after));
    if (parts.length === 0) return;
    this.#isTouched ||= parts.includes('state');
    if (parts.includes('state')) this.#stray = null;
    this.#word = isClaimed ? this.#changedClaimed(parts, after) : { ...this.#word, left: this.#mixed(parts, after) };
    if (!isClaimed) this.#seen = this.#word;
  }

  #changedClaimed(parts: readonly Part[], after: Presence): Word {
    const { yielded } = this.#word;
    const unsure = this.#unsure;
    // Just what we have written, or may have, or what we only watch: nobody can tell that from its having stayed.
    const ours = [this.#ours ?? this.#seen.left, unsure === null ? null : (this.#claim?.asked ?? null)].filter(
      (presence) => presence !== null,
    );
    if (this.#can.oneStatus) {
      if (ours.some((presence) => same(after, presence))) return this.#seen;
      return { left: after, yielded: PARTS };
    }
    const isOurs = (part: Part) => ours.some((presence) => samePart(part, after, presence));
    const back = parts.filter((part) => isOurs(part) && !this.#seen.yielded.includes(part));
    // What we may have changed it to, not what we left as it was.
    const taken = back.filter((part) => unsure !== null && !samePart(part, after, unsure));
    // Nor is ours what is back as it was before a write that may not have landed, unless it was ours then.
    const untaken = unsure === null ? [] : parts.filter((part) => samePart(part, after, unsure));
    const kept = this.#owned.filter((part) => !untaken.includes(part) || this.#ownedBefore.includes(part));
    this.#owned = PARTS.filter((part) => kept.includes(part) || taken.includes(part));
    const left = this.#mixed(parts, after);
    const said = [...new Set([...yielded, ...parts])].filter((part) => !back.includes(part));
    return {
      left: mix(back, left, this.#seen.left),
      yielded: said,
    };
  }

  /** What is left when `parts` are changed to `after`. */
  #mixed(parts: readonly Part[], after: Presence): Presence {
    return this.#can.oneStatus ? after : mix(parts, this.#word.left, after);
  }

  /** It has landed, on top of what the person did meanwhile: nobody can tell, so that is lost. */
  landed(before: Presence, after: Presence): void {
    const wordAtCall = this.#wordAtCall;
    // A part that the write was not about stays as the person has set it meanwhile.
    const kept = PARTS.filter(
      (part) =>
        !this.#can.oneStatus && samePart(part, before, after) && !samePart(part, this.#word.left, wordAtCall.left),
    );
    this.#word = {
      left: mix(kept, wordAtCall.left, this.#word.left),
      yielded: [...new Set([...wordAtCall.yielded, ...this.#word.yielded.filter((part) => kept.includes(part))])],
    };
    this.#seen = wordAtCall;
    this.#owned = PARTS.filter((part) => this.#owned.includes(part) || !samePart(part, before, after));
    this.#ours = after;
    this.#isTouched = false;
    this.#stray = null;
    this.#before = mix(kept, before, wordAtCall.left);
  }

  /** A write of ours has landed again, on top of whatever the person did unseen. On a part that is theirs it is theirs. */
  cameBack(shown: Presence): void {
    const { left, yielded } = this.#seen;
    this.#word = { left: mix(yielded, left, shown), yielded };
    this.#seen = this.#word;
    this.#ours = shown;
  }

  /** A write of ours has landed when nobody reckoned with it: the chat ends the state when that write said. */
  strayed({ state }: Presence, end: Instant | null): void {
    const isKnown = end === null || (this.#claim !== null && end === this.#memory.end);
    this.#stray = isKnown ? null : { state, end };
  }

  /** Before its time, as far as the engine can know: nobody can tell that from the person's hand. */
  #endStray(now: Instant): void {
    if (this.#stray === null || now < this.#stray.end) return;
    const before = { ...this.#word.left, state: this.#stray.state };
    this.#stray = null;
    this.changed(before, { ...before, state: 'available' }, this.#claim !== null);
  }

  /** The engine has had the service's word that its write has landed. */
  answered(): void {
    this.#isAnswered = true;
  }

  /** It may not have lived to write that down. */
  died(): void {
    this.#isAnswered = this.#isAnswerKept;
  }

  get #unsure(): Presence | null {
    return this.#isAnswered ? null : this.#before;
  }

  /** The engine has read the chat. Returns what it may write now. */
  observed(sight: Sight): void {
    this.#endStray(sight.now);
    this.#noticed = this.#notice(sight);
    this.#told = this.#expect(sight, this.#noticed);
  }

  /** The engine has its conclusions on disk. */
  saved(claim: KeptClaim | null, shown: Presence): void {
    this.#claim = claim;
    this.#isAnswerKept = claim?.isAnswered === true;
    // Nothing new was seen.
    if (claim?.isAnswered === true && this.#noticed === null) {
      this.#isAnswered = true;
      this.#isGuess = false;
      return;
    }
    const isOver = claim === null || this.#noticed?.isOver === true;
    if (this.#noticed !== null) this.#memory = { ...this.#noticed, isOver: false };
    this.#noticed = null;
    this.#before = claim?.written === null && !claim.isAnswered ? shown : null;
    this.#ownedBefore = claim?.previousEnd === null ? [] : this.#owned;
    // What has ended by itself is seen to be gone: who sets just that again has said so.
    if (this.#before !== null && this.#ours !== null) this.#ours = shown;
    this.#isAnswered = claim?.isAnswered === true;
    if (isOver) {
      this.#word = { left: this.#word.left, yielded: [] };
      this.#ours = null;
      this.#owned = [];
    }
    this.#seen = this.#word;
    this.#isGuess = false;
    this.#stateEnd = null;
    this.#base =
      this.#before === null ? null : { word: this.#word, owned: this.#owned, ours: this.#ours, shown: this.#before };
  }

  /** What the chat should show when all is well. */
  expected(sight: Sight): Expected {
    this.#endStray(sight.now);
    const expected = this.#expect(sight, this.#memory);
    return this.#stray === null ? expected : { ...expected, stateUntil: [...expected.stateUntil, this.#stray.end] };
  }

  #want({ now, events, isWhole, isPaused }: Sight, { silenced }: Memory): Want | null | 'unknown' {
    if (isPaused) return null;
    const want = wantAt(
      events.filter(({ key }) => !silenced.has(key)),
      now,
    );
    return want ?? (isWhole ? null : 'unknown');
  }

  /** Whether a part of ours looks as if the chat had ended it by itself. */
  #isAsEnded(part: Part, { now, shown }: Sight): boolean {
    if (this.#seen.yielded.includes(part)) return false;
    const asked = this.#unsure === null ? null : (this.#claim?.asked ?? null);
    if (part === 'text') {
      // Of a text of their own that we only watch, too; or that a write which may not have landed was about.
      const theirs = this.#ours === null ? this.#seen.left : this.#unsure;
      const hasEnded = [this.#ours, asked, theirs].some((presence) => hasTextEnded(presence, now));
      return hasEnded && shown.text === '' && shown.emoji === '';
    }
    const isPlain = shown.state === 'available' || shown.state === this.#seen.left.state;
    const isTimed = this.#can.stateExpires && (this.#owned.includes('state') || asked !== null);
    // What is there may be from the write before, with the end that it had.
    const until = this.#stateEnd ?? this.#memory.end;
    const end = Math.min(until, (asked === null ? null : this.#claim?.previousEnd) ?? until);
    return isTimed && end - TOLERANCE <= now && isPlain;
  }

  #notice(sight: Sight): Memory {
    // Who sets by hand what the chat would have come to by itself, and is seen only after that, has said nothing. Nor has who
    // goes back to what was there before a write that may never have landed: nobody can tell that from its not landing.
    const unsure = this.#unsure;
    const back = unsure !== null && this.#claim?.restoring && !this.#can.oneStatus ? this.#claim.asked : null;
    // What is back is ours no more, though the rest is not back yet.
    this.#owned = this.#owned.filter((part) => back === null || !samePart(part, sight.shown, back));
    const isAsBefore = (part: Part) =>
      unsure !== null &&
      (this.#can.oneStatus ? same(sight.shown, unsure) : samePart(part, sight.shown, unsure)) &&
      !this.#seen.yielded.includes(part);
    const ended = this.#word.yielded.filter((part) => this.#isAsEnded(part, sight) || isAsBefore(part));
    const asked = unsure === null ? null : (this.#claim?.asked ?? null);
    const isTextTheirs = (presence: Presence | null) =>
      presence === null || samePart('text', presence, this.#seen.left);
    const isTextOurs =
      unsure === null
        ? this.#owned.includes('text')
        : !isTextTheirs(unsure) || (!isTextTheirs(asked) && hasTextEnded(asked, sight.now));
    // A text of their own that looks as if it had ended is gone, though its end is a few seconds away.
    const gone = PARTS.filter((part) => part === 'text' && !isTextOurs && this.#isAsEnded(part, sight));
    this.#word = {
      left: mix(ended, this.#word.left, mix(gone, this.#seen.left, sight.shown)),
      yielded: this.#word.yielded.filter((part) => !ended.includes(part)),
    };
    const { now, shown, isClaimed } = sight;
    const memory = { ...this.#memory, silenced: grown(this.#memory.silenced, sight.events, now) };
    const want = this.#want(sight, memory);
    const left = this.left(now);
    const silence = (around: readonly string[], ...moments: readonly Instant[]): Memory => {
      const chain = moments.map((moment) => chainAt(sight.events, moment)).find(({ length }) => length > 0) ?? around;
      return { ...memory, silenced: new Set([...memory.silenced, ...chain]) };
    };
    const around = want === null || want === 'unknown' ? memory.events : want.events;
    const { yielded } = this.#word;
    // Ours may happen to look like the person's; so may what we have asked for and don't know to have landed.
    const written = [this.#ours, this.#claim?.restoring ? null : asked];
    const stands = (part: Part) => {
      const isOwned = this.#owned.includes(part);
      if (isOwned && written.some((presence) => presence !== null && samePart(part, shown, presence))) return true;
      // A state that is as it was before the first write has not ended but may never have been set. For a text that is all one.
      const mayBeUntouched = unsure !== null && part === 'state' && samePart(part, shown, unsure);
      if (gone.includes(part) || (mayBeUntouched && !this.#ownedBefore.includes(part))) return false;
      return (isOwned || unsure !== null) && this.#isAsEnded(part, sight);
    };
    const ours = PARTS.filter((part) => !yielded.includes(part) && (!samePart(part, shown, left) || stands(part)));
    // A part of ours that is gone because a write after its end was lost is nobody's word.
    const isSaid = yielded.some(
      (part) => !this.#seen.yielded.includes(part) || !samePart(part, this.#word.left, this.#seen.left),
    );
    // All is back: that ends the claim, whether we lived to write that down or not, and with it every word on a part.
    const isRestored = isClaimed && this.#claim?.restoring === true && same(shown, this.#claim.asked);
    if (isRestored) {
      const isWanted = want !== null && want !== 'unknown';
      return { ...(isWanted ? this.#noticeUnclaimed(sight, memory, want) : memory), isOver: true };
    }
    const isOver = isClaimed && isSaid && (ours.length === 0 || this.#can.oneStatus);
    if (isOver && want !== null && now < memory.end) {
      // It was said before this reading; what is on now may be another meeting, which is judged by itself.
      const said = { ...silence(around, now - JUST, now), isOver };
      const again = { ...sight, isClaimed: false };
      const rest = this.#want(again, said);
      return rest === null || rest === 'unknown' ? said : { ...this.#noticeUnclaimed(again, said, rest), isOver };
    }
    if (want === null || want === 'unknown') return memory;
    if (isOver || !isClaimed || ours.length === 0) return { ...this.#noticeUnclaimed(sight, memory, want), isOver };
    return { ...memory, end: want.until, events: want.events, isOver };
  }

  /** Nothing of ours is there, and something is wanted. */
  #noticeUnclaimed({ now, events }: Sight, memory: Memory, want: Want): Memory {
    const left = this.left(now);
    const isSo = same(told(want, left, [], this.#rules, this.#can), left);
    const isTheirs = left.text !== '' && left.text !== WORDS[want.kind].text;
    if (left.state !== 'dnd' && (!isSo || isTheirs)) return { ...memory, end: want.until, events: want.events };
    const chain = chainAt(events, now);
    return { ...memory, silenced: new Set([...memory.silenced, ...(chain.length > 0 ? chain : want.events)]) };
  }

  #expect(sight: Sight, memory: Memory): Expected {
    const { now, shown, isClaimed } = sight;
    const want = this.#want(sight, memory);
    const left = this.left(now);
    if (want === 'unknown' && isClaimed && now < memory.end)
      return { presence: shown, stateUntil: [null, memory.end], want };
    if (want === null || want === 'unknown') return { presence: left, stateUntil: [null], want };
    const yielded = isClaimed && !memory.isOver ? this.#word.yielded : [];
    const presence = told(want, left, yielded, this.#rules, this.#can);
    // What was ours stays ours when it comes to what the person had.
    const mayBeEndless = presence.state === left.state || this.#isTouched;
    return { presence, stateUntil: mayBeEndless ? [null, want.until] : [want.until], want };
  }
}

// What one chat should show, and whose it is, in one story of who set what and when (stories.ts).
import { type ChatCapabilities, endsAsOne, type Presence } from '../../../../src/core/presence.ts';
import { type Instant, SECOND } from '../../../../src/core/time.ts';
import { chainAt, type DayRules, grown, type Want, wantAt } from './dayRules.ts';
import { baseOf, type Facts, factsOf, guessesOf } from './facts.ts';
import {
  type Expected,
  endedText,
  isTextGone,
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
} from './parts.ts';
import { afterLanding, wordAfter } from './words.ts';

const JUST = 5 * SECOND; // A word that is seen at an edge was said before it.

export class ChatModel {
  readonly #rules: DayRules;
  readonly #can: ChatCapabilities;
  readonly #is: Facts;

  constructor(rules: DayRules, can: ChatCapabilities, shown: Presence, facts: Facts = factsOf(shown)) {
    this.#rules = rules;
    this.#can = can;
    this.#is = facts;
  }

  get isGuess(): boolean {
    return this.#is.isGuess;
  }

  get told(): Expected | null {
    return this.#is.told;
  }

  /** The same for the same: two stories that have come to the same end are one. */
  get key(): string {
    return JSON.stringify(this.#is, (_, value: unknown) => (value instanceof Set ? [...value].sort() : value));
  }

  /** What else may have led to what is read. */
  guesses = (sight: Sight): readonly ChatModel[] =>
    guessesOf(this.#is, this.#can, sight).map((facts) => new ChatModel(this.#rules, this.#can, sight.shown, facts));

  /** A write begins: what the engine has gone on from is what it knows now. */
  begun(shown: Presence): void {
    this.#is.wordAtCall = this.#is.word;
    this.believed(shown);
  }

  /** A guess is one no more; the write that it was about is open until the engine has its answer on disk. */
  believed(shown: Presence): void {
    if (!this.#is.isGuess) return;
    this.#is.base = baseOf(this.#is, shown);
    this.#is.isAnswered = false;
    this.#is.isGuess = false;
  }

  /** What the chat would show without us. */
  left(now: Instant): Presence {
    this.#endStray(now);
    const { left } = this.#is.word;
    return left.until !== null && left.until <= now ? endedText(left, this.#can) : left;
  }

  /** Whether a text of the person's has ended by itself since then: no edge, so it may take until the next mark to be seen. */
  hasEndedSince(then: Instant, now: Instant): boolean {
    const { until } = this.#is.word.left;
    return until !== null && then < until && until <= now;
  }

  /** Someone who is not the engine has changed what is shown. */
  changed(before: Presence, after: Presence, isClaimed: boolean): void {
    const parts = PARTS.filter((part) => !samePart(part, before, after));
    if (parts.length === 0) return;
    this.#is.isTouched ||= parts.includes('state');
    if (parts.includes('state')) this.#is.stray = null;
    this.#is.word = wordAfter(this.#is, parts, after, isClaimed, this.#can);
    if (!isClaimed) this.#is.seen = this.#is.word;
  }

  /** The write that was begun has landed. */
  landed(before: Presence, after: Presence): void {
    Object.assign(this.#is, afterLanding(this.#is, before, after, this.#can));
  }

  /** A write of ours has landed again, on top of whatever the person did unseen. On a part that is theirs it is theirs. */
  cameBack(shown: Presence): void {
    const { left, yielded } = this.#is.seen;
    this.#is.word = { left: mix(yielded, left, shown), yielded };
    this.#is.seen = this.#is.word;
    this.#is.ours = shown;
  }

  /** A write of ours has landed when nobody reckoned with it: the chat ends the state when that write said. */
  strayed({ state }: Presence, end: Instant | null): void {
    const isKnown = end === null || (this.#is.claim !== null && end === this.#is.memory.end);
    this.#is.stray = isKnown ? null : { state, end };
  }

  /** Before its time, as far as the engine can know: nobody can tell that from the person's hand. */
  #endStray(now: Instant): void {
    if (this.#is.stray === null || now < this.#is.stray.end) return;
    const before = { ...this.#is.word.left, state: this.#is.stray.state };
    this.#is.stray = null;
    this.changed(before, { ...before, state: 'available' }, this.#is.claim !== null);
  }

  /** The engine has had the service's word that its write has landed. */
  answered(): void {
    this.#is.isAnswered = true;
  }

  /** It may not have lived to write that down. */
  died(): void {
    this.#is.isAnswered = this.#is.isAnswerKept;
  }

  /** The engine has read the chat: `told` is what it may write now. */
  observed(sight: Sight): void {
    this.#endStray(sight.now);
    this.#is.noticed = this.#notice(sight);
    this.#is.told = this.#expect(sight, this.#is.noticed);
  }

  /** The engine has its conclusions on disk. */
  saved(claim: KeptClaim | null, shown: Presence): void {
    this.#is.claim = claim;
    this.#is.isAnswerKept = claim?.isAnswered === true;
    // Nothing new was seen.
    if (claim?.isAnswered === true && this.#is.noticed === null) {
      this.#is.isAnswered = true;
      this.#is.isGuess = false;
      return;
    }
    const isOver = claim === null || this.#is.noticed?.isOver === true;
    const isRead = this.#is.noticed !== null;
    if (this.#is.noticed !== null) this.#is.memory = { ...this.#is.noticed, isOver: false };
    this.#is.noticed = null;
    const isOpen = claim?.written === null && !claim.isAnswered;
    // What has ended by itself is seen to be gone: who sets just that again has said so.
    if ((isOpen || isRead) && this.#is.ours !== null) this.#is.ours = shown;
    this.#is.isAnswered = claim?.isAnswered === true;
    if (isOver) {
      this.#is.word = { left: this.#is.word.left, yielded: [] };
      this.#is.ours = null;
      this.#is.owned = [];
    }
    this.#is.seen = this.#is.word;
    this.#is.isGuess = false;
    this.#is.stateEnd = null;
    this.#is.base = isOpen ? baseOf(this.#is, shown) : null;
  }

  /** What the chat should show when all is well. */
  expected(sight: Sight): Expected {
    this.#endStray(sight.now);
    const expected = this.#expect(sight, this.#is.memory);
    return this.#is.stray === null
      ? expected
      : { ...expected, stateUntil: [...expected.stateUntil, this.#is.stray.end] };
  }

  #want({ now, events, isWhole, isPaused }: Sight, { silenced }: Memory): Want | null | 'unknown' {
    if (isPaused) return null;
    const heard = events.filter(({ key }) => !silenced.has(key));
    return wantAt(heard, now) ?? (isWhole ? null : 'unknown');
  }

  /** Whether a part of ours looks as if the chat had ended it by itself. */
  #isAsEnded(part: Part, sight: Sight): boolean {
    const { now, shown } = sight;
    if (this.#is.seen.yielded.includes(part)) return false;
    // Of a text of their own that we only watch, too.
    const isGone = isTextGone(this.#is.ours ?? this.#is.seen.left, sight, this.#can);
    if (part === 'text' || (isGone && endsAsOne(this.#can))) return isGone;
    const isPlain = shown.state === 'available' || shown.state === this.#is.seen.left.state;
    const end = this.#is.stateEnd ?? this.#is.memory.end;
    return this.#can.stateExpires && this.#is.owned.includes('state') && end - TOLERANCE <= now && isPlain;
  }

  #notice(sight: Sight): Memory {
    // Who sets by hand what the chat would have come to by itself, and is seen only after that, has said nothing.
    // Where state and text are one, that is all or nothing.
    const isEnded = (part: Part) => this.#isAsEnded(part, sight);
    const { yielded: theirs } = this.#is.word;
    const ended = this.#can.oneStatus && !theirs.every(isEnded) ? [] : theirs.filter(isEnded);
    // A text of their own that looks as if it had ended is gone, though its end is a few seconds away.
    // Where one end ends all, their state has gone with it.
    const isGone = !this.#is.owned.includes('text') && this.#isAsEnded('text', sight);
    const gone: readonly Part[] = isGone ? (endsAsOne(this.#can) ? PARTS : ['text']) : [];
    this.#is.word = {
      left: mix(ended, this.#is.word.left, mix(gone, this.#is.seen.left, sight.shown)),
      yielded: this.#is.word.yielded.filter((part) => !ended.includes(part)),
    };
    const { now, shown, isClaimed } = sight;
    const memory = { ...this.#is.memory, silenced: grown(this.#is.memory.silenced, sight.events, now) };
    const want = this.#want(sight, memory);
    const left = this.left(now);
    const silence = (around: readonly string[], ...moments: readonly Instant[]): Memory => {
      const chain = moments.map((moment) => chainAt(sight.events, moment)).find(({ length }) => length > 0) ?? around;
      return { ...memory, silenced: new Set([...memory.silenced, ...chain]) };
    };
    const around = want === null || want === 'unknown' ? memory.events : want.events;
    const { yielded } = this.#is.word;
    // Ours may happen to look like the person's.
    const stands = (part: Part) =>
      this.#is.owned.includes(part) &&
      ((this.#is.ours !== null && samePart(part, shown, this.#is.ours)) || this.#isAsEnded(part, sight));
    const ours = PARTS.filter((part) => !yielded.includes(part) && (!samePart(part, shown, left) || stands(part)));
    // A part of ours that is gone because a write after its end was lost is nobody's word.
    const isSaid = yielded.some(
      (part) => !this.#is.seen.yielded.includes(part) || !samePart(part, this.#is.word.left, this.#is.seen.left),
    );
    // All is back: that ends the claim, whether we lived to write that down or not, and with it every word on a part.
    const isRestored = isClaimed && this.#is.claim?.restoring === true && same(shown, this.#is.claim.asked);
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
    const yielded = isClaimed && !memory.isOver ? this.#is.word.yielded : [];
    const presence = told(want, left, yielded, this.#rules, this.#can);
    // What was ours stays ours when it comes to what the person had.
    const mayBeEndless = presence.state === left.state || this.#is.isTouched;
    return { presence, stateUntil: mayBeEndless ? [null, want.until] : [want.until], want };
  }
}

import type { ChatRecord, Claim, HandsOff } from './claim.ts';
import { EVERYTHING, isStoredForm, ownership, ownsAnything, type Parts, shows } from './ownership.ts';
import { type ChatCapabilities, type ChatReading, endsAsOne, type Presence } from './presence.ts';
import type { DesiredPresence } from './presenceRules.ts';
import { isStateTimed, stateBefore, takenBack, target, targetState } from './presenceTarget.ts';
import { DAY, type Instant } from './time.ts';

/** What the rules want; `unknown` while no calendar could be read. */
export type Wanted = DesiredPresence | null | 'unknown';

export interface PlanInput {
  readonly record: ChatRecord;
  readonly reading: ChatReading;
  readonly wanted: Wanted;
  readonly capabilities: ChatCapabilities;
  /** The events that the person's word would be about now (`eventsUnderWay`). */
  readonly underWay: readonly HandsOff[];
  /** The same just before: what the person has changed was changed before this look, and every edge has one. */
  readonly justBefore: readonly HandsOff[];
  /** What happens to a status text that the person has set. */
  readonly ownText: 'keep' | 'replace';
  /** Up to when the commands said in this chat have been obeyed; absent: none. */
  readonly heardUntil?: Instant;
  readonly now: Instant;
}

/** What to do with one chat. `record` is saved before anything is written. */
export type Plan =
  | { readonly kind: 'keep'; readonly record: ChatRecord; readonly status: 'ok' | 'handsOff' | 'offline' }
  | {
      readonly kind: 'set' | 'restore';
      readonly record: ChatRecord & { readonly claim: Claim };
      readonly write: Presence;
    };

/** A meeting can be extended after the person had the last word on it, so the word is remembered beyond its end. */
const HANDS_OFF_MEMORY = DAY;

/**
 * Decides what to do with one chat: DESIGN section 4, rules 4 and 5. Pure: the caller saves `record` and writes. When the
 * chat has said that a `set` is done, the claim is saved as acknowledged; the next plan takes over the chat's stored form,
 * or sees that the person was quicker. After a `restore`, see `afterRestore`.
 */
export function planPresence(input: PlanInput): Plan {
  const { reading, now } = input;
  const record: ChatRecord = {
    claim: input.record.claim,
    handsOff: input.record.handsOff.filter(({ until }) => until + HANDS_OFF_MEMORY > now),
  };
  if (reading.presence.state === 'offline') return { kind: 'keep', record, status: 'offline' };
  const { claim } = record;
  if (reading.word !== undefined) return planOverWord(input, record, reading.word);
  if (claim === null) return planWithoutClaim(input, record);
  const owner = ownership(claim, reading, input.capabilities, now);
  switch (owner) {
    case 'notLanded':
    case 'restored':
      return planWithoutClaim(input, { ...record, claim: null });
    case 'person':
      // A word on what is over is none on what comes after it (edge case 10).
      return input.wanted === null || now >= claim.end
        ? planWithoutClaim(input, { ...record, claim: null })
        : handsOff({ ...record, claim: null }, input, claim);
    default:
      return planOwned(input, record, owner);
  }
}

/** Nothing of ours is there. */
function planWithoutClaim(input: PlanInput, record: ChatRecord): Plan {
  const { wanted, reading, now } = input;
  if (wanted === null || wanted === 'unknown' || now >= wanted.until) return keep(record, input);
  // Do not disturb that the person set is their word, and stays (edge cases 4 and 43).
  if (reading.presence.state === 'dnd' && !reading.isAutomatic) return handsOff(record, input);
  const { owns, snapshot, snapshotIsAutomatic } = claimable(input, wanted, null);
  const write = target(wanted, reading.presence, owns, input.capabilities, snapshot.state);
  const claim: Claim = {
    snapshot,
    snapshotIsAutomatic,
    owns,
    asked: write,
    written: null,
    isAnswered: false,
    ...NO_PREVIOUS,
    yielded: NOTHING,
    restoring: false,
    end: wanted.until,
    events: [...wanted.events],
  };
  if (shows(reading.presence, write, EVERYTHING)) {
    const { text } = reading.presence;
    // Our own words: another machine of the same person wrote them, and takes them back (edge case 58).
    if (text === '' || isStoredForm(text, wanted.text)) return handsOff(record, input);
    // The person's own words: not ours to take back, but no word on the meetings either. Kept in mind, so that a change is
    // seen to be theirs.
    const watched = { ...claim, owns: NOTHING, written: reading.presence };
    return { kind: 'keep', record: { ...record, claim: watched }, status: 'handsOff' };
  }
  return { kind: 'set', record: { ...record, claim }, write };
}

/**
 * The chat shows what was said with a command. Until the command has been obeyed it stays; then it is a setting of ours, and what
 * the settings say is written over it.
 */
function planOverWord(input: PlanInput, record: ChatRecord, word: NonNullable<ChatReading['word']>): Plan {
  const { reading, heardUntil = 0 } = input;
  const { claim } = record;
  if (word.saidAt > heardUntil) return keep(record, input);
  const over = (presence: Presence): PlanInput => ({ ...input, reading: { ...reading, presence } });
  if (claim === null || !ownsAnything(claim)) return planWithoutClaim(over(word.before), { ...record, claim: null });
  const ours = claim.written ?? claim.asked;
  const plan = planOwned(over(ours), record, claim);
  const kept = plan.kind === 'keep' ? plan.record.claim : null;
  // While no calendar is known it is not known either whether the command has ended what was ours.
  if (kept === null || input.wanted === 'unknown') return plan;
  // As it should be, but for the command that has come over it.
  const again: Claim = { ...kept, written: null, isAnswered: false, previous: null, previousEnd: null };
  return { kind: 'set', record: { ...plan.record, claim: again }, write: kept.asked };
}

/** The chat shows what we wrote. */
function planOwned(input: PlanInput, record: ChatRecord, claim: Claim): Plan {
  const { wanted, reading, now, capabilities } = input;
  const shown = reading.presence;
  if (wanted === 'unknown' && now < claim.end) {
    return { kind: 'keep', record, status: ownsAnything(claim) ? 'ok' : 'handsOff' };
  }
  if (wanted === null || wanted === 'unknown') {
    const write = takenBack(claim, shown, capabilities, now);
    if (shows(shown, write, EVERYTHING)) return keep({ ...record, claim: null }, input);
    const restoring: Claim = {
      ...claim,
      asked: write,
      written: null,
      isAnswered: false,
      ...previousOf(claim, shown),
      restoring: true,
    };
    return { kind: 'restore', record: { ...record, claim: restoring }, write };
  }
  const extended: Claim = {
    ...claim,
    ...claimable(input, wanted, claim),
    restoring: false,
    end: wanted.until,
    events: [...wanted.events],
  };
  // Idling that nothing was asked of so far is still what shows.
  const isAsBefore = claim.asked.state === extended.snapshot.state;
  const basis = isAsBefore ? extended.snapshot.state : stateBefore(extended);
  const write = target(wanted, shown, extended.owns, capabilities, basis);
  // A chat that ends the state by itself has to be told of another end.
  // It can't be read whether it took the end: an unanswered write is repeated.
  const isToldOfEnd = claim.end === extended.end && (claim.written !== null || claim.isAnswered);
  const isTimely = isToldOfEnd || !isStateTimed(extended, write, capabilities);
  // What was not ours was not asked for either, though it was right by itself.
  const isWonShown = shows(shown, write, wonParts(claim.owns, extended.owns));
  const isAsked = !claim.restoring && isWonShown && shows(claim.asked, write, claim.owns);
  if (isTimely && (isAsked || shows(shown, write, extended.owns))) {
    // What is right though we had asked for another thing is what we go by from now on.
    const isTakenOver = claim.written === null || (!isAsked && !reading.isAutomatic);
    // A state that is not ours is compared with what it is now: who is back from idling has had no word.
    const isFollowed = !extended.owns.state && !reading.isAutomatic;
    const compared = isTakenOver ? shown : claim.written;
    const written = isFollowed ? { ...compared, state: shown.state } : compared;
    return {
      kind: 'keep',
      record: {
        ...record,
        claim: { ...extended, asked: write, written, isAnswered: false, ...NO_PREVIOUS },
      },
      status: ownsAnything(extended) ? 'ok' : 'handsOff',
    };
  }
  return {
    kind: 'set',
    record: {
      ...record,
      claim: {
        ...extended,
        asked: write,
        written: null,
        isAnswered: false,
        ...previousOf(claim, shown),
      },
    },
    write,
  };
}

/** What is there before the next write. */
const previousOf = (claim: Claim, shown: Presence): Previous => {
  return { previous: shown, previousEnd: endOfShown(claim), previousOwns: claim.owns };
};

/** When the state that the chat shows ends; of a write that may have landed, the earlier end. */
const endOfShown = ({ written, end, previousEnd }: Claim): Instant =>
  written === null ? Math.min(end, previousEnd ?? end) : end;

type Previous = Pick<Claim, 'previous' | 'previousEnd' | 'previousOwns'>;

const NOTHING: Parts = { state: false, text: false };
const wonParts = (had: Parts, owns: Parts): Parts => ({
  state: owns.state && !had.state,
  text: owns.text && !had.text,
});
const NO_PREVIOUS: Previous = { previous: null, previousEnd: null, previousOwns: NOTHING };

/**
 * Which parts we may write, and what was there before us. A claim that goes on keeps its parts and their snapshot, and may
 * win a part that only now differs (a meeting, then out of office).
 */
function claimable(
  { reading, capabilities, ownText }: PlanInput,
  wanted: DesiredPresence,
  claim: Claim | null,
): Pick<Claim, 'owns' | 'snapshot' | 'snapshotIsAutomatic'> {
  const shown = reading.presence;
  const had = claim?.owns ?? NOTHING;
  const yielded = claim?.yielded ?? NOTHING;
  const mayReplace = ownText === 'replace' || wanted.replacesText === true;
  const mayWriteText = wanted.text !== '' && capabilities.textLimit > 0 && (shown.text === '' || mayReplace);
  const before = claim?.snapshot ?? shown;
  const isWhole = endsAsOne(capabilities);
  const { text, emoji, until } = had.text || isWhole ? before : shown;
  const ownsText = had.text || (!yielded.text && mayWriteText);
  const isOther = targetState(wanted, shown.state, capabilities) !== shown.state;
  // Where both are one our text sets the state as well: no idling any more, and it would stay.
  const isSetWithText = capabilities.oneStatus && reading.isAutomatic && ownsText;
  return {
    owns: { state: had.state || (!yielded.state && (isOther || isSetWithText)), text: ownsText },
    snapshot: { state: had.state || isWhole ? before.state : shown.state, text, emoji, until },
    snapshotIsAutomatic: had.state && claim !== null ? claim.snapshotIsAutomatic : reading.isAutomatic,
  };
}

const keep = (record: ChatRecord, { underWay, now }: PlanInput): Plan => {
  const silenced = new Set(record.handsOff.filter(({ until }) => until > now).map(({ event }) => event));
  const isHandsOff = underWay.some(({ event }) => silenced.has(event));
  return { kind: 'keep', record, status: isHandsOff ? 'handsOff' : 'ok' };
};

/**
 * The person had the last word: for the meetings under way; in a bridged gap for those around it; while no calendar can be
 * read for those that our claim was made for.
 */
function handsOff(record: ChatRecord, { underWay, justBefore, wanted }: PlanInput, claim: Claim | null = null): Plan {
  const given = wanted === null || wanted === 'unknown' ? claim : { events: wanted.events, end: wanted.until };
  const around = given?.events.map((event) => ({ event, until: given.end })) ?? [];
  const meant = claim === null || justBefore.length === 0 ? underWay : justBefore;
  const about = meant.length > 0 ? meant : around;
  const known = new Set(about.map(({ event }) => event));
  const others = record.handsOff.filter(({ event }) => !known.has(event));
  return { kind: 'keep', record: { ...record, handsOff: [...others, ...about] }, status: 'handsOff' };
}

/** The record once the chat has said that it took a `set`, and before it is read back. */
export const afterAnswer = (record: ChatRecord): ChatRecord => ({
  ...record,
  claim: record.claim === null ? null : { ...record.claim, isAnswered: true, ...NO_PREVIOUS },
});

/** The record once a `restore` is known to have landed. */
export const afterRestore = (record: ChatRecord): ChatRecord => ({ ...record, claim: null });

import type { Claim } from './claim.ts';
import { type ChatCapabilities, type ChatReading, endsAsOne, type Presence } from './presence.ts';
import { type Instant, SECOND } from './time.ts';

/** The two parts of a presence; the text goes with its emoji and its end. */
export type Parts = Claim['owns'];

/** Whose the shown presence is; see `ownership`. */
export type Owner = Claim | 'person' | 'notLanded' | 'restored';

/** A chat's own clock may run ahead of ours: a status that ended this close to its end ended by itself. */
const EXPIRY_TOLERANCE = 30 * SECOND;
/** Rounding of a status' end in a chat. */
const STORED_ROUNDING = 60 * SECOND;

/** Whether anything there is ours: a claim can also be on what was so already, only to see it change. */
export const ownsAnything = ({ owns }: Pick<Claim, 'owns'>): boolean => owns.state || owns.text;

export const EVERYTHING: Parts = { state: true, text: true };
const STATE: Parts = { state: true, text: false };
const TEXT: Parts = { state: false, text: true };

/**
 * Whose the shown presence is, given what we wrote or were about to write when we were stopped. Ours: the claim, with the
 * parts that still are; the person may have had the last word on one of them. `asked` is then what is there of it.
 */
export function ownership(claim: Claim, reading: ChatReading, capabilities: ChatCapabilities, now: Instant): Owner {
  const notOurs = () => (hasVanished(claim, reading, capabilities) ? 'notLanded' : 'person');
  if (claim.written !== null) return stillOurs(claim, claim.written, reading, capabilities, now) ?? notOurs();
  if (claim.isAnswered) return stillOurs(claim, claim.asked, reading, capabilities, now, sameWords) ?? notOurs();
  const { presence: shown } = reading;
  // Not known to have landed: only the whole of what was asked is a sign of it. Else a person who has meanwhile set the
  // same state with another text would be taken for us.
  if (landed(shown, claim, { state: !isIdling(claim, reading), text: true }))
    return claim.restoring ? 'restored' : claim;
  if (!capabilities.oneStatus) return ownerOfParts(claim, reading, capabilities, now);
  const other = claim.restoring || !endedByItself(claim.asked, now) ? claim.previous : claim.asked;
  const before = other === null ? null : stillOurs(claim, other, reading, capabilities, now);
  if (before !== null && other !== null) return { ...before, asked: other };
  return !wasOurs(claim, EVERYTHING) && showsSnapshot(claim, reading, EVERYTHING) ? 'notLanded' : 'person';
}

/** Whether these parts were ours for sure: then what was there before us is the person's doing. */
const wasOurs = ({ previousOwns: had }: Claim, { state, text }: Parts): boolean =>
  (state && had.state) || (text && had.text);

/** What became of one part of a write that is not known to have landed, and what is there of it. */
interface Fate {
  readonly is: 'asked' | 'previous' | 'untouched' | 'theirs';
  readonly part: Presence;
}

/** The same where state and text are set apart: a write may have landed in part, and a person may change a part. */
function ownerOfParts(claim: Claim, reading: ChatReading, { stateExpires }: ChatCapabilities, now: Instant): Owner {
  const state = fateOfState(claim, reading, stateExpires, now);
  const text = fateOfText(claim, reading.presence, now);
  const isOurs = ({ is }: Fate) => is === 'previous' || (is === 'asked' && !claim.restoring);
  const owns = { state: claim.owns.state && isOurs(state), text: claim.owns.text && isOurs(text) };
  const yielded = {
    state: claim.yielded.state || state.is === 'theirs',
    text: claim.yielded.text || text.is === 'theirs',
  };
  if (!owns.state && !owns.text) {
    if (state.is === 'theirs' || text.is === 'theirs') return 'person';
    if (claim.restoring) return 'restored';
    // A word on a part holds as long as the claim, also when nothing else of it is there any more.
    if (!yielded.state && !yielded.text) return 'notLanded';
  }
  return { ...claim, owns, yielded, asked: { ...text.part, state: state.part.state } };
}

function fateOfState(claim: Claim, reading: ChatReading, expires: boolean, now: Instant): Fate {
  const { asked, previous } = claim;
  const { presence: shown, isAutomatic } = reading;
  if (shows(shown, asked, STATE)) return { is: 'asked', part: asked };
  if (!claim.owns.state) return { is: isIdling(claim, reading) ? 'untouched' : 'theirs', part: shown };
  const isEnded = expires && isStateEnded(claim, shown, now);
  const isOurs = wasOurs(claim, STATE);
  if (previous !== null && isOurs && (isAutomatic || isEnded || shows(shown, previous, STATE)))
    return { is: 'previous', part: previous };
  if (isAutomatic) return isOurs ? { is: 'asked', part: asked } : { is: 'untouched', part: shown };
  if (!isOurs && showsSnapshot(claim, reading, STATE)) return { is: 'untouched', part: shown };
  return isEnded ? { is: 'asked', part: asked } : { is: 'theirs', part: shown };
}

function fateOfText(claim: Claim, shown: Presence, now: Instant): Fate {
  const { asked, previous, snapshot } = claim;
  const isEmpty = shows(shown, withoutText(shown), TEXT);
  if (landed(shown, claim, TEXT)) return { is: 'asked', part: asked };
  if (!claim.owns.text) return { is: isEmpty && endedByItself(asked, now) ? 'untouched' : 'theirs', part: shown };
  const isOurs = wasOurs(claim, TEXT);
  const isPrevious = previous !== null && (shows(shown, previous, TEXT) || (isEmpty && endedByItself(previous, now)));
  if (isPrevious && isOurs) return { is: 'previous', part: previous };
  if (isEmpty && endedByItself(asked, now) && !claim.restoring) return { is: 'asked', part: asked };
  const isSnapshot = shows(shown, snapshot, TEXT) || (isEmpty && endedByItself(snapshot, now));
  return { is: isSnapshot && !isOurs ? 'untouched' : 'theirs', part: shown };
}

/** The claim with the parts of `ours` that the chat still shows; null when there is none. */
function stillOurs(
  claim: Claim,
  ours: Presence,
  reading: ChatReading,
  capabilities: ChatCapabilities,
  now: Instant,
  same: typeof shows = shows,
): Claim | null {
  const { oneStatus, stateExpires } = capabilities;
  const { presence: shown } = reading;
  const isEnded = endedByItself(ours, now) && shows(shown, withoutText(ours), TEXT);
  // With a text of the person's that ended, too. What has not gone with the text was set since.
  const isAllEnded = endsAsOne(capabilities) && isEnded;
  const hasTakenState = isAllEnded && shown.state === 'available';
  // A state that is not ours was given no end.
  const isStateOver = stateExpires && claim.owns.state && isStateEnded(claim, shown, now);
  // Where one end ends all, it leaves "available", whatever was there before.
  const isOver = hasTakenState || (isStateOver && (!endsAsOne(capabilities) || shown.state === 'available'));
  // Idling is nobody's word: a state it has changed is not compared.
  const state = isIdling(claim, reading) || isOver || (!isAllEnded && shown.state === ours.state);
  const text = isEnded || same(shown, ours, TEXT);
  if (oneStatus || !ownsAnything(claim)) return state && text ? claim : null;
  const owns = { state: claim.owns.state && state, text: claim.owns.text && text };
  if (!owns.state && !owns.text) return null;
  // Also a part that was not ours: whoever changes it now has had the last word on it.
  const yielded = { state: claim.yielded.state || !state, text: claim.yielded.text || !text };
  return { ...claim, owns, yielded };
}

/** What was there before us shows again because our connection has ended, by a restart for one. Nobody had a word. */
const hasVanished = (claim: Claim, reading: ChatReading, { endsWithConnection }: ChatCapabilities): boolean =>
  endsWithConnection === true && showsSnapshot(claim, reading, EVERYTHING);

/** Whether nobody has set the state that shows: the person idles, or is back from the idling that our write has let be. */
const isIdling = (claim: Claim, reading: ChatReading): boolean =>
  reading.isAutomatic || (!claim.owns.state && isBack(claim, reading));

const isBack = ({ snapshotIsAutomatic }: Claim, { presence }: ChatReading): boolean =>
  snapshotIsAutomatic && presence.state === 'available';

/** Whether what was there before us shows. Idling comes and goes by itself. */
const showsSnapshot = (claim: Claim, reading: ChatReading, { state, text }: Parts): boolean => {
  const isCompared = state && !reading.isAutomatic && !isBack(claim, reading);
  return shows(reading.presence, claim.snapshot, { state: isCompared, text });
};

const isStateEnded = (claim: Claim, shown: Presence, now: Instant): boolean =>
  Math.min(claim.end, claim.previousEnd ?? claim.end) - EXPIRY_TOLERANCE <= now &&
  (shown.state === 'available' || shown.state === claim.snapshot.state);

const withoutText = (presence: Presence): Presence => ({ ...presence, text: '', emoji: '', until: null });

const endedByItself = (presence: Presence, now: Instant): boolean =>
  presence.until !== null && presence.until - EXPIRY_TOLERANCE <= now;

/** Whether `shown` is `ours` in these parts. */
export const shows = (shown: Presence, ours: Presence, parts: Parts): boolean =>
  (!parts.state || shown.state === ours.state) &&
  (!parts.text || (shown.text === ours.text && shown.emoji === ours.emoji && shown.until === ours.until));

/** Whether `shown` is what was asked and taken, in a stored form not seen before: rounded, trimmed or escaped, no more. */
const sameWords = (shown: Presence, asked: Presence): boolean =>
  letters(shown.text) === letters(asked.text) && isSameEnd(shown, asked);

/**
 * Whether `shown` is what was asked, when the chat's own stored form of it is not known yet: it may have trimmed, cut or
 * escaped the text, rounded the end, or put an emoji of its own. A text that is not ours has been through that already.
 */
const landed = (shown: Presence, { asked, owns }: Claim, parts: Parts): boolean =>
  (!parts.state || shown.state === asked.state) &&
  (!parts.text ||
    (owns.text ? isStoredForm(shown.text, asked.text) && isSameEnd(shown, asked) : sameWords(shown, asked)));

const isSameEnd = (shown: Presence, asked: Presence): boolean =>
  Math.abs((shown.until ?? 0) - (asked.until ?? 0)) < STORED_ROUNDING;

export function isStoredForm(stored: string, asked: string): boolean {
  const [kept, wanted] = [letters(stored), letters(asked)];
  return kept === '' || wanted === '' ? kept === wanted : wanted.startsWith(kept) || kept.startsWith(wanted);
}

/** Letters and digits only: what no chat changes. A text without any is compared as it is. */
const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, '') || text.trim();

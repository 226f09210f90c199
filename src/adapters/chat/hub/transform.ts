import { type ChatCapabilities, type ChatReading, type Presence, truncateBy } from '../../../core/presence.ts';
import { wordOfSource } from '../../../core/remoteWord.ts';
import type { Instant } from '../../../core/time.ts';
import type { HubPresence, PresenceUpdate } from './schema.ts';

/** Counted in UTF-16 units, the longest measure: so no hub finds a text too long. */
const TEXT_LIMIT = 200;

/**
 * What the hub can do. One PUT says everything, and one end ends everything: then the hub shows "available" with nothing said.
 * Offline is what it shows of who does not report; nobody sets it.
 */
export const HUB_CAPABILITIES: ChatCapabilities = {
  states: ['available', 'busy', 'dnd', 'away'],
  textLimit: TEXT_LIMIT,
  emoji: true,
  expires: true,
  stateExpires: true,
  oneStatus: true,
  profileTimeZone: false,
};

/** The name under which the hub knows that it was this app that spoke. */
export const SOURCE = 'app';

/** What we wrote last: its version, and the end it has for the engine. */
export interface OwnWord {
  readonly event: number;
  readonly until: Instant | null;
}

const NOTHING: Presence = { state: 'available', text: '', emoji: '', until: null };

const isBare = ({ text, emoji }: Pick<Presence, 'text' | 'emoji'>): boolean => text === '' && emoji === '';

/**
 * What the hub shows. A `Presence` has an end of its text only, so a state alone that this app has set for a time (`endOf`) has
 * none; the end that a person gave to theirs stays.
 * @param own what we wrote last, if that is known
 * @param before what was shown before a command, if that is known
 */
export function toReading(shown: HubPresence, own: OwnWord | null, before: Presence | null = null): ChatReading {
  const { state, text, emoji, until, source, event, changedAt } = shown;
  const word = wordOfSource(source);
  if (word !== null) {
    const presence = { state, text, emoji, until };
    // "Busy" is over what was there; the others are what the person now shows.
    const under = word === 'busy' ? (before ?? NOTHING) : presence;
    return { presence, isAutomatic: false, profileTimeZone: null, word: { saidAt: changedAt, before: under } };
  }
  const ofState = own?.event === event ? own.until : source === SOURCE ? null : until;
  return {
    presence: { state, text, emoji, until: isBare({ text, emoji }) ? ofState : until },
    isAutomatic: false,
    profileTimeZone: null,
  };
}

/** The one end there is. A text of the person's that stays beside our state must not end with it, so then the state does not either. */
const endOf = (presence: Presence, stateUntil: Instant | undefined): Instant | null =>
  isBare(presence) ? (presence.until ?? stateUntil ?? null) : presence.until;

/** A hub takes no control characters, such as the line break of a meeting's place. */
const plain = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

/** What to say. @param before the state that is shown, for one that nobody can set */
export function toUpdate(
  presence: Presence,
  stateUntil: Instant | undefined,
  before: Presence['state'],
): PresenceUpdate {
  const until = endOf(presence, stateUntil);
  return {
    state: HUB_CAPABILITIES.states.includes(presence.state) ? presence.state : before,
    text: truncateBy(plain(presence.text), TEXT_LIMIT, ({ length }) => length),
    emoji: plain(presence.emoji),
    until: until === null ? null : new Date(until).toISOString(),
    source: SOURCE,
  };
}

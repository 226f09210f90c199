import type { ChatCapabilities, ChatReading, Presence, PresenceState } from '../../../core/presence.ts';
import { DAY, HOUR, type Instant, instantOfWallClock, MINUTE, SECOND } from '../../../core/time.ts';
import { ianaZone } from '../../../core/windowsZones.ts';
import type { PreferredPresence, StatusMessage, TeamsPresence } from './schema.ts';

/**
 * What Teams can do: https://learn.microsoft.com/graph/api/presence-setuserpreferredpresence and presence-setstatusmessage.
 * Microsoft publishes no limit of the message; Teams itself takes 280 characters. Both parts end by themselves there.
 */
export const TEAMS_CAPABILITIES: ChatCapabilities = {
  states: ['available', 'busy', 'dnd', 'away'],
  textLimit: 280,
  emoji: false,
  expires: true,
  stateExpires: true,
  oneStatus: false,
  profileTimeZone: false,
};

/** A word that is not here is taken as offline, so that nothing is written on a guess. */
const STATES: Readonly<Record<string, PresenceState>> = {
  Available: 'available',
  AvailableIdle: 'available',
  Away: 'away',
  BeRightBack: 'away',
  Busy: 'busy',
  BusyIdle: 'busy',
  DoNotDisturb: 'dnd',
};

/** Activities that only the person can have set. Every other one, such as a call or a meeting, is Teams' own. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'Available',
  'BeRightBack',
  'Busy',
  'DoNotDisturb',
  'UrgentInterruptionsOnly',
]);

const PREFERRED: Partial<Record<PresenceState, PreferredPresence['availability']>> = {
  busy: 'Busy',
  dnd: 'DoNotDisturb',
  away: 'Away',
};

/** How long Teams keeps a preferred presence that was given no end (presence-setuserpreferredpresence). */
export const defaultDuration = (state: PresenceState): number => (state === 'away' ? 7 * DAY : DAY);

/**
 * What Teams shows of the person: the sum of what they have set and what their clients and calendar say.
 * "Away" is the same word for idling and for "appear away". It is taken as idling, so that nobody comes back to an "away"
 * that stays for days (edge case 65), unless something was set that idling can't show through.
 * @param hasPreferred a preferred presence is known to be in force: what is shown then was set
 */
export function toReading(presence: TeamsPresence, hasPreferred: boolean, now: Instant): ChatReading {
  const state = STATES[presence.availability ?? ''] ?? 'offline';
  const activity = presence.activity ?? '';
  const isOwnWord = OWN_WORDS.has(activity) || (activity === 'Away' && hasPreferred);
  return {
    presence: { state, ...messageOf(presence.statusMessage, now) },
    isAutomatic: state !== 'offline' && !isOwnWord,
    profileTimeZone: null,
  };
}

/** The text as it is kept, with what Teams itself puts there; one whose time is over is none. */
function messageOf(message: TeamsPresence['statusMessage'], now: Instant): Omit<Presence, 'state'> {
  const text = message?.message?.content ?? '';
  const until = text === '' ? null : endOf(message?.expiryDateTime ?? null);
  return until !== null && until <= now ? { text: '', emoji: '', until: null } : { text, emoji: '', until };
}

/** Some clients write "never" as the last day there is. */
const NEVER = Date.UTC(9999, 0, 1);

/** A `dateTimeTimeZone` as an instant; null for never and for what can't be read. */
function endOf(
  end: { readonly dateTime: string; readonly timeZone?: string | null | undefined } | null,
): Instant | null {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d*(Z)?$/.exec(end?.dateTime ?? '');
  const wall = Date.parse(`${match?.[1] ?? ''}${match?.[2] ?? ''}Z`);
  const zone = match?.[3] === 'Z' ? 'UTC' : ianaZone(end?.timeZone ?? 'UTC');
  if (Number.isNaN(wall) || wall >= NEVER || zone === null) return null;
  return zone === 'UTC' ? wall : instantOfWallClock(wall, zone);
}

/**
 * The preferred presence that shows `state`; null for "available", which is the absence of one: a preferred "Available"
 * would hide calls, meetings and idling for a week.
 */
export function toPreferred(state: PresenceState, until: Instant | undefined, now: Instant): PreferredPresence | null {
  const word = PREFERRED[state];
  if (word === undefined) return null;
  const expiry = until === undefined ? {} : { expirationDuration: toDuration(until - now) };
  return { availability: word, activity: word, ...expiry };
}

/** ISO 8601 in whole seconds, rounded up, so that none ends early. At least a second. */
export function toDuration(milliseconds: number): string {
  const whole = Math.max(SECOND, Math.ceil(milliseconds / SECOND) * SECOND);
  const parts = [
    [Math.floor(whole / HOUR), 'H'],
    [Math.floor((whole % HOUR) / MINUTE), 'M'],
    [(whole % MINUTE) / SECOND, 'S'],
  ] as const;
  return `PT${parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('')}`;
}

/** The status message; an empty one takes away what is there. */
export function toMessage({ text, until }: Presence): StatusMessage {
  const message = { content: text, contentType: 'text' } as const;
  if (text === '' || until === null) return { message };
  // Graph's own form: no offset, the zone beside it.
  return { message, expiryDateTime: { dateTime: new Date(until).toISOString().slice(0, -1), timeZone: 'UTC' } };
}

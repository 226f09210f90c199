import {
  type ChatCapabilities,
  type ChatReading,
  type Presence,
  type PresenceState,
  truncateText,
} from '../../../core/presence.ts';
import { DAY, type Instant } from '../../../core/time.ts';
import { toUnicode } from './emoji.ts';
import type { Availability, CustomStatus } from './schema.ts';

/**
 * What Google Chat can do (users.availability). There is no "busy" and no "offline" in it. "Do not disturb" and the status end
 * by themselves; "away" that was set does not.
 */
export const GOOGLE_CHAT_CAPABILITIES: ChatCapabilities = {
  states: ['available', 'away', 'dnd'],
  textLimit: 64,
  emoji: true,
  expires: true,
  stateExpires: true,
  oneStatus: false,
  profileTimeZone: false,
};

const STATES: Readonly<Record<string, PresenceState>> = {
  ACTIVE: 'available',
  IDLE: 'away',
  AWAY: 'away',
  DO_NOT_DISTURB: 'dnd',
};

/**
 * What Google Chat shows of the person. A word that is not known is taken as "available", which the service itself says only
 * of people who are there. `AWAY` is the same word for idling and for having set it. It is taken as idling, so that nobody
 * comes back to an "away" that stays (edge case 65), unless something was set that idling can't show through.
 * @param isSet something that was set is known to be in force
 */
export function toReading({ state, customStatus }: Availability, isSet: boolean, now: Instant): ChatReading {
  const shown = STATES[state ?? ''] ?? 'available';
  return {
    presence: { state: shown, ...statusOf(customStatus, now) },
    isAutomatic: state === 'IDLE' || (shown === 'away' && !isSet),
    profileTimeZone: null,
  };
}

function statusOf(status: Availability['customStatus'], now: Instant): Omit<Presence, 'state'> {
  const text = status?.text ?? '';
  const emoji = status?.emoji?.unicode ?? '';
  const end = Date.parse(status?.expireTime ?? '');
  const until = Number.isNaN(end) || (text === '' && emoji === '') ? null : end;
  return until !== null && until <= now ? { text: '', emoji: '', until: null } : { text, emoji, until };
}

/** The status to send; null takes away what is there, as there is none without a text. */
export function toStatus({ text, emoji, until }: Presence): CustomStatus | null {
  if (text === '') return null;
  return {
    text: fitted(text),
    emoji: { unicode: toUnicode(emoji) },
    ...(until === null ? {} : { expireTime: new Date(until).toISOString() }),
  };
}

/** It is not published what Google counts as a character; cut by the strictest measure, and no emoji or accent is torn. */
function fitted(text: string): string {
  let limit = GOOGLE_CHAT_CAPABILITIES.textLimit;
  while (truncateText(text, limit).length > GOOGLE_CHAT_CAPABILITIES.textLimit) limit -= 1;
  return truncateText(text, limit);
}

/** "At most 1 year from the current time"; a day less, for clocks that differ. */
const LONGEST_DND = 364 * DAY;

/** When "do not disturb" ends, which Google Chat wants to know: a day from now where nobody has said. */
export const toDndEnd = (until: Instant | undefined, now: Instant): Instant =>
  Math.min(until ?? now + DAY, now + LONGEST_DND);

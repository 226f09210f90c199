import {
  type ChatCapabilities,
  type ChatReading,
  codePoints,
  type Presence,
  truncateBy,
} from '../../../core/presence.ts';
import { parseAnswer } from '../../http.ts';
import { SERVICE } from './errors.ts';
import { type CustomStatusUpdate, customStatus, type MattermostStatus, type StatusUpdate } from './schema.ts';

/** What the server's administrator has left switched on. */
export interface Features {
  /** `EnableUserStatuses`; on by default. */
  readonly statuses: boolean;
  /** `EnableCustomUserStatuses`; on by default. */
  readonly customStatuses: boolean;
}

export const DEFAULT_FEATURES: Features = { statuses: true, customStatuses: true };

/** The server cuts a text at this many runes (model/custom_status.go). */
const TEXT_LIMIT = 100;

/** What Mattermost can do with these features. It has no "busy", and only do not disturb ends by itself. */
export const capabilitiesOf = ({ statuses, customStatuses }: Features): ChatCapabilities => ({
  states: statuses ? ['available', 'dnd', 'away'] : [],
  textLimit: customStatuses ? TEXT_LIMIT : 0,
  emoji: customStatuses,
  expires: customStatuses,
  stateExpires: statuses,
  oneStatus: false,
  profileTimeZone: false,
});

const STATES: Readonly<Record<string, Presence['state']>> = { online: 'available', away: 'away', dnd: 'dnd' };
const WORDS: Partial<Record<Presence['state'], StatusUpdate['status']>> = {
  available: 'online',
  away: 'away',
  dnd: 'dnd',
};

/**
 * What Mattermost shows. `ooo` counts as offline: it goes with automatic replies that any other status would switch off, so
 * such people are left alone. So are those with a word of the future.
 * @param status null where the server shows no statuses
 * @param props the JSON text of `props.customStatus`
 */
export function toReading(
  status: MattermostStatus | null,
  props: string,
  features: Features,
  now: number,
): ChatReading {
  const state = status === null ? 'available' : (STATES[status.status] ?? 'offline');
  return {
    presence: { state, ...(features.customStatuses ? readCustom(props, now) : NONE) },
    // After its time a do not disturb that was set twice stays, without being manual any more, until the next activity.
    isAutomatic: (state === 'away' || state === 'dnd') && status?.manual === false,
    profileTimeZone: null,
  };
}

const NONE: Omit<Presence, 'state'> = { text: '', emoji: '', until: null };

function readCustom(props: string, now: number): Omit<Presence, 'state'> {
  if (props === '') return NONE;
  const custom = parseAnswer(SERVICE, customStatus, parseJson(props));
  const end = Date.parse(custom?.expires_at ?? '');
  const until = end > 0 ? end : null;
  if (custom === null || (custom.text === '' && custom.emoji === '') || (until !== null && until <= now)) return NONE;
  return { text: custom.text, emoji: custom.emoji === '' ? '' : `:${custom.emoji}:`, until };
}

/** What is no JSON is no object, and so fails the schema. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The custom status to set, or null to clear it: also when its time is over already, which the server would refuse. */
export function toCustomStatus({ text, emoji, until }: Presence, now: number): CustomStatusUpdate | null {
  const name = emojiName(emoji);
  if ((text === '' && name === '') || (until !== null && until <= now)) return null;
  return {
    emoji: name,
    text: truncateBy(text, TEXT_LIMIT, codePoints),
    ...(until === null ? {} : { duration: 'date_and_time', expires_at: new Date(until).toISOString() }),
  };
}

/** What a custom status shows once it is set; null for none. */
export const toStored = (update: CustomStatusUpdate | null): Omit<Presence, 'state'> =>
  update === null
    ? NONE
    : {
        text: update.text,
        emoji: update.emoji === '' ? '' : `:${update.emoji}:`,
        until: update.expires_at === undefined ? null : Date.parse(update.expires_at),
      };

/** Mattermost takes any word as an emoji's name; what can be none, such as an emoji itself, is left out. */
const emojiName = (emoji: string): string => /^:?([\w+-]+):?$/.exec(emoji)?.[1] ?? '';

const MINUTE = 60_000;

/**
 * The status to set; null for a state that Mattermost does not have. The server cuts an end to its whole minute, so it is
 * rounded up to one: never early.
 */
export function toStatus(userId: string, state: Presence['state'], until: number | undefined): StatusUpdate | null {
  const status = WORDS[state];
  if (status === undefined) return null;
  const isTimed = status === 'dnd' && until !== undefined;
  return {
    user_id: userId,
    status,
    ...(isTimed ? { dnd_end_time: (Math.ceil(until / MINUTE) * MINUTE) / 1_000 } : {}),
  };
}

import { type ChatCapabilities, type ChatReading, type Presence, truncateBy } from '../../../core/presence.ts';
import type { RocketchatMe, RocketchatStatus, StatusUpdate } from './schema.ts';

/** The server cuts a text at this many UTF-16 units. */
const TEXT_LIMIT = 120;
const units = (text: string): number => text.length;

/** The first version whose statuses end by themselves. */
const EXPIRY_SINCE = [8, 6] as const;

/** Whether a server of this version ends statuses by itself; null for one that does not say: then it is not relied on. */
export function endsStatuses(version: string | null): boolean {
  const [major = 0, minor = 0] =
    /^(\d+)\.(\d+)/
      .exec(version ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  return major > EXPIRY_SINCE[0] || (major === EXPIRY_SINCE[0] && minor >= EXPIRY_SINCE[1]);
}

/**
 * What Rocket.Chat can do. Its "busy" is the nearest it has to do not disturb. A text may hold `:emoji:`, but there is none
 * beside it.
 * @param expires whether text and status can be given an end, which they have in common
 */
export const capabilitiesOf = (expires: boolean): ChatCapabilities => ({
  states: ['available', 'away', 'busy'],
  textLimit: TEXT_LIMIT,
  emoji: false,
  expires,
  stateExpires: expires,
  oneStatus: false,
  profileTimeZone: false,
});

const STATES: Readonly<Record<string, Presence['state']>> = { online: 'available', away: 'away', busy: 'busy' };
const WORDS: Partial<Record<Presence['state'], NonNullable<StatusUpdate['status']>>> = {
  available: 'online',
  away: 'away',
  busy: 'busy',
};

/**
 * What Rocket.Chat shows. Away while "online" was chosen is idling; a call or a calendar takes its own state back itself.
 * The end is told with a text only, as it is the text's end that is meant there.
 */
export function toReading({ status, statusSource, statusExpiresAt }: RocketchatStatus, me: RocketchatMe): ChatReading {
  const text = me.statusText ?? '';
  const state = STATES[status] ?? 'offline';
  const isIdling = state === 'away' && me.statusDefault === 'online';
  const isByProgram = statusSource === 'internal' || statusSource === 'external';
  return {
    presence: {
      state,
      text,
      emoji: '',
      until: statusExpiresAt === undefined || text === '' ? null : Date.parse(statusExpiresAt),
    },
    isAutomatic: isIdling || (isByProgram && (state === 'away' || state === 'busy')),
    profileTimeZone: null,
  };
}

/**
 * Whether the person has set a state that is to last. An end would be of their state too, since text and status have one in
 * common; so none is given while it is shown.
 */
export const isLasting = ({ presence: { state }, isAutomatic }: ChatReading, hasEnd: boolean): boolean =>
  state !== 'available' && !isAutomatic && !hasEnd;

/** What a write is decided on, beside the reading. */
export interface UpdateContext {
  /** Whether the server takes an end. */
  readonly takesEnd: boolean;
  /** Whether what is shown has one, be it without a text. */
  readonly hasEnd: boolean;
  readonly now: number;
}

/** The status to set, or null when nothing changes. */
export function toUpdate(
  wanted: Presence,
  stateUntil: number | undefined,
  basis: ChatReading,
  { takesEnd, hasEnd, now }: UpdateContext,
): StatusUpdate | null {
  const shown = basis.presence;
  const message = truncateBy(wanted.text, TEXT_LIMIT, units);
  // A text that is to last is the person's, and would end with the state: then neither has an end.
  const end = message === '' ? (stateUntil ?? null) : wanted.until;
  const until = takesEnd && end !== null && end > now ? end : null;
  const isOther = wanted.state !== shown.state && WORDS[wanted.state] !== undefined;
  if (!isOther && message === shown.text && until === shown.until) return null;
  // To give an end, or to take one back, the status is set anew with the text. That makes idling nobody's word.
  const state = isOther ? wanted.state : basis.isAutomatic ? 'available' : shown.state;
  const status = isOther || until !== null || hasEnd ? WORDS[state] : undefined;
  return {
    message,
    ...(status === undefined ? {} : { status }),
    ...(until === null ? {} : { expiresAt: new Date(until).toISOString() }),
  };
}

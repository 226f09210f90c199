import type { ChatCapabilities, ChatReading, Presence, PresenceState } from '../../../core/presence.ts';
import type { PresenceWrite } from '../../../ports/chatProvider.ts';
import type { HipchatShow, HipchatUser, HipchatUserUpdate } from './schema.ts';

/**
 * What HipChat can do. No limit of the status text is published, and XMPP, which carries it, has none. So ours is what the
 * settings allow: a person's own longer text must not be cut when it is given back.
 */
export const HIPCHAT_CAPABILITIES: ChatCapabilities = {
  states: ['available', 'dnd', 'away'],
  textLimit: 500,
  emoji: false,
  expires: false,
  stateExpires: false,
  oneStatus: true,
  profileTimeZone: true,
};

const STATES: Readonly<Record<HipchatShow, PresenceState>> = {
  chat: 'available',
  dnd: 'dnd',
  away: 'away',
  xa: 'away',
};

const SHOWS: Partial<Record<PresenceState, HipchatShow>> = { available: 'chat', dnd: 'dnd', away: 'away' };

/** Offline is a null presence; some servers keep the last one and say `is_online: false`. */
const onlinePresence = ({ presence }: HipchatUser) =>
  presence == null || presence.is_online === false ? null : presence;

/** What HipChat shows of `user`. Away with idle time came from the client, not from the person. */
export function toReading(user: HipchatUser): ChatReading {
  const presence = onlinePresence(user);
  const state = presence === null ? 'offline' : STATES[presence.show ?? 'chat'];
  return {
    presence: { state, text: presence?.status ?? '', emoji: '', until: null },
    isAutomatic: state === 'away' && (presence?.idle ?? 0) > 0,
    profileTimeZone: user.timezone ?? null,
  };
}

/**
 * The whole user with `change` in it, or null when the person is offline and nothing may be written. What the API did not
 * tell us is left out rather than made up (`is_group_admin: false` would take the right from an administrator).
 * @param email the address of the account, for servers that do not tell it
 */
export function toUpdate(user: HipchatUser, email: string, change: PresenceWrite): HipchatUserUpdate | null {
  if (onlinePresence(user) === null) return null;
  const timezone = change.profileTimeZone ?? user.timezone;
  const presence = toPresence(user, change.presence);
  return {
    name: user.name,
    email: user.email ?? email,
    mention_name: user.mention_name,
    title: user.title ?? '',
    ...(timezone == null ? {} : { timezone }),
    ...(user.is_group_admin == null ? {} : { is_group_admin: user.is_group_admin }),
    ...(user.roles == null ? {} : { roles: user.roles }),
    ...(presence === null ? {} : { presence }),
  };
}

/**
 * The presence to send. When nothing of it changes it goes back as read, since the API takes the whole user and nobody has
 * published what it makes of a missing one. The exception is a person who is idle: "away" sent back would be their own
 * word from then on and stay when they return (edge case 65), so it is left out, which the published contract allows.
 */
function toPresence(
  user: HipchatUser,
  wanted: Presence | undefined,
): NonNullable<HipchatUserUpdate['presence']> | null {
  const shown = user.presence?.show ?? 'chat';
  const { state } = toReading(user).presence;
  if (wanted === undefined) {
    return toReading(user).isAutomatic ? null : { status: user.presence?.status ?? '', show: shown };
  }
  // The state that is there stays in its own word, so that "xa" does not turn into "away".
  return { status: wanted.text, show: wanted.state === state ? shown : (SHOWS[wanted.state] ?? shown) };
}

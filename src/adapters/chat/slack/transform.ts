import type { ChatCapabilities, ChatReading, Presence } from '../../../core/presence.ts';
import { type Instant, MINUTE, SECOND } from '../../../core/time.ts';
import type { SlackDnd, SlackPresence, SlackProfile } from './schema.ts';

/** What Slack can do: https://docs.slack.dev/apis/web-api/user-presence-and-status. It has no "busy" among its presences. */
export const SLACK_CAPABILITIES: ChatCapabilities = {
  states: ['available', 'away'],
  textLimit: 100,
  emoji: true,
  expires: true,
  stateExpires: false,
  oneStatus: false,
  profileTimeZone: false,
};

/** With a token that may pause notifications, which Slack ends by itself. "Away" has no end there. */
export const SLACK_DND_CAPABILITIES: ChatCapabilities = {
  ...SLACK_CAPABILITIES,
  states: [...SLACK_CAPABILITIES.states, 'dnd'],
  stateExpires: true,
};

const ESCAPES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack stores these three escaped, and nothing else; what is sent unescaped it escapes by itself. */
const unescapeText = (text: string): string => text.replaceAll(/&(?:amp|lt|gt);/g, (found) => ESCAPES[found] ?? found);

/** The parts behind a state: being away and having notifications paused are independent in Slack. */
export interface SlackState {
  readonly isAway: boolean;
  /** Paused by the person, or by us. */
  readonly isSnoozing: boolean;
}

export const toState = (presence: SlackPresence, dnd: SlackDnd | null, now: Instant): SlackState => ({
  isAway: presence.manual_away === true || presence.presence !== 'active',
  isSnoozing: dnd?.snooze_enabled === true && (dnd.snooze_endtime === 0 || dnd.snooze_endtime * SECOND > now),
});

/** Within the hours in which the person's settings, or the workspace's, keep notifications back every day. */
const isQuietHour = (dnd: SlackDnd, now: Instant): boolean =>
  dnd.dnd_enabled && dnd.next_dnd_start_ts * SECOND <= now && now < dnd.next_dnd_end_ts * SECOND;

/**
 * What Slack shows of the person. It is never `offline`: Slack shows people without a client as away, shows their status
 * all the same and ends it by itself, so theirs can be set and comes back even if this machine never does. Their presence
 * itself is left alone: away without having said so is automatic, and handing that back is Slack's `auto` (edge cases 40,
 * 41 and 65). So are the regular hours without notifications; only a pause is the person's word.
 * @param dnd null when the token may not read it
 */
export function toReading(
  profile: SlackProfile,
  presence: SlackPresence,
  dnd: SlackDnd | null = null,
  now: Instant = 0,
): ChatReading {
  const { isAway, isSnoozing } = toState(presence, dnd, now);
  const isQuiet = dnd !== null && isQuietHour(dnd, now);
  const isAutoAway =
    isAway && presence.manual_away !== true && (presence.manual_away === false || presence.auto_away === true);
  return {
    presence: {
      state: isSnoozing || isQuiet ? 'dnd' : isAway ? 'away' : 'available',
      text: unescapeText(profile.status_text),
      emoji: profile.status_emoji,
      until: profile.status_expiration === 0 ? null : profile.status_expiration * SECOND,
    },
    isAutomatic: !isSnoozing && (isQuiet || isAutoAway),
    profileTimeZone: null,
  };
}

/** What Slack takes at the most, as far as anybody knows; also for a pause that was given no end. */
export const LONGEST_SNOOZE = 24 * 60;

/** Whole minutes from now, rounded up, so that none ends early. */
export const snoozeMinutes = (until: Instant | undefined, now: Instant): number =>
  until === undefined ? LONGEST_SNOOZE : Math.max(1, Math.ceil((until - now) / MINUTE));

/** The status as users.profile.set takes it. The end is rounded up to whole seconds, so that none ends early. */
export function toProfile({ text, emoji, until }: Presence): SlackProfile {
  const isEmpty = text === '' && emoji === '';
  return {
    status_text: text,
    // People type the bare name too.
    status_emoji: emoji === '' || /^:.*:$/.test(emoji) ? emoji : `:${emoji}:`,
    status_expiration: isEmpty || until === null ? 0 : Math.ceil(until / 1_000),
  };
}

export const sameProfile = (a: SlackProfile, b: SlackProfile): boolean =>
  a.status_text === b.status_text && a.status_emoji === b.status_emoji && a.status_expiration === b.status_expiration;

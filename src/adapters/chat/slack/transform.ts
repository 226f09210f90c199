import type { ChatCapabilities, ChatReading, Presence } from '../../../core/presence.ts';
import type { SlackPresence, SlackProfile } from './schema.ts';

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

const ESCAPES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack stores these three escaped, and nothing else; what is sent unescaped it escapes by itself. */
const unescapeText = (text: string): string => text.replaceAll(/&(?:amp|lt|gt);/g, (found) => ESCAPES[found] ?? found);

/**
 * What Slack shows of the person. It is never `offline`: Slack shows people without a client as away, shows their status
 * all the same and ends it by itself, so theirs can be set and comes back even if this machine never does. Their presence
 * itself is left alone: away without having said so is automatic, and handing that back is Slack's `auto` (edge cases 40,
 * 41 and 65).
 */
export function toReading(profile: SlackProfile, presence: SlackPresence): ChatReading {
  const isAway = presence.manual_away === true || presence.presence !== 'active';
  return {
    presence: {
      state: isAway ? 'away' : 'available',
      text: unescapeText(profile.status_text),
      emoji: profile.status_emoji,
      until: profile.status_expiration === 0 ? null : profile.status_expiration * 1_000,
    },
    isAutomatic:
      isAway && presence.manual_away !== true && (presence.manual_away === false || presence.auto_away === true),
    profileTimeZone: null,
  };
}

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

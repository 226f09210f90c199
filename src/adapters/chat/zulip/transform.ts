import {
  type ChatCapabilities,
  type ChatReading,
  codePoints,
  type Presence,
  truncateBy,
} from '../../../core/presence.ts';
import type { ZulipStatus } from './schema.ts';

/** The server refuses a longer one. Python counts code points. */
const TEXT_LIMIT = 60;

/**
 * What Zulip can do: a text and an emoji, which stay until they are cleared. It has no states to choose from. Whether
 * somebody is active or idle is what their clients report, which a program in the background must not do for them; and
 * `away` has meant the "invisible" privacy setting since feature level 148 (and is deprecated), not that somebody is away.
 */
export const ZULIP_CAPABILITIES: ChatCapabilities = {
  states: [],
  textLimit: TEXT_LIMIT,
  emoji: true,
  expires: false,
  stateExpires: false,
  oneStatus: false,
  profileTimeZone: false,
};

/** What Zulip shows. Its statuses hold whether anybody is there or not, so nobody is offline. */
export const toReading = ({ status_text, emoji_name }: ZulipStatus): ChatReading => ({
  presence: {
    state: 'available',
    text: status_text,
    emoji: emoji_name === '' ? '' : `:${emoji_name}:`,
    until: null,
  },
  isAutomatic: false,
  profileTimeZone: null,
});

/** The status to set, whole: what is left out the server keeps. What can be no emoji's name is none. */
export const toStatus = ({ text, emoji }: Presence): ZulipStatus => ({
  status_text: truncateBy(text, TEXT_LIMIT, codePoints),
  emoji_name: /^:?([\w+-]+):?$/.exec(emoji)?.[1] ?? '',
});

export const sameStatus = (a: ZulipStatus, b: ZulipStatus): boolean =>
  a.status_text === b.status_text && a.emoji_name === b.emoji_name;

import type { Instant } from './time.ts';

/** What a chat can show of a person. */
export type PresenceState = 'available' | 'busy' | 'dnd' | 'away' | 'offline';

/** What a chat shows: in the chat's own stored form after a read, in our words before a write. */
export interface Presence {
  readonly state: PresenceState;
  /** The status text; empty for none. */
  readonly text: string;
  /** As the chat writes it, such as `:palm_tree:`; empty for none. */
  readonly emoji: string;
  /** When the chat itself ends the status text; null for never, or where the chat can't. */
  readonly until: Instant | null;
}

/** What a chat can do. Absent means hidden, never pretended. */
export interface ChatCapabilities {
  /** States that can be written; a wanted state that is not among them leaves the shown state alone. */
  readonly states: readonly PresenceState[];
  /** The most characters (graphemes) a status text may have; 0 when there is no text. */
  readonly textLimit: number;
  readonly emoji: boolean;
  /** Whether the chat ends a status text by itself. */
  readonly expires: boolean;
  /** Whether the chat ends by itself a state that was set for a time (`PresenceWrite.stateUntil`). */
  readonly stateExpires: boolean;
  /** State and text are set in one act there, so that a change of either is the person's word on both. */
  readonly oneStatus: boolean;
  /**
   * What was written stands only while our own connection does (XMPP); then the chat shows by itself what was there before
   * us. Absent: it stands until it is written over.
   */
  readonly endsWithConnection?: boolean;
  /** Whether the person's profile there has a time zone that should follow the machine's. */
  readonly profileTimeZone: boolean;
}

/** Whether one end ends all: state and text are one status there, of which nothing is left but "available". */
export const endsAsOne = ({ oneStatus, expires, stateExpires }: ChatCapabilities): boolean =>
  oneStatus && expires && stateExpires;

/** One answer of a chat. */
export interface ChatReading {
  readonly presence: Presence;
  /** The state came from idling, not from the person: it is handed back as `available` (edge case 65). */
  readonly isAutomatic: boolean;
  /** Null where the chat has none. */
  readonly profileTimeZone: string | null;
  /**
   * What is shown was said with a command for this app to obey (`remoteWord.ts`): nobody's claim, and no last word on this chat.
   * `before` is what the person showed before it, as far as that is known. Absent: it was said otherwise.
   */
  readonly word?: { readonly saidAt: Instant; readonly before: Presence };
}

export const samePresence = (a: Presence, b: Presence): boolean =>
  a.state === b.state && a.text === b.text && a.emoji === b.emoji && a.until === b.until;

const graphemesOf = (text: string): readonly string[] =>
  [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);

/** `text` cut to `limit` graphemes, so that no emoji or accent is torn (edge case 62). */
export function truncateText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const graphemes = graphemesOf(text);
  return graphemes.length <= limit ? text : graphemes.slice(0, limit).join('');
}

/**
 * `text` cut to whole graphemes of at most `limit` in a chat's own measure: most count code points or UTF-16 units, and
 * one flag has two of the first and four of the second.
 */
export function truncateBy(text: string, limit: number, sizeOf: (text: string) => number): string {
  if (sizeOf(text) <= limit) return text;
  let kept = '';
  for (const grapheme of graphemesOf(text)) {
    if (sizeOf(kept) + sizeOf(grapheme) > limit) break;
    kept += grapheme;
  }
  return kept;
}

/** Unicode code points, as Go's runes and Python's characters. */
export const codePoints = (text: string): number => [...text].length;

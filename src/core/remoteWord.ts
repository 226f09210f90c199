import type { Instant } from './time.ts';

export const WORD_KINDS = ['busy', 'available', 'pause', 'resume'] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** What a person has said elsewhere, with a command in a team's chat for one, for their own app to obey. */
export interface RemoteWord {
  readonly kind: WordKind;
  /** Busy or paused until then; `available` and `resume` are no news any more after it. */
  readonly until: Instant;
  /** What to show while busy; empty for the usual. */
  readonly text: string;
  /** When it was said, by the hub's clock. */
  readonly at: Instant;
  /** The hub's event that carried it. */
  readonly event: number;
}

const PREFIX = 'command.';

/** The `source` of the presence that a hub says a word with. */
export const sourceOfWord = (kind: WordKind): string => `${PREFIX}${kind}`;

/** The word that a presence was said with; null for one that was said otherwise. */
export const wordOfSource = (source: string): WordKind | null =>
  WORD_KINDS.find((kind) => source === sourceOfWord(kind)) ?? null;

/** An event of a hub's feed, as far as a word is in it. */
export interface WordEvent {
  readonly id: number;
  readonly at: Instant;
  readonly kind: string;
  readonly shown: {
    readonly source: string;
    readonly text: string;
    readonly until: Instant | null;
    readonly changedAt: Instant;
  };
}

/** The word that an event carries; null for none. An event that only shows again what was said before carries none. */
export function wordOfEvent({ id, at, kind: what, shown }: WordEvent): RemoteWord | null {
  const kind = wordOfSource(shown.source);
  if (what !== 'presence' || kind === null || shown.until === null || shown.changedAt !== at) return null;
  return { kind, until: shown.until, text: kind === 'busy' ? shown.text : '', at, event: id };
}

/** The last word of a hub that was heard, whether or not there was anything to obey. */
export interface Heard {
  readonly event: number;
  readonly at: Instant;
}

/** Whether a word comes after those that were heard. The ids of a hub that was begun anew are low again. */
export const isUnheard = ({ event, at }: Pick<RemoteWord, 'event' | 'at'>, heard: Heard | undefined): boolean =>
  heard === undefined || event > heard.event || at > heard.at;

/** The hubs of a team may have clocks that differ: the instant never goes back. */
export const afterHearing = ({ event, at }: RemoteWord, heard: Heard | undefined): Heard => ({
  event,
  at: Math.max(at, heard?.at ?? at),
});

import type { ChatAccount } from './accounts.ts';
import type { Settings } from './settings.ts';
import { type CountedEffect, type Span, spanAt } from './sweep.ts';
import { clockTimeFrom, type Instant, type TimeZone } from './time.ts';

/** What the rules want a chat to show now, in no chat's own words yet. */
export interface DesiredPresence {
  readonly state: CountedEffect;
  readonly text: string;
  readonly emoji: string;
  /** End of the interval: of the last of the meetings that follow each other without a gap. */
  readonly until: Instant;
  /** The events that make the interval. */
  readonly events: readonly string[];
}

/** The presence that a timeline asks for at `now`; null when nothing counts. */
export function desiredPresence(
  spans: readonly Span[],
  settings: Pick<Settings, 'statusMessage' | 'statusEmoji' | 'oofMessage' | 'oofEmoji'>,
  now: Instant,
  zone: TimeZone,
): DesiredPresence | null {
  const span = spanAt(spans, now);
  if (span === null) return null;
  const usual = span.isOutOfOffice
    ? { text: settings.oofMessage, emoji: settings.oofEmoji }
    : { text: settings.statusMessage, emoji: settings.statusEmoji };
  const words = {
    text: fillTemplate(span.words?.text ?? usual.text, { until: clockTimeFrom(span.end, now, zone) }),
    emoji: span.words?.emoji ?? usual.emoji,
  };
  // No message means no status: an emoji alone would be one.
  const shown = words.text.trim() === '' ? { text: '', emoji: '' } : words;
  return { state: span.effect, ...shown, until: span.end, events: span.events };
}

/** A status text with its marks filled in: `{until}` is the end of the interval. Unknown marks stay as they are. */
export const fillTemplate = (template: string, marks: { readonly until: string }): string =>
  template.replaceAll('{until}', marks.until);

/** The settings' words with those of one chat over them. */
export function wordsOf(settings: Settings, chat: ChatAccount): Parameters<typeof desiredPresence>[1] {
  const { statusMessage, statusEmoji, oofMessage, oofEmoji } = settings;
  const own = chat.words ?? {};
  return {
    statusMessage: own.statusMessage ?? statusMessage,
    statusEmoji: own.statusEmoji ?? statusEmoji,
    oofMessage: own.oofMessage ?? oofMessage,
    oofEmoji: own.oofEmoji ?? oofEmoji,
  };
}

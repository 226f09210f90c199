import { type CountedEffect, type Span, spanAt } from './availability.ts';
import type { Settings } from './settings.ts';
import type { Instant } from './time.ts';

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
export function desiredPresence(spans: readonly Span[], settings: Settings, now: Instant): DesiredPresence | null {
  const span = spanAt(spans, now);
  if (span === null) return null;
  const words = span.isOutOfOffice
    ? { text: settings.oofMessage, emoji: settings.oofEmoji }
    : { text: settings.statusMessage, emoji: settings.statusEmoji };
  // No message means no status: an emoji alone would be one.
  const shown = words.text.trim() === '' ? { text: '', emoji: '' } : words;
  return { state: span.effect, ...shown, until: span.end, events: span.events };
}

import type { ChatAccount } from './accounts.ts';
import type { CalendarEvent } from './calendarEvent.ts';
import { eventWords, marksOf, type Silence, silences } from './eventWords.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { type CountedEffect, type Span, spanAt } from './sweep.ts';
import { fillTemplate, type Mark } from './templates.ts';
import { clockTimeFrom, type Instant, type TimeZone } from './time.ts';

/** What the rules want a chat to show now, in no chat's own words yet. */
export interface DesiredPresence {
  /** Null: the state is left as it is, only the text is wanted. */
  readonly state: CountedEffect | null;
  readonly text: string;
  readonly emoji: string;
  /** The text is the person's own, for this time: it goes over one that they have set before. Absent: it does not. */
  readonly replacesText?: true;
  /** End of the interval: of the last of the meetings that follow each other without a gap. */
  readonly until: Instant;
  /** The events that make the interval. */
  readonly events: readonly string[];
}

/** What a chat is told of a span: the words, and how it differs from the others. */
export type Told = Pick<Settings, 'statusMessage' | 'statusEmoji' | 'oofMessage' | 'oofEmoji' | 'privacy'> &
  Pick<ChatAccount, 'shows' | 'as'>;

/**
 * The presence that a timeline asks for at `now`; null when nothing counts, or nothing of it is shown in this chat.
 * @param events what the calendars hold, for what the texts may say of them
 */
export function desiredPresence(
  spans: readonly Span[],
  told: Told,
  now: Instant,
  zone: TimeZone,
  events: readonly CalendarEvent[] = [],
): DesiredPresence | null {
  const span = spanAt(spans, now);
  if (span === null) return null;
  const effect = told.as?.[span.effect] ?? span.effect;
  if (effect === 'ignore') return null;
  const state = told.shows?.state === false ? null : effect;
  const text = told.shows?.text === false ? '' : textOf(span, told, now, zone, events);
  // No message means no status: an emoji alone would be one.
  const emoji = text === '' ? '' : (span.words?.emoji ?? usualOf(span, told).emoji);
  if (state === null && text === '') return null;
  const own = text !== '' && span.words?.areOwn === true ? { replacesText: true as const } : {};
  return { state, text, emoji, ...own, until: span.end, events: span.events };
}

const usualOf = (span: Span, { statusMessage, statusEmoji, oofMessage, oofEmoji }: Told) =>
  span.isOutOfOffice ? { text: oofMessage, emoji: oofEmoji } : { text: statusMessage, emoji: statusEmoji };

const templateOf = (span: Span, told: Told): string => span.words?.text ?? usualOf(span, told).text;

/** The text of a span. Where nothing is left of a template, a more general one stands in: what is going on is no secret. */
function textOf(span: Span, told: Told, now: Instant, zone: TimeZone, events: readonly CalendarEvent[]): string {
  const marks = marksOf(clockTimeFrom(span.end, now, zone), eventWords(span.events, events, told.privacy));
  for (const template of [templateOf(span, told), usualOf(span, told).text, usualOf(span, DEFAULT_SETTINGS).text]) {
    // The person wants none.
    if (template.trim() === '') return '';
    const text = fillTemplate(template, marks);
    if (text.trim() !== '') return text;
  }
  return '';
}

/** The marks of the text at `now` that say nothing, and why; for `why`. */
export function silentMarks(
  spans: readonly Span[],
  told: Told,
  now: Instant,
  events: readonly CalendarEvent[],
): readonly { readonly mark: Mark; readonly silence: Silence }[] {
  const span = spanAt(spans, now);
  if (span === null || told.shows?.text === false || told.as?.[span.effect] === 'ignore') return [];
  return silences(templateOf(span, told), eventWords(span.events, events, told.privacy));
}

/** What one chat is told: its own words over the settings', and its differences. */
export function toldTo(settings: Settings, chat: ChatAccount): Told {
  const { statusMessage, statusEmoji, oofMessage, oofEmoji, privacy } = settings;
  const own = chat.words ?? {};
  return {
    statusMessage: own.statusMessage ?? statusMessage,
    statusEmoji: own.statusEmoji ?? statusEmoji,
    oofMessage: own.oofMessage ?? oofMessage,
    oofEmoji: own.oofEmoji ?? oofEmoji,
    privacy,
    shows: chat.shows,
    as: chat.as,
  };
}

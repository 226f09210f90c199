import type { ChatAccount } from './accounts.ts';
import { timeline } from './availability.ts';
import type { CalendarEvent, ShowAs } from './calendarEvent.ts';
import { unicodeEmoji } from './emoji.ts';
import type { Silence } from './eventWords.ts';
import type { ChatCapabilities, PresenceState } from './presence.ts';
import { desiredPresence, silentMarks, toldTo } from './presenceRules.ts';
import type { Settings } from './settings.ts';
import { simulateChat } from './simulation.ts';
import type { Span } from './sweep.ts';
import type { Mark } from './templates.ts';
import { HOUR, type Instant, MINUTE, type TimeZone } from './time.ts';

/** What a text is looked at with: a made-up event of one kind, or the one that is on or comes next. */
export type Sample =
  | { readonly kind: 'showAs'; readonly showAs: ShowAs }
  | { readonly kind: 'category'; readonly index: number }
  | { readonly kind: 'next' };

/** What one chat would show. */
export interface ChatPreview {
  /** The account's id. */
  readonly id: string;
  /** Null: the state stays as the person has it. */
  readonly state: PresenceState | null;
  /** As the chat would show it; empty for none. */
  readonly text: string;
  /** The text as it was filled in, before it was cut. */
  readonly whole: string;
  /** Characters, as the person counts them. */
  readonly length: number;
  /** The most that the chat takes; 0: it shows no text. */
  readonly limit: number;
  /** As a picture where it has one, or else its short name; empty for none, or where the chat has none. */
  readonly emoji: string;
  /** When the chat itself ends it; null where it can't. */
  readonly until: Instant | null;
  /** Marks that say nothing, and why. */
  readonly silent: readonly { readonly mark: Mark; readonly silence: Silence }[];
}

export interface Preview {
  /** What it is about; null when there is none to come. */
  readonly event: { readonly subject: string; readonly start: Instant; readonly end: Instant } | null;
  /** Whether such an event counts by the rules. */
  readonly counts: boolean;
  readonly chats: readonly ChatPreview[];
}

/** A chat with what it can do. */
export interface PreviewChat {
  readonly account: ChatAccount;
  readonly capabilities: ChatCapabilities;
}

export interface PreviewInput {
  readonly sample: Sample;
  readonly settings: Settings;
  readonly chats: readonly PreviewChat[];
  /** What the calendars hold, and the timeline of it by `settings`. */
  readonly events: readonly CalendarEvent[];
  readonly spans: readonly Span[];
  /** The words of the made-up event. */
  readonly words: { readonly subject: string; readonly location: string };
  readonly now: Instant;
  readonly zone: TimeZone;
}

/** Of half an hour, on the next whole hour: as plain as an event can be. */
function sampleEvent({ sample, settings, words, now }: PreviewInput): CalendarEvent {
  const start = Math.ceil(now / HOUR) * HOUR;
  const category = sample.kind === 'category' ? settings.rules.categories[sample.index]?.name : undefined;
  return {
    id: 'sample',
    iCalUId: 'sample',
    ...words,
    time: { kind: 'timed', start, end: start + 30 * MINUTE },
    showAs: sample.kind === 'showAs' ? sample.showAs : 'busy',
    isCancelled: false,
    responseStatus: 'accepted',
    sensitivity: 'normal',
    otherAttendees: 2,
    categories: category === undefined ? [] : [category],
  };
}

/** Its kind alone decides whether the made-up event counts. */
const PLAIN = { workingHours: null, leadMinutes: 0, tailMinutes: 0, minimumMinutes: 0, bridgeMinutes: 0 };

/** What the chats would show of an event: by the code that decides it when the time has come. */
export function previewOf(input: PreviewInput): Preview {
  const { sample, settings, now, zone } = input;
  const isNext = sample.kind === 'next';
  const events = isNext ? input.events : [sampleEvent(input)];
  const spans = isNext ? input.spans : timeline(events, { ...settings.rules, ...PLAIN }, zone);
  const span = spans.find(({ end }) => end > now);
  const [made] = events;
  const interval = made?.time.kind === 'timed' ? made.time : null;
  if (span === undefined) {
    const event =
      isNext || made === undefined || interval === null ? null : { subject: made.subject, ...timesOf(interval) };
    return { event, counts: false, chats: [] };
  }
  const [key = ''] = span.events;
  const about = isNext ? input.events.find((event) => keyStarts(key, event)) : made;
  return {
    event: { subject: about?.subject ?? '', ...timesOf(span) },
    counts: true,
    chats: input.chats.map((chat) => chatPreview(chat, span, input, events)),
  };
}

const timesOf = ({ start, end }: { readonly start: Instant; readonly end: Instant }) => ({ start, end });

const keyStarts = (key: string, { iCalUId, id }: CalendarEvent): boolean => key.startsWith(`${iCalUId || id}@`);

function chatPreview(
  { account, capabilities }: PreviewChat,
  span: Span,
  { settings, zone }: PreviewInput,
  events: readonly CalendarEvent[],
): ChatPreview {
  const told = toldTo(settings, account);
  const wanted = desiredPresence([span], told, span.start, zone, events);
  const step = simulateChat(events, [span], settings, zone, account, capabilities).find(({ kind }) => kind === 'set');
  const whole = wanted?.text ?? '';
  const emoji = step?.emoji ?? '';
  return {
    id: account.id,
    state: step === undefined || step.state === 'available' ? null : step.state,
    text: step?.text ?? '',
    whole,
    length: [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(whole)].length,
    limit: capabilities.textLimit,
    emoji: emoji === '' ? '' : (unicodeEmoji(emoji) ?? emoji),
    until: step?.until ?? null,
    silent: silentMarks([span], told, span.start, events),
  };
}

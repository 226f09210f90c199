import type { ChatAccount } from './accounts.ts';
import { eventsUnderWay, type Verdict } from './availability.ts';
import { type CalendarEvent, eventKey } from './calendarEvent.ts';
import type { ChatRecord } from './claim.ts';
import { spansOf } from './day.ts';
import type { Silence } from './eventWords.ts';
import { busyTimes, notForKeys } from './overrides.ts';
import { pauseAt } from './pause.ts';
import type { PresenceState } from './presence.ts';
import { type DesiredPresence, desiredPresence, silentMarks, toldTo } from './presenceRules.ts';
import type { Effect } from './rules.ts';
import type { Settings } from './settings.ts';
import { type CountedEffect, type Span, spanAt } from './sweep.ts';
import type { Mark } from './templates.ts';
import { DAY, type Instant, type Interval, overlaps, type TimeZone } from './time.ts';

/** What decides, in the order in which it is asked; `unknown` while a calendar that may know better was never read. */
export const WHY_KINDS = [
  'paused',
  'busy',
  'outOfOffice',
  'meetings',
  'meeting',
  'notFor',
  'unknown',
  'nothing',
] as const;
export type WhyKind = (typeof WHY_KINDS)[number];

/** The present state and what decides it: a sentence, but for its words. */
export interface Why {
  readonly kind: WhyKind;
  /** Null: the person is left as they are. */
  readonly state: CountedEffect | null;
  /** When that ends: the pause, or the row of meetings; null where nothing is known to end. */
  readonly until: Instant | null;
  /** When the next thing that counts begins; null for none. */
  readonly next: Instant | null;
  /** How many events make it. */
  readonly events: number;
}

/** What the sentence is made of. */
export interface Present {
  readonly spans: readonly Span[];
  readonly now: Instant;
  /** Keys of the events that are on, whether or not they count. */
  readonly on: readonly string[];
  /** Whether each calendar could be read at least once. */
  readonly isWhole: boolean;
}

/** The person's own word first, then what the calendars say. */
export function whyNow(settings: Settings, { spans, now, on, isWhole }: Present): Why {
  const next = spans.find(({ start }) => start > now)?.start ?? null;
  const pause = pauseAt(settings, now);
  if (pause.paused) return { kind: 'paused', state: null, until: pause.until, next, events: 0 };
  const span = spanAt(spans, now);
  if (span !== null) {
    const isOwn = busyTimes(settings.overrides).some(({ start, end }) => start <= now && now < end);
    const isSeveral = span.events.length > 1;
    const kind = isOwn ? 'busy' : span.isOutOfOffice ? 'outOfOffice' : isSeveral ? 'meetings' : 'meeting';
    return { kind, state: span.effect, until: span.end, next, events: span.events.length };
  }
  const notFor = notForKeys(settings.overrides);
  const kind = on.some((key) => notFor.includes(key)) ? 'notFor' : isWhole ? 'nothing' : 'unknown';
  return { kind, state: null, until: null, next, events: 0 };
}

/** An event and whether it counts. */
export interface JudgedEvent {
  readonly event: CalendarEvent;
  readonly interval: Interval;
  readonly verdict: Verdict;
}

/** What one chat shows otherwise than the others. */
export type Difference =
  | { readonly kind: 'onlyState' | 'onlyText' | 'nothing' | 'ownWords' }
  | { readonly kind: 'as'; readonly from: CountedEffect; readonly to: Effect };

/** A mark of a chat's text that says nothing, and why. */
export interface LeftOut {
  readonly mark: Mark;
  readonly silence: Silence;
}

/** What HipStatus remembers of one chat: what it wrote there and what was there before, or that the person had the last word. */
export type Remembered =
  | { readonly kind: 'ours'; readonly state: PresenceState; readonly until: Instant; readonly before: PresenceState }
  | { readonly kind: 'handsOff' | 'own' };

export interface WhyChat {
  readonly account: ChatAccount;
  /** What the rules ask for there; null for nothing. */
  readonly wanted: DesiredPresence | null;
  readonly differences: readonly Difference[];
  readonly leftOut: readonly LeftOut[];
  readonly remembered: Remembered;
}

/** The present state with the chain behind it. */
export interface WhyPicture<Event extends JudgedEvent> {
  readonly why: Why;
  readonly isPaused: boolean;
  /** What the calendars say now, whether or not it is paused. */
  readonly span: Span | null;
  /** The events that are on, whether or not they count. */
  readonly on: readonly Event[];
  /** How many the person's word would be about. */
  readonly underWay: number;
  readonly next: Span | null;
  readonly chats: readonly WhyChat[];
}

export interface WhyInput<Event extends JudgedEvent> {
  readonly settings: Settings;
  /** A day around now at least, as read. */
  readonly events: readonly Event[];
  readonly isWhole: boolean;
  readonly records: ReadonlyMap<string, ChatRecord>;
  readonly now: Instant;
  readonly zone: TimeZone;
}

/** Everything that `hipstatus why` and the Why panel show, as data. */
export function whyPicture<Event extends JudgedEvent>(input: WhyInput<Event>): WhyPicture<Event> {
  const { settings, events, isWhole, records, now, zone } = input;
  const all = events.map(({ event }) => event);
  const around = { start: now - DAY, end: now + 2 * DAY };
  const spans = spansOf(all, settings, zone).filter((span) => overlaps(span, around));
  const on = events.filter(({ interval }) => interval.start <= now && now < interval.end);
  const isPaused = pauseAt(settings, now).paused;
  return {
    why: whyNow(settings, { spans, now, on: on.map(({ event }) => eventKey(event)), isWhole }),
    isPaused,
    span: spanAt(spans, now),
    on,
    underWay: eventsUnderWay(all, settings.rules, zone, now, busyTimes(settings.overrides)).length,
    next: spans.find(({ start }) => start > now) ?? null,
    chats: settings.chats.map((account) => {
      const told = toldTo(settings, account);
      return {
        account,
        wanted: isPaused ? null : desiredPresence(spans, told, now, zone, all),
        differences: chatDifferences(account),
        leftOut: isPaused ? [] : silentMarks(spans, told, now, all),
        remembered: rememberedOf(records.get(account.id), now),
      };
    }),
  };
}

const EFFECTS = ['dnd', 'busy', 'away'] as const;

export function chatDifferences({ words, shows, as }: ChatAccount): readonly Difference[] {
  const { state = true, text = true } = shows ?? {};
  const parts: readonly Difference[] =
    state && text ? [] : [{ kind: state ? 'onlyState' : text ? 'onlyText' : 'nothing' }];
  const states = EFFECTS.flatMap((from): Difference[] => {
    const to = as?.[from];
    return to === undefined || to === from ? [] : [{ kind: 'as', from, to }];
  });
  const hasOwnWords = Object.values(words ?? {}).some((word) => word !== undefined);
  return [...parts, ...states, ...(hasOwnWords ? [{ kind: 'ownWords' } as const] : [])];
}

function rememberedOf(record: ChatRecord | undefined, now: Instant): Remembered {
  if (record?.claim != null) {
    const { asked, snapshot, end } = record.claim;
    return { kind: 'ours', state: asked.state, until: end, before: snapshot.state };
  }
  return { kind: record?.handsOff.some(({ until }) => until > now) === true ? 'handsOff' : 'own' };
}

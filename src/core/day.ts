import { categoryOf, judge, ownKey, type Reason, timeline, type Verdict } from './availability.ts';
import {
  type CalendarEvent,
  eventInterval,
  eventKey,
  isAllDay,
  type ResponseStatus,
  type Sensitivity,
  type ShowAs,
} from './calendarEvent.ts';
import { type Lane, lanesOf } from './lanes.ts';
import { type BusyTime, busyTimes, type EndedWords, NO_ENDED_WORDS, notForKeys } from './overrides.ts';
import { pauseAt } from './pause.ts';
import type { Settings } from './settings.ts';
import { type CountedEffect, joinAt, type Span } from './sweep.ts';
import {
  clockTime,
  dateAt,
  dayOf,
  HOUR,
  type Instant,
  type Interval,
  type LocalDate,
  MINUTE,
  overlaps,
  type TimeZone,
} from './time.ts';
import { withinWorkingHours } from './workingHours.ts';

/** What of the settings makes the timeline. */
export type DaySettings = Pick<Settings, 'rules' | 'overrides'>;

/**
 * The timeline as the engine has it: what the calendars say by the rules, and the person's own word.
 * @param handsOff keys of events on which the person had the last word in a chat
 */
export const spansOf = (
  events: readonly CalendarEvent[],
  { rules, overrides }: DaySettings,
  zone: TimeZone,
  handsOff: Iterable<string> = [],
): readonly Span[] =>
  timeline(events, rules, zone, new Set([...handsOff, ...notForKeys(overrides)]), busyTimes(overrides));

/** Whether an event counts: the rules' verdict, and then the person's "not for this meeting". */
export function verdictOf(event: CalendarEvent, { rules, overrides }: DaySettings, zone: TimeZone): Verdict {
  const verdict = judge(event, rules, zone);
  const isSilenced = verdict.counts && notForKeys(overrides).includes(eventKey(event));
  return isSilenced ? BY_PERSON : verdict;
}

const BY_PERSON: Verdict = { counts: false, because: 'person' };

/** The part of something that lies in the day. Never before it begins nor after it ends. */
export interface Clipped extends Interval {
  readonly goesOnBefore: boolean;
  readonly goesOnAfter: boolean;
  /** All of it. */
  readonly whole: Interval;
}

/** Why an event is drawn as it is. `category`: of the rule that decides, if one does. */
export type BlockWhy =
  | {
      readonly kind: 'counts';
      readonly effect: CountedEffect;
      readonly isOutOfOffice: boolean;
      readonly category: string | null;
      /** Something stronger is on all the while. */
      readonly isOutranked: boolean;
    }
  | { readonly kind: 'doesNotCount'; readonly because: Reason; readonly category: string | null };

/** One meeting, once, however many calendars hold it. */
export interface DayEvent extends Clipped, Lane {
  readonly key: string;
  /** For the person's own screen, nowhere else. */
  readonly subject: string;
  readonly location: string;
  readonly sensitivity: Sensitivity;
  readonly showAs: ShowAs;
  readonly responseStatus: ResponseStatus;
  readonly isCancelled: boolean;
  /** All-day events have lanes of their own. */
  readonly isAllDay: boolean;
  readonly why: BlockWhy;
}

/** A span of the engine's timeline. */
export interface DaySpan extends Clipped {
  readonly effect: CountedEffect;
  readonly isOutOfOffice: boolean;
  /** The person's own word is among what makes it. */
  readonly isOwn: boolean;
  /** Keys of the events that make it, in order of their start; of the person's own word there is no event. */
  readonly events: readonly string[];
}

/**
 * One date as it is drawn: plain data. It holds subjects, so that it is never written to disk nor to a log
 * (docs/decisions/no-calendar-on-disk.md).
 */
export interface DayPicture extends Interval {
  readonly date: LocalDate;
  readonly zone: TimeZone;
  readonly now: Instant;
  /** Every whole hour of the wall clock, `start` included. */
  readonly ticks: readonly Instant[];
  /** Null where no working hours are set; empty on a day off. */
  readonly working: readonly Interval[] | null;
  /** All-day events first, then in order of their start. */
  readonly events: readonly DayEvent[];
  /** In order, without overlap. */
  readonly spans: readonly DaySpan[];
  /** For when the person has said that they are busy, if it touches the day. `text`: what to show; empty for the usual. */
  readonly busy: (Clipped & { readonly text: string }) | null;
  /** A pause is on at `now`: then chats show what is the person's own, whatever the spans say. */
  readonly pausedUntil: Instant | 'forever' | null;
}

export interface DayInput {
  readonly events: readonly CalendarEvent[];
  readonly settings: DaySettings & Pick<Settings, 'pausedUntil'>;
  readonly zone: TimeZone;
  readonly now: Instant;
  /** The person's words that have ended. Without them what is past looks as if they had never been said. */
  readonly ended?: EndedWords;
  /** Absent for the date of `now`. */
  readonly date?: LocalDate;
}

/** The picture of one date, on the engine's own timeline. */
export function dayPicture(input: DayInput): DayPicture {
  const { settings, zone, now, ended = NO_ENDED_WORDS, date = dateAt(now, zone) } = input;
  const day = dayOf(date, zone);
  const spans = drawnSpans(input);
  const own = new Set([...busyTimes(settings.overrides), ...ended.busy].map(ownKey));
  const [busy] = busyTimes(settings.overrides).filter((time) => overlaps(time, day));
  const pause = pauseAt(settings, now);
  return {
    date,
    zone,
    ...day,
    now,
    ticks: ticksOf(day, zone),
    working: settings.rules.workingHours === null ? null : withinWorkingHours(day, settings.rules.workingHours, zone),
    events: eventsOf(input, spans, day),
    spans: spans
      .filter((span) => overlaps(span, day))
      .map((span) => ({
        ...clip(span, day),
        effect: span.effect,
        isOutOfOffice: span.isOutOfOffice,
        isOwn: span.events.some((key) => own.has(key)),
        events: span.events.filter((key) => !own.has(key)),
      })),
    busy: busy === undefined ? null : busyOf(busy, day),
    pausedUntil: pause.paused ? (pause.until ?? 'forever') : null,
  };
}

/** The engine's timeline; what is past of it, with what the person had said then. */
function drawnSpans({ events, settings, zone, now, ended = NO_ENDED_WORDS }: DayInput): readonly Span[] {
  const spans = spansOf(events, settings, zone);
  if (ended.notFor.length === 0 && ended.busy.length === 0) return spans;
  const { rules, overrides } = settings;
  const notFor = [...notForKeys(overrides), ...ended.notFor.map(({ event }) => event)];
  const past = timeline(events, rules, zone, new Set(notFor), [...busyTimes(overrides), ...ended.busy]);
  return joinAt(past, spans, now);
}

const busyOf = (busy: BusyTime, day: Interval) => ({ ...clip(busy, day), text: busy.text ?? '' });

function clip({ start, end }: Interval, day: Interval): Clipped {
  return {
    start: Math.max(start, day.start),
    end: Math.min(end, day.end),
    goesOnBefore: start < day.start,
    goesOnAfter: end > day.end,
    whole: { start, end },
  };
}

/** From one whole hour to the next; where the clock is changed, by less than an hour, too, to the next that there is. */
function ticksOf({ start, end }: Interval, zone: TimeZone): readonly Instant[] {
  const ticks: Instant[] = [];
  for (let at = start; at < end; at += HOUR) {
    const minutes = Number(clockTime(at, zone).slice(3));
    if (minutes > 0) at += HOUR - minutes * MINUTE;
    if (at < end) ticks.push(at);
  }
  return ticks;
}

/** Shorter ones are drawn so long, so that they can be seen: nothing else may lie there. */
const LEAST_DRAWN = 10 * MINUTE;

function eventsOf(input: DayInput, spans: readonly Span[], day: Interval): readonly DayEvent[] {
  const { settings, zone } = input;
  const shown = new Set(spans.flatMap((span) => span.events));
  const found = onceEach(input)
    .filter(({ interval: { start, end } }) => start < day.end && (end > day.start || start >= day.start))
    .map(({ event, key, interval, verdict }) => ({
      key,
      subject: event.subject,
      location: event.location,
      sensitivity: event.sensitivity,
      showAs: event.showAs,
      responseStatus: event.responseStatus,
      isCancelled: event.isCancelled,
      isAllDay: isAllDay(event, zone),
      ...clip(interval, day),
      why: whyOf(event, verdict, shown.has(key), settings),
    }))
    .sort((a, b) => a.start - b.start || b.end - a.end || (a.key < b.key ? -1 : 1));
  return [true, false].flatMap((allDay) => {
    const row = found.filter((event) => event.isAllDay === allDay);
    const lanes = lanesOf(row.map(({ start, end }) => ({ start, end: Math.max(end, start + LEAST_DRAWN) })));
    return row.map((event, index) => ({ ...event, ...(lanes[index] ?? { lane: 0, lanes: 1 }) }));
  });
}

interface Judged {
  readonly event: CalendarEvent;
  readonly key: string;
  readonly interval: Interval;
  readonly verdict: Verdict;
}

/** Of two versions of one meeting that which the timeline believes: the longest that counts, else the first. */
function onceEach({ events, settings, zone, now, ended = NO_ENDED_WORDS }: DayInput): readonly Judged[] {
  const silenced = new Set(ended.notFor.map(({ event }) => event));
  const found = new Map<string, Judged>();
  for (const event of events) {
    const { start, end } = eventInterval(event, zone);
    const interval = { start, end: Math.max(start, end) };
    const key = eventKey(event);
    const verdict = verdictOf(event, settings, zone);
    const wasSilenced = verdict.counts && end <= now && silenced.has(key);
    const judged: Judged = { event, key, interval, verdict: wasSilenced ? BY_PERSON : verdict };
    const known = found.get(judged.key);
    const isBetter =
      known === undefined || (judged.verdict.counts && (!known.verdict.counts || known.interval.end < interval.end));
    if (isBetter) found.set(judged.key, judged);
  }
  return [...found.values()];
}

function whyOf(event: CalendarEvent, verdict: Verdict, isShown: boolean, { rules }: DaySettings): BlockWhy {
  const category = categoryOf(event, rules)?.name ?? null;
  if (!verdict.counts) return { kind: 'doesNotCount', because: verdict.because, category };
  const { effect, isOutOfOffice } = verdict;
  return { kind: 'counts', effect, isOutOfOffice, category, isOutranked: !isShown };
}

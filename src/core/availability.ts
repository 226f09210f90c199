import { type CalendarEvent, eventInterval, eventKey, isAllDay } from './calendarEvent.ts';
import type { Effect, Rules } from './settings.ts';
import { type Instant, type Interval, MINUTE, overlaps, type TimeZone } from './time.ts';

/** What an event that counts turns the presence into. */
export type CountedEffect = Exclude<Effect, 'ignore'>;

/** A stretch of the day that counts as one thing. Neighbours differ: what counts alike and touches is one span. */
export interface Span extends Interval {
  readonly effect: CountedEffect;
  /** Out of office has a text of its own. */
  readonly isOutOfOffice: boolean;
  /** Keys of the events that make it, in order of their start. */
  readonly events: readonly string[];
}

/** Why an event counts or not; shown by `simulate`. */
export type Verdict =
  | { readonly counts: true; readonly effect: CountedEffect }
  | { readonly counts: false; readonly because: Reason };

export type Reason =
  | 'cancelled'
  | 'declined'
  | 'showAs'
  | 'unknownShowAs'
  | 'allDay'
  | 'solo'
  | 'notResponded'
  | 'tooShort'
  | 'person';

/**
 * Whether an event counts (DESIGN section 4, rule 2). Declined and cancelled never do.
 * @param zone the person's: it decides where all-day events begin and end
 */
export function judge(event: CalendarEvent, rules: Rules, zone: TimeZone): Verdict {
  const no = (because: Reason): Verdict => ({ counts: false, because });
  if (event.isCancelled) return no('cancelled');
  if (event.responseStatus === 'declined') return no('declined');
  const effect = rules.showAs[event.showAs];
  if (effect === 'ignore') return no(event.showAs === 'unknown' ? 'unknownShowAs' : 'showAs');
  const { start, end } = eventInterval(event, zone);
  if (end - start <= 0 || end - start < rules.minimumMinutes * MINUTE) return no('tooShort');
  if (isAllDay(event, zone)) {
    const allDayCounts = rules.allDay === 'always' || (rules.allDay === 'oof' && event.showAs === 'oof');
    if (!allDayCounts) return no('allDay');
  }
  if (event.responseStatus === 'notResponded' && !rules.notResponded) return no('notResponded');
  if (event.otherAttendees === 0 && !rules.soloEvents && event.showAs !== 'oof') return no('solo');
  return { counts: true, effect };
}

interface Counted extends Interval {
  readonly key: string;
  readonly effect: CountedEffect;
  readonly isOutOfOffice: boolean;
}

/** Which of two simultaneous events decides: out of office outranks, then the stronger effect. */
const RANK: Readonly<Record<CountedEffect, number>> = { dnd: 3, busy: 2, away: 1 };
const rank = (event: Counted): number => (event.isOutOfOffice ? 10 : 0) + RANK[event.effect];

/**
 * The union of all calendars as a row of spans without overlap, in order. The same meeting in two calendars counts once.
 * Costs n log n in the number of events.
 * @param handsOff keys of events on which the person had the last word: they do not count
 */
export function timeline(
  events: readonly CalendarEvent[],
  rules: Rules,
  zone: TimeZone,
  handsOff: ReadonlySet<string> = new Set(),
): readonly Span[] {
  const counted = new Map<string, Counted>();
  for (const event of events) {
    const key = eventKey(event);
    const verdict = judge(event, rules, zone);
    if (!verdict.counts || handsOff.has(key)) continue;
    const interval = eventInterval(event, zone);
    const known = counted.get(key);
    // Two calendars may hold different versions of one meeting for a while; the longer one is believed.
    if (known !== undefined && known.end >= interval.end) continue;
    counted.set(key, { key, ...interval, effect: verdict.effect, isOutOfOffice: event.showAs === 'oof' });
  }
  return bridge(sweep([...counted.values()].sort((a, b) => a.start - b.start || a.end - b.end)), rules);
}

/** Cuts the day at every edge and gives each piece to the highest rank among the events that cover it. */
function sweep(sorted: readonly Counted[]): readonly Span[] {
  const edges = [...new Set(sorted.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const spans: Span[] = [];
  let active: Counted[] = [];
  let next = 0;
  for (const [index, start] of edges.entries()) {
    const end = edges[index + 1];
    if (end === undefined) break;
    active = active.filter((event) => event.end > start);
    for (let event = sorted[next]; event !== undefined && event.start <= start; event = sorted[++next])
      active.push(event);
    const [first, ...others] = active;
    if (first === undefined) continue;
    const winner = others.reduce((best, event) => (rank(event) > rank(best) ? event : best), first);
    const events = active.filter((event) => rank(event) === rank(winner)).map(({ key }) => key);
    append(spans, { start, end, effect: winner.effect, isOutOfOffice: winner.isOutOfOffice, events });
  }
  return spans;
}

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last === undefined || last.end !== span.start || !sameKind(last, span)) spans.push(span);
  else spans[spans.length - 1] = { ...last, end: span.end, events: [...new Set([...last.events, ...span.events])] };
}

const sameKind = (a: Span, b: Span): boolean => a.effect === b.effect && a.isOutOfOffice === b.isOutOfOffice;

/** Fills short gaps between spans that count alike. */
function bridge(spans: readonly Span[], rules: Rules): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    const gap = last === undefined ? 0 : span.start - last.end;
    const fills = last !== undefined && gap > 0 && gap <= rules.bridgeMinutes * MINUTE && sameKind(last, span);
    if (fills && last !== undefined) result[result.length - 1] = { ...last, end: span.start };
    append(result, span);
  }
  return result;
}

/**
 * The events that the person's word at `now` is about: those under way, and all that overlap them in a chain. A meeting
 * that merely follows is the next one and applies again (edge case 10).
 */
export function eventsUnderWay(
  events: readonly CalendarEvent[],
  rules: Rules,
  zone: TimeZone,
  now: Instant,
): readonly { readonly event: string; readonly until: Instant }[] {
  const counted = events
    .filter((event) => judge(event, rules, zone).counts)
    .map((event) => ({ event: eventKey(event), ...eventInterval(event, zone) }))
    .sort((a, b) => a.start - b.start);
  let reach = null as Interval | null;
  const chain: { event: string; until: Instant }[] = [];
  for (const { event, start, end } of counted) {
    if (end <= now) continue;
    const joins = reach === null ? start <= now : overlaps(reach, { start, end });
    if (!joins) continue;
    chain.push({ event, until: end });
    reach = { start: Math.min(reach?.start ?? start, start), end: Math.max(reach?.end ?? end, end) };
  }
  return chain;
}

/** The span that covers `now`. */
export const spanAt = (spans: readonly Span[], now: Instant): Span | null =>
  spans.find((span) => span.start <= now && now < span.end) ?? null;

/** The first edge after `now`: when the timeline says something else. */
export function nextEdge(spans: readonly Span[], now: Instant): Instant | null {
  for (const { start, end } of spans) {
    if (start > now) return start;
    if (end > now) return end;
  }
  return null;
}

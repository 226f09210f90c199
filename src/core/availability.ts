import { type CalendarEvent, eventInterval, eventKey, isAllDay } from './calendarEvent.ts';
import type { Effect, Rules } from './rules.ts';
import { type Instant, type Interval, MINUTE, overlaps, type TimeZone } from './time.ts';
import { withinWorkingHours } from './workingHours.ts';

/** What an event that counts turns the presence into. */
export type CountedEffect = Exclude<Effect, 'ignore'>;

/** What is shown beside the state, where it is not the usual. */
export interface Words {
  readonly text?: string | undefined;
  readonly emoji?: string | undefined;
}

/** A stretch of the day that counts as one thing. Neighbours differ: what counts alike and touches is one span. */
export interface Span extends Interval {
  readonly effect: CountedEffect;
  /** Out of office has a text of its own. */
  readonly isOutOfOffice: boolean;
  /** Null for the usual ones. */
  readonly words: Words | null;
  /** Keys of the events that make it, in order of their start. */
  readonly events: readonly string[];
}

/** Why an event counts or not; shown by `simulate`. */
export type Verdict =
  | {
      readonly counts: true;
      readonly effect: CountedEffect;
      readonly isOutOfOffice: boolean;
      readonly words: Words | null;
    }
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
  | 'category'
  | 'workingHours'
  | 'person';

/**
 * Whether an event counts (DESIGN section 4, rule 2). Declined and cancelled never do.
 * @param zone the person's: it decides where all-day events begin and end
 */
export function judge(event: CalendarEvent, rules: Rules, zone: TimeZone): Verdict {
  const no = (because: Reason): Verdict => ({ counts: false, because });
  if (event.isCancelled) return no('cancelled');
  if (event.responseStatus === 'declined') return no('declined');
  const category = categoryOf(event, rules);
  const effect = category?.effect ?? rules.showAs[event.showAs];
  if (effect === 'ignore') {
    if (category !== undefined) return no('category');
    return no(event.showAs === 'unknown' ? 'unknownShowAs' : 'showAs');
  }
  const isOutOfOffice = event.showAs === 'oof' && category === undefined;
  const { start, end } = eventInterval(event, zone);
  if (end - start <= 0 || end - start < rules.minimumMinutes * MINUTE) return no('tooShort');
  if (isAllDay(event, zone)) {
    const allDayCounts = rules.allDay === 'always' || (rules.allDay === 'oof' && event.showAs === 'oof');
    if (!allDayCounts) return no('allDay');
  }
  if (event.responseStatus === 'notResponded' && !rules.notResponded) return no('notResponded');
  if (event.otherAttendees === 0 && !rules.soloEvents && event.showAs !== 'oof') return no('solo');
  if (partsOf(event, isOutOfOffice, rules, zone).length === 0) return no('workingHours');
  const words = category ?? (event.showAs === 'oof' ? undefined : rules.words[event.showAs]);
  const isUsual = words?.text === undefined && words?.emoji === undefined;
  return { counts: true, effect, isOutOfOffice, words: isUsual ? null : { text: words.text, emoji: words.emoji } };
}

function categoryOf(event: CalendarEvent, rules: Rules): Rules['categories'][number] | undefined {
  const names = new Set(event.categories.map((name) => name.toLowerCase()));
  return rules.categories.find(({ name }) => names.has(name.toLowerCase()));
}

/** The time for which an event counts: with lead and tail, and within working hours. Out of office needs neither. */
function partsOf(event: CalendarEvent, isOutOfOffice: boolean, rules: Rules, zone: TimeZone): readonly Interval[] {
  const { start, end } = eventInterval(event, zone);
  if (isOutOfOffice) return [{ start, end }];
  const isTimed = event.time.kind === 'timed';
  const lead = isTimed ? rules.leadMinutes * MINUTE : 0;
  const tail = isTimed ? rules.tailMinutes * MINUTE : 0;
  return withinWorkingHours({ start: start - lead, end: end + tail }, rules.workingHours, zone);
}

interface Counted extends Interval {
  readonly key: string;
  readonly effect: CountedEffect;
  readonly isOutOfOffice: boolean;
  readonly words: Words | null;
  readonly rank: number;
}

/** Which of two simultaneous events decides: the person's own word, then out of office, then the stronger effect. */
const RANK: Readonly<Record<CountedEffect | 'oof' | 'own', number>> = { own: 20, oof: 10, dnd: 3, busy: 2, away: 1 };

/** The key of a time for which the person has said that they are busy. */
const ownKey = ({ start }: Interval): string => `own@${new Date(start).toISOString()}`;

/**
 * The union of all calendars as a row of spans without overlap, in order. The same meeting in two calendars counts once.
 * Costs n log n in the number of events, as long as few of them overlap at once.
 * @param handsOff keys of events on which the person had the last word: they do not count
 * @param own when the person has said that they are busy, whatever the calendars say
 */
export function timeline(
  events: readonly CalendarEvent[],
  rules: Rules,
  zone: TimeZone,
  handsOff: ReadonlySet<string> = new Set(),
  own: readonly Interval[] = [],
): readonly Span[] {
  const counted = new Map<string, { readonly end: Instant; readonly parts: readonly Counted[] }>();
  for (const event of events) {
    const key = eventKey(event);
    const verdict = judge(event, rules, zone);
    if (!verdict.counts || handsOff.has(key)) continue;
    const { end } = eventInterval(event, zone);
    const known = counted.get(key);
    // Two calendars may hold different versions of one meeting for a while; the longer one is believed.
    if (known !== undefined && known.end >= end) continue;
    const { effect, isOutOfOffice, words } = verdict;
    const rank = isOutOfOffice ? RANK.oof : RANK[effect];
    const parts = partsOf(event, isOutOfOffice, rules, zone).map((part) => ({
      key,
      ...part,
      effect,
      isOutOfOffice,
      words,
      rank,
    }));
    counted.set(key, { end, parts });
  }
  const said = own
    .filter((interval) => !handsOff.has(ownKey(interval)))
    .map((interval): Counted => {
      return { key: ownKey(interval), ...interval, effect: 'dnd', isOutOfOffice: false, words: null, rank: RANK.own };
    });
  const all = [...counted.values()].flatMap(({ parts }) => parts).concat(said);
  return bridge(sweep(all.sort((a, b) => a.start - b.start || a.end - b.end)), rules);
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
    const winner = others.reduce((best, event) => (event.rank > best.rank ? event : best), first);
    const { effect, isOutOfOffice, words } = winner;
    const events = active.filter((event) => sameKind(event, winner)).map(({ key }) => key);
    append(spans, { start, end, effect, isOutOfOffice, words, events });
  }
  return spans;
}

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last === undefined || last.end !== span.start || !sameKind(last, span)) spans.push(span);
  else spans[spans.length - 1] = { ...last, end: span.end, events: [...new Set([...last.events, ...span.events])] };
}

type Kind = Pick<Span, 'effect' | 'isOutOfOffice' | 'words'>;

const sameKind = (a: Kind, b: Kind): boolean =>
  a.effect === b.effect &&
  a.isOutOfOffice === b.isOutOfOffice &&
  a.words?.text === b.words?.text &&
  a.words?.emoji === b.words?.emoji;

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
  own: readonly Interval[] = [],
): readonly { readonly event: string; readonly until: Instant }[] {
  const said = own.map(({ start, end }) => {
    return { event: ownKey({ start, end }), start, end, isOn: start <= now && now < end, until: end };
  });
  const counted = events
    .flatMap((event) => {
      const verdict = judge(event, rules, zone);
      if (!verdict.counts) return [];
      const parts = partsOf(event, verdict.isOutOfOffice, rules, zone);
      const isOn = parts.some((part) => part.start <= now && now < part.end);
      const end = parts.at(-1)?.end ?? now;
      return [{ event: eventKey(event), ...eventInterval(event, zone), isOn, until: end }];
    })
    .concat(said)
    .sort((a, b) => a.start - b.start);
  let reach = null as Interval | null;
  const chain: { event: string; until: Instant }[] = [];
  for (const { event, start, end, isOn, until } of counted) {
    if (until <= now || !(isOn || (reach !== null && overlaps(reach, { start, end })))) continue;
    // The same meeting in two calendars is one.
    if (!chain.some((known) => known.event === event)) chain.push({ event, until });
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

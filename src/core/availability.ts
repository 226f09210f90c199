import { type CalendarEvent, eventInterval, eventKey, isAllDay } from './calendarEvent.ts';
import type { BusyTime } from './overrides.ts';
import type { Rules } from './rules.ts';
import { bridge, type Counted, type CountedEffect, type Span, sweep, type Words } from './sweep.ts';
import { type Instant, type Interval, MINUTE, type TimeZone } from './time.ts';
import { withinWorkingHours } from './workingHours.ts';

/** Why an event counts or not; shown by `simulate`. */
export type Verdict =
  | {
      readonly counts: true;
      readonly effect: CountedEffect;
      readonly isOutOfOffice: boolean;
      readonly words: Words | null;
    }
  | { readonly counts: false; readonly because: Reason };

/** Why an event does not count. */
export const REASONS = [
  'cancelled',
  'declined',
  'showAs',
  'unknownShowAs',
  'allDay',
  'solo',
  'notResponded',
  'tooShort',
  'category',
  'workingHours',
  'person',
] as const;
export type Reason = (typeof REASONS)[number];

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

/** The rule for the event's category that decides; absent when none does. */
export function categoryOf(event: CalendarEvent, rules: Rules): Rules['categories'][number] | undefined {
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

/** Which of two simultaneous events decides: the person's own word, then out of office, then the stronger effect. */
const RANK: Readonly<Record<CountedEffect | 'oof' | 'own', number>> = { own: 20, oof: 10, dnd: 3, busy: 2, away: 1 };

/** The key of a time for which the person has said that they are busy. */
export const ownKey = ({ start }: Interval): string => `own@${new Date(start).toISOString()}`;

/**
 * The union of all calendars as a row of spans without overlap, in order. The same meeting in two calendars counts once.
 * Costs n log n in the number of events.
 * @param handsOff keys of events on which the person had the last word: they do not count
 * @param own when the person has said that they are busy, whatever the calendars say
 */
export function timeline(
  events: readonly CalendarEvent[],
  rules: Rules,
  zone: TimeZone,
  handsOff: ReadonlySet<string> = new Set(),
  own: readonly BusyTime[] = [],
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
    .map(({ start, end, text = '' }): Counted => {
      const words = text === '' ? null : { text, areOwn: true as const };
      return { key: ownKey({ start, end }), start, end, effect: 'dnd', isOutOfOffice: false, words, rank: RANK.own };
    });
  const all = [...counted.values()].flatMap(({ parts }) => parts).concat(said);
  return bridge(sweep(all), rules.bridgeMinutes);
}

/** A meeting that was put beside another while that was on is read a little later, when the other may have ended. */
const JOINING = 10 * MINUTE;

/**
 * The events that the person's word at `now` is about: those under way, and all that overlap them in a chain. A meeting
 * that merely follows is the next one and applies again (edge case 10).
 * @param silenced instead of those under way: the events that an earlier word was about; what has come to overlap them joins
 */
export function eventsUnderWay(
  events: readonly CalendarEvent[],
  rules: Rules,
  zone: TimeZone,
  now: Instant,
  own: readonly Interval[] = [],
  silenced: ReadonlySet<string> | null = null,
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
  // What overlaps makes a row; a row counts when the word is about anything in it. The same meeting in two calendars is one.
  const chain = new Map<string, Instant>();
  let row: typeof counted = [];
  let reach = Number.NEGATIVE_INFINITY;
  const finish = () => {
    if (row.some(({ event, isOn }) => (silenced === null ? isOn : silenced.has(event))))
      for (const { event, until } of row) if (until > now) chain.set(event, Math.max(until, chain.get(event) ?? until));
    row = [];
  };
  for (const link of counted) {
    if (link.until + (silenced?.has(link.event) ? JOINING : 0) <= now) continue;
    if (link.start >= reach) finish();
    row.push(link);
    reach = Math.max(reach, link.end);
  }
  finish();
  return [...chain].map(([event, until]) => ({ event, until }));
}

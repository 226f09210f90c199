// What the rules of DESIGN 4.2 and 4.3 say about a day, worked out minute by minute of thought and without src/core's timeline.
import type { CalendarEvent } from '../../../../src/core/calendarEvent.ts';
import { type Instant, startOfDate, type TimeZone } from '../../../../src/core/time.ts';

/** In order of rank. */
export type Kind = 'busy' | 'dnd' | 'oof';
const RANK: readonly Kind[] = ['busy', 'dnd', 'oof'];

/** What the day's settings are, beside the defaults. */
export interface DayRules {
  readonly ownText: 'keep' | 'replace';
  readonly tentative: 'ignore' | 'busy';
}

export interface Counting {
  readonly key: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly kind: Kind;
}

/** What is wanted now: a kind, until when, and the events that make it. */
export interface Want {
  readonly kind: Kind;
  readonly until: Instant;
  readonly events: readonly string[];
}

function kindOf({ showAs, isCancelled, responseStatus, time }: CalendarEvent, rules: DayRules): Kind | null {
  if (isCancelled || responseStatus === 'declined') return null;
  if (showAs === 'oof') return 'oof';
  if (time.kind === 'allDay') return null;
  if (showAs === 'busy') return 'dnd';
  return showAs === 'tentative' && rules.tentative === 'busy' ? 'busy' : null;
}

/** The events that count, each meeting once: of two versions the longer one. */
export function counting(events: readonly CalendarEvent[], rules: DayRules, zone: TimeZone): readonly Counting[] {
  const found = new Map<string, Counting>();
  for (const event of events) {
    const kind = kindOf(event, rules);
    const { time } = event;
    const start = time.kind === 'timed' ? time.start : startOfDate(time.startDate, zone);
    const end = time.kind === 'timed' ? time.end : startOfDate(time.endDate, zone);
    if (kind === null || end <= start) continue;
    const key = `${event.iCalUId}@${time.kind === 'timed' ? new Date(start).toISOString() : time.startDate}`;
    if (end > (found.get(key)?.end ?? 0)) found.set(key, { key, start, end, kind });
  }
  return [...found.values()];
}

const covers = (now: Instant) => (event: Counting) => event.start <= now && now < event.end;

function kindAt(events: readonly Counting[], now: Instant): Kind | null {
  const kinds = events.filter(covers(now)).map(({ kind }) => kind);
  return RANK.findLast((kind) => kinds.includes(kind)) ?? null;
}

/** What the events ask for at `now`; null for nothing. */
export function wantAt(events: readonly Counting[], now: Instant): Want | null {
  const kind = kindAt(events, now);
  if (kind === null) return null;
  const edges = [...new Set(events.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const until = edges.find((edge) => edge > now && kindAt(events, edge) !== kind) ?? now;
  let from = now;
  for (const edge of edges.filter((other) => other <= now).reverse()) {
    if (kindAt(events, edge) !== kind) break;
    from = edge;
  }
  const made = events.filter((event) => event.kind === kind && event.start < until && event.end > from);
  return { kind, until, events: made.map(({ key }) => key) };
}

/** A meeting put beside one that was on is read a little later. */
const JOINING = 10 * 60_000;

/** The meetings that a word of the person is about: those under way, and what overlaps them in a chain. */
export const chainAt = (events: readonly Counting[], now: Instant): readonly string[] =>
  chainOf(events, new Set(events.filter(covers(now))), now);

/** A word holds for what comes to overlap its meetings, too. */
export function grown(silenced: ReadonlySet<string>, events: readonly Counting[], now: Instant): ReadonlySet<string> {
  const live = events.filter(({ key, end }) => silenced.has(key) && end + JOINING > now);
  return new Set([...silenced, ...chainOf(events, new Set(live), now)]);
}

function chainOf(events: readonly Counting[], chain: Set<Counting>, now: Instant): readonly string[] {
  for (let size = -1; size !== chain.size; ) {
    size = chain.size;
    for (const event of events) {
      const isLinked = [...chain].some((other) => other.start < event.end && event.start < other.end);
      if (event.end > now && isLinked) chain.add(event);
    }
  }
  return [...chain].map(({ key }) => key);
}

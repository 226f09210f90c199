import type { Effect } from './rules.ts';
import { type Instant, type Interval, MINUTE } from './time.ts';

/** What an event that counts turns the presence into. */
export type CountedEffect = Exclude<Effect, 'ignore'>;

/** What is shown beside the state, where it is not the usual. */
export interface Words {
  readonly text?: string | undefined;
  readonly emoji?: string | undefined;
  /** The person has typed them for this very time: they take the place of a text that they have set before. */
  readonly areOwn?: true;
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

/** A stretch of one event that counts. */
export interface Counted extends Interval {
  readonly key: string;
  readonly effect: CountedEffect;
  readonly isOutOfOffice: boolean;
  readonly words: Words | null;
  /** Of all that are on at once, the highest decides. */
  readonly rank: number;
}

/** A span that still grows, in place. */
interface OpenSpan extends Omit<Span, 'start' | 'end' | 'events'> {
  readonly start: Instant;
  end: Instant;
  readonly events: Set<string>;
}

const opened = ({ effect, isOutOfOffice, words }: Kind, { start, end }: Interval): OpenSpan => {
  return { start, end, effect, isOutOfOffice, words, events: new Set() };
};

const closed = ({ events, ...span }: OpenSpan): Span => ({ ...span, events: [...events] });

/**
 * The union as a row of spans without overlap, in order: cut where the highest rank among what is on changes. What counts
 * alike lies together in a group, so that the strongest is found without looking at every event: n log n, plus the size of
 * what comes out.
 */
export function sweep(counted: readonly Counted[]): readonly Span[] {
  const starting = [...counted].sort((a, b) => a.start - b.start || a.end - b.end);
  const ending = [...counted].sort((a, b) => a.end - b.end);
  const edges = [...new Set(counted.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const places = new Map(starting.map((event, place) => [event, place]));
  const byPlace: Order = (a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0);
  const groups = new Map<string, Set<Counted>>();
  const spans: Span[] = [];
  let open: OpenSpan | null = null;
  let next = 0;
  let ended = 0;
  for (const edge of edges) {
    for (let event = ending[ended]; event !== undefined && event.end <= edge; event = ending[++ended])
      groups.get(groupOf(event))?.delete(event);
    const begun: Counted[] = [];
    for (let event = starting[next]; event !== undefined && event.start <= edge; event = starting[++next]) {
      if (event.end <= edge) continue;
      begun.push(event);
      const group = groups.get(groupOf(event));
      if (group === undefined) groups.set(groupOf(event), new Set([event]));
      else group.add(event);
    }
    const winner = strongest(groups.values(), byPlace);
    if (open !== null) open.end = edge;
    if (open !== null && (winner === null || !sameKind(open, winner))) {
      spans.push(closed(open));
      open = null;
    }
    if (winner === null) continue;
    const joining =
      open === null ? allLike(winner, groups.values(), byPlace) : begun.filter((event) => sameKind(event, winner));
    open ??= opened(winner, { start: edge, end: edge });
    for (const { key } of joining) open.events.add(key);
  }
  return spans;
}

/** Fills gaps up to `bridgeMinutes` between spans that count alike. */
export function bridge(spans: readonly Span[], bridgeMinutes: number): readonly Span[] {
  if (bridgeMinutes === 0) return spans;
  const result: Span[] = [];
  let open: OpenSpan | null = null;
  for (const span of spans) {
    const fits = open !== null && span.start - open.end <= bridgeMinutes * MINUTE && sameKind(open, span);
    if (!fits && open !== null) result.push(closed(open));
    if (!fits || open === null) open = opened(span, span);
    open.end = span.end;
    for (const key of span.events) open.events.add(key);
  }
  if (open !== null) result.push(closed(open));
  return result;
}

const groupOf = ({ rank, effect, isOutOfOffice, words }: Counted): string =>
  `${rank} ${effect} ${isOutOfOffice}${words === null ? '' : JSON.stringify([words.text, words.emoji])}`;

/** The event that decides: the highest rank, among equals the one that began first. A set keeps the order of starts. */
function strongest(groups: Iterable<ReadonlySet<Counted>>, byPlace: Order): Counted | null {
  let best: Counted | null = null;
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    if (best === null || first.rank > best.rank || (first.rank === best.rank && byPlace(first, best) < 0)) best = first;
  }
  return best;
}

/** All that are on and count as `winner` does, by their start. */
const allLike = (winner: Counted, groups: Iterable<ReadonlySet<Counted>>, byPlace: Order): readonly Counted[] =>
  [...groups]
    .filter(([first]) => first !== undefined && sameKind(first, winner))
    .flatMap((group) => [...group])
    .sort(byPlace);

type Order = (a: Counted, b: Counted) => number;

type Kind = Pick<Span, 'effect' | 'isOutOfOffice' | 'words'>;

const sameKind = (a: Kind, b: Kind): boolean =>
  a.effect === b.effect &&
  a.isOutOfOffice === b.isOutOfOffice &&
  a.words?.text === b.words?.text &&
  a.words?.emoji === b.words?.emoji;

/** The span that covers `now`. */
export const spanAt = <Stretch extends Interval>(spans: readonly Stretch[], now: Instant): Stretch | null =>
  spans.find((span) => span.start <= now && now < span.end) ?? null;

/** The first edge after `now`: when the timeline says something else. */
export function nextEdge(spans: readonly Span[], now: Instant): Instant | null {
  for (const { start, end } of spans) {
    if (start > now) return start;
    if (end > now) return end;
  }
  return null;
}

/** What one timeline says until `now`, and from then on another. */
export function joinAt(past: readonly Span[], coming: readonly Span[], now: Instant): readonly Span[] {
  const before = past.filter(({ start }) => start < now).map((span) => ({ ...span, end: Math.min(span.end, now) }));
  const after = coming.filter(({ end }) => end > now).map((span) => ({ ...span, start: Math.max(span.start, now) }));
  const [last, first] = [before.at(-1), after[0]];
  const isOne = last !== undefined && first !== undefined && last.end === first.start && sameKind(last, first);
  if (!isOne) return [...before, ...after];
  const events = [...new Set([...last.events, ...first.events])];
  return [...before.slice(0, -1), { ...first, start: last.start, events }, ...after.slice(1)];
}

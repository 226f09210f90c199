import type { DayPicture } from './day.ts';
import type { Interval } from './time.ts';

/** Where nothing counts: the chats show what is the person's own. In order. */
export function gaps({ start, end, spans }: DayPicture): readonly Interval[] {
  const edges = [start, ...spans.flatMap((span) => [span.start, span.end]), end];
  const found: Interval[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const [from = end, to = end] = edges.slice(index, index + 2);
    if (from < to) found.push({ start: from, end: to });
  }
  return found;
}

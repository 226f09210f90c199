import type { Interval } from './time.ts';

/** Where a block is drawn beside those that overlap it: lane number `lane`, from 0, of `lanes`. */
export interface Lane {
  readonly lane: number;
  readonly lanes: number;
}

/**
 * A lane for each interval, so that none overlaps another in its lane, with as few lanes as can be. What overlaps in a chain
 * shares the number of lanes. In the order given, which has to be that of the starts.
 */
export function lanesOf(intervals: readonly Interval[]): readonly Lane[] {
  const found: Lane[] = [];
  /** When each lane of the chain is free again. */
  let ends: number[] = [];
  let chain: number[] = [];
  const finish = () => {
    for (const lane of chain) found.push({ lane, lanes: ends.length });
    ends = [];
    chain = [];
  };
  for (const { start, end } of intervals) {
    if (ends.every((until) => until <= start)) finish();
    const free = ends.findIndex((until) => until <= start);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = end;
    chain.push(lane);
  }
  finish();
  return found;
}

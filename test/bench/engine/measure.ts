/** Results go here, so that no work can be left out as unused. */
const SINK: unknown[] = [];

/** How long `work` takes: milliseconds, the median of `samples` after a warm-up. Quick work is repeated within a sample. */
export function medianTime(work: () => unknown, { samples = 15, sampleMs = 20, warmUpMs = 150 } = {}): number {
  let rounds = 0;
  const began = performance.now();
  do {
    SINK[0] = work();
    rounds += 1;
  } while (performance.now() - began < warmUpMs);
  const repeat = Math.max(1, Math.round((sampleMs * rounds) / (performance.now() - began)));
  const times = Array.from({ length: samples }, () => {
    const start = performance.now();
    for (let left = repeat; left > 0; left--) SINK[0] = work();
    return (performance.now() - start) / repeat;
  });
  return times.sort((a, b) => a - b)[Math.floor(samples / 2)] ?? 0;
}

export interface Point {
  readonly count: number;
  /** Milliseconds. */
  readonly time: number;
  /** This time over the one before, divided by what n log n would make of the step: 1 is n log n, 2 a doubling too many. */
  readonly overLast: number | null;
}

const nLogN = (count: number): number => count * Math.log2(count);

export function withRatios(measured: readonly { readonly count: number; readonly time: number }[]): readonly Point[] {
  return measured.map((point, index) => {
    const last = measured[index - 1];
    if (last === undefined) return { ...point, overLast: null };
    const [step, time] = [nLogN(point.count) / nLogN(last.count), point.time / last.time];
    // Per doubling, so that uneven steps compare.
    return { ...point, overLast: (time / step) ** (1 / Math.log2(point.count / last.count)) };
  });
}

/** The slope of log time over log (n log n), by least squares: 1 when the cost grows as n log n. */
export function exponent(points: readonly Point[]): number {
  const xs = points.map(({ count }) => Math.log(nLogN(count)));
  const ys = points.map(({ time }) => Math.log(time));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const over = xs.reduce((sum, x, index) => sum + (x - mx) * ((ys[index] ?? 0) - my), 0);
  return over / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
}

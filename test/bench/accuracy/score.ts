import { type At, SECOND, type Shot, type Stretch, sleeps, type WorkingDay } from './day.ts';

/** How wrong one day was, in milliseconds. */
export interface Wrong {
  /** The state was wrong while the laptop was awake. */
  readonly awake: number;
  /** The state or the text was wrong while the laptop was awake. */
  readonly awakeWithText: number;
  /** The state was wrong while the laptop was asleep. */
  readonly asleep: number;
  /** Of `awake`: what each wrong stretch began with. */
  readonly causes: Readonly<Record<string, number>>;
}

/** Compares what was shown to what was right, to the millisecond. */
export function score(day: WorkingDay, right: readonly Shot[], shown: readonly Shot[]): Wrong {
  const nights = sleeps(day);
  const wakeful = wakefulnessEdges(nights);
  const edges = [...right.map(({ at }) => at), ...shown.map(({ at }) => at), ...wakeful, day.end]
    .filter((at) => at >= day.start && at <= day.end)
    .sort((a, b) => a - b);
  let [awake, awakeWithText, asleep] = [0, 0, 0];
  const causes: Record<string, number> = {};
  let since: At | null = null;
  for (const [index, start] of edges.entries()) {
    const length = (edges[index + 1] ?? day.end) - start;
    if (length <= 0) continue;
    const [a, b] = [at(right, start), at(shown, start)];
    const isStateWrong = a?.state !== b?.state;
    const isAsleep = nights.some((night) => night.start <= start && start < night.end);
    if (isStateWrong) since ??= start;
    else since = null;
    if (isAsleep) {
      if (isStateWrong) asleep += length;
      continue;
    }
    if (isStateWrong || a?.text !== b?.text) awakeWithText += length;
    if (!isStateWrong || since === null) continue;
    awake += length;
    const cause = causeAt(day, right, nights, since);
    causes[cause] = (causes[cause] ?? 0) + length;
  }
  return { awake, awakeWithText, asleep, causes };
}

const at = (shots: readonly Shot[], moment: At) => shots.findLast((shot) => shot.at <= moment)?.shown;

const wakefulnessEdges = (nights: readonly Stretch[]) => nights.flatMap(({ start, end }) => [start, end]);

/** What had just happened when a wrong stretch began. */
function causeAt(day: WorkingDay, right: readonly Shot[], nights: readonly Stretch[], since: At): string {
  if (nights.some(({ start, end }) => start <= since && since <= end)) return 'asleep';
  const last = day.happenings.findLast((happening) => happening.at <= since && happening.at > since - 5 * SECOND);
  if (last?.kind === 'calendar') return last.change;
  if (last !== undefined) return last.kind;
  return right.some((shot) => shot.at === since) ? 'edge' : 'decision';
}

/**
 * How wrong the best possible tool would be that learns of the calendar at `readsAt` only, and is otherwise perfect and
 * without any delay: the same day with every change of a calendar put off to the next read.
 */
export function asReadAt(day: WorkingDay, readsAt: readonly At[]): WorkingDay {
  const happenings = day.happenings
    .map((happening) => {
      if (happening.kind !== 'calendar') return happening;
      return { ...happening, at: readsAt.find((read) => read >= happening.at) ?? day.end };
    })
    .sort((a, b) => a.at - b.at);
  return { ...day, happenings };
}

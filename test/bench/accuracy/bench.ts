// All tools through the same days.

import { SECOND, type WorkingDay } from './day.ts';
import { makeDay } from './days.ts';
import { MODELS, runModel } from './models.ts';
import { type DayRun, runOurs } from './ours.ts';
import { Random } from './random.ts';
import { asReadAt, score, type Wrong } from './score.ts';
import { truth } from './truth.ts';

/** One tool's one day. */
export interface Result extends Wrong {
  readonly day: number;
  readonly sleepsAtNight: boolean;
  readonly calendars: number;
  readonly calendarCalls: number;
  readonly chatCalls: number;
  readonly writes: number;
  /** Chat calls within two seconds of a write. */
  readonly callsAtWrites: number;
  /** `awake` of the best tool that reads the calendar just as often and at the same times; null for the models. */
  readonly floor: number | null;
}

export interface Tool {
  readonly name: string;
  readonly results: readonly Result[];
}

export interface BenchOptions {
  readonly days: number;
  readonly seed: number;
  readonly plain?: boolean;
  readonly onDay?: (done: number) => void;
}

/** The distances of our marks: the default, and the fastest. */
export const OURS = [
  { name: 'HipStatus 2, every 300 s', refreshMinutes: 5 },
  { name: 'HipStatus 2, every 60 s', refreshMinutes: 1 },
] as const;

export async function bench({ days, seed, plain = false, onDay }: BenchOptions): Promise<readonly Tool[]> {
  const tools = [...OURS, ...MODELS].map(({ name }) => ({ name, results: [] as Result[] }));
  for (let index = 0; index < days; index++) {
    const day = makeDay(seed, index, { plain });
    const phases = new Random(seed + index);
    const runs: DayRun[] = [];
    for (const { refreshMinutes } of OURS) runs.push(await runOurs(day, refreshMinutes));
    for (const model of MODELS) {
      const phase = model.runsOn === 'server' ? Math.floor(phases.between(0, model.period)) : 0;
      runs.push(runModel(model, day, phase));
    }
    for (const [place, run] of runs.entries()) {
      tools[place]?.results.push(judge(day, index, run, place < OURS.length));
    }
    onDay?.(index + 1);
  }
  return tools;
}

function judge(day: WorkingDay, index: number, run: DayRun, hasFloor: boolean): Result {
  const right = truth(day);
  const { shots, calendarReadsAt, chatReadsAt, writesAt } = run;
  const chatCallsAt = [...chatReadsAt, ...writesAt];
  const isAtWrite = (at: number) => writesAt.some((write) => Math.abs(write - at) <= 2 * SECOND);
  return {
    ...score(day, right, shots),
    day: index,
    sleepsAtNight: day.sleepsAtNight,
    calendars: day.calendars,
    calendarCalls: calendarReadsAt.length,
    chatCalls: chatCallsAt.length,
    writes: writesAt.length,
    callsAtWrites: chatCallsAt.filter(isAtWrite).length,
    floor: hasFloor ? score(day, right, truth(asReadAt(day, calendarReadsAt))).awake : null,
  };
}

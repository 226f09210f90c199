import { OURS, type Result, type Tool } from './bench.ts';
import { MINUTE } from './day.ts';

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The nearest rank: the smallest value that `share` of all do not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** One tool over all days: minutes and calls a day. */
export interface Summary {
  readonly name: string;
  readonly wrong: { readonly mean: number; readonly p95: number; readonly worst: number; readonly worstDay: number };
  readonly wrongWithText: number;
  readonly wrongAsleep: number;
  readonly floor: number | null;
  readonly causes: Readonly<Record<string, number>>;
  readonly calendarCalls: number;
  /** Calendar calls for each calendar account. */
  readonly refreshes: { readonly mean: number; readonly sleepsAtNight: number; readonly alwaysOn: number };
  readonly chatCalls: number;
  readonly writes: number;
  readonly callsPerWrite: number;
}

export function summarize({ name, results }: Tool): Summary {
  const minutes = (of: (result: Result) => number) => results.map((result) => of(result) / MINUTE);
  const awake = minutes((result) => result.awake);
  const worst = Math.max(...awake);
  const causes: Record<string, number> = {};
  for (const result of results) {
    for (const [cause, wrong] of Object.entries(result.causes)) {
      causes[cause] = (causes[cause] ?? 0) + wrong / MINUTE / results.length;
    }
  }
  const refreshes = (of: readonly Result[]) => mean(of.map((result) => result.calendarCalls / result.calendars));
  const writes = mean(results.map((result) => result.writes));
  return {
    name,
    wrong: { mean: mean(awake), p95: quantile(awake, 0.95), worst, worstDay: results[awake.indexOf(worst)]?.day ?? 0 },
    wrongWithText: mean(minutes((result) => result.awakeWithText)),
    wrongAsleep: mean(minutes((result) => result.asleep)),
    floor: results.every(({ floor }) => floor !== null) ? mean(minutes(({ floor }) => floor ?? 0)) : null,
    causes,
    calendarCalls: mean(results.map((result) => result.calendarCalls)),
    refreshes: {
      mean: refreshes(results),
      sleepsAtNight: refreshes(results.filter(({ sleepsAtNight }) => sleepsAtNight)),
      alwaysOn: refreshes(results.filter(({ sleepsAtNight }) => !sleepsAtNight)),
    },
    chatCalls: mean(results.map((result) => result.chatCalls)),
    writes,
    callsPerWrite: writes === 0 ? 0 : mean(results.map((result) => result.callsAtWrites)) / writes,
  };
}

const COLUMNS = [
  ['wrong', ({ wrong }: Summary) => wrong.mean.toFixed(2)],
  ['p95', ({ wrong }: Summary) => wrong.p95.toFixed(1)],
  ['worst', ({ wrong }: Summary) => wrong.worst.toFixed(1)],
  ['or text', ({ wrongWithText }: Summary) => wrongWithText.toFixed(2)],
  ['asleep', ({ wrongAsleep }: Summary) => wrongAsleep.toFixed(1)],
  ['calendar', ({ calendarCalls }: Summary) => calendarCalls.toFixed(0)],
  ['chat', ({ chatCalls }: Summary) => chatCalls.toFixed(0)],
  ['writes', ({ writes }: Summary) => writes.toFixed(1)],
] as const;

/** The table: minutes a day while the laptop is awake; calls a day. */
export function table(summaries: readonly Summary[]): string {
  const width = Math.max(...summaries.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  return [
    line(
      '',
      COLUMNS.map(([title]) => title),
    ),
    ...summaries.map((summary) =>
      line(
        summary.name,
        COLUMNS.map(([, of]) => of(summary)),
      ),
    ),
  ].join('\n');
}

export interface Aim {
  readonly name: string;
  readonly aim: number;
  readonly measured: number;
  readonly isMet: boolean;
}

/** What the project promises, and what came of it. */
export function aims(summaries: readonly Summary[]): readonly Aim[] {
  const [usual, fast] = OURS.map(({ name }) => summaries.find((summary) => summary.name === name));
  if (usual === undefined || fast === undefined) return [];
  const aim = (name: string, limit: number, measured: number) => {
    return { name, aim: limit, measured, isMet: measured <= limit };
  };
  return [
    aim('minutes a day wrong, mean, at 300 s', 0.4, usual.wrong.mean),
    aim('calls a day to one calendar, at 300 s', 120, usual.refreshes.mean),
    aim('calls a day to all calendars, at 300 s', 120, usual.calendarCalls),
    aim('chat calls for a change', 2, usual.callsPerWrite),
    aim('minutes a day wrong, mean, at 60 s', 0.1, fast.wrong.mean),
  ];
}

export function aimLines(all: readonly Aim[]): string {
  return all
    .map(({ name, aim, measured, isMet }) => {
      const verdict = isMet ? 'met' : `missed by ${(measured - aim).toFixed(2)}`;
      return `  ${name.padEnd(46)} aim ≤ ${String(aim).padEnd(5)} measured ${measured.toFixed(2).padStart(7)}   ${verdict}`;
    })
    .join('\n');
}

/** What limits ours. */
export function limits(summary: Summary): string {
  const { floor, wrong, refreshes, causes } = summary;
  const parts = Object.entries(causes)
    .sort(([, a], [, b]) => b - a)
    .map(([cause, minutes]) => `${cause} ${minutes.toFixed(3)}`);
  return [
    `  ${summary.name}`,
    `    wrong ${wrong.mean.toFixed(3)} min; ${(floor ?? 0).toFixed(3)} is the floor of any tool that reads the calendar at the same moments`,
    `    by what it began with (min a day): ${parts.join(', ') || 'nothing'}; worst day: number ${wrong.worstDay}`,
    `    calls a day to one calendar: ${refreshes.sleepsAtNight.toFixed(0)} on laptops asleep at night, ${refreshes.alwaysOn.toFixed(0)} on those always on; ${summary.callsPerWrite.toFixed(2)} chat calls for a change`,
  ].join('\n');
}

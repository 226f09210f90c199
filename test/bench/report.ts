import type { StartAndMemory } from './measure.ts';

const MB = 1024 * 1024;

/** What `--json` writes. Times in milliseconds, sizes in bytes, CPU as share of a core. */
export interface Results {
  readonly electron: string;
  readonly pairs: number;
  readonly hipstatus: readonly StartAndMemory[];
  readonly bare: readonly StartAndMemory[];
  readonly cpu: { readonly seconds: number; readonly hipstatus: number; readonly bare: number };
  readonly bundle: { readonly all: number; readonly loaded: Readonly<Record<string, number>> };
  readonly window: { readonly before: number; readonly open: number; readonly after: number };
}

/** One line of the table. `aim` is the most that `figure` may be; null where there is none. */
export interface Line {
  readonly what: string;
  readonly hipstatus: string;
  readonly bare: string;
  readonly figure: number;
  readonly shown: string;
  readonly aim: number | null;
  readonly aimShown: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
}

const mb = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;
const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;

/** The median of a value, with the lowest and the highest. */
function spread(values: readonly number[], show: (value: number) => string): string {
  return `${show(median(values))} (${show(Math.min(...values))} … ${show(Math.max(...values))})`;
}

export function linesOf(results: Results): Line[] {
  const { hipstatus, bare, cpu, bundle, window } = results;
  const compare = (what: string, of: (run: StartAndMemory) => number, show: (value: number) => string, aim: number) => {
    const [ours, theirs] = [hipstatus.map(of), bare.map(of)];
    const figure = median(ours) / median(theirs);
    const shown = `× ${figure.toFixed(3)}`;
    return {
      what,
      hipstatus: spread(ours, show),
      bare: spread(theirs, show),
      figure,
      shown,
      aim,
      aimShown: `≤ ${aim}`,
    };
  };
  const plain = (what: string, value: number, shown = mb(value)): Line => {
    return { what, hipstatus: shown, bare: '', figure: value, shown: '', aim: null, aimShown: '' };
  };
  const loaded = Object.values(bundle.loaded).reduce((sum, size) => sum + size, 0);
  return [
    compare(
      'start to tray',
      ({ startMs }) => startMs,
      (ms) => `${ms.toFixed(0)} ms`,
      1.3,
    ),
    compare('memory, no window', ({ pss }) => pss, mb, 1.15),
    {
      what: `idle CPU of a core, ${cpu.seconds.toFixed(0)} s`,
      hipstatus: percent(cpu.hipstatus),
      bare: percent(cpu.bare),
      // The aim is for all of it, not for what it uses more than the other.
      figure: cpu.hipstatus,
      shown: `+ ${percent(cpu.hipstatus - cpu.bare)}`.replace('+ -', '- '),
      aim: 0.001,
      aimShown: '< 0.1 %',
    },
    {
      ...plain('main bundle, all of out/main', bundle.all),
      shown: mb(bundle.all),
      aim: 3 * MB,
      aimShown: '≤ 3 MB',
    },
    plain('  of it loaded after one sync', loaded, `${mb(loaded)} in ${Object.keys(bundle.loaded).length} files`),
    plain('memory before a prompt (debugged run)', window.before),
    plain('  while it is open', window.open),
    plain('  after it was closed', window.after, `${mb(window.after)} (${mb(window.after - window.before)} more)`),
  ];
}

export const isMet = ({ figure, aim }: Line): boolean => aim === null || figure <= aim;

export function table(lines: readonly Line[]): string {
  const rows = [
    ['', 'HipStatus', 'bare tray app', 'difference', 'aim', ''],
    ...lines.map((line) => {
      const verdict = line.aim === null ? '' : isMet(line) ? 'met' : 'MISSED';
      return [line.what, line.hipstatus, line.bare, line.shown, line.aimShown, verdict];
    }),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The median memory of each kind of process, so that it can be seen where a difference is. */
export function processTable(results: Results): string {
  const types = [
    ...new Set([...results.hipstatus, ...results.bare].flatMap((run) => run.processes.map((p) => p.type))),
  ];
  const of = (runs: readonly StartAndMemory[], type: string) =>
    median(runs.map((run) => run.processes.filter((p) => p.type === type).reduce((sum, { pss }) => sum + pss, 0)));
  const width = Math.max(...types.map((type) => type.length));
  return types
    .map(
      (type) =>
        `${type.padEnd(width)}  ${mb(of(results.hipstatus, type)).padStart(9)}  ${mb(of(results.bare, type)).padStart(9)}`,
    )
    .join('\n');
}

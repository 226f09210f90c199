import { readdirSync, readFileSync } from 'node:fs';

/** One process of an app. */
export interface ProcessUse {
  readonly pid: number;
  /** Chromium's `--type`, with the service of a utility process: `main`, `zygote`, `gpu-process`, `utility network…`. */
  readonly type: string;
  /** Proportional set size: its own memory and its share of what it shares; bytes. */
  readonly pss: number;
  /** What it has written itself, without what is read from files; bytes. */
  readonly written: number;
  /** User and system time so far; seconds. */
  readonly cpu: number;
}

/** What one system tick is (USER_HZ, which Linux shows to programs as 100 on every machine); seconds. */
const TICK = 0.01;

/** Null for a process that is gone meanwhile. */
function read(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

/** The fields of /proc/PID/stat after the command's name, which may hold blanks (proc_pid_stat(5)): the first is the state. */
function stat(pid: number): string[] {
  const text = read(pid, 'stat') ?? '';
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function typeOf(pid: number): string {
  const words = (read(pid, 'cmdline') ?? '').split(/[\0 ]/);
  const value = (flag: string) => words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
  return [value('--type') ?? 'main', value('--utility-sub-type')].filter((part) => part !== undefined).join(' ');
}

/**
 * All processes of the session that a process leads (it was started with `detached`): the app's own, and those it has
 * started, also where their parent has ended.
 */
export function processesOf(leader: number): ProcessUse[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [state, , , session] = stat(pid);
      return Number(session) === leader && state !== 'Z';
    })
    .map((pid) => {
      const memory = read(pid, 'smaps_rollup') ?? '';
      const bytes = (name: string) =>
        Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(memory)?.[1] ?? '0') * 1024;
      const [utime = '0', stime = '0'] = stat(pid).slice(11, 13);
      return {
        pid,
        type: typeOf(pid),
        pss: bytes('Pss'),
        written: bytes('Private_Dirty'),
        cpu: (Number(utime) + Number(stime)) * TICK,
      };
    });
}

export const totalPss = (processes: readonly ProcessUse[]): number => processes.reduce((sum, { pss }) => sum + pss, 0);

/**
 * What they have written; bytes. The measure of what grows: unlike the proportional set size it has nothing of Electron's own files in it, which
 * are private or shared by whether another program of the same Electron runs.
 */
export const totalWritten = (processes: readonly ProcessUse[]): number =>
  processes.reduce((sum, { written }) => sum + written, 0);

export const totalCpu = (processes: readonly ProcessUse[]): number => processes.reduce((sum, { cpu }) => sum + cpu, 0);

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from './atomicFile.ts';

const run = promisify(execFile);
const TIMEOUT = 5_000;

/** Whether a process of that number is running now, be it another person's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * When the process of that number started, in the platform's own words: numbers are given anew, pairs of number and start
 * are not. Empty where it can't be found out.
 */
export async function startOf(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') {
      // proc(5): field 22 is the start in ticks since the boot; the name in field 2 may hold spaces and brackets.
      const [boot, stat] = await Promise.all([
        readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
        readFile(`/proc/${pid}/stat`, 'utf8'),
      ]);
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return `${boot.trim()}/${fields[19] ?? ''}`;
    }
    const [program, ...parameters] =
      process.platform === 'win32'
        ? ['powershell.exe', '-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]
        : ['/bin/ps', '-o', 'lstart=', '-p', String(pid)];
    const { stdout } = await run(program, parameters, {
      timeout: TIMEOUT,
      windowsHide: true,
      // `lstart` is written in the words of the locale and the zone, and both may change while the process runs.
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    return stdout.trim();
  } catch {
    return '';
  }
}

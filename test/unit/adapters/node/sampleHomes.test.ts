import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, utimesSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../../../src/adapters/node/instanceLock.ts';
import { sweepSampleHomes } from '../../../../src/adapters/node/sampleHomes.ts';
import { tempFolder } from './tempFolder.ts';

const HOUR_AGO = new Date(Date.now() - 3_600_000);

/** A home with a file in it; with a lock as that process has left it. */
function home(temporary: string, name: string, lock?: { pid: number }): string {
  const folder = path.join(temporary, name);
  mkdirSync(path.join(folder, 'run'), { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), '{}');
  if (lock !== undefined)
    writeFileSync(path.join(folder, 'run', 'writer.1.lock'), JSON.stringify({ ...lock, started: '' }));
  return folder;
}

/** The number of a process that is over. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('what sample data has left behind', () => {
  it('is removed: of a program that was killed, and of one that has ended', async () => {
    const temporary = tempFolder();
    const killed = home(temporary, 'hipstatus-sample-a', { pid: deadPid() });
    const ended = home(temporary, 'hipstatus-sample-b', { pid: 0 });
    const old = home(temporary, 'hipstatus-sample-c');
    utimesSync(old, HOUR_AGO, HOUR_AGO);
    await sweepSampleHomes(temporary);
    expect([killed, ended, old].map((folder) => existsSync(folder))).toEqual([false, false, false]);
  });

  it('stays while it is in use, or about to be', async () => {
    const temporary = tempFolder();
    const used = home(temporary, 'hipstatus-sample-a');
    const lock = await acquireLock(path.join(used, 'run'));
    utimesSync(used, HOUR_AGO, HOUR_AGO);
    const starting = home(temporary, 'hipstatus-sample-b');
    await sweepSampleHomes(temporary);
    expect([used, starting].map((folder) => existsSync(folder))).toEqual([true, true]);
    if ('release' in lock) lock.release();
    await sweepSampleHomes(temporary);
    expect(existsSync(used)).toBe(false);
  });

  it('is nothing else: no other folder, no file, and nothing behind a link', async () => {
    const temporary = tempFolder();
    const other = home(temporary, 'hipstatus-demo-a', { pid: deadPid() });
    const target = home(temporary, 'target', { pid: deadPid() });
    symlinkSync(target, path.join(temporary, 'hipstatus-sample-link'));
    writeFileSync(path.join(temporary, 'hipstatus-sample-file'), '');
    await sweepSampleHomes(temporary);
    expect([other, target].map((folder) => existsSync(path.join(folder, 'settings.json')))).toEqual([true, true]);
    expect(existsSync(path.join(temporary, 'hipstatus-sample-file'))).toBe(true);
  });

  it('may be gone already, with the whole temporary folder', async () => {
    const gone = path.join(tempFolder(), 'gone');
    await sweepSampleHomes(gone);
    expect(existsSync(gone)).toBe(false);
  });
});

/** Says that it runs, in a folder with a quote and a blank in its name, and goes on until it is ended. */
const PROGRAM = (module: string, folder: string) =>
  `import(${JSON.stringify(module)}).then(({ removeAfterEnd }) => {
    removeAfterEnd(${JSON.stringify(folder)});
    console.log('runs');
    setInterval(() => {}, 1000);
  });`;

describe('the home folder of a program with sample data', () => {
  it.skipIf(process.platform === 'win32')(
    'is there until the program has ended, even by a kill, and then goes',
    async () => {
      const temporary = tempFolder();
      const folder = home(temporary, `hipstatus-sample-"it's"`);
      const module = new URL('../../../../src/adapters/node/sampleHomes.ts', import.meta.url).href;
      const child = spawn(process.execPath, ['--import', 'tsx', '-e', PROGRAM(module, folder)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      expect(existsSync(folder)).toBe(true);
      const gone = new Promise<void>((resolve) => {
        const watcher = watch(temporary, () => {
          if (existsSync(folder)) return;
          watcher.close();
          resolve();
        });
      });
      child.kill('SIGKILL');
      await gone;
      expect(existsSync(temporary)).toBe(true);
    },
  );
});

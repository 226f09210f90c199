import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock, lockHolder } from '../../../../src/adapters/node/instanceLock.ts';
import { startOf } from '../../../../src/adapters/node/processIdentity.ts';
import { tempFolder } from './tempFolder.ts';

const lockWith = (runDir: string, number: number, content: string): string => {
  const file = path.join(runDir, `writer.${number}.lock`);
  writeFileSync(file, content);
  return file;
};

/** The number of a process that is over. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('acquireLock', () => {
  it('lets one in, names it to the others, and lets the next in after the release', async () => {
    const runDir = path.join(tempFolder(), 'home', 'run');
    expect(await lockHolder(runDir)).toBeNull();
    for (const round of [1, 2, 3]) {
      const held = await acquireLock(runDir);
      expect(held, `round ${round}`).toHaveProperty('release');
      expect(await acquireLock(runDir)).toEqual({ heldBy: process.pid });
      expect(await lockHolder(runDir)).toBe(process.pid);
      if ('release' in held) held.release();
      expect(await lockHolder(runDir)).toBeNull();
      expect(readdirSync(runDir)).toHaveLength(1);
    }
  });

  it('takes over from a process that is gone', async () => {
    const runDir = tempFolder();
    lockWith(runDir, 7, JSON.stringify({ pid: deadPid(), started: '' }));
    expect(await lockHolder(runDir)).toBeNull();
    expect(await acquireLock(runDir)).toHaveProperty('release');
    expect(readdirSync(runDir)).toEqual(['writer.8.lock']);
  });

  it('takes over when the number was given to another process since', async () => {
    const runDir = tempFolder();
    lockWith(runDir, 1, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    expect(await acquireLock(runDir)).toHaveProperty('release');
  });

  it('takes over a file that a power cut left empty, once it is old', async () => {
    const runDir = tempFolder();
    const file = lockWith(runDir, 1, '');
    utimesSync(file, 0, 0);
    expect(await acquireLock(runDir)).toHaveProperty('release');
  });

  it('lets exactly one of many in that find the same stale lock', async () => {
    const stale = JSON.stringify({ pid: deadPid(), started: '' });
    for (let round = 0; round < 20; round += 1) {
      const runDir = tempFolder();
      lockWith(runDir, 1, stale);
      const results = await Promise.all(Array.from({ length: 8 }, () => acquireLock(runDir)));
      expect(results.filter((result) => 'release' in result)).toHaveLength(1);
    }
  });

  it('releases without a trace when the folder is gone', async () => {
    const runDir = path.join(tempFolder(), 'run');
    const held = await acquireLock(runDir);
    rmSync(runDir, { recursive: true });
    if ('release' in held) held.release();
    expect(await lockHolder(runDir)).toBeNull();
  });
});

describe('startOf', () => {
  it('is the same each time for one process, and empty for none', async () => {
    const own = await startOf(process.pid);
    expect(own).not.toBe('');
    expect(await startOf(process.pid)).toBe(own);
    expect(await startOf(deadPid())).toBe('');
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { lockHolder } from '../../src/adapters/node/instanceLock.ts';

interface Contender {
  readonly child: ChildProcess;
  readonly said: unknown;
}

/** A process of its own that tries for the lock. */
async function contend(runDir: string): Promise<Contender> {
  const program = path.join(import.meta.dirname, 'fixtures', 'lock-holder.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, runDir], {
    cwd: path.join(import.meta.dirname, '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, said: JSON.parse(String(line)) };
}

it('of many processes one writes; after kill -9 exactly one of the next does', { timeout: 60_000 }, async () => {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'hipstatus-lock-'));
  onTestFinished(() => rmSync(runDir, { recursive: true, force: true }));

  const first = await contend(runDir);
  expect(first.said).toEqual({ held: first.child.pid });
  expect((await contend(runDir)).said).toEqual({ heldBy: first.child.pid });

  const gone = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await gone;
  expect(await lockHolder(runDir)).toBeNull();

  const next = await Promise.all(Array.from({ length: 6 }, () => contend(runDir)));
  const holder = await lockHolder(runDir);
  const said = next.map((contender) => JSON.stringify(contender.said)).sort();
  expect(said).toEqual([`{"held":${holder}}`, ...Array.from({ length: 5 }, () => `{"heldBy":${holder}}`)].sort());
});

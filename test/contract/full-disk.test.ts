// A disk that takes nothing more, at process level: a real child with real files and the real HipChat client. No chat is
// written without its claim on disk, the person is told what to do, and when there is room again it goes on by itself.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ErrorInfo } from '../../src/core/appError.ts';
import { ADA, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type Job, runOnce } from './fixtures/crash-engine.ts';
import { type Disk, FULL, READ_ONLY, type Way } from './fixtures/full-disk.ts';

const RUN = join(import.meta.dirname, 'fixtures', 'disk-run.ts');
const EMAIL = ADA.username;
const BEFORE = { show: 'away', status: '' } as const;
const MEETING = { show: 'dnd', status: 'In a meeting' } as const;

interface Told {
  readonly ready?: true;
  readonly syncing?: boolean;
  readonly claimed?: boolean;
  readonly error?: ErrorInfo | null;
}

/** All that this machine lets us do; the last way always works. */
const named = (ways: readonly Way[]) => ways.filter((way) => way.isPossible()).map((way) => [way.name, way] as const);

describe('a disk that takes nothing more', () => {
  let sandbox: Sandbox;
  let disk: Disk;

  beforeAll(async () => {
    sandbox = await startSandbox({ slack: false });
  });
  afterAll(() => sandbox?.close());
  beforeEach(() => {
    sandbox.hipchat.setPresence(EMAIL, BEFORE.show, BEFORE.status);
    sandbox.hipchat.setUser(EMAIL, { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    sandbox.clearExchanges();
  });

  const open = (way: Way): void => {
    disk = way.open();
    onTestFinished(() => disk.close());
  };
  const shown = () => sandbox.hipchat.user(EMAIL).presence;
  const writes = () => sandbox.exchanges.filter(({ method }) => method === 'PUT').length;
  const job = (isMeeting: boolean): Job => ({
    claimsFile: join(disk.home, 'claims.json'),
    server: new URL(sandbox.urls.hipchat).origin,
    email: EMAIL,
    token: sandbox.known.hipchatToken,
    start: Date.now() - 3_600_000,
    isMeeting,
  });

  /** A program that waits for `go`. */
  async function program(isMeeting: boolean) {
    const child = spawn(process.execPath, ['--import', 'tsx', RUN], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, HIPSTATUS_TEST_JOB: JSON.stringify({ ...job(isMeeting), faultFile: disk.faultFile }) },
    });
    const pid = child.pid ?? 0;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      child.stdin.end();
      await ended;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    /** The next thing it tells that `fits`. */
    const told = async (fits: (told: Told) => boolean): Promise<Told> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error('The child has ended');
        const line = JSON.parse(value) as Told;
        if (fits(line)) return line;
      }
    };
    await told(({ ready }) => ready === true);
    return { pid, told, go: () => child.stdin.write('go\n') };
  }

  it.each(named(FULL))('full: %s; a meeting begins', async (_, way) => {
    open(way);
    const { pid, told, go } = await program(true);
    disk.fill(pid);
    go();
    // Tried more than once, and not once without a claim.
    const { error } = await told((line) => (line.error?.tries ?? 0) >= 3);
    expect(error?.code).toBe('unavailable');
    expect(error?.message).toMatch(/Free some space|Check the disk/);
    expect([shown(), writes()]).toEqual([BEFORE, 0]);
    disk.free(pid);
    await told((line) => line.error === null && line.claimed === true);
    expect(shown()).toEqual(MEETING);
    expect(readFileSync(join(disk.home, 'claims.json'), 'utf8')).toContain('In a meeting');
  });

  it.each(named(FULL))('full: %s; a meeting has ended', async (_, way) => {
    open(way);
    expect(await runOnce(job(true))).toBe(true);
    expect(shown()).toEqual(MEETING);
    sandbox.clearExchanges();
    const { pid, told, go } = await program(false);
    disk.fill(pid);
    go();
    await told((line) => (line.error?.tries ?? 0) >= 2);
    expect([shown(), writes()]).toEqual([MEETING, 0]);
    disk.free(pid);
    await told((line) => line.error === null && line.claimed === false);
    expect(shown()).toEqual(BEFORE);
  });

  it.each(named(READ_ONLY))('read-only: %s', async (_, way) => {
    open(way);
    const { pid, told, go } = await program(true);
    disk.fill(pid);
    go();
    const { error } = await told((line) => line.error != null);
    expect(error).toMatchObject({ code: 'forbidden', reason: 'noAccess' });
    expect(error?.message).toContain('Make it readable and writable for yourself');
    expect([shown(), writes()]).toEqual([BEFORE, 0]);
    disk.free(pid);
    // What needs the person is tried again at the next five-minute mark, at the next edge, or when they say "Sync now".
    go();
    await told((line) => line.error === null && line.claimed === true);
    expect(shown()).toEqual(MEETING);
  });
});

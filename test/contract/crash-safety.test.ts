// The process is stopped (SIGKILL) at every write point, half-way through a file too, with real files and the real HipChat
// client; then a file of the claims is torn. The next start ends right.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADA, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type Job, runOnce } from './fixtures/crash-engine.ts';

const RUN = join(import.meta.dirname, 'fixtures', 'crash-run.ts');
const EMAIL = ADA.username;
/** Thousands of flushes: in memory where there is such a place. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** A save of a claim: before it, three points for each of the two files, after it. */
const SAVE = [
  'before the claim',
  ...Array.from({ length: 2 }, () => [
    'half a file',
    'a whole file, not yet in its place',
    'a file in its place',
  ]).flat(),
  'after the claim',
];
/** Both a set and a restore: the claim, the chat, and what is known once the chat has it. */
const POINTS = [...SAVE, 'before the chat', 'after the chat', ...SAVE];
const NUMBERED = POINTS.map((name, index) => [index + 1, name] as const);

const FILES = ['claims.json', 'claims.copy.json'];
const part = (share: number) => (whole: Buffer) => whole.subarray(0, Math.floor(whole.length * share));
/** What can become of a file; null for gone. */
const TEARS: Readonly<Record<string, (whole: Buffer) => Buffer | null>> = {
  gone: () => null,
  empty: part(0),
  'its first byte': (whole) => whole.subarray(0, 1),
  'half of it': part(1 / 2),
  'all but its last bracket': (whole) => whole.subarray(0, whole.length - 2),
  zeros: (whole) => Buffer.alloc(whole.length),
  garbage: (whole) => Buffer.from(Array.from({ length: whole.length + 40 }, (_, index) => (index * 89 + 7) % 256)),
  'one letter changed': (whole) => Buffer.from(whole.toString('latin1').replace('"away"', '"chat"'), 'latin1'),
};

const BEFORE = { show: 'away', status: '' } as const;
const MEETING = { show: 'dnd', status: 'In a meeting' } as const;

describe('stopped at every write point', () => {
  let sandbox: Sandbox;
  let folder: string;
  let start: number;

  beforeAll(async () => {
    sandbox = await startSandbox({ slack: false });
  });
  afterAll(() => sandbox?.close());
  beforeEach(() => {
    folder = mkdtempSync(join(PLACE, 'crash-'));
    start = Date.now() - 3_600_000;
    sandbox.hipchat.setPresence(EMAIL, BEFORE.show, BEFORE.status);
    sandbox.hipchat.setUser(EMAIL, { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const shown = () => sandbox.hipchat.user(EMAIL).presence;
  const jobOf = (isMeeting: boolean, home = folder): Job => ({
    claimsFile: join(home, 'claims.json'),
    server: new URL(sandbox.urls.hipchat).origin,
    email: EMAIL,
    token: sandbox.known.hipchatToken,
    start,
    isMeeting,
  });
  /** The next start, in this process. */
  const again = async (isMeeting: boolean, home = folder) => {
    // The stand-in allows 500 calls in five minutes; there are more starts here than in a person's week.
    sandbox.hipchat.setRemaining(500);
    expect(await runOnce(jobOf(isMeeting, home))).toBe(true);
  };

  /** Runs the engine once as a process of its own; resolves with how it ended and the points it passed. */
  async function run(isMeeting: boolean, dieAt = 0): Promise<{ ended: string; points: string[] }> {
    sandbox.hipchat.setRemaining(500);
    const jobFile = join(folder, 'job.json');
    const pointsFile = join(folder, 'points');
    rmSync(pointsFile, { force: true });
    writeFileSync(jobFile, JSON.stringify({ ...jobOf(isMeeting), dieAt, pointsFile }));
    const child = spawn(process.execPath, ['--import', 'tsx', RUN, jobFile], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = await new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    const points = existsSync(pointsFile) ? readFileSync(pointsFile, 'utf8').trim().split('\n') : [];
    return { ended, points };
  }

  /**
   * Tears each file in each way, as they and the chat are now, has `then` look at what becomes of it, and puts the chat back.
   * Every byte of a file is tried in test/unit/adapters/node/claimStore.test.ts.
   */
  async function torn(then: (home: string, how: string, count: number) => Promise<void>): Promise<number> {
    const presence = shown();
    const files = new Map(
      FILES.filter((name) => existsSync(join(folder, name))).map((name) => [name, readFileSync(join(folder, name))]),
    );
    let count = 0;
    for (const name of files.keys()) {
      for (const [how, tear] of Object.entries(TEARS)) {
        const home = mkdtempSync(join(PLACE, 'torn-'));
        for (const [other, whole] of files) {
          const bytes = other === name ? tear(whole) : whole;
          if (bytes !== null) writeFileSync(join(home, other), bytes);
        }
        sandbox.hipchat.setPresence(EMAIL, presence?.show ?? null, presence?.status);
        await then(home, `${name}: ${how}`, count);
        rmSync(home, { recursive: true, force: true });
        count += 1;
      }
    }
    sandbox.hipchat.setPresence(EMAIL, presence?.show ?? null, presence?.status);
    return count;
  }

  it('a set and a restore pass the points that are tried below', async () => {
    expect(await run(true)).toEqual({ ended: 'code 0', points: POINTS });
    expect(shown()).toMatchObject(MEETING);
    expect(await run(false)).toEqual({ ended: 'code 0', points: POINTS });
    expect(shown()).toMatchObject(BEFORE);
  });

  it.each(NUMBERED)(
    'while it sets, point %i, %s: the next start in it shows it, the one after it takes it back, torn files or not',
    async (dieAt) => {
      expect((await run(true, dieAt)).ended).toBe('SIGKILL');
      await torn(async (home, how, count) => {
        // Each point with each tear in one of the two ways; with the next point in the other.
        if ((count + dieAt) % 2 === 0) {
          await again(true, home);
          expect([how, shown()]).toEqual([how, MEETING]);
        }
        await again(false, home);
        expect([how, shown()]).toEqual([how, BEFORE]);
      });
      await again(true);
      expect(shown()).toEqual(MEETING);
      await again(false);
      expect(shown()).toEqual(BEFORE);
      expect(readFileSync(join(folder, 'claims.json'), 'utf8')).not.toContain('"asked"');
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    },
    60_000,
  );

  it.each(NUMBERED)(
    'while it takes back, point %i, %s: the next start ends it, torn files or not',
    async (dieAt) => {
      await again(true);
      expect((await run(false, dieAt)).ended).toBe('SIGKILL');
      const tried = await torn(async (home, how) => {
        await again(false, home);
        expect([how, shown()]).toEqual([how, BEFORE]);
      });
      expect(tried).toBe(FILES.length * Object.keys(TEARS).length);
      expect((await run(false)).ended).toBe('code 0');
      expect(shown()).toEqual(BEFORE);
    },
    60_000,
  );
});

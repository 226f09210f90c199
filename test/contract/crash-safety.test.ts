// The process is stopped (SIGKILL) at every write point, with real files and the real HipChat client; the next start ends right.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADA, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

const RUN = join(import.meta.dirname, 'fixtures', 'crash-run.ts');
const EMAIL = ADA.username;
/** Claim before and after, chat before and after, and what was read back before and after. */
const POINTS_OF_A_SET = 6;
/** The same, without anything read back: the claim goes. */
const POINTS_OF_A_RESTORE = 6;

describe('stopped at every write point', () => {
  let sandbox: Sandbox;
  let folder: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ slack: false });
  });
  afterAll(() => sandbox?.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crash-'));
    sandbox.hipchat.setPresence(EMAIL, 'away', '');
    sandbox.hipchat.setUser(EMAIL, { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    return () => rmSync(folder, { recursive: true, force: true });
  });

  const shown = () => sandbox.hipchat.user(EMAIL).presence;
  const claims = (): string => {
    const text = readFileSync(join(folder, 'claims.json'), 'utf8');
    return JSON.stringify((JSON.parse(text) as { chats?: object }).chats ?? JSON.parse(text));
  };

  /** Runs the engine once; resolves with how it ended and the points it passed. */
  async function run(isMeeting: boolean, dieAt = 0): Promise<{ ended: string; points: string[] }> {
    const jobFile = join(folder, 'job.json');
    const pointsFile = join(folder, 'points');
    rmSync(pointsFile, { force: true });
    const server = new URL(sandbox.urls.hipchat).origin;
    const job = { claimsFile: join(folder, 'claims.json'), server, email: EMAIL, token: sandbox.known.hipchatToken };
    writeFileSync(jobFile, JSON.stringify({ ...job, isMeeting, dieAt, pointsFile }));
    const child = spawn(process.execPath, ['--import', 'tsx', RUN, jobFile], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = await new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    let points: string[] = [];
    try {
      points = readFileSync(pointsFile, 'utf8').trim().split('\n');
    } catch {
      // None was passed.
    }
    return { ended, points };
  }

  it('a set and a restore pass the points that are tried below', async () => {
    const set = await run(true);
    expect([set.ended, set.points.length]).toEqual(['code 0', POINTS_OF_A_SET]);
    expect(shown()).toMatchObject({ show: 'dnd', status: 'In a meeting' });
    const restore = await run(false);
    expect([restore.ended, restore.points.length]).toEqual(['code 0', POINTS_OF_A_RESTORE]);
    expect(shown()).toMatchObject({ show: 'away', status: '' });
  });

  it.each(Array.from({ length: POINTS_OF_A_SET }, (_, index) => index + 1))(
    'while it sets, point %i: the next start in the meeting shows it, the one after the meeting takes it back',
    async (dieAt) => {
      expect((await run(true, dieAt)).ended).toBe('SIGKILL');
      expect((await run(true)).ended).toBe('code 0');
      expect(shown()).toMatchObject({ show: 'dnd', status: 'In a meeting' });
      expect((await run(false)).ended).toBe('code 0');
      expect(shown()).toMatchObject({ show: 'away', status: '' });
      expect(claims()).not.toContain('"asked"');
    },
    30_000,
  );

  it.each(Array.from({ length: POINTS_OF_A_SET }, (_, index) => index + 1))(
    'while it sets, point %i, and only started again after the meeting: all is as before',
    async (dieAt) => {
      expect((await run(true, dieAt)).ended).toBe('SIGKILL');
      expect((await run(false)).ended).toBe('code 0');
      expect(shown()).toMatchObject({ show: 'away', status: '' });
    },
    30_000,
  );

  it.each(Array.from({ length: POINTS_OF_A_RESTORE }, (_, index) => index + 1))(
    'while it takes back, point %i: the next start ends it',
    async (dieAt) => {
      await run(true);
      expect((await run(false, dieAt)).ended).toBe('SIGKILL');
      expect((await run(false)).ended).toBe('code 0');
      expect(shown()).toMatchObject({ show: 'away', status: '' });
    },
    30_000,
  );

  it('a torn file that an older crash left beside it does no harm', async () => {
    await run(true);
    writeFileSync(join(folder, '.claims.json.1.1.tmp'), '{"version":1,"cha');
    expect((await run(false)).ended).toBe('code 0');
    expect(shown()).toMatchObject({ show: 'away', status: '' });
  }, 30_000);
});

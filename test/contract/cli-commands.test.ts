import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '..', '..');
const FIXTURES = path.join(import.meta.dirname, 'fixtures');

interface Step {
  readonly code: number;
  readonly out: readonly Record<string, unknown>[];
  readonly err: string;
}

/** Runs the person's steps with a keychain: on Linux in a session of its own, elsewhere on the person's own. */
async function steps(): Promise<Record<string, Step>> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'hipstatus-cli-session-'));
  const program = [process.execPath, '--import', 'tsx', path.join(FIXTURES, 'cli-steps.ts')];
  const isLinux = process.platform === 'linux';
  const session = isLinux ? ['dbus-run-session', '--', 'sh', path.join(FIXTURES, 'keychain-session.sh')] : [];
  const [command = '', ...args] = [...session, ...program];
  const own = { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, LANG: 'C.UTF-8' };
  try {
    const options = { cwd: ROOT, timeout: 110_000, maxBuffer: 4_000_000, ...(isLinux ? { env: own } : {}) };
    const { stdout } = await run(command, args, options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, Step>;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

describe('hipstatus against the sandbox, with a real keychain', () => {
  let seen: Record<string, Step>;
  const step = (name: string): Step => {
    const found = seen[name];
    if (found === undefined) throw new Error(`the steps did not come to ${name}`);
    return found;
  };
  const textOf = (name: string): string => step(name).out.join('\n');

  beforeAll(async () => {
    seen = await steps();
  }, 120_000);

  it('names the next step of the set-up', () => {
    expect(step('bare')).toMatchObject({
      code: 0,
      out: [{ running: false, missing: 'add:microsoft365', claims: [] }],
      err: '',
    });
  });

  it('takes tokens from standard input into the keychain, and shows none', () => {
    expect([step('setHipchat').code, step('setSlack').code]).toEqual([0, 0]);
    expect(step('secrets').out[0]).toMatchObject({
      secrets: [
        { kind: 'msalcache', account: 'microsoft365', present: true },
        { kind: 'hctoken', account: 'ada@contoso.example', present: true },
        { kind: 'slacktoken', present: true },
      ],
    });
    expect(JSON.stringify(seen)).not.toMatch(/sandbox-hipchat-token|xoxp-/);
  });

  it('signs in by a device code', () => {
    expect(step('signIn')).toMatchObject({
      code: 0,
      out: [
        {
          deviceCode: { userCode: expect.stringMatching(/^\w{9}$/), verificationUri: expect.stringMatching(/^https:/) },
        },
        { signedIn: { id: 'microsoft365', username: 'ada@contoso.example' } },
      ],
    });
  });

  it('simulates without a call to any chat, and without subjects', () => {
    expect(step('simulate')).toMatchObject({ code: 0, err: '' });
    expect(step('simulate').out[0]).toMatchObject({
      events: [{ counts: true, effect: 'dnd' }],
      chats: [{ id: 'hipchat' }, { id: 'slack' }],
      failures: [],
    });
    expect(seen['simulateCalls']).toEqual({ hipchat: 0, slack: 0 });
    expect(JSON.stringify(seen)).not.toContain('Merger');
  });

  it('syncs once and leaves what it wrote', () => {
    expect(step('sync')).toMatchObject({
      code: 0,
      out: [
        {
          by: 'command',
          read: { microsoft365: 1 },
          written: [
            { chat: 'HipChat', kind: 'set', state: 'dnd' },
            { chat: 'Slack', kind: 'set', state: 'dnd' },
          ],
        },
      ],
      err: '',
    });
    expect(seen['syncShown']).toEqual({ hipchat: { show: 'dnd', status: 'In a meeting' }, slack: 'In a meeting' });
    expect(step('statusAfter').out[0]).toMatchObject({ running: false, claims: [{ id: 'hipchat' }, { id: 'slack' }] });
  });

  it('writes nothing when all is right already', () => {
    expect(step('again').code).toBe(0);
    expect(textOf('again')).toContain('nothing: all was right already');
    expect(seen['againWrites']).toBe(0);
  });

  it('fails when a chat refuses, and says so', () => {
    expect(step('refused').code).toBe(1);
    expect(textOf('refused')).toContain('HipChat: failing.');
    expect(textOf('refused')).toContain('Slack: shows what HipStatus wrote');
  });

  it('has one writer: a second one gives way, a sync is handed to the one that runs', () => {
    expect(step('second')).toMatchObject({ code: 1, err: expect.stringContaining('is running already') });
    expect(step('asked')).toMatchObject({ code: 0, out: [{ by: 'running', pid: seen['pid'] }] });
    expect(textOf('live')).toContain(`HipStatus is running (process ${seen['pid']}).\nDo not disturb until `);
    expect(step('askedAgain').code).toBe(0);
    expect(seen['restored']).toEqual({ hipchat: { show: 'chat', status: '' }, slack: '' });
  });

  it('ends on SIGTERM with what it did told', () => {
    expect(step('watched')).toMatchObject({ code: 0, err: '' });
    expect(textOf('watched')).toMatch(/HipChat: given back as Available/);
    expect(textOf('watched')).toMatch(/Stopping$/);
  });

  it('keeps no secret and no subject in its folder, and deletes from the keychain', () => {
    expect(seen['home']).toBe(0);
    expect(seen['deleted']).toEqual([
      { deleted: { kind: 'hctoken', account: 'ada@contoso.example' } },
      { deleted: { kind: 'slacktoken', account: 'ada@contoso.example' } },
      { deleted: { kind: 'msalcache', account: 'microsoft365' } },
    ]);
  });
});

describe('the built hipstatus', () => {
  const built = path.join(ROOT, 'out', 'main', 'cli.cjs');

  it('runs on plain Node and is built without Electron', async () => {
    if (!existsSync(built)) throw new Error(`${built} is not there. Run: npm run build`);
    const { stdout } = await run(process.execPath, [built, '--help']);
    expect(stdout).toContain('usage: hipstatus COMMAND');
    expect(readFileSync(built, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const files = [built];
    for (const file of files) {
      const code = readFileSync(file, 'utf8');
      expect(code).not.toMatch(/require\(["'`]electron["'`]\)/);
      for (const [, name = ''] of code.matchAll(/(?:require|import)\(["'`](\.[^"'`]+\.cjs)["'`]\)/g)) {
        const next = path.join(path.dirname(file), name);
        if (!files.includes(next)) files.push(next);
      }
    }
    expect(files.length).toBeGreaterThan(1);
  });
});

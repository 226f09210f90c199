import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import { clockEvents } from '../../../src/cli/systemEvents.ts';
import { AppError } from '../../../src/core/appError.ts';
import type { SystemEvent } from '../../../src/ports/systemEvents.ts';
import { meeting } from '../../fakes/events.ts';
import { FakeCli } from './fakeCli.ts';

/** Runs a command line on fakes. */
async function run(line: string, cli = new FakeCli(), compose?: () => Promise<FakeCli>) {
  let out = '';
  let err = '';
  const stop = new AbortController();
  stop.abort();
  const code = await runCli(line.split(' '), {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    home: '/home/ada',
    compose: compose ?? (async () => cli),
    readSecret: async () => 'typed',
    readAnswers: async (questions, given) => ({
      ...Object.fromEntries(questions.map(({ key }) => [key, 'typed'])),
      ...given,
    }),
    stopSignal: () => stop.signal,
    hub: async (words) => {
      out += `hub: ${words.join(' ')}`;
      return 3;
    },
  });
  return { code, out, err };
}

describe('runCli', () => {
  it('runs each command', async () => {
    const cli = new FakeCli([meeting('09:30', '10:30')]);
    expect(await run('sync', cli)).toMatchObject({ code: 0, out: expect.stringContaining('Written:'), err: '' });
    expect(await run('sync --watch', cli)).toMatchObject({ code: 0, out: expect.stringContaining('Stopping') });
    expect(await run('status', cli)).toMatchObject({ code: 0, out: expect.stringContaining('not running') });
    expect(await run('simulate', cli)).toMatchObject({ code: 0, out: expect.stringContaining('Presence:') });
    expect(await run('secret set hctoken', cli)).toMatchObject({ code: 0, err: '' });
    expect(await run('secret list', cli)).toMatchObject({ code: 0, out: expect.stringContaining('hctoken') });
    expect(await run('secret delete hctoken', cli)).toMatchObject({ code: 0, out: expect.stringContaining('Deleted') });
    expect(await run('sign-in', cli)).toMatchObject({ code: 0, out: expect.stringContaining('Signed in') });
  });

  it('ends with 2 on wrong usage and reads no settings for it', async () => {
    const failed = () => Promise.reject(new Error('composed'));
    expect(await run('sync --now', undefined, failed)).toEqual({
      code: 2,
      out: '',
      err: "hipstatus: Unknown option '--now'. See hipstatus sync --help.\n",
    });
    expect((await run('--help', undefined, failed)).code).toBe(0);
  });

  it('hands all that follows "hub" to the hub, and its exit code back', async () => {
    const failed = () => Promise.reject(new Error('composed'));
    expect(await run('hub token --json --help', undefined, failed)).toEqual({
      code: 3,
      out: 'hub: token --json --help',
      err: '',
    });
  });

  it('ends with 1 on a failure, with its message and, for programs, its code', async () => {
    const cli = new FakeCli();
    cli.secrets.isLocked = true;
    expect(await run('secret list --json', cli)).toEqual({
      code: 1,
      out: '{"error":{"code":"locked","reason":null,"message":"The keychain is locked. Unlock it."}}\n',
      err: 'hipstatus: The keychain is locked. Unlock it.\n',
    });
  });

  it('keeps the words of a defect to itself', async () => {
    const failed = () => Promise.reject(new Error('token xoxp-1'));
    const { code, out, err } = await run('status --debug', undefined, failed);
    expect(code).toBe(1);
    expect(out + err).not.toContain('xoxp-1');
    expect(err).toContain('   at ');
  });

  it('says what is wrong with the settings and goes on', async () => {
    const { code, err } = await run('status', new FakeCli([], { email: 'nonsense' }));
    expect(code).toBe(0);
    expect(err).toContain('hipstatus: email: ');
  });

  it('hands an AppError of the set-up on', async () => {
    const failed = () => Promise.reject(new AppError('invalidInput', 'The certificate file is no good.'));
    expect((await run('status', undefined, failed)).err).toBe('hipstatus: The certificate file is no good.\n');
  });
});

describe('system events without a desktop', () => {
  it('notices a sleep or a set clock, and another zone', () => {
    let [now, monotonic, zone] = [1_000_000, 5_000, 'UTC'];
    let look = () => {};
    let isStopped = false;
    const events: SystemEvent[] = [];
    const stop = clockEvents({
      now: () => now,
      monotonic: () => monotonic,
      zone: () => zone,
      repeat: (_every, call) => {
        look = call;
        return () => {
          isStopped = true;
        };
      },
    }).subscribe((event) => events.push(event));
    [now, monotonic] = [now + 15_000, monotonic + 15_000];
    look();
    expect(events).toEqual([]);
    [now, monotonic] = [now + 3_600_000, monotonic + 15_000];
    look();
    look();
    expect(events).toEqual(['clockJump']);
    zone = 'Europe/Berlin';
    look();
    look();
    expect(events).toEqual(['clockJump', 'zoneChange']);
    stop();
    expect(isStopped).toBe(true);
  });
});

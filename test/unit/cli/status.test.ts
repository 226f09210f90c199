import { describe, expect, it } from 'vitest';
import { status } from '../../../src/cli/commands/status.ts';
import { sync } from '../../../src/cli/commands/sync.ts';
import { AppError } from '../../../src/core/appError.ts';
import { at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';
import { FakeCli, record } from './fakeCli.ts';

/** A program that runs, in the middle of a meeting. */
async function runningCli(): Promise<FakeCli> {
  const cli = new FakeCli([meeting('09:30', '10:30'), meeting('11:00', '12:00')]);
  const { engine } = cli.makeEngine();
  await engine.start();
  await engine.refresh();
  cli.stateFile.write(engine.state());
  cli.running = 4711;
  return cli;
}

describe('status', () => {
  it('shows what the running program does, until when, and how each account stands', async () => {
    const shown = record();
    expect(await status(await runningCli(), shown.output)).toBe(0);
    expect(shown.lines).toEqual([
      'HipStatus is running (process 4711).',
      'Do not disturb until 10:30',
      'Next change: Available at 10:30',
      'Last sync: 09:57',
      'Calendars:',
      '  Test calendar: read at 09:57',
      'Chats:',
      '  HipChat: shows what HipStatus wrote',
      '  Slack: shows what HipStatus wrote',
    ]);
  });

  it('names an account that fails, since when, and what to do', async () => {
    const cli = new FakeCli([meeting('09:30', '10:30')]);
    cli.slack.fail(refused.unauthorized(), { times: 9 });
    cli.calendar.error = new AppError('network', 'Microsoft 365 could not be reached. Check the network connection.');
    const { engine } = cli.makeEngine();
    await engine.start();
    await engine.refresh();
    await engine.refresh();
    cli.running = 1;
    cli.stateFile.write(engine.state());
    const shown = record();
    expect(await status(cli, shown.output)).toBe(0);
    expect(shown.text).toContain('Your calendar could not be read yet');
    expect(shown.text).toContain('Test calendar: failing. Microsoft 365 could not be reached.');
    expect(shown.text).toMatch(/Slack: failing\. Refused \(401\)\. \(\d tries since 09:57\)/);
    expect(shown.text).toContain('HipChat: shows your own status');
  });

  it('gives programs the whole state, with times in ISO 8601', async () => {
    const shown = record(true);
    await status(await runningCli(), shown.output);
    expect(shown.lines).toHaveLength(1);
    expect(shown.json).toMatchObject({
      running: true,
      pid: 4711,
      state: {
        phase: 'running',
        now: { state: 'dnd', until: '2026-01-05T10:30:00.000Z' },
        next: { state: null, at: '2026-01-05T10:30:00.000Z' },
        lastSyncAt: '2026-01-05T09:57:00.000Z',
        chats: [{ id: 'hipchat', claimed: true, error: null }, { id: 'slack' }],
      },
    });
  });

  it('says when the running program does not show its state', async () => {
    const cli = new FakeCli();
    cli.running = 12;
    const shown = record();
    expect(await status(cli, shown.output)).toBe(0);
    expect(shown.text).toContain('It does not say how it stands');
  });

  it('shows what is set up and what is still to be taken back when none runs', async () => {
    const cli = new FakeCli([meeting('09:30', '10:30')]);
    await sync(cli, record().output);
    const shown = record();
    expect(await status(cli, shown.output)).toBe(0);
    expect(shown.lines).toEqual([
      'HipStatus is not running.',
      'Email address: ada@example.com',
      'Calendars:',
      '  Microsoft 365 (ada@example.com)',
      'Chats:',
      '  HipChat',
      '  Slack',
      'Written by HipStatus and not taken back yet:',
      '  HipChat: Do not disturb "In a meeting" until 10:30',
      '  Slack: Available "In a meeting" until 10:30',
      'Start HipStatus, or run once: hipstatus sync',
    ]);
    const json = record(true);
    await status(cli, json.output);
    expect(json.json).toMatchObject({
      running: false,
      missing: null,
      claims: [{ id: 'hipchat', state: 'dnd', until: new Date(at('10:30')).toISOString() }, { id: 'slack' }],
    });
  });

  it('names the next step of the set-up', async () => {
    const shown = record();
    await status(new FakeCli([], {}), shown.output);
    expect(shown.text).toContain('Email address: not set');
    expect(shown.text).toContain('run: hipstatus accounts add microsoft365');
    const noAddress = record();
    const calendars = [{ id: 'ics', provider: 'ics', name: 'Calendar', username: '' }];
    const chats = [{ id: 'hipchat', provider: 'hipchat', email: '' }];
    await status(new FakeCli([], { calendars, chats }), noAddress.output);
    expect(noAddress.text).toContain('set "email" in /home/ada/settings.json');
  });
});

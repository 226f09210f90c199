import { describe, expect, it } from 'vitest';
import { sync } from '../../../src/cli/commands/sync.ts';
import { watch } from '../../../src/cli/commands/watch.ts';
import type { SyncState } from '../../../src/core/syncState.ts';
import { at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';
import { settle } from '../../fakes/fakeClock.ts';
import { FakeCli, record } from './fakeCli.ts';

const NOW = () => [meeting('09:30', '10:30')];

describe('sync, alone', () => {
  it('reads, decides, writes, and leaves what it wrote with its claims', async () => {
    const cli = new FakeCli(NOW());
    const shown = record();
    expect(await sync(cli, shown.output)).toBe(0);
    expect(shown.lines).toEqual([
      'Read:',
      '  Test calendar: read at 09:57 (1 event)',
      'Decided:',
      '  Do not disturb until 10:30',
      'Written:',
      '  HipChat: set to Do not disturb',
      '  Slack: set to Do not disturb',
      'Chats:',
      '  HipChat: shows what HipStatus wrote',
      '  Slack: shows what HipStatus wrote',
    ]);
    expect(cli.hipchat.shown).toMatchObject({ state: 'dnd', text: 'In a meeting' });
    expect([...cli.claims.records.keys()]).toEqual(['hipchat', 'slack']);
    expect(cli.isLocked).toBe(false);
    expect(cli.clock.timers).toBe(0);
  });

  it('goes on with, and takes back, what a run before it wrote', async () => {
    const cli = new FakeCli(NOW());
    await sync(cli, record().output);
    const again = record();
    expect(await sync(cli, again.output)).toBe(0);
    expect(again.text).toContain('nothing: all was right already');
    cli.clock.jumpTo(at('10:31'));
    const last = record(true);
    expect(await sync(cli, last.output)).toBe(0);
    expect(last.json).toMatchObject({
      by: 'command',
      read: { microsoft365: 1 },
      written: [{ chat: 'HipChat', kind: 'restore', state: 'available' }],
    });
    expect(cli.hipchat.shown).toMatchObject({ state: 'available', text: '' });
    expect(cli.claims.records.size).toBe(0);
  });

  it('fails when an account fails, and does the others', async () => {
    const cli = new FakeCli(NOW());
    cli.hipchat.fail(refused.unauthorized(), { times: 9 });
    const shown = record();
    expect(await sync(cli, shown.output)).toBe(1);
    expect(shown.text).toContain('HipChat: failing. Refused (401).');
    expect(cli.slack.shown.text).toBe('In a meeting');
  });

  it('fails with the next step when nothing is set up', async () => {
    const shown = record();
    expect(await sync(new FakeCli([], { email: 'ada@example.com' }), shown.output)).toBe(1);
    expect(shown.text).toContain('run: hipstatus accounts add microsoft365');
  });
});

describe('sync, with a running program', () => {
  async function running(): Promise<{ cli: FakeCli; state: SyncState }> {
    const cli = new FakeCli(NOW());
    const { engine } = cli.makeEngine();
    await engine.start();
    await engine.refresh();
    const state = engine.state();
    cli.stateFile.write(state);
    cli.running = 99;
    cli.clock.jumpTo(at('09:58'));
    return { cli, state };
  }

  it('asks it and waits for its next run', async () => {
    const { cli, state } = await running();
    cli.onRequest = () => {
      cli.stateFile.write({ ...state, syncing: true });
      cli.clock.after(1_000, () => cli.stateFile.write({ ...state, lastSyncAt: cli.clock.now() }));
    };
    const shown = record();
    const code = sync(cli, shown.output);
    await cli.clock.advance(900);
    expect(shown.lines).toEqual([]);
    await cli.clock.advance(400);
    expect(await code).toBe(0);
    expect(shown.text).toContain('Synced by the running HipStatus (process 99).');
    expect(shown.text).toContain('Do not disturb until 10:30');
    expect(cli.requests).toBe(1);
  });

  it('gives up when it does not answer', async () => {
    const { cli } = await running();
    const code = sync(cli, record().output);
    const failed = expect(code).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('See its log'),
    });
    await cli.clock.advance(61_000);
    await failed;
  });

  it('says when it has ended meanwhile', async () => {
    const { cli } = await running();
    const failed = expect(sync(cli, record().output)).rejects.toMatchObject({ code: 'unavailable' });
    await settle();
    cli.running = null;
    await cli.clock.advance(1_000);
    await failed;
  });
});

describe('sync --watch', () => {
  async function watching(cli: FakeCli) {
    let end = () => {};
    const shown = record();
    const done = watch(cli, shown.output, new Promise<void>((resolve) => (end = resolve)));
    await settle();
    return { shown, done, end };
  }

  it('follows the day, tells what it does, and takes back at the end', async () => {
    const cli = new FakeCli([meeting('10:00', '11:00'), meeting('11:30', '12:00')]);
    const { shown, done, end } = await watching(cli);
    await cli.clock.advanceTo(at('10:01'));
    expect(cli.stateFile.state).toMatchObject({ now: { state: 'dnd' } });
    await cli.clock.advanceTo(at('11:31'));
    expect(cli.hipchat.shown.state).toBe('dnd');
    end();
    expect(await done).toBe(0);
    expect(shown.lines).toContain('10:00  HipChat: set to Do not disturb');
    expect(shown.lines).toContain('10:00  Do not disturb until 11:00');
    expect(shown.lines).toContain('11:00  HipChat: given back as Available');
    expect(shown.lines.at(-1)).toBe('11:31  Stopping');
    expect(cli.hipchat.shown).toMatchObject({ state: 'available', text: '' });
    expect([cli.isLocked, cli.stateFile.wasRemoved, cli.follower, cli.clock.timers]).toEqual([false, true, null, 0]);
  });

  it('does what the person says in their hub', async () => {
    const cli = new FakeCli([]);
    const { shown, done, end } = await watching(cli);
    const now = cli.clock.now();
    cli.words.say({ kind: 'busy', until: at('10:30'), text: 'Deep work', at: now, event: 1 });
    await settle();
    expect(cli.hipchat.shown).toMatchObject({ state: 'dnd', text: 'Deep work' });
    expect(shown.lines).toContain('09:57  Do not disturb until 10:30');
    end();
    await done;
    expect([cli.words.readers, cli.clock.timers]).toEqual([0, 0]);
  });

  it('leaves the presence when the settings say so', async () => {
    const cli = new FakeCli(NOW());
    cli.settings.update({ onQuit: 'leave' });
    const { done, end } = await watching(cli);
    end();
    await done;
    expect(cli.hipchat.shown.state).toBe('dnd');
    expect(cli.claims.records.size).toBe(2);
  });

  it('syncs when it is asked to, and at the marks', async () => {
    const cli = new FakeCli(NOW());
    const { done, end } = await watching(cli);
    const before = cli.calendar.readsAt.length;
    cli.follower?.();
    await settle();
    cli.clock.jumpTo(at('10:00'));
    cli.mark();
    await settle();
    expect(cli.calendar.readsAt.length).toBe(before + 2);
    end();
    await done;
  });

  it('tells a failure once, not at each try', async () => {
    const cli = new FakeCli(NOW());
    cli.slack.fail(refused.unavailable(), { times: 1_000 });
    const { shown, done, end } = await watching(cli);
    await cli.clock.advanceTo(at('10:05'));
    expect(shown.lines.filter((line) => line.includes('Slack: failing'))).toHaveLength(1);
    cli.slack.clearFaults();
    end();
    await done;
  });

  it('gives programs one line for each change', async () => {
    const cli = new FakeCli([meeting('10:00', '11:00')]);
    const lines: unknown[] = [];
    let end = () => {};
    const output = { line: () => {}, data: (value: unknown) => lines.push(value) };
    const done = watch(cli, output, new Promise<void>((resolve) => (end = resolve)));
    await cli.clock.advanceTo(at('09:59'));
    const quiet = lines.length;
    cli.mark();
    await settle();
    expect(lines).toHaveLength(quiet);
    await cli.clock.advanceTo(at('10:01'));
    expect(lines).toContainEqual(expect.objectContaining({ written: expect.arrayContaining([expect.anything()]) }));
    expect(lines).toContainEqual(
      expect.objectContaining({
        state: expect.objectContaining({ now: { state: 'dnd', until: '2026-01-05T11:00:00.000Z' } }),
      }),
    );
    end();
    await done;
  });

  it('refuses to be a second writer', async () => {
    const cli = new FakeCli();
    cli.running = 5;
    await expect(watch(cli, record().output, Promise.resolve())).rejects.toMatchObject({ code: 'conflict' });
  });
});

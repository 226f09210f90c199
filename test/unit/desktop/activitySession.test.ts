import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import { activityView } from '../../../src/desktop/ipc/activityView.ts';
import { contract } from '../../../src/desktop/ipc/contract.ts';
import { ActivitySession } from '../../../src/desktop/main/activitySession.ts';
import { Activity } from '../../../src/engine/activity.ts';
import { Harness } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';
import { MemoryActivity } from '../../fakes/memoryStores.ts';

/** A window that is open at 10:05, in a meeting. */
async function opened() {
  const harness = new Harness({ now: at('09:57') });
  const { engine, settings, clock, logger } = harness;
  harness.calendar.events = [
    meeting('10:00', '11:00', { subject: 'Merger' }),
    meeting('10:00', '10:30', { subject: 'Lunch', showAs: 'free' }),
    meeting('14:00', '15:00'),
  ];
  const systemEvents = { subscribe: () => () => {} };
  const activity = new Activity({ engine, settings, systemEvents, clock, log: new MemoryActivity() });
  activity.start();
  await harness.start();
  await clock.advanceTo(at('10:05'));
  const told = {
    views: 0,
    entries: [] as string[],
    copied: '',
    saved: [] as { name: string; text: string }[],
    ends: 0,
  };
  let save = async (): Promise<boolean> => true;
  const session = new ActivitySession('why', {
    engine,
    activity,
    settings: () => settings.get(),
    clock,
    speech: () => ENGLISH,
    logger,
    home: '/home/ada',
    about: 'HipStatus 2.0.0 on linux',
    copy: (text) => {
      told.copied = text;
    },
    save: async (file) => {
      told.saved.push(file);
      return save();
    },
    onView: () => {
      told.views += 1;
    },
    onEntry: ({ kind }) => told.entries.push(kind),
    onEnd: () => {
      told.ends += 1;
    },
  });
  return {
    harness,
    session,
    told,
    saveWith: (work: () => Promise<boolean>) => {
      save = work;
    },
  };
}

describe('the window with Why and Activity', () => {
  it('shows why, as the contract has it', async () => {
    const { session } = await opened();
    const view = session.view();
    expect(activityView.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      tab: 'why',
      why: { kind: 'meeting', state: 'dnd', until: at('11:00'), next: at('14:00') },
      on: [
        { subject: 'Merger', verdict: { counts: true, effect: 'dnd' } },
        { subject: 'Lunch', verdict: { counts: false, because: 'showAs' } },
      ],
      next: { state: 'dnd', at: at('14:00') },
      unread: [],
      chats: [
        { id: 'hipchat', wanted: { state: 'dnd', text: 'In a meeting' }, remembered: { kind: 'ours' }, error: null },
        { id: 'slack' },
      ],
      accounts: [{ id: 'work', provider: 'ics' }, { id: 'hipchat' }, { id: 'slack' }],
    });
  });

  it('names what is wrong', async () => {
    const { harness, session } = await opened();
    harness.calendar.error = new AppError('network', 'No network.');
    harness.chat('slack').fail(refused.unauthorized(), { times: 9 });
    await harness.clock.advanceTo(at('10:06'));
    await harness.engine.refresh();
    expect(session.view()).toMatchObject({
      unread: [{ error: 'network' }],
      chats: [{ error: null }, { id: 'slack', error: 'unauthorized' }],
    });
  });

  it('tells of each change and each entry while it is open, and of none after', async () => {
    const { harness, session, told } = await opened();
    harness.settings.update({ pausedUntil: 'forever' });
    await harness.engine.refresh();
    expect(told.views).toBeGreaterThan(0);
    expect(told.entries).toEqual(expect.arrayContaining(['word', 'decision', 'written']));
    session.stop();
    const { views, entries } = { ...told, entries: [...told.entries] };
    harness.settings.update({ pausedUntil: null });
    await harness.engine.refresh();
    expect(told).toMatchObject({ views, entries });
  });

  it('changes tabs, copies and closes', async () => {
    const { session, told } = await opened();
    session.act({ kind: 'tab', tab: 'activity' });
    expect(session.view().tab).toBe('activity');
    expect(told.views).toBe(1);
    expect(contract.activityEntries.response.parse(session.entries())).toHaveLength(5);
    session.act({ kind: 'copy' });
    expect(told.copied).toBe(session.report());
    expect(told.copied).toContain('HipStatus 2.0.0 on linux, 2026-01-05T10:05:00.000Z');
    expect(told.copied).not.toContain('Merger');
    session.act({ kind: 'close' });
    expect(told.ends).toBe(1);
  });

  it('saves where the person wants it, or says that it could not', async () => {
    const { harness, session, told, saveWith } = await opened();
    expect(await session.save()).toBe('saved');
    expect(told.saved).toEqual([
      { title: 'Save the activity', name: 'HipStatus-activity-2026-01-05.txt', text: session.report() },
    ]);
    saveWith(async () => false);
    expect(await session.save()).toBe('cancelled');
    saveWith(async () => {
      throw new AppError('unavailable', 'Full: /home/ada/secret', { reason: 'diskFull' });
    });
    expect(await session.save()).toBe('failed');
    expect(harness.logger.lines.at(-1)).toContain('diskFull');
    expect(harness.logger.lines.join('\n')).not.toContain('/home/ada');
  });
});

import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { dnd, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { settle } from '../../fakes/fakeClock.ts';

const MARK = 5 * MINUTE;

describe('reading a calendar', () => {
  it('happens at every mark near its meetings and while one is on, and at their edges', async () => {
    const harness = await running({ now: at('09:48') }, [meeting('10:02', '10:33')]);
    await harness.clock.advanceTo(at('10:49'));
    const marks = Array.from({ length: 10 }, (_, index) => at('09:55') + index * MARK);
    const expected = [at('09:48'), ...marks, at('10:02'), at('10:33')].sort((a, b) => a - b);
    expect(harness.calendar.readsAt).toEqual(expected);
  });

  it('happens at every other mark in working time when nothing is near', async () => {
    const harness = await running({ now: at('12:00') }, []);
    await harness.clock.advanceTo(at('13:01'));
    expect(harness.calendar.readsAt).toHaveLength(7);
  });

  it('happens once an hour outside working hours, and more often again before a meeting', async () => {
    const harness = await running({ now: at('20:00') }, [meeting('23:30', '23:45')]);
    await harness.clock.advanceTo(at('22:58'));
    expect(harness.calendar.readsAt).toEqual([at('20:00'), at('21:00'), at('22:00')]);
    await harness.clock.advanceTo(at('23:31'));
    expect(harness.calendar.readsAt.slice(3)).toEqual([at('23:00'), at('23:20'), at('23:25'), at('23:30')]);
  });

  it('follows the working hours of the settings', async () => {
    const none = { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] };
    const settings = { rules: { workingHours: none } };
    const harness = await running({ now: at('12:00'), settings }, []);
    await harness.clock.advanceTo(at('13:58'));
    expect(harness.calendar.readsAt).toEqual([at('12:00'), at('13:00')]);
  });

  it('is each calendar’s own matter: one with nothing near is read less often', async () => {
    const harness = await running({ now: at('09:58'), calendars: ['work', 'home'] }, []);
    const [work, home] = [...harness.calendars.values()];
    if (work === undefined || home === undefined) throw new Error('no calendars');
    work.events = [meeting('10:00', '11:00')];
    await harness.tell('wake');
    await harness.clock.advanceTo(at('10:59'));
    expect(work.readsAt.length).toBeGreaterThan(12);
    expect(home.readsAt.length).toBeLessThan(9);
  });

  it('happens every minute when that is set, also from then on', async () => {
    const harness = await running({ now: at('09:59') });
    harness.settings.update({ refreshMinutes: 1 });
    await harness.clock.advanceTo(at('10:04') + 1_000);
    expect(harness.calendar.readsAt).toEqual(
      expect.arrayContaining(['10:00', '10:01', '10:02', '10:03', '10:04'].map(at)),
    );
  });

  it('happens at once when the machine wakes or the person asks', async () => {
    const harness = await running({ now: at('20:00') }, []);
    await harness.clock.advanceTo(at('20:07'));
    await harness.tell('wake');
    await harness.engine.refresh();
    expect(harness.calendar.readsAt).toHaveLength(3);
  });

  it('goes on when the clock is set back', async () => {
    const harness = await running({ now: at('12:00') }, []);
    harness.clock.jumpTo(at('09:58'));
    await harness.engine.refresh('mark');
    expect(harness.calendar.readsAt.at(-1)).toBe(at('09:58'));
  });
});

describe('looking at a chat', () => {
  it('is two calls for a change: one to read, one to write', async () => {
    const harness = await running({ now: at('09:57'), chats: ['hipchat'] }, [meeting('10:00', '11:02')]);
    const chat = harness.chat('hipchat');
    const before = chat.reads;
    await harness.clock.advanceTo(at('10:00') + 3_000);
    expect(chat.shown).toMatchObject(dnd);
    expect([chat.reads - before, chat.writes.length]).toEqual([1, 1]);
    await harness.clock.advanceTo(at('11:01'));
    const during = chat.reads;
    await harness.clock.advanceTo(at('11:02') + 3_000);
    expect([chat.reads - during, chat.writes.length]).toEqual([1, 2]);
  });

  it('happens at the marks while something is ours, and twice an hour otherwise', async () => {
    const harness = await running({ now: at('12:00'), chats: ['hipchat'] }, [meeting('14:00', '15:00')]);
    const chat = harness.chat('hipchat');
    await harness.clock.advanceTo(at('13:59'));
    expect(chat.reads).toBeLessThanOrEqual(5);
    await harness.clock.advanceTo(at('14:59'));
    expect(chat.reads).toBeGreaterThanOrEqual(16);
  });

  it('sees the change of a person who was quicker than the next look, and leaves it alone', async () => {
    const harness = await running({ chats: ['hipchat'] });
    const chat = harness.chat('hipchat');
    await harness.clock.advanceTo(at('10:00') + 3_000);
    // Back to what was there before: not to be taken for a write that got lost.
    chat.personSets({ state: 'available', text: '' });
    await harness.clock.advanceTo(at('10:58'));
    expect(chat.shown).toMatchObject({ state: 'available', text: '' });
    expect(chat.writes).toHaveLength(1);
  });
});

describe('a chat that does not answer', () => {
  it('holds up neither the others nor the run for longer than three seconds', async () => {
    const harness = await running({ now: at('09:58') });
    harness.chat('slack').fail({ kind: 'late', until: new Promise(() => {}) });
    await harness.clock.advanceTo(at('10:00'));
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.engine.state().syncing).toBe(true);
    await harness.clock.advanceTo(at('10:00') + 3_500);
    expect(harness.engine.state().syncing).toBe(false);
    expect(harness.engine.state().lastSyncAt).toBeGreaterThanOrEqual(at('10:00'));
  });
});

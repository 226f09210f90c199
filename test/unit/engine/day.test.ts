import { describe, expect, it } from 'vitest';
import { syncStateSchema } from '../../../src/core/syncStateSchema.ts';
import { DAY, HOUR, type Interval, MINUTE } from '../../../src/core/time.ts';
import { PersonsWord } from '../../../src/engine/personsWord.ts';
import { Harness, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';

const chatOf = (harness: Harness, name: string) => harness.engine.day().chats.find(({ id }) => id === name);

describe('what the engine tells of the day', () => {
  it('is the picture of today, with what is known of it', async () => {
    const harness = new Harness({ now: at('09:57') });
    await harness.engine.start();
    expect(harness.engine.day()).toMatchObject({ isKnown: false, isWhole: false, picture: { events: [], spans: [] } });
    harness.calendar.events = [meeting('10:00', '11:00')];
    await harness.engine.refresh();
    const day = harness.engine.day();
    expect(day).toMatchObject({ isKnown: true, isWhole: true });
    expect(day.picture).toMatchObject({ date: '2026-01-05', now: at('09:57'), events: [{ subject: 'Secret plans' }] });
    expect(harness.engine.day('2026-01-06').picture).toMatchObject({ date: '2026-01-06', events: [] });
  });

  it('may be asked with settings that are not kept yet', async () => {
    const harness = await running({}, [meeting('10:00', '11:00')]);
    const before = harness.settings.get();
    const { rules } = before;
    const draft = { rules: { ...rules, showAs: { ...rules.showAs, busy: 'busy' as const }, leadMinutes: 5 } };
    expect(harness.engine.dayWith(draft).spans).toMatchObject([{ effect: 'busy', start: at('09:55') }]);
    expect(harness.engine.day().picture.spans).toMatchObject([{ effect: 'dnd', start: at('10:00') }]);
    expect(harness.settings.get()).toBe(before);
  });

  it('has the whole morning in the evening', async () => {
    const windows: Interval[] = [];
    const clock = new FakeClock(at('21:30'), 'Europe/Berlin');
    const harness = new Harness({ now: at('21:30'), clock });
    const inner = harness.calendar.calendarView.bind(harness.calendar);
    harness.calendar.calendarView = (window) => {
      windows.push(window);
      return inner(window);
    };
    await harness.engine.start();
    await harness.engine.refresh();
    expect(windows[0]?.start).toBe(harness.engine.day().picture.start);
    clock.jumpTo(at('08:00') + DAY);
    await harness.engine.refresh();
    expect(windows[1]?.start).toBe(at('08:00') + DAY - 12 * HOUR);
  });
});

describe('the past of a day', () => {
  it('is as it was when the person’s word counted, also when that has ended', async () => {
    const harness = await running({}, [meeting('10:00', '11:00'), meeting('14:00', '15:00')]);
    await harness.clock.advanceTo(at('10:05'));
    const word = new PersonsWord(harness);
    word.notForThisMeeting();
    await harness.clock.advanceTo(at('10:06'));
    const during = harness.engine.day().picture;
    expect(during.spans).toMatchObject([{ start: at('14:00') }]);
    await harness.clock.advanceTo(at('12:00'));
    expect(harness.settings.get().overrides.notFor).toEqual([]);
    const after = harness.engine.day().picture;
    expect({ ...after, now: during.now }).toEqual(during);
    expect(after.events[0]?.why).toMatchObject({ kind: 'doesNotCount', because: 'person' });
  });

  it('has the time for which the person was busy, and goes on with what counts now', async () => {
    const harness = await running({}, [meeting('12:00', '13:00')]);
    new PersonsWord(harness).busy(2 * HOUR);
    await harness.clock.advanceTo(at('12:30'));
    expect(harness.settings.get().overrides.busy).toBeNull();
    const { spans } = harness.engine.day().picture;
    expect(spans).toMatchObject([
      { start: at('09:57'), end: at('11:57'), isOwn: true, events: [] },
      { start: at('12:00'), end: at('13:00'), isOwn: false },
    ]);
    await harness.clock.advanceTo(at('12:00') + DAY);
    expect(harness.engine.day('2026-01-05').picture.spans).toHaveLength(2);
  });
});

describe('what the engine tells of a chat', () => {
  it('is what was read of it, then what was written there, and until when', async () => {
    const harness = await running();
    expect(chatOf(harness, 'slack')).toEqual({
      id: 'slack',
      shown: { state: 'available', text: '', emoji: '', until: null },
      seenAt: at('09:57'),
      isOurs: false,
      until: null,
      handsOffUntil: null,
    });
    await harness.clock.advanceTo(at('10:01'));
    expect(chatOf(harness, 'slack')).toMatchObject({
      shown: { text: 'In a meeting', until: at('11:00') },
      seenAt: at('10:00'),
      isOurs: true,
      until: at('11:00'),
    });
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown: { state: 'dnd', text: 'In a meeting' }, isOurs: true });
    await harness.clock.advanceTo(at('11:01'));
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown: { state: 'available', text: '' }, isOurs: false });
  });

  it('is not known before it was read, nor after a write that was not answered', async () => {
    const harness = new Harness({ now: at('09:57'), chats: ['hipchat'] });
    harness.calendar.events = [meeting('10:00', '11:00')];
    await harness.engine.start();
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown: null, seenAt: null });
    await harness.start();
    expect(chatOf(harness, 'hipchat')).toMatchObject({ seenAt: at('09:57') });
    const stop = harness.chat('hipchat').fail({ kind: 'landed' }, { on: 'write', times: 9 });
    await harness.clock.advanceTo(at('10:00') + 100);
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown: null, seenAt: null });
    stop();
    await harness.clock.advanceTo(at('10:10'));
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown: { state: 'dnd' }, isOurs: true });
  });

  it('stays what was seen while the chat can’t be read, and says when that was', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').fail(refused.unavailable(), { on: 'read', times: 9_999 });
    await harness.tell('wake');
    await harness.clock.advanceTo(at('10:20'));
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown: { state: 'available' }, seenAt: at('09:57') });
  });

  it('says until when it is left alone', async () => {
    const harness = await running({ chats: ['hipchat'] });
    await harness.clock.advanceTo(at('10:01'));
    harness.chat('hipchat').personSets({ state: 'available', text: 'Ask me' });
    await harness.clock.advanceTo(at('10:06'));
    const shown = { state: 'available', text: 'Ask me' };
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown, isOurs: false, handsOffUntil: at('11:00') });
    await harness.clock.advanceTo(at('11:06'));
    expect(chatOf(harness, 'hipchat')).toMatchObject({ shown, handsOffUntil: null });
  });

  it('knows that a text has ended by itself', async () => {
    const harness = await running({ chats: ['slack'] }, []);
    harness.chat('slack').personSets({ text: 'Lunch', until: at('10:10') });
    harness.clock.jumpTo(at('09:59'));
    await harness.engine.refresh();
    expect(chatOf(harness, 'slack')).toMatchObject({ shown: { text: 'Lunch', until: at('10:10') } });
    harness.clock.jumpTo(at('10:10') + MINUTE);
    expect(chatOf(harness, 'slack')).toMatchObject({ shown: { text: '', until: null } });
  });

  it('is no part of the state that goes to disk, and no subject is', async () => {
    const settings = { statusMessage: 'In {subject}', privacy: { subject: true } };
    const harness = await running({ settings });
    await harness.clock.advanceTo(at('10:01'));
    expect(chatOf(harness, 'hipchat')?.shown?.text).toBe('In Secret plans');
    const state = harness.engine.state();
    expect(syncStateSchema.parse(state)).toEqual(state);
    expect(JSON.stringify(state)).not.toContain('Secret');
  });
});

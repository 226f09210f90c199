import { describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { dayPicture } from '../../../src/core/day.ts';
import { layerSettings } from '../../../src/core/settings.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { type TodayView, todayAction, todayView } from '../../../src/desktop/ipc/todayView.ts';
import { TodaySession } from '../../../src/desktop/main/todaySession.ts';
import type { MenuCommand } from '../../../src/desktop/main/trayView.ts';
import { nextTime } from '../../../src/desktop/renderer/today/nextTime.ts';
import { dayRange, shownTicks } from '../../../src/desktop/renderer/ui/dayRange.ts';
import { type Harness, running } from '../../fakes/engineHarness.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';

/** An open panel on a started engine. */
function open(harness: Harness, locked: readonly string[] = []) {
  const views: TodayView[] = [];
  const commands: MenuCommand[] = [];
  const places: string[] = [];
  let isOver = false;
  const session = new TodaySession({
    engine: harness.engine,
    settings: () => harness.settings.get(),
    locked: () => new Set(locked),
    clock: harness.clock,
    speech: () => ENGLISH,
    run: (command) => commands.push(command),
    go: (place) => places.push(place),
    onView: (view) => views.push(view),
    onEnd: () => {
      isOver = true;
    },
  });
  return { session, views, commands, places, isOver: () => isOver };
}

describe('the Today panel', () => {
  it('shows the day, what each chat shows and until when, as data that the contract takes', async () => {
    const harness = await running({ now: at('10:05') }, [meeting('10:00', '11:00')]);
    const { session } = open(harness);
    const view = session.view();
    expect(todayView.parse(view)).toEqual(view);
    expect(view.day.spans).toMatchObject([{ start: at('10:00'), end: at('11:00'), effect: 'dnd' }]);
    expect(view.chats).toMatchObject([
      { id: 'hipchat', isOurs: true, until: at('11:00'), shown: { state: 'dnd', text: 'In a meeting' } },
      { id: 'slack', isOurs: true, until: at('11:00') },
    ]);
    expect(view.may).toEqual({ pause: true, notFor: true, busy: true });
    expect(view.troubles).toEqual({});
    session.stop();
  });

  it('tells every change, and goes on with the minutes while nothing happens', async () => {
    const harness = await running({ now: at('09:57') }, [meeting('10:00', '11:00')]);
    const { session, views } = open(harness);
    await harness.clock.advance(3 * MINUTE);
    expect(views.at(-1)?.state.now).toMatchObject({ state: 'dnd' });
    views.length = 0;
    await harness.clock.advance(2 * MINUTE);
    expect(views.length).toBeGreaterThanOrEqual(2);
    expect(views.at(-1)?.day.now).toBe(at('10:02'));
    session.stop();
    views.length = 0;
    await harness.clock.advance(10 * MINUTE);
    expect(views).toEqual([]);
  });

  it('asks for what the menu can ask for, and leaves for other windows', async () => {
    const { session, commands, places, isOver } = open(await running());
    session.act({ kind: 'pause', howLong: 30 * MINUTE });
    session.act({ kind: 'syncNow' });
    expect(commands).toEqual([{ kind: 'pause', howLong: 30 * MINUTE }, { kind: 'syncNow' }]);
    expect(isOver()).toBe(false);
    session.act({ kind: 'preferences' });
    expect(places).toEqual(['preferences']);
    expect(isOver()).toBe(true);
    session.stop();
  });

  it('offers nothing that the organisation has locked', async () => {
    const { session } = open(await running({ now: at('10:05') }), ['pausedUntil', 'overrides']);
    expect(session.view().may).toEqual({ pause: false, notFor: false, busy: false });
    session.stop();
  });

  it('puts the next step of an account in trouble on a button, and takes it', async () => {
    const harness = await running();
    harness.chat('slack').fail(refused.unauthorized());
    await harness.clock.advance(MINUTE);
    await harness.engine.refresh();
    const { session, commands, isOver } = open(harness);
    expect(session.view().troubles).toEqual({ slack: { words: 'Refused (401).', fix: 'Renew…' } });
    session.act({ kind: 'fix', account: 'hipchat' });
    expect(commands).toEqual([]);
    session.act({ kind: 'fix', account: 'slack' });
    expect(commands).toEqual([{ kind: 'prompt', prompt: { kind: 'renew', account: 'slack' } }]);
    expect(isOver()).toBe(true);
    session.stop();
  });

  it.each([
    { kind: 'pause', howLong: 0 },
    { kind: 'pause', howLong: 25 * HOUR },
    { kind: 'busy', howLong: 'forever' },
    { kind: 'quit' },
    { kind: 'set', change: {} },
  ])('takes no %j', (action) => {
    expect(todayAction.safeParse(action).success).toBe(false);
  });
});

describe('the part of the day that is drawn', () => {
  const drawn = (events: readonly CalendarEvent[], settings: object = {}, now = at('12:00')) => {
    const day = dayPicture({ events, settings: layerSettings(settings).settings, zone: 'UTC', now });
    return dayRange(day);
  };

  it('is a usual working day, and all that happens, and now', () => {
    expect(drawn([])).toEqual({ start: at('08:00'), end: at('18:00') });
    expect(drawn([meeting('06:30', '07:00')])).toEqual({ start: at('06:00'), end: at('18:00') });
    expect(drawn([meeting('17:30', '19:10')])).toEqual({ start: at('08:00'), end: at('20:00') });
    expect(drawn([], {}, at('21:20'))).toEqual({ start: at('08:00'), end: at('22:00') });
  });

  it('is the working hours where there are some, and no all-day event stretches it', () => {
    const hours = { monday: [{ from: '10:00', to: '14:00' }] };
    expect(drawn([allDay('2026-01-05', '2026-01-06')], { rules: { workingHours: hours } })).toEqual({
      start: at('10:00'),
      end: at('14:00'),
    });
  });

  it('writes no more hours than there is room for', () => {
    const day = dayPicture({ events: [], settings: layerSettings({}).settings, zone: 'UTC', now: at('12:00') });
    expect(shownTicks(day, dayRange(day), 12)).toHaveLength(11);
    expect(shownTicks(day, dayRange(day), 8)).toEqual(['08:00', '10:00', '12:00', '14:00', '16:00', '18:00'].map(at));
  });
});

describe('a time that is typed', () => {
  it.each([
    ['14:30', at('12:00'), at('14:30')],
    ['09:00', at('12:00'), at('09:00') + 24 * HOUR],
    ['12:00', at('12:00'), at('12:00') + 24 * HOUR],
    ['24:00', at('12:00'), null],
    ['', at('12:00'), null],
  ])('%s is the next one', (typed, now, wanted) => {
    expect(nextTime(typed, now, 'UTC')).toBe(wanted);
  });
});

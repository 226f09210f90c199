import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, timeline } from '../../../src/core/availability.ts';
import { bandAt } from '../../../src/core/band.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { type DayPicture, dayPicture } from '../../../src/core/day.ts';
import { gaps } from '../../../src/core/gaps.ts';
import { busyTimes, notForKeys } from '../../../src/core/overrides.ts';
import { layerSettings } from '../../../src/core/settings.ts';
import { spanAt } from '../../../src/core/sweep.ts';
import { addDays, clockTime, HOUR, MINUTE, overlaps, startOfDate } from '../../../src/core/time.ts';
import { dayPictureSchema } from '../../../src/desktop/ipc/dayPicture.ts';
import { Harness } from '../../fakes/engineHarness.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { type RandomDay, randomDay } from './days.ts';

const SEED = 20260105;

function pictureOf(
  events: readonly CalendarEvent[],
  { settings = {}, zone = 'UTC', now = at('09:00') }: { settings?: object; zone?: string; now?: number } = {},
): DayPicture {
  return dayPicture({ events, settings: layerSettings(settings).settings, zone, now });
}

/** The engine, having read the day's calendars. */
async function engineOn(day: RandomDay): Promise<Harness> {
  const calendars = day.calendars.map((_, index) => `calendar-${index}`);
  const clock = new FakeClock(day.now, day.zone);
  const harness = new Harness({ now: day.now, clock, calendars, chats: ['slack'], settings: day.settings });
  for (const [index, calendar] of [...harness.calendars.values()].entries())
    calendar.events = day.calendars[index] ?? [];
  await harness.engine.start();
  await harness.engine.refresh();
  return harness;
}

/** What the picture's band says at an instant, as `SyncState.now` says it. */
function bandState(picture: DayPicture, instant: number) {
  const band = bandAt(picture, instant);
  return band.kind === 'counts' ? { state: band.effect, until: band.until } : { state: null, until: null };
}

function wrongLanes({ events }: DayPicture): readonly string[] {
  return events.flatMap((one, index) =>
    events
      .slice(index + 1)
      .filter((other) => one.isAllDay === other.isAllDay && overlaps(one, other))
      .filter((other) => one.lane === other.lane || one.lanes !== other.lanes)
      .map((other) => `${one.key} and ${other.key}`),
  );
}

describe('the picture of a day, for 200 random days', () => {
  it('is what the engine itself says, at every moment of the day', async () => {
    await fc.assert(
      fc.asyncProperty(randomDay, async (day) => {
        const harness = await engineOn(day);
        const { picture } = harness.engine.day();
        expect(picture).toMatchObject({ date: day.date, zone: day.zone, now: day.now });
        const { rules, overrides } = harness.settings.get();
        const spans = timeline(
          day.calendars.flat(),
          rules,
          day.zone,
          new Set(notForKeys(overrides)),
          busyTimes(overrides),
        );
        const edges = spans.filter((span) => overlaps(span, picture));
        expect(picture.spans.map(({ whole }) => whole)).toEqual(edges.map(({ start, end }) => ({ start, end })));
        const { now } = harness.engine.state();
        const here = bandState(picture, day.now);
        expect(now?.state).toBe(here.state);
        if (here.until !== null) expect(now?.until).toBe(here.until);
        // From now on the engine is asked itself; its timers are not run, so that it is the same calendar all day.
        const { clock } = harness;
        for (let instant = picture.start; instant < picture.end; instant += 7 * MINUTE) {
          const span = spanAt(spans, instant);
          expect(bandState(picture, instant).state).toBe(span?.effect ?? null);
          if (instant < day.now) continue;
          clock.jumpTo(instant);
          expect(harness.engine.state().now?.state).toBe(bandState(picture, instant).state);
        }
        await harness.engine.stop({ giveBack: false });
      }),
      { numRuns: 200, seed: SEED },
    );
  }, 120_000);

  it('has every meeting once, lanes without overlap, and no block or span outside the day', () => {
    fc.assert(
      fc.property(randomDay, ({ calendars, settings, zone, now }) => {
        const picture = pictureOf(calendars.flat(), { settings, zone, now });
        expect(wrongLanes(picture)).toEqual([]);
        expect(new Set(picture.events.map(({ key }) => key)).size).toBe(picture.events.length);
        for (const { lane, lanes } of picture.events) expect(lane).toBeLessThan(lanes);
        for (const part of [...picture.events, ...picture.spans, ...(picture.working ?? [])]) {
          expect(part.start).toBeGreaterThanOrEqual(picture.start);
          expect(part.end).toBeLessThanOrEqual(picture.end);
          expect(part.start).toBeLessThanOrEqual(part.end);
        }
        for (const { start, end, whole, goesOnBefore, goesOnAfter } of [...picture.events, ...picture.spans]) {
          expect([goesOnBefore, goesOnAfter]).toEqual([whole.start < picture.start, whole.end > picture.end]);
          expect([goesOnBefore || whole.start === start, goesOnAfter || whole.end === end]).toEqual([true, true]);
        }
        const parts = [...gaps(picture), ...picture.spans].sort((a, b) => a.start - b.start);
        expect(parts[0]?.start).toBe(picture.start);
        expect(parts.at(-1)?.end).toBe(picture.end);
        for (const [index, { end }] of parts.slice(0, -1).entries()) expect(parts[index + 1]?.start).toBe(end);
        expect(dayPictureSchema.parse(JSON.parse(JSON.stringify(picture)))).toEqual(picture);
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  it('says of each event what the engine made of it', () => {
    fc.assert(
      fc.property(randomDay, ({ calendars, settings, zone, now }) => {
        const picture = pictureOf(calendars.flat(), { settings, zone, now });
        const { rules, overrides } = layerSettings(settings).settings;
        const counted = new Set(picture.spans.flatMap(({ events }) => events));
        for (const { key, why, whole } of picture.events) {
          if (why.kind === 'doesNotCount') {
            expect(counted).not.toContain(key);
            if (why.because === 'person') expect(notForKeys(overrides)).toContain(key);
            continue;
          }
          const versions = calendars.flat().filter((event) => `${event.iCalUId}@` === `${key.split('@')[0]}@`);
          expect(versions.some((event) => judge(event, rules, zone).counts)).toBe(true);
          if (overlaps(whole, picture) && counted.has(key)) expect(why.isOutranked).toBe(false);
        }
      }),
      { numRuns: 200, seed: SEED },
    );
  });
});

describe('the day', () => {
  const ticksOf = (zone: string, date: string) => {
    const picture = dayPicture({
      events: [],
      settings: layerSettings({}).settings,
      zone,
      now: startOfDate(date, zone) + HOUR,
    });
    const { start, end, ticks } = picture;
    return { hours: (end - start) / HOUR, ticks: ticks.map((tick) => clockTime(tick, zone)) };
  };

  it('has 24 hours, 23 or 25 with the clock, and a tick at each whole one', () => {
    expect(ticksOf('UTC', '2026-01-05')).toMatchObject({ hours: 24, ticks: { length: 24 } });
    const spring = ticksOf('Europe/Berlin', '2026-03-29');
    expect(spring.hours).toBe(23);
    expect(spring.ticks.slice(0, 4)).toEqual(['00:00', '01:00', '03:00', '04:00']);
    const autumn = ticksOf('Europe/Berlin', '2026-10-25');
    expect(autumn.hours).toBe(25);
    expect(autumn.ticks.slice(0, 5)).toEqual(['00:00', '01:00', '02:00', '02:00', '03:00']);
  });

  it('may begin at one o’clock, and be half an hour longer or shorter', () => {
    expect(ticksOf('Africa/Cairo', '2026-04-24')).toMatchObject({ hours: 23 });
    expect(ticksOf('Africa/Cairo', '2026-04-24').ticks[0]).toBe('01:00');
    const longer = ticksOf('Australia/Lord_Howe', '2026-04-05');
    expect([longer.hours, longer.ticks.length]).toEqual([24.5, 24]);
    const shorter = ticksOf('Australia/Lord_Howe', '2026-10-04');
    expect(shorter.hours).toBe(23.5);
    expect(shorter.ticks.slice(0, 4)).toEqual(['00:00', '01:00', '03:00', '04:00']);
  });

  it('may be another one than today', () => {
    const { settings } = layerSettings({});
    const date = addDays('2026-01-05', 1);
    const picture = dayPicture({ events: [meeting('10:00', '11:00')], settings, zone: 'UTC', now: at('09:00'), date });
    expect(picture).toMatchObject({ date: '2026-01-06', events: [], spans: [] });
  });
});

describe('the blocks of a day', () => {
  it('show a meeting of two calendars once, in the version that the timeline believes', () => {
    const short = meeting('10:00', '11:00', { iCalUId: 'both', id: 'a' });
    const long = { ...meeting('10:00', '11:30', { iCalUId: 'both', id: 'b' }) };
    const declined = { ...long, responseStatus: 'declined', time: { ...long.time, end: at('12:00') } } as CalendarEvent;
    const { events, spans } = pictureOf([declined, short, long]);
    expect(events).toMatchObject([{ start: at('10:00'), end: at('11:30'), why: { kind: 'counts' } }]);
    expect(spans).toMatchObject([{ start: at('10:00'), end: at('11:30') }]);
  });

  it('lie beside each other where they overlap, and all-day ones apart', () => {
    const events = [
      meeting('09:00', '10:00', { iCalUId: 'alone' }),
      meeting('10:00', '12:00', { iCalUId: 'long' }),
      meeting('10:30', '11:00', { iCalUId: 'first' }),
      meeting('11:00', '11:30', { iCalUId: 'second' }),
      allDay('2026-01-05', '2026-01-06', { iCalUId: 'day' }),
    ];
    const lanes = pictureOf(events).events.map(({ key, lane, lanes: of }) => `${key.split('@')[0]} ${lane}/${of}`);
    expect(lanes).toEqual(['day 0/1', 'alone 0/1', 'long 0/2', 'first 1/2', 'second 1/2']);
    expect(pictureOf([...events].reverse())).toEqual(pictureOf(events));
  });

  it('end with the day, and say that they go on', () => {
    const night = {
      ...meeting('22:00', '23:00'),
      time: { kind: 'timed', start: at('00:00') - HOUR, end: at('00:00') + 25 * HOUR },
    };
    const { events, spans } = pictureOf([night as CalendarEvent]);
    const clipped = { start: at('00:00'), end: at('00:00') + 24 * HOUR, goesOnBefore: true, goesOnAfter: true };
    expect(events).toMatchObject([clipped]);
    expect(spans).toMatchObject([clipped]);
  });

  it('say why: the rule, its category, the person’s word, or something stronger', () => {
    const rules = {
      categories: [
        { name: 'Lunch', effect: 'ignore' },
        { name: 'Focus', effect: 'busy' },
      ],
    };
    const silenced = meeting('14:00', '15:00', { iCalUId: 'silenced' });
    const notFor = [{ event: `silenced@${new Date(at('14:00')).toISOString()}`, until: '2026-01-05T15:00:00Z' }];
    const events = [
      meeting('09:00', '10:00'),
      meeting('10:00', '11:00', { categories: ['focus'] }),
      meeting('10:00', '11:00', { showAs: 'oof' }),
      meeting('12:00', '13:00', { categories: ['lunch'] }),
      silenced,
      meeting('16:00', '17:00', { isCancelled: true }),
    ];
    const picture = pictureOf(events, { settings: { rules, overrides: { notFor } } });
    const counts = { kind: 'counts', isOutOfOffice: false, category: null, isOutranked: false };
    const not = { kind: 'doesNotCount', category: null };
    expect(picture.events.map(({ why }) => why)).toEqual([
      { ...counts, effect: 'dnd' },
      { ...counts, effect: 'busy', category: 'Focus', isOutranked: true },
      { ...counts, effect: 'away', isOutOfOffice: true },
      { ...not, because: 'category', category: 'Lunch' },
      { ...not, because: 'person' },
      { ...not, because: 'cancelled' },
    ]);
  });
});

describe('the band of a day', () => {
  const busy = { from: '2026-01-05T12:00:00Z', until: '2026-01-05T13:00:00Z', text: 'Lunch' };
  const free = meeting('11:00', '11:30', { showAs: 'free', iCalUId: 'free' });
  const picture = pictureOf([meeting('10:00', '11:00', { iCalUId: 'met' }), free], {
    settings: { overrides: { busy } },
  });

  it('says what counts, with whose word it is, and what does not', () => {
    const met = `met@${new Date(at('10:00')).toISOString()}`;
    expect(bandAt(picture, at('10:30'))).toEqual({
      kind: 'counts',
      effect: 'dnd',
      isOutOfOffice: false,
      isOwn: false,
      since: at('10:00'),
      until: at('11:00'),
      events: [met],
    });
    expect(bandAt(picture, at('11:10'))).toEqual({
      kind: 'yours',
      events: [`free@${new Date(at('11:00')).toISOString()}`],
      next: { at: at('12:00'), effect: 'dnd' },
    });
    expect(bandAt(picture, at('12:00'))).toMatchObject({ kind: 'counts', isOwn: true, events: [] });
    expect(bandAt(picture, at('13:00'))).toEqual({ kind: 'yours', events: [], next: null });
    expect(picture.busy).toMatchObject({ start: at('12:00'), end: at('13:00'), text: 'Lunch' });
  });

  it('is the person’s while the app is paused', () => {
    const pausedUntil = '2026-01-05T10:15:00Z';
    const paused = pictureOf([meeting('10:00', '11:00')], { settings: { pausedUntil } });
    expect(bandAt(paused, at('10:10'))).toEqual({ kind: 'paused', until: at('10:15') });
    expect(bandAt(paused, at('10:15'))).toMatchObject({ kind: 'counts', effect: 'dnd' });
    const forever = pictureOf([], { settings: { pausedUntil: 'forever' } });
    expect(bandAt(forever, at('23:00'))).toEqual({ kind: 'paused', until: 'forever' });
    expect(bandAt(forever, at('08:00'))).toMatchObject({ kind: 'yours' });
  });
});

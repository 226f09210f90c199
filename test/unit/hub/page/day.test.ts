import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/core/time.ts';
import { dayAround, hoursOf, joined, segmentsOf, shareOf, withChange } from '../../../../src/hub/page/day.ts';
import type { DayItem } from '../../../../src/hub/page/model.ts';
import { Words } from '../../../../src/hub/page/words.ts';
import { presenceOf } from './people.ts';

// In the machine's own zone, as the page draws it.
const DAY = dayAround(new Date(2026, 10, 24, 12).getTime());
const at = (hour: number) => DAY.start + hour * HOUR;
const iso = (hour: number) => new Date(at(hour)).toISOString();
const item = (kind: DayItem['kind'], start: number, end: number | null, state: DayItem['state']): DayItem => ({
  kind,
  start: iso(start),
  end: end === null ? null : iso(end),
  state,
});
const piece = (kind: DayItem['kind'], start: number, end: number, state: DayItem['state']) => ({
  kind,
  start: at(start),
  end: at(end),
  state,
});
const FREE = { state: 'available', until: null } as const;

describe('the day', () => {
  it('runs from midnight to midnight, also when clocks change', () => {
    expect(new Date(DAY.start).getHours()).toBe(0);
    for (let day = 1; day <= 365; day += 1) {
      const one = dayAround(new Date(2026, 0, day, 15).getTime());
      expect(one.end).toBe(dayAround(one.end).start);
      expect(hoursOf(one, 6).length).toBe(5);
    }
  });

  it('is what was shown up to now, then what is planned', () => {
    const items = [
      item('was', -2, 8, 'offline'),
      item('was', 8, null, 'available'),
      item('will', 13, 14, 'busy'),
      item('will', 23, 26, 'dnd'),
    ];
    expect(segmentsOf(items, FREE, DAY, at(10))).toEqual([
      piece('was', 0, 8, 'offline'),
      piece('was', 8, 10, 'available'),
      piece('will', 13, 14, 'busy'),
      piece('will', 23, 24, 'dnd'),
    ]);
  });

  it('goes on with what is shown until its end, where no plan says what comes', () => {
    const items = [item('was', 8, null, 'dnd')];
    const until = (hour: number) => ({ state: 'dnd', until: iso(hour) }) as const;
    expect(segmentsOf(items, until(12), DAY, at(10))[1]).toEqual(piece('will', 10, 12, 'dnd'));
    const planned = [...items, item('will', 11, 13, 'busy')];
    expect(segmentsOf(planned, until(12), DAY, at(10))[1]).toEqual(piece('will', 10, 11, 'dnd'));
    const told = [...items, item('will', 10.001, 12, 'dnd')];
    expect(segmentsOf(told, until(12), DAY, at(10))).toHaveLength(2);
  });

  it('takes over a change at once', () => {
    const items = [item('was', 8, null, 'available'), item('will', 13, 14, 'busy')];
    expect(withChange(items, iso(10), 'dnd')).toEqual([
      item('was', 8, 10, 'available'),
      item('was', 10, null, 'dnd'),
      item('will', 13, 14, 'busy'),
    ]);
    expect(withChange(items, iso(10), 'available')).toBe(items);
    expect(withChange(items, iso(10), 'offline')).toHaveLength(2);
    expect(withChange([], iso(10), 'away')).toEqual([item('was', 10, null, 'away')]);
  });

  it('is told as few pieces', () => {
    const pieces = [piece('was', 8, 10, 'dnd'), piece('will', 10, 12, 'dnd'), piece('will', 12, 13, 'away')];
    expect(joined(pieces)).toEqual([piece('was', 8, 12, 'dnd'), piece('will', 12, 13, 'away')]);
    expect(joined([piece('was', 8, 9, 'dnd'), piece('will', 10, 12, 'dnd')])).toHaveLength(2);
  });

  it('has its places between 0 and 1', () => {
    expect([-1, 0, 12, 24, 30].map((hour) => shareOf(at(hour), DAY))).toEqual([0, 0, 0.5, 1, 1]);
  });
});

describe('the words', () => {
  const words = new Words();
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

  it('say until when, since when, or that nothing is known', () => {
    const of = (rest: Parameters<typeof presenceOf>[2]) => words.span(presenceOf('Ada', 1, rest), DAY);
    expect(of({ until: iso(15) })).toBe(`until ${time.format(at(15))}`);
    expect(of({ changedAt: iso(9) })).toBe(`since ${time.format(at(9))}`);
    expect(of({ state: 'offline', source: 'none', reporting: false })).toBe('not heard of yet');
    // When it was said is not when they went.
    expect(of({ state: 'offline', reporting: false })).toBe('');
  });

  it('name the day where it is another one, and the date where the day is not enough', () => {
    const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
    expect(words.when(at(24 + 9), DAY)).toContain(weekday.format(at(33)));
    expect(words.when(at(24 * 20), DAY)).toContain('2026');
    expect(words.when(at(15), DAY)).toBe(time.format(at(15)));
  });

  it('tell a day', () => {
    const now = at(10);
    const pieces = segmentsOf([item('was', 8, null, 'busy'), item('will', 13, 14, 'dnd')], FREE, DAY, now + MINUTE);
    expect(words.day(pieces)).toBe(
      `Today: Busy ${time.format(at(8))}–${time.format(now + MINUTE)}, ` +
        `Do not disturb ${time.format(at(13))}–${time.format(at(14))} (planned)`,
    );
    expect(words.day([])).toBe('Nothing known of today');
  });
});

import { describe, expect, it } from 'vitest';
import { clockTimeFrom, dateAt, instantOfWallClock, startOfDate } from '../../../src/core/time.ts';

const iso = (at: number) => new Date(at).toISOString().slice(0, 16);

describe('zones', () => {
  it('finds midnight on both sides of the hour that daylight saving skips and repeats (edge case 36)', () => {
    expect(iso(startOfDate('2026-03-29', 'Europe/Berlin'))).toBe('2026-03-28T23:00');
    expect(iso(startOfDate('2026-03-30', 'Europe/Berlin'))).toBe('2026-03-29T22:00');
    expect(iso(startOfDate('2026-10-25', 'Europe/Berlin'))).toBe('2026-10-24T22:00');
    expect(iso(startOfDate('2026-10-26', 'Europe/Berlin'))).toBe('2026-10-25T23:00');
  });

  it('takes the first of two repeated hours, and goes behind the gap', () => {
    const wall = (text: string) => Date.parse(`${text}Z`);
    expect(iso(instantOfWallClock(wall('2026-10-25T02:30'), 'Europe/Berlin'))).toBe('2026-10-25T00:30');
    expect(iso(instantOfWallClock(wall('2026-03-29T02:30'), 'Europe/Berlin'))).toBe('2026-03-29T01:30');
  });

  it('knows zones where midnight does not exist on some day', () => {
    expect(iso(startOfDate('2018-11-04', 'America/Sao_Paulo'))).toBe('2018-11-04T03:00');
  });

  it('tells date and time of day as the zone has them', () => {
    const late = Date.parse('2026-01-05T23:30:00Z');
    expect(dateAt(late, 'Asia/Tokyo')).toBe('2026-01-06');
    expect(clockTimeFrom(late, Date.parse('2026-01-05T10:00:00Z'), 'UTC')).toBe('23:30');
    expect(clockTimeFrom(late, Date.parse('2026-01-05T10:00:00Z'), 'Asia/Tokyo')).toBe('Tue 08:30');
  });
});

import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../../src/core/time.ts';
import { readEnd } from '../../../../src/hub/addons/builtin/status/duration.ts';

/** 13:20 in Berlin. */
const NOW = Date.parse('2026-11-20T12:20:00Z');
const read = (text: string, now = NOW) => readEnd(text, now, 'Europe/Berlin');
const at = (iso: string) => Date.parse(iso);

describe('how long', () => {
  it.each([
    ['30m', 30 * MINUTE, ''],
    ['30 min Deep work', 30 * MINUTE, 'Deep work'],
    ['90', 90 * MINUTE, ''],
    ['90 Deep work', 90 * MINUTE, 'Deep work'],
    ['1h', HOUR, ''],
    ['1H30M Review', 90 * MINUTE, 'Review'],
    ['1h30', 90 * MINUTE, ''],
    ['1h 30m', 90 * MINUTE, ''],
    ['2 hours reading', 2 * HOUR, 'reading'],
    ['1h 2 reviews', HOUR, '2 reviews'],
    ['for 45 minutes', 45 * MINUTE, ''],
    ['24h', 24 * HOUR, ''],
    ['  30m  x', 30 * MINUTE, 'x'],
  ])('%s', (text, length, rest) => {
    expect(read(text)).toEqual({ until: NOW + length, rest });
  });

  it.each([
    ['until 15:00', '2026-11-20T14:00:00Z', ''],
    ['until 15.30 Review', '2026-11-20T14:30:00Z', 'Review'],
    ['until 3pm', '2026-11-20T14:00:00Z', ''],
    ['Until 12am', '2026-11-20T23:00:00Z', ''],
    ['until 12:30pm', '2026-11-21T11:30:00Z', ''],
    ['until 15', '2026-11-20T14:00:00Z', ''],
    // The next time that the clock shows it.
    ['until 13:20', '2026-11-21T12:20:00Z', ''],
    ['until 7:00', '2026-11-21T06:00:00Z', ''],
  ])('%s', (text, until, rest) => {
    expect(read(text)).toEqual({ until: at(until), rest });
  });

  it('is never more than a day, on the longest day of the year too', () => {
    const now = at('2026-10-24T22:30:00Z');
    expect(readEnd('until 0:30', now, 'Europe/Berlin')?.until).toBe(now + 24 * HOUR);
  });

  it.each([
    '',
    'x',
    '0',
    '0m',
    '25h',
    '1441',
    '-5',
    '30x',
    '1h99x',
    'until',
    'until 25:00',
    'until 15:60',
    'until 13pm',
    '99999999m',
  ])('is not "%s"', (text) => {
    expect(read(text)).toBeNull();
  });
});

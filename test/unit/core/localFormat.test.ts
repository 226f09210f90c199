import { describe, expect, it } from 'vitest';
import { headline } from '../../../src/core/headline.ts';
import { counted, lengthOfTime, listed, timeFrom, timeOfDay } from '../../../src/core/localFormat.ts';
import { STARTING_STATE } from '../../../src/core/syncState.ts';
import { ENGLISH, type Speech } from '../../../src/core/texts.ts';
import { clockTimeFrom, DAY, HOUR, MINUTE } from '../../../src/core/time.ts';

const NOW = Date.parse('2026-03-02T13:05:00Z');
const in_ = (language: 'en' | 'de', locale: string): Speech => ({ language, locale, overrides: {} });

describe('times', () => {
  it.each([
    ['en-GB', '14:05', /^Tue 14:05$/],
    ['en-US', /^2:05\sPM$/, /^Tue 2:05\sPM$/],
    ['de-DE', '14:05', /^Di\.?,? 14:05$/],
    ['en-DE', '14:05', /^Tue,? 14:05$/],
  ])('are those of %s', (locale, today, tomorrow) => {
    const speech = { locale };
    expect(timeOfDay(NOW, 'Europe/Berlin', speech)).toMatch(today);
    expect(timeFrom(NOW, NOW + HOUR, 'Europe/Berlin', speech)).toMatch(today);
    expect(timeFrom(NOW + DAY, NOW, 'Europe/Berlin', speech)).toMatch(tomorrow);
  });

  it('are the same as ever on the command line', () => {
    for (const at of [NOW, NOW + 11 * HOUR, NOW + DAY, NOW - 13 * HOUR - 5 * MINUTE])
      expect(timeFrom(at, NOW, 'UTC', ENGLISH)).toBe(clockTimeFrom(at, NOW, 'UTC'));
  });

  it('have lengths in hours or minutes', () => {
    expect([30 * MINUTE, HOUR, 2 * HOUR].map((length) => lengthOfTime(length, ENGLISH))).toEqual([
      '30 minutes',
      '1 hour',
      '2 hours',
    ]);
    expect(lengthOfTime(HOUR, in_('de', 'de-DE'))).toBe('1 Stunde');
  });
});

describe('lists and numbers', () => {
  it('are written as the language does', () => {
    expect(listed(['a', 'b', 'a'], in_('de', 'de-DE'))).toBe('a und b');
    expect(listed(['a', 'b', 'c'], ENGLISH, 'disjunction')).toBe('a, b or c');
    const forms = ['check.calendar.event', 'check.calendar.events'] as const;
    expect(counted(forms, 1, in_('de', 'de-DE'))).toBe('Gelesen: 1 Termin in der nächsten Stunde.');
    expect(counted(forms, 1_200, in_('de', 'de-DE'))).toBe('Gelesen: 1.200 Termine in der nächsten Stunde.');
  });
});

describe('the headline', () => {
  const running = { ...STARTING_STATE, phase: 'running' } as const;
  const busy = {
    ...running,
    now: { state: 'dnd', until: NOW + HOUR },
    next: { state: 'away', at: NOW + HOUR },
  } as const;
  const free = { ...running, now: { state: null, until: null }, next: { state: 'dnd', at: NOW + HOUR } } as const;

  it.each([
    [in_('de', 'de-DE'), 'Nicht stören bis 14:05, danach Abwesend', 'Verfügbar – als Nächstes: Nicht stören um 14:05'],
    [ENGLISH, 'Do not disturb until 14:05, then Away', 'Available — next: Do not disturb at 14:05'],
  ])('speaks %j', (speech, inMeeting, before) => {
    expect(headline(busy, NOW, 'UTC', speech)).toBe(inMeeting);
    expect(headline(free, NOW, 'UTC', speech)).toBe(before);
  });
});

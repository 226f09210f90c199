import { describe, expect, it } from 'vitest';
import { BERLIN, event, file, times } from './files.ts';

describe('the length of an event', () => {
  it.each([
    ['a duration', 'DURATION:PT1H30M', '2026-01-05T09:00..10:30'],
    ['a duration of weeks and days', 'DURATION:P1DT1H', '2026-01-05T09:00..10:00'],
    ['nothing: no time at all', 'X-NOTHING:1', '2026-01-05T09:00..09:00'],
    ['an end before the start: none', 'DTEND:20260105T080000Z', '2026-01-05T09:00..09:00'],
    ['an end in another zone', 'DTEND;TZID=Europe/Berlin:20260105T120000', '2026-01-05T09:00..11:00'],
  ])('%s', (_name, line, expected) => {
    expect(times(file(event('DTSTART:20260105T090000Z', line)))).toEqual([expected]);
  });
});

describe('all-day events', () => {
  it('are dates; their end is exclusive', () => {
    const text = file(event('DTSTART;VALUE=DATE:20260105', 'DTEND;VALUE=DATE:20260107'));
    expect(times(text)).toEqual(['2026-01-05..2026-01-07']);
    expect(times(file(event('DTSTART;VALUE=DATE:20260105')))).toEqual(['2026-01-05..2026-01-06']);
  });

  it('written with times are dates when Outlook says so', () => {
    const zone = 'Pacific Standard Time';
    const mark = 'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE';
    const at = (more: string) =>
      file(event(`DTSTART;TZID=${zone}:20260105T000000`, `DTEND;TZID=${zone}:20260106T000000`, more));
    expect(times(at(mark))).toEqual(['2026-01-05..2026-01-06']);
    expect(times(at('X-NOTHING:1'), { days: 2 })).toEqual(['2026-01-05T08:00..08:00']);
    const odd = file(event('DTSTART:20260105T090000Z', 'DTEND:20260105T100000Z', mark));
    expect(times(odd)).toEqual(['2026-01-05T09:00..10:00']);
  });

  it.each([
    ['RRULE:FREQ=DAILY;UNTIL=20260106', BERLIN],
    ['RRULE:FREQ=DAILY;UNTIL=20260106T000000Z', 'America/Los_Angeles'],
    ['RRULE:FREQ=DAILY;UNTIL=20260105T230000Z', BERLIN],
    ['RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=DATE:20260107', BERLIN],
    ['RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20260107T000000', BERLIN],
    ['RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20260107T000000Z', 'America/Los_Angeles'],
  ])('repeat: %s', (rrule, zone) => {
    const text = file(event('DTSTART;VALUE=DATE:20260105', rrule));
    expect(times(text, { days: 9, zone })).toEqual(['2026-01-05..2026-01-06', '2026-01-06..2026-01-07']);
  });

  it('38: lie where the person is', () => {
    const text = file(event('DTSTART;VALUE=DATE:20260105'));
    expect(times(text, { from: '2026-01-04', zone: 'Pacific/Auckland' })).toHaveLength(1);
    expect(times(text, { from: '2026-01-04', zone: 'America/New_York' })).toHaveLength(0);
  });
});

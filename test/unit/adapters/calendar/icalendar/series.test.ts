import { describe, expect, it } from 'vitest';
import { customZone, event, file, PLAIN, times, view, when } from './files.ts';

describe('series', () => {
  const weekly = (...more: string[]) =>
    event(
      'DTSTART;TZID=Europe/Berlin:20251201T090000',
      'DTEND;TZID=Europe/Berlin:20251201T100000',
      'RRULE:FREQ=WEEKLY',
      ...more,
    );
  const january = { from: '2026-01-01', days: 31 };
  const MONDAYS = [
    '2026-01-05T08:00..09:00',
    '2026-01-12T08:00..09:00',
    '2026-01-19T08:00..09:00',
    '2026-01-26T08:00..09:00',
  ];

  it('keep their clock over a change of daylight saving', () => {
    expect(times(file(weekly()), { from: '2026-03-20', days: 14 })).toEqual([
      '2026-03-23T08:00..09:00',
      '2026-03-30T07:00..08:00',
    ]);
  });

  it('have an id for each occurrence and one UID', () => {
    const { events } = view(file(weekly()), january);
    expect(events.map(when)).toEqual(MONDAYS);
    expect(events.map(({ id }) => id)).toContain('u/2026-01-05T08:00:00.000Z');
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
    expect(new Set(events.map(({ iCalUId }) => iCalUId))).toEqual(new Set(['u']));
  });

  it.each([
    ['in the same zone', 'EXDATE;TZID=Europe/Berlin:20260112T090000,20260119T090000'],
    ['in the Windows zone', 'EXDATE;TZID=W. Europe Standard Time:20260112T090000,20260119T090000'],
    ['in UTC', 'EXDATE:20260112T080000Z,20260119T080000Z'],
    ['as dates', 'EXDATE;VALUE=DATE:20260112,20260119'],
  ])('leave out EXDATE %s', (_name, line) => {
    expect(times(file(weekly(line)), january)).toEqual([MONDAYS[0], MONDAYS[3]]);
  });

  it('take RDATE in', () => {
    const text = file(weekly('RDATE:20260107T130000Z', 'RDATE;VALUE=PERIOD:20260108T130000Z/PT1H'));
    expect(times(text, { from: '2026-01-06', days: 3 })).toEqual([
      '2026-01-07T13:00..14:00',
      '2026-01-08T13:00..14:00',
    ]);
  });

  it('35: follow a moved occurrence, and only that one', () => {
    const moved = event(
      'RECURRENCE-ID;TZID=Europe/Berlin:20260112T090000',
      'DTSTART;TZID=Europe/Berlin:20260113T140000',
      'DTEND;TZID=Europe/Berlin:20260113T150000',
    );
    const text = file(weekly(), moved);
    expect(times(text, january)).toEqual([MONDAYS[0], '2026-01-13T13:00..14:00', MONDAYS[2], MONDAYS[3]]);
    expect(view(text, { from: '2026-01-13' }).events[0]?.id).toBe('u/2026-01-12T08:00:00.000Z');
  });

  it('35: an occurrence that was moved out of the window is not in it', () => {
    const moved = event('RECURRENCE-ID:20260105T080000Z', 'DTSTART:20260301T080000Z', 'DTEND:20260301T090000Z');
    expect(times(file(weekly(), moved))).toEqual([]);
    expect(times(file(weekly(), moved), { from: '2026-03-01' })).toEqual(['2026-03-01T08:00..09:00']);
  });

  it('24: one occurrence can be cancelled', () => {
    const cancelled = event(
      'RECURRENCE-ID:20260112T080000Z',
      'DTSTART:20260112T080000Z',
      'DTEND:20260112T090000Z',
      'STATUS:CANCELLED',
    );
    const { events } = view(file(weekly(), cancelled), january);
    expect(events.filter(({ isCancelled }) => isCancelled).map(when)).toEqual([MONDAYS[1]]);
    expect(events).toHaveLength(4);
  });

  it('RANGE=THISANDFUTURE moves and lengthens all later occurrences', () => {
    const range = event(
      'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260112T090000',
      'DTSTART;TZID=Europe/Berlin:20260113T110000',
      'DTEND;TZID=Europe/Berlin:20260113T130000',
      'SUMMARY:New',
    );
    const text = file(weekly('SUMMARY:Old'), range);
    expect(times(text, january)).toEqual([
      MONDAYS[0],
      '2026-01-13T10:00..12:00',
      '2026-01-20T10:00..12:00',
      '2026-01-27T10:00..12:00',
    ]);
    expect(view(text, { from: '2026-01-20' }).events.map(({ subject }) => subject)).toEqual(['New']);
    expect(times(text, { from: '2026-01-19' })).toEqual([]);
  });

  it('an occurrence that was replaced after a range follows its own word', () => {
    const range = event(
      'RECURRENCE-ID;RANGE=THISANDFUTURE:20260112T080000Z',
      'DTSTART:20260112T100000Z',
      'DURATION:PT1H',
    );
    const own = event('RECURRENCE-ID:20260119T080000Z', 'DTSTART:20260119T150000Z', 'DURATION:PT1H');
    expect(times(file(weekly(), range, own), january)).toEqual([
      MONDAYS[0],
      '2026-01-12T10:00..11:00',
      '2026-01-19T15:00..16:00',
      '2026-01-26T10:00..11:00',
    ]);
  });

  it('the newer of two versions counts', () => {
    const version = (sequence: number, hour: string) =>
      event(`SEQUENCE:${sequence}`, 'RECURRENCE-ID:20260105T080000Z', `DTSTART:20260105T${hour}0000Z`, 'DURATION:PT1H');
    expect(times(file(version(2, '14'), weekly(), version(1, '12')))).toEqual(['2026-01-05T14:00..15:00']);
  });

  it('an occurrence without its series stands for itself', () => {
    expect(times(file(event('RECURRENCE-ID:20260105T080000Z', ...PLAIN)))).toEqual(['2026-01-05T09:00..10:00']);
  });

  it.each([
    [
      'UTC',
      'RRULE:FREQ=DAILY;UNTIL=20260107T080000Z',
      ['2026-01-05T08:00..09:00', '2026-01-06T08:00..09:00', '2026-01-07T08:00..09:00'],
    ],
    [
      'UTC, just before',
      'RRULE:FREQ=DAILY;UNTIL=20260107T075959Z',
      ['2026-01-05T08:00..09:00', '2026-01-06T08:00..09:00'],
    ],
    ['a date', 'RRULE:FREQ=DAILY;UNTIL=20260106', ['2026-01-05T08:00..09:00', '2026-01-06T08:00..09:00']],
    ['a count', 'RRULE:FREQ=DAILY;COUNT=1', ['2026-01-05T08:00..09:00']],
  ])('end with %s', (_name, rrule, expected) => {
    const text = file(event('DTSTART;TZID=Europe/Berlin:20260105T090000', 'DURATION:PT1H', rrule));
    expect(times(text, { days: 9 })).toEqual(expected);
  });

  it('in a zone of their own follow its rules, and give up what can not be expanded', () => {
    const zone = 'Customized Time Zone';
    const text = file(
      customZone(zone),
      event(`DTSTART;TZID=${zone}:20200101T090000`, 'DURATION:PT1H', 'RRULE:FREQ=DAILY'),
    );
    expect(times(text, { from: '2026-03-28', days: 2 })).toEqual([
      '2026-03-28T08:00..09:00',
      '2026-03-29T07:00..08:00',
    ]);
    const endless = event('DTSTART:20060101T090000Z', 'DURATION:PT1M', 'RRULE:FREQ=MINUTELY;COUNT=99999999');
    expect(view(file(endless))).toEqual({ events: [], skipped: 1 });
    expect(view(file(event(...PLAIN, 'RRULE:FREQ=SECONDLY')))).toEqual({ events: [], skipped: 1 });
  });

  it('that last over midnight are found by their end', () => {
    const night = event('DTSTART:20250101T220000Z', 'DTEND:20250102T060000Z', 'RRULE:FREQ=DAILY');
    expect(times(file(night), { from: '2026-01-05' })).toEqual(['2026-01-04T22:00..06:00', '2026-01-05T22:00..06:00']);
  });

  it('of twenty years of days, hundreds of them, are expanded quickly', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      event('DTSTART;TZID=Europe/Berlin:20060101T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY').replace(
        'UID:u',
        `UID:${index}`,
      ),
    );
    const text = file(...many);
    const started = performance.now();
    expect(view(text).events).toHaveLength(300);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

import ical from 'ical.js';
import { describe, expect, it } from 'vitest';
import { EndlessRule, expandRule } from '../../../../../src/adapters/calendar/icalendar/recurrence.ts';
import { recurrenceRule } from '../../../../../src/adapters/calendar/icalendar/schema.ts';
import { DAY } from '../../../../../src/core/time.ts';

const wall = (text: string) => Date.parse(`${text.length === 10 ? `${text}T09:00:00` : text}Z`);
const rule = (text: string) => {
  const component = ical.parse(`BEGIN:VEVENT\nRRULE:${text}\nEND:VEVENT`) as unknown as [
    string,
    [string, object, string, unknown][],
  ];
  return recurrenceRule.parse(component[1][0]?.[3]);
};
const written = (at: number) => new Date(at).toISOString().slice(0, at % DAY === 9 * 3_600_000 ? 10 : 16);

/** The first `limit` starts of a rule. */
function starts(text: string, start: string, limit = 5, until: string | null = null, years = 30): string[] {
  const from = wall(start);
  return expandRule(rule(text), from, until === null ? null : wall(until), from, from + years * 366 * DAY)
    .slice(0, limit)
    .map(written);
}

describe('recurrence rules: the examples of RFC 5545 section 3.8.5.3', () => {
  it.each<[string, string, string[]]>([
    [
      'FREQ=DAILY;INTERVAL=10;COUNT=5',
      '1997-09-02',
      ['1997-09-02', '1997-09-12', '1997-09-22', '1997-10-02', '1997-10-12'],
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;WKST=SU',
      '1997-09-02',
      ['1997-09-02', '1997-09-16', '1997-09-30', '1997-10-14', '1997-10-28'],
    ],
    [
      'FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      ['1997-09-02', '1997-09-04', '1997-09-09', '1997-09-11', '1997-09-16'],
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
      '1997-08-05',
      ['1997-08-05', '1997-08-10', '1997-08-19', '1997-08-24'],
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
      '1997-08-05',
      ['1997-08-05', '1997-08-17', '1997-08-19', '1997-08-31'],
    ],
    [
      'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
      '1997-09-05',
      ['1997-09-05', '1997-10-03', '1997-11-07', '1997-12-05', '1998-01-02'],
    ],
    [
      'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
      '1997-09-07',
      ['1997-09-07', '1997-09-28', '1997-11-02', '1997-11-30', '1998-01-04'],
    ],
    [
      'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
      '1997-09-22',
      ['1997-09-22', '1997-10-20', '1997-11-17', '1997-12-22', '1998-01-19'],
    ],
    [
      'FREQ=MONTHLY;BYMONTHDAY=-3',
      '1997-09-28',
      ['1997-09-28', '1997-10-29', '1997-11-28', '1997-12-29', '1998-01-29'],
    ],
    [
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
      '1997-09-30',
      ['1997-09-30', '1997-10-01', '1997-10-31', '1997-11-01', '1997-11-30'],
    ],
    [
      'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
      '1997-01-01',
      ['1997-01-01', '1997-04-10', '1997-07-19', '2000-01-01', '2000-04-09'],
    ],
    ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19', ['1997-05-19', '1998-05-18', '1999-05-17', '2000-05-15', '2001-05-14']],
    [
      'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO',
      '1997-05-12',
      ['1997-05-12', '1998-05-11', '1999-05-17', '2000-05-15', '2001-05-14'],
    ],
    [
      'FREQ=YEARLY;BYMONTH=3;BYDAY=TH',
      '1997-03-13',
      ['1997-03-13', '1997-03-20', '1997-03-27', '1998-03-05', '1998-03-12'],
    ],
    [
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      '1997-09-02',
      ['1998-02-13', '1998-03-13', '1998-11-13', '1999-08-13', '2000-10-13'],
    ],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996-11-05',
      ['1996-11-05', '2000-11-07', '2004-11-02', '2008-11-04', '2012-11-06'],
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', ['1997-09-04', '1997-10-07', '1997-11-06']],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
      '1997-09-29',
      ['1997-09-29', '1997-10-30', '1997-11-27', '1997-12-30', '1998-01-29'],
    ],
    [
      'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
      '2007-01-15',
      ['2007-01-15', '2007-01-30', '2007-02-15', '2007-03-15', '2007-03-30'],
    ],
  ])('%s from %s', (text, start, expected) => {
    expect(starts(text, start)).toEqual(expected);
  });

  it('repeats within the day', () => {
    expect(starts('FREQ=HOURLY;INTERVAL=3', '1997-09-02', 4)).toEqual([
      '1997-09-02',
      '1997-09-02T12:00',
      '1997-09-02T15:00',
      '1997-09-02T18:00',
    ]);
    expect(starts('FREQ=MINUTELY;INTERVAL=90;COUNT=4', '1997-09-02')).toEqual([
      '1997-09-02',
      '1997-09-02T10:30',
      '1997-09-02T12:00',
      '1997-09-02T13:30',
    ]);
    expect(starts('FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30', '1997-09-02', 4)).toEqual([
      '1997-09-02',
      '1997-09-02T09:30',
      '1997-09-02T10:00',
      '1997-09-02T10:30',
    ]);
  });
});

describe('recurrence rules, where ical.js goes wrong', () => {
  it('has no 30 February, and ends', () => {
    expect(starts('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', '2006-01-01')).toEqual([]);
    expect(starts('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2006-01-01')).toEqual([]);
  });

  it('leaves 29 February and the 31st out where there is none', () => {
    expect(starts('FREQ=YEARLY', '2024-02-29', 3)).toEqual(['2024-02-29', '2028-02-29', '2032-02-29']);
    expect(starts('FREQ=MONTHLY', '2026-01-31', 3)).toEqual(['2026-01-31', '2026-03-31', '2026-05-31']);
  });

  it('takes the last working day from the first month on', () => {
    expect(starts('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '2006-01-01', 2)).toEqual([
      '2006-01-31',
      '2006-02-28',
    ]);
  });

  it('takes BYSETPOS for weeks and days', () => {
    expect(starts('FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1', '2026-01-05', 2)).toEqual(['2026-01-05', '2026-01-12']);
    expect(starts('FREQ=DAILY;BYHOUR=9,10;BYSETPOS=1', '2026-01-05', 2)).toEqual(['2026-01-05', '2026-01-06']);
  });
});

describe('the bounds of recurrence', () => {
  it('begins near the window, in step with the start', () => {
    const from = wall('2026-01-05');
    const near = (text: string, start: string) =>
      expandRule(rule(text), wall(start), null, from, from + 7 * DAY).map(written);
    expect(near('FREQ=DAILY;INTERVAL=3', '2006-01-01')).toEqual(['2026-01-07', '2026-01-10']);
    expect(near('FREQ=WEEKLY;INTERVAL=2;BYDAY=WE', '2006-01-04')).toEqual(['2026-01-07']);
    expect(near('FREQ=HOURLY;INTERVAL=50', '2006-01-01T09:00:00')).toEqual([
      '2026-01-06T19:00',
      '2026-01-08T21:00',
      '2026-01-10T23:00',
    ]);
  });

  it('ends with UNTIL and COUNT, counted from the start', () => {
    expect(starts('FREQ=DAILY', '2026-01-05', 9, '2026-01-07')).toEqual(['2026-01-05', '2026-01-06', '2026-01-07']);
    const from = wall('2026-01-05');
    const last = (count: number) =>
      expandRule(rule(`FREQ=DAILY;COUNT=${count}`), wall('2006-01-05'), null, from, from + DAY);
    expect(last(7305)).toEqual([]);
    expect(last(7306)).toHaveLength(1);
    expect(last(0)).toEqual([]);
  });

  it('expands twenty years of days in no time', () => {
    const started = performance.now();
    const from = wall('2026-01-05');
    for (let index = 0; index < 200; index++)
      expandRule(rule('FREQ=DAILY'), wall('2006-01-05'), null, from, from + DAY);
    expandRule(rule('FREQ=DAILY;COUNT=9000'), wall('2006-01-05'), null, from, from + DAY);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('gives up on what has no end', () => {
    const from = wall('2026-01-05');
    const endless = () => expandRule(rule('FREQ=MINUTELY;COUNT=9999999'), wall('2006-01-05'), null, from, from + DAY);
    expect(endless).toThrow(EndlessRule);
    const never = () =>
      expandRule(
        rule('FREQ=YEARLY;COUNT=1;BYMONTH=2;BYMONTHDAY=30'),
        wall('2006-01-05'),
        null,
        from,
        wall('2999-01-01') + 9e12,
      );
    expect(never).toThrow(EndlessRule);
  });

  it('agrees with ical.js on what both can do', () => {
    for (const text of [
      'FREQ=DAILY;INTERVAL=2',
      'FREQ=WEEKLY;BYDAY=MO,WE,FR',
      'FREQ=MONTHLY;BYDAY=2TU',
      'FREQ=YEARLY',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH',
      'FREQ=DAILY;BYDAY=MO,SU',
    ]) {
      const iterator = ical.Recur.fromString(text).iterator(
        new ical.Time({ year: 2026, month: 1, day: 5, hour: 9 }, ical.Timezone.utcTimezone),
      );
      const theirs = Array.from({ length: 20 }, () => String(iterator.next()).slice(0, 10));
      expect(starts(text, '2026-01-05', 20)).toEqual(theirs);
    }
  });
});

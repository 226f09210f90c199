import ical from 'ical.js';
import { describe, expect, it } from 'vitest';
import { parseCalendar } from '../../../../src/adapters/calendar/ics/parse.ts';
import { calendarView } from '../../../../src/adapters/calendar/ics/series.ts';
import type { CalendarEvent } from '../../../../src/core/calendarEvent.ts';
import { DAY, type TimeZone } from '../../../../src/core/time.ts';

const BERLIN = 'Europe/Berlin';

const file = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:u', ...lines, 'END:VEVENT'].join('\r\n');

interface Asked {
  readonly from?: string;
  readonly days?: number;
  readonly zone?: TimeZone;
  readonly username?: string;
}

/** What a file shows from a day on (UTC). */
function view(text: string, { from = '2026-01-05', days = 1, zone = BERLIN, username = '' }: Asked = {}) {
  const start = Date.parse(`${from}T00:00:00Z`);
  return calendarView(parseCalendar(text, ical.parse, username), { start, end: start + days * DAY }, zone);
}

const when = ({ time }: CalendarEvent): string =>
  time.kind === 'allDay'
    ? `${time.startDate}..${time.endDate}`
    : `${new Date(time.start).toISOString().slice(0, 16)}..${new Date(time.end).toISOString().slice(11, 16)}`;
const times = (text: string, asked?: Asked): string[] => view(text, asked).events.map(when).sort();
const first = (text: string, asked?: Asked): CalendarEvent => view(text, asked).events[0] as CalendarEvent;

const PLAIN = ['DTSTART:20260105T090000Z', 'DTEND:20260105T100000Z'];

/** As Outlook writes a zone that somebody made by hand. */
const customZone = (tzid: string) =>
  [
    'BEGIN:VTIMEZONE',
    `TZID:${tzid}`,
    'BEGIN:STANDARD',
    'DTSTART:16011028T030000',
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
    'BEGIN:DAYLIGHT',
    'DTSTART:16010325T020000',
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
  ].join('\r\n');

describe('the zones of a published calendar', () => {
  it.each([
    ['an IANA name', 'Europe/Berlin', '2026-01-05T08:00..09:00'],
    ['37: a Windows name', 'W. Europe Standard Time', '2026-01-05T08:00..09:00'],
    ['a quoted Windows name', '"Pacific Standard Time"', '2026-01-05T17:00..18:00'],
    ['a prefixed name', '/freeassociation.sourceforge.net/Europe/Berlin', '2026-01-05T08:00..09:00'],
    ['UTC', 'UTC', '2026-01-05T09:00..10:00'],
  ])('%s', (_name, tzid, expected) => {
    const text = file(event(`DTSTART;TZID=${tzid}:20260105T090000`, `DTEND;TZID=${tzid}:20260105T100000`));
    expect(times(text)).toEqual([expected]);
  });

  it('37: "Customized Time Zone" by its own rules, in winter and in summer', () => {
    const zone = 'Customized Time Zone';
    const at = (date: string) =>
      file(customZone(zone), event(`DTSTART;TZID=${zone}:${date}T090000`, `DTEND;TZID=${zone}:${date}T100000`));
    expect(times(at('20260105'))).toEqual(['2026-01-05T08:00..09:00']);
    expect(times(at('20260706'), { from: '2026-07-06' })).toEqual(['2026-07-06T07:00..08:00']);
  });

  it('36: its own rules agree with the named zone on every hour around both changes', () => {
    const zone = 'Customized Time Zone';
    for (const day of ['20260328', '20260329', '20260330', '20261024', '20261025', '20261026']) {
      for (let hour = 0; hour < 24; hour++) {
        const clock = `${day}T${String(hour).padStart(2, '0')}3000`;
        const asked = { from: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`, days: 2 };
        const of = (tzid: string) =>
          times(file(customZone(zone), event(`DTSTART;TZID=${tzid}:${clock}`, 'DURATION:PT1H')), asked);
        expect(of(zone)).toEqual(of(BERLIN));
      }
    }
  });

  it('37: an unknown zone without rules is left out and counted, never midnight', () => {
    const text = file(event('DTSTART;TZID=Nowhere:20260105T090000', 'DURATION:PT1H'), event(...PLAIN));
    expect(view(text)).toMatchObject({ skipped: 1, events: [{ time: { kind: 'timed' } }] });
  });

  it('a zone with rules that can not be read is as good as none', () => {
    const broken = customZone('Mine').replaceAll('TZOFFSETTO', 'X-NOTHING');
    const text = file(broken, event('DTSTART;TZID=Mine:20260105T090000', 'DURATION:PT1H'));
    expect(view(text)).toEqual({ events: [], skipped: 1 });
  });

  it('floating times are in the person’s zone', () => {
    const text = file(event('DTSTART:20260105T090000', 'DTEND:20260105T100000'));
    expect(times(text, { zone: 'America/New_York' })).toEqual(['2026-01-05T14:00..15:00']);
  });

  it('36: skipped and repeated hours give exact instants', () => {
    const at = (clock: string) => file(event(`DTSTART;TZID=Europe/Berlin:${clock}`, 'DURATION:PT30M'));
    expect(times(at('20260329T023000'), { from: '2026-03-29' })).toEqual(['2026-03-29T01:30..02:00']);
    expect(times(at('20261025T023000'), { from: '2026-10-25' })).toEqual(['2026-10-25T00:30..01:00']);
  });
});

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

describe('what an event says besides its time', () => {
  const facts = (...lines: string[]) => first(file(event(...PLAIN, ...lines)));

  it.each([
    ['nothing', [], 'busy'],
    ['TRANSP:TRANSPARENT', ['TRANSP:TRANSPARENT'], 'free'],
    ['STATUS:TENTATIVE', ['STATUS:TENTATIVE'], 'tentative'],
    ['OOF over TRANSP', ['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'], 'oof'],
    ['WORKINGELSEWHERE', ['X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE'], 'workingElsewhere'],
    ['FREE', ['X-MICROSOFT-CDO-BUSYSTATUS:FREE'], 'free'],
    ['TENTATIVE', ['X-MICROSOFT-CDO-BUSYSTATUS:tentative'], 'tentative'],
    ['an unknown word', ['X-MICROSOFT-CDO-BUSYSTATUS:SLEEPING'], 'busy'],
  ])('showAs from %s', (_name, lines, expected) => {
    expect(facts(...lines).showAs).toBe(expected);
  });

  it.each([
    ['PUBLIC', 'normal'],
    ['PRIVATE', 'private'],
    ['CONFIDENTIAL', 'confidential'],
    ['X-SECRET', 'private'],
  ])('28: CLASS:%s', (word, expected) => {
    expect(facts(`CLASS:${word}`).sensitivity).toBe(expected);
  });

  it('cancelled: the event, or the whole file', () => {
    expect(facts('STATUS:CANCELLED').isCancelled).toBe(true);
    expect(first(file('METHOD:CANCEL', event(...PLAIN))).isCancelled).toBe(true);
    expect(first(file('METHOD:PUBLISH', event(...PLAIN))).isCancelled).toBe(false);
  });

  it('subject, location, categories, escapes and folded lines', () => {
    const folded = 'SUMMARY:Planning\\, with a very long name that is folded right here in\r\n  the middle \u{1F4C5}';
    expect(
      facts(folded, 'LOCATION:Room 4\\, 2nd floor', 'CATEGORIES:Red\\, dark,Blue', 'CATEGORIES:Green'),
    ).toMatchObject({
      subject: 'Planning, with a very long name that is folded right here in the middle \u{1F4C5}',
      location: 'Room 4, 2nd floor',
      categories: ['Red, dark', 'Blue', 'Green'],
    });
  });

  const people = [
    'ORGANIZER:mailto:Grace@x.example',
    'ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:grace@x.example',
    'ATTENDEE;PARTSTAT=DECLINED:mailto:ada@x.example',
    'ATTENDEE;CUTYPE=ROOM:mailto:room@x.example',
  ];

  it('25: people, and what the owner answered where they are known', () => {
    const text = file(event(...PLAIN, ...people));
    expect(first(text, { username: 'Ada@x.example' })).toMatchObject({ responseStatus: 'declined', otherAttendees: 1 });
    expect(first(text, { username: 'grace@x.example' })).toMatchObject({
      responseStatus: 'organizer',
      otherAttendees: 1,
    });
    expect(first(text)).toMatchObject({ responseStatus: 'none', otherAttendees: 1 });
    expect(first(file('X-WR-CALNAME:ada@x.example', event(...PLAIN, ...people)))).toMatchObject({
      responseStatus: 'declined',
    });
    expect(facts()).toMatchObject({ responseStatus: 'none', otherAttendees: 0 });
  });
});

describe('a file that is not as it should be', () => {
  it.each([
    ['a page', '<html>Sign in</html>', 'notCalendar'],
    ['nothing', '', 'notCalendar'],
    ['half a calendar', file(event(...PLAIN)).slice(0, -20), 'incomplete'],
  ])('%s is an error', (_name, text, reason) => {
    expect(() => parseCalendar(text, ical.parse, '')).toThrow(expect.objectContaining({ code: 'badResponse', reason }));
  });

  it('is read all the same: byte order mark, line feeds, blank lines, lower case', () => {
    const text = `\uFEFF\n${file(event(...PLAIN))
      .replaceAll('\r\n', '\n')
      .replace('BEGIN:VCALENDAR', 'begin:vcalendar')}\n\n`;
    expect(times(text)).toEqual(['2026-01-05T09:00..10:00']);
  });

  it.each([
    ['a line that is none', event(...PLAIN, 'garbage')],
    ['30 February', event('DTSTART:20260230T090000Z')],
    ['no start', event('SUMMARY:x')],
    ['a rule that is none', event(...PLAIN, 'RRULE:FREQ=SOMETIMES')],
    ['a rule with a month that is none', event(...PLAIN, 'RRULE:FREQ=YEARLY;BYMONTH=13')],
    ['a duration that is none', event('DTSTART:20260105T090000Z', 'DURATION:long')],
  ])('%s costs only its own event', (_name, broken) => {
    const { events, skipped } = view(file(broken, event(...PLAIN).replace('UID:u', 'UID:good')));
    expect([events.map(({ iCalUId }) => iCalUId), skipped]).toEqual([['good'], 1]);
  });

  it('events without a UID are told apart', () => {
    const none = event(...PLAIN).replace('UID:u\r\n', '');
    const { events } = view(file(none, none));
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(events.map(({ iCalUId }) => iCalUId)).toEqual(['', '']);
  });

  it('to-dos and alarms are no events', () => {
    const alarm = ['BEGIN:VALARM', 'TRIGGER:-PT15M', 'DURATION:PT5M', 'ACTION:DISPLAY', 'END:VALARM'];
    const todo = ['BEGIN:VTODO', 'UID:t', 'DTSTART:20260105T090000Z', 'END:VTODO'].join('\r\n');
    expect(times(file(todo, event(...PLAIN, ...alarm)))).toEqual(['2026-01-05T09:00..10:00']);
  });
});

import { describe, expect, it } from 'vitest';
import { BERLIN, customZone, event, file, PLAIN, times, view } from './files.ts';

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

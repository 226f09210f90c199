import { describe, expect, it } from 'vitest';
import { eventsUnderWay, judge, timeline } from '../../../src/core/availability.ts';
import { type CalendarEvent, eventKey } from '../../../src/core/calendarEvent.ts';
import { busyTimes, liveOverrides, notForKeys, withBusy, withNotFor } from '../../../src/core/overrides.ts';
import { desiredPresence, toldTo } from '../../../src/core/presenceRules.ts';
import { layerSettings } from '../../../src/core/settings.ts';
import { clockTime } from '../../../src/core/time.ts';
import { withinWorkingHours } from '../../../src/core/workingHours.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';

const settings = (changed: object = {}) => layerSettings({ rules: changed }).settings;
const spans = (events: readonly CalendarEvent[], changed: object = {}, zone = 'UTC') =>
  timeline(events, settings(changed).rules, zone).map(
    ({ start, end, effect }) => `${clockTime(start, 'UTC')}-${clockTime(end, 'UTC')} ${effect}`,
  );
const because = (event: CalendarEvent, changed: object = {}) => {
  const verdict = judge(event, settings(changed).rules, 'UTC');
  return verdict.counts ? verdict.effect : verdict.because;
};

describe('categories', () => {
  const categories = [
    { name: 'Focus', effect: 'dnd', text: 'Deep work', emoji: ':brain:' },
    { name: 'private', effect: 'ignore' },
  ];

  it('count as what they are set to, whatever the event is shown as', () => {
    expect(because(meeting('10:00', '11:00', { categories: ['focus'], showAs: 'free' }), { categories })).toBe('dnd');
    expect(because(meeting('10:00', '11:00', { categories: ['Private'] }), { categories })).toBe('category');
    expect(because(meeting('10:00', '11:00', { categories: ['Other'] }), { categories })).toBe('dnd');
  });

  it('may have words of their own', () => {
    const row = timeline([meeting('10:00', '11:00', { categories: ['Focus'] })], settings({ categories }).rules, 'UTC');
    expect(desiredPresence(row, settings(), at('10:30'), 'UTC')).toMatchObject({ text: 'Deep work', emoji: ':brain:' });
  });

  it('with other words are no one stretch with what follows', () => {
    const events = [meeting('10:00', '11:00', { categories: ['Focus'] }), meeting('11:00', '12:00')];
    expect(spans(events, { categories })).toEqual(['10:00-11:00 dnd', '11:00-12:00 dnd']);
    expect(spans(events)).toEqual(['10:00-12:00 dnd']);
  });
});

describe('working hours', () => {
  const workingHours = {
    monday: [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ],
  };

  it('cut meetings at their boundaries (edge case 51)', () => {
    expect(spans([meeting('08:00', '10:00'), meeting('11:30', '13:30')], { workingHours })).toEqual([
      '09:00-10:00 dnd',
      '11:30-12:00 dnd',
      '13:00-13:30 dnd',
    ]);
    expect(because(meeting('18:00', '19:00'), { workingHours })).toBe('workingHours');
  });

  it('do not cut out of office, and follow the zone of the person', () => {
    expect(spans([meeting('18:00', '19:00', { showAs: 'oof' })], { workingHours })).toEqual(['18:00-19:00 away']);
    expect(spans([meeting('14:00', '15:00')], { workingHours }, 'America/New_York')).toEqual(['14:00-15:00 dnd']);
    expect(spans([meeting('09:00', '10:00')], { workingHours }, 'America/New_York')).toEqual([]);
  });

  it('keep to the wall clock when daylight saving changes', () => {
    const week = layerSettings({ rules: { workingHours: { sunday: [{ from: '09:00', to: '17:00' }] } } }).settings.rules
      .workingHours;
    const sunday = { start: Date.parse('2026-03-29T00:00:00Z'), end: Date.parse('2026-03-30T00:00:00Z') };
    const [work] = withinWorkingHours(sunday, week, 'Europe/Berlin');
    expect(new Date(work?.start ?? 0).toISOString()).toBe('2026-03-29T07:00:00.000Z');
  });

  it('that make no sense are named and not used', () => {
    const { problems } = layerSettings({ rules: { workingHours: { monday: [{ from: '17:00', to: '09:00' }] } } });
    expect(problems[0]?.message).toContain('The end must come after the beginning');
  });
});

describe('lead, tail and words', () => {
  it('begin before and end after a meeting, but not an all-day one', () => {
    expect(spans([meeting('10:00', '11:00')], { leadMinutes: 5, tailMinutes: 2 })).toEqual(['09:55-11:02 dnd']);
    const day = allDay('2026-01-05', '2026-01-06');
    expect(spans([day], { leadMinutes: 5, allDay: 'always' })).toEqual(['00:00-00:00 dnd']);
  });

  it('leave meetings that follow each other two, for the word of a person', () => {
    const [first, second] = [meeting('10:00', '11:00'), meeting('11:00', '12:00')];
    const { rules } = settings({ leadMinutes: 5, tailMinutes: 5 });
    const about = (clock: string) => eventsUnderWay([first, second], rules, 'UTC', at(clock)).map(({ event }) => event);
    expect(about('10:30')).toEqual([eventKey(first)]);
    expect(about('10:58')).toEqual([eventKey(first), eventKey(second)]);
  });

  it('are per kind of event, and tell until when', () => {
    const changed = { showAs: { tentative: 'busy' }, words: { tentative: { text: 'Maybe busy until {until}' } } };
    const row = timeline([meeting('10:00', '11:30', { showAs: 'tentative' })], settings(changed).rules, 'UTC');
    expect(desiredPresence(row, settings(changed), at('10:30'), 'Europe/Berlin')).toMatchObject({
      text: 'Maybe busy until 12:30',
      emoji: ':spiral_calendar_pad:',
    });
  });

  it('of one chat go over those of all', () => {
    const chat = { id: 'slack', provider: 'slack', email: '', words: { statusMessage: 'In a call' } } as const;
    const row = timeline([meeting('10:00', '11:00')], settings().rules, 'UTC');
    const words = toldTo(settings(), chat);
    expect(desiredPresence(row, words, at('10:30'), 'UTC')).toMatchObject({
      text: 'In a call',
      emoji: ':spiral_calendar_pad:',
    });
  });
});

describe('overrides', () => {
  const none = settings().rules && layerSettings({}).settings.overrides;

  it('take a meeting out, and end by themselves', () => {
    const event = meeting('10:00', '11:00');
    const said = withNotFor(none, eventsUnderWay([event], settings().rules, 'UTC', at('10:30')));
    expect(timeline([event], settings().rules, 'UTC', new Set(notForKeys(said)))).toEqual([]);
    expect(liveOverrides(said, at('10:59'))).toBe(said);
    expect(liveOverrides(said, at('11:00'))).toEqual(none);
  });

  it('make the person busy, over out of office too', () => {
    const said = withBusy(none, at('10:00'), at('11:00'));
    const row = timeline(
      [meeting('09:00', '12:00', { showAs: 'oof' })],
      settings().rules,
      'UTC',
      new Set(),
      busyTimes(said),
    );
    expect(row.map(({ effect }) => effect)).toEqual(['away', 'dnd', 'away']);
    expect(liveOverrides(said, at('11:00')).busy).toBeNull();
  });

  it('can be outdone by the last word in a chat', () => {
    const own = busyTimes(withBusy(none, at('10:00'), at('11:00')));
    const about = eventsUnderWay([], settings().rules, 'UTC', at('10:30'), own);
    expect(about).toHaveLength(1);
    expect(timeline([], settings().rules, 'UTC', new Set(about.map(({ event }) => event)), own)).toEqual([]);
  });
});

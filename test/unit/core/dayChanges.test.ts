import { describe, expect, it } from 'vitest';
import { dayPicture } from '../../../src/core/day.ts';
import { dayChanges } from '../../../src/core/dayChanges.ts';
import { layerSettings } from '../../../src/core/settings.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';

const EVENTS = [
  meeting('09:00', '10:00', { subject: 'Plan' }),
  meeting('10:05', '11:00', { subject: 'Review' }),
  meeting('14:00', '15:00', { subject: 'Maybe', showAs: 'tentative' }),
  allDay('2026-01-05', '2026-01-06', { subject: 'Fair', showAs: 'busy' }),
];

const dayBy = (rules: Record<string, unknown> = {}) =>
  dayPicture({ events: EVENTS, settings: layerSettings({ rules }).settings, zone: 'UTC', now: at('08:00') });

const changes = (before: Record<string, unknown>, after: Record<string, unknown>) =>
  dayChanges(dayBy(before), dayBy(after));

describe('what would be otherwise', () => {
  it('is nothing by the same rules', () => {
    expect(changes({ leadMinutes: 5 }, { leadMinutes: 5 })).toEqual([]);
  });

  it('names events that count otherwise, begin to, or stop', () => {
    const found = changes({}, { showAs: { busy: 'away', tentative: 'dnd' } });
    expect(found).toMatchObject([
      { kind: 'event', subject: 'Plan', before: 'dnd', after: 'away' },
      { kind: 'event', subject: 'Review', before: 'dnd', after: 'away' },
      { kind: 'event', subject: 'Maybe', before: null, after: 'dnd', start: at('14:00') },
    ]);
    expect(changes({}, { minimumMinutes: 56 })).toMatchObject([
      { kind: 'event', subject: 'Review', before: 'dnd', after: null },
    ]);
    expect(changes({}, { allDay: 'always' })).toMatchObject([
      { kind: 'event', subject: 'Fair', isAllDay: true, before: null, after: 'dnd' },
    ]);
  });

  it('tells times where the events count as before', () => {
    expect(changes({}, { tailMinutes: 3 })).toMatchObject([
      { kind: 'times', effect: 'dnd', after: { start: at('09:00'), end: at('10:03') } },
      { kind: 'times', effect: 'dnd', before: { start: at('10:05'), end: at('11:00') }, after: { end: at('11:03') } },
    ]);
  });

  it('tells a gap that is bridged once', () => {
    expect(changes({}, { bridgeMinutes: 10 })).toEqual([
      {
        kind: 'times',
        effect: 'dnd',
        before: { start: at('09:00'), end: at('10:00') },
        after: { start: at('09:00'), end: at('11:00') },
      },
    ]);
  });

  it('tells a gap that opens', () => {
    expect(changes({ bridgeMinutes: 10 }, {})).toEqual([
      {
        kind: 'times',
        effect: 'dnd',
        before: { start: at('09:00'), end: at('11:00') },
        after: { start: at('09:00'), end: at('10:00') },
      },
      { kind: 'more', effect: 'dnd', at: { start: at('10:05'), end: at('11:00') } },
    ]);
  });
});

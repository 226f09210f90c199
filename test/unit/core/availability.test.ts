import { describe, expect, it } from 'vitest';
import { eventsUnderWay, judge, timeline } from '../../../src/core/availability.ts';
import { type CalendarEvent, eventKey } from '../../../src/core/calendarEvent.ts';
import type { Rules } from '../../../src/core/rules.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { nextEdge, spanAt } from '../../../src/core/sweep.ts';
import { clockTime } from '../../../src/core/time.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';

const rules = DEFAULT_SETTINGS.rules;
const spans = (events: readonly CalendarEvent[], changed: Partial<Rules> = {}, zone = 'UTC') =>
  timeline(events, { ...rules, ...changed }, zone).map(
    ({ start, end, effect, isOutOfOffice }) =>
      `${clockTime(start, 'UTC')}-${clockTime(end, 'UTC')} ${isOutOfOffice ? 'oof' : effect}`,
  );

describe('union of all calendars', () => {
  it('merges meetings that follow each other (edge case 11)', () => {
    expect(spans([meeting('11:00', '12:00'), meeting('10:00', '11:00')])).toEqual(['10:00-12:00 dnd']);
  });

  it('keeps a gap free, and bridges it only when told to (edge cases 12 and 13)', () => {
    const events = [meeting('10:00', '11:00'), meeting('11:05', '12:00')];
    expect(spans(events)).toEqual(['10:00-11:00 dnd', '11:05-12:00 dnd']);
    expect(spans(events, { bridgeMinutes: 5 })).toEqual(['10:00-12:00 dnd']);
    expect(spans(events, { bridgeMinutes: 4 })).toHaveLength(2);
  });

  it('runs to the end of the later of two overlapping meetings (edge case 14)', () => {
    expect(spans([meeting('10:00', '11:00'), meeting('10:30', '11:30')])).toEqual(['10:00-11:30 dnd']);
  });

  it('is not shortened by a nested meeting (edge case 15)', () => {
    expect(spans([meeting('10:00', '12:00'), meeting('10:15', '10:30')])).toEqual(['10:00-12:00 dnd']);
  });

  it('lets busy win over tentative in any order (edge case 16)', () => {
    const busy = meeting('10:00', '11:00');
    const tentative = meeting('10:00', '11:00', { showAs: 'tentative' });
    expect(spans([tentative, busy])).toEqual(['10:00-11:00 dnd']);
    expect(spans([busy, tentative])).toEqual(['10:00-11:00 dnd']);
  });

  it('lets out of office outrank busy, before, during and after (edge case 17)', () => {
    const events = [meeting('09:00', '17:00', { showAs: 'oof' }), meeting('10:00', '11:00')];
    expect(spans(events)).toEqual(['09:00-17:00 oof']);
  });

  it('goes from out of office to a meeting that outlasts it', () => {
    const events = [meeting('09:00', '12:00', { showAs: 'oof' }), meeting('11:00', '13:00')];
    expect(spans(events)).toEqual(['09:00-12:00 oof', '12:00-13:00 dnd']);
  });

  it('counts the same meeting of two calendars once (edge case 33)', () => {
    const [own, shared] = [
      meeting('10:00', '11:00', { iCalUId: 'same' }),
      meeting('10:00', '11:00', { iCalUId: 'same' }),
    ];
    expect(timeline([own, shared], rules, 'UTC')[0]?.events).toEqual([eventKey(own)]);
  });

  it('leaves out events on which the person had the last word', () => {
    const event = meeting('10:00', '11:00');
    expect(timeline([event], rules, 'UTC', new Set([eventKey(event)]))).toEqual([]);
  });
});

describe('what counts', () => {
  const because = (event: CalendarEvent, changed: Partial<Rules> = {}) => {
    const verdict = judge(event, { ...rules, ...changed }, 'UTC');
    return verdict.counts ? verdict.effect : verdict.because;
  };

  it.each([
    ['free', 'showAs'],
    ['tentative', 'showAs'],
    ['workingElsewhere', 'showAs'],
    ['unknown', 'unknownShowAs'],
    ['busy', 'dnd'],
    ['oof', 'away'],
  ] as const)('%s → %s (edge cases 18 to 20)', (showAs, expected) => {
    expect(because(meeting('10:00', '11:00', { showAs }))).toBe(expected);
  });

  it('never counts cancelled and declined events (edge cases 24 and 25)', () => {
    expect(because(meeting('10:00', '11:00', { isCancelled: true }))).toBe('cancelled');
    expect(because(meeting('10:00', '11:00', { responseStatus: 'declined', showAs: 'oof' }))).toBe('declined');
  });

  it('counts all-day events only when out of office (edge cases 21 and 22)', () => {
    expect(because(allDay('2026-01-05', '2026-01-06'))).toBe('allDay');
    expect(because(allDay('2026-01-05', '2026-01-06', { showAs: 'oof' }))).toBe('away');
    const midnights = { kind: 'timed', start: at('00:00'), end: at('00:00') + 86_400_000 } as const;
    expect(because(meeting('00:00', '00:01', { time: midnights }))).toBe('allDay');
    expect(because(allDay('2026-01-05', '2026-01-06'), { allDay: 'always' })).toBe('dnd');
    expect(because(allDay('2026-01-05', '2026-01-06', { showAs: 'oof' }), { allDay: 'never' })).toBe('allDay');
  });

  it('follows the settings for unanswered and solo events (edge cases 26 and 27)', () => {
    const open = meeting('10:00', '11:00', { responseStatus: 'notResponded' });
    expect([because(open), because(open, { notResponded: false })]).toEqual(['dnd', 'notResponded']);
    const solo = meeting('10:00', '11:00', { otherAttendees: 0 });
    expect([because(solo), because(solo, { soloEvents: false })]).toEqual(['dnd', 'solo']);
  });

  it('ignores events without length, and shorter ones when told to (edge case 29)', () => {
    expect(because(meeting('10:00', '10:00'))).toBe('tooShort');
    expect(because(meeting('10:00', '10:14'), { minimumMinutes: 15 })).toBe('tooShort');
    expect(because(meeting('10:00', '10:15'), { minimumMinutes: 15 })).toBe('dnd');
  });

  it('places all-day events in the zone of the person (edge case 38)', () => {
    const event = allDay('2026-01-05', '2026-01-06', { showAs: 'oof' });
    expect(timeline([event], rules, 'America/New_York')[0]?.start).toBe(at('05:00'));
    expect(timeline([event], rules, 'Asia/Tokyo')[0]?.end).toBe(at('15:00'));
  });
});

describe('edges', () => {
  const events = [meeting('10:00', '11:00'), meeting('12:00', '13:00')];
  const row = timeline(events, rules, 'UTC');

  it('finds what covers an instant; the end is outside', () => {
    expect(spanAt(row, at('10:00'))?.end).toBe(at('11:00'));
    expect(spanAt(row, at('11:00'))).toBeNull();
  });

  it('finds the next start or end', () => {
    expect(nextEdge(row, at('09:00'))).toBe(at('10:00'));
    expect(nextEdge(row, at('10:00'))).toBe(at('11:00'));
    expect(nextEdge(row, at('11:30'))).toBe(at('12:00'));
    expect(nextEdge(row, at('13:00'))).toBeNull();
  });
});

describe('what the word of a person is about', () => {
  it('is the meeting under way and all that overlap it in a chain, not the one that follows', () => {
    const first = meeting('10:00', '11:00');
    const overlapping = meeting('10:30', '11:30');
    const following = meeting('11:30', '12:00');
    const about = eventsUnderWay([following, overlapping, first], rules, 'UTC', at('10:15'));
    expect(about.map(({ event }) => event)).toEqual([eventKey(first), eventKey(overlapping)]);
  });

  it('grows with what has come to overlap it since, and with nothing else', () => {
    const first = meeting('10:00', '11:00');
    const later = meeting('10:45', '11:30');
    const last = meeting('11:15', '12:00');
    const following = meeting('12:00', '13:00');
    const silenced = new Set([eventKey(first)]);
    const about = eventsUnderWay([first, later, last, following], rules, 'UTC', at('10:20'), [], silenced);
    expect(about.map(({ event }) => event)).toEqual([first, later, last].map(eventKey));
    expect(eventsUnderWay([following], rules, 'UTC', at('10:20'), [], silenced)).toEqual([]);
    const justAfter = eventsUnderWay([first, later], rules, 'UTC', at('11:02'), [], silenced);
    expect(justAfter.map(({ event }) => event)).toEqual([eventKey(later)]);
    expect(eventsUnderWay([first, later], rules, 'UTC', at('11:12'), [], silenced)).toEqual([]);
  });

  it('names a meeting of two calendars once', () => {
    const copy = () => meeting('10:00', '11:00', { iCalUId: 'same' });
    expect(eventsUnderWay([copy(), copy()], rules, 'UTC', at('10:15'))).toHaveLength(1);
  });

  it('is nothing outside meetings', () => {
    expect(eventsUnderWay([meeting('10:00', '11:00')], rules, 'UTC', at('09:00'))).toEqual([]);
    expect(eventsUnderWay([meeting('10:00', '11:00')], rules, 'UTC', at('11:00'))).toEqual([]);
  });
});

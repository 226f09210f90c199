import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeline } from '../../../src/core/availability.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { busyTimes, withBusy } from '../../../src/core/overrides.ts';
import { desiredPresence, toldTo } from '../../../src/core/presenceRules.ts';
import { layerSettings, type Settings } from '../../../src/core/settings.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';
import { plain, plan, rich, shown } from '../../fakes/plans.ts';

const allowed = { privacy: { subject: true, location: true }, statusMessage: '{subject} – {location}' };
const settingsOf = (given: object = {}): Settings => layerSettings({ ...allowed, ...given }).settings;
const wanted = (events: readonly CalendarEvent[], clock = '10:30', settings = settingsOf()) =>
  desiredPresence(timeline(events, settings.rules, 'UTC'), settings, at(clock), 'UTC', events);
const text = (events: readonly CalendarEvent[], clock = '10:30', settings = settingsOf()) =>
  wanted(events, clock, settings)?.text;

const planning = meeting('10:00', '11:00', { subject: 'Planning', location: 'Room 4' });

describe("an event's own words", () => {
  it('are shown where they are allowed, one by one', () => {
    expect(text([planning])).toBe('Planning – Room 4');
    expect(text([planning], '10:30', settingsOf({ privacy: { subject: true } }))).toBe('Planning');
    expect(text([planning], '10:30', settingsOf({ privacy: { location: true } }))).toBe('Room 4');
    // Not allowed unless somebody says so.
    expect(text([planning], '10:30', settingsOf({ privacy: {} }))).toBe('In a meeting');
  });

  it.each(['private', 'confidential', 'personal'] as const)('28: are never shown of %s events', (sensitivity) => {
    expect(text([{ ...planning, sensitivity }])).toBe('In a meeting');
  });

  it('28: are not shown where one of two copies is private, or one of two events', () => {
    expect(text([planning, { ...planning, id: 'copy', sensitivity: 'private' }])).toBe('In a meeting');
    const other = meeting('10:15', '10:45', { subject: 'Planning', location: 'Room 4', sensitivity: 'private' });
    expect(text([planning, other])).toBe('In a meeting');
  });

  it('of several events are shown where they agree, and stay the same all through', () => {
    const next = meeting('11:00', '12:00', { subject: 'Review', location: 'Room 4' });
    for (const clock of ['10:00', '10:59', '11:00', '11:59']) expect(text([planning, next], clock)).toBe('Room 4');
    // A gap makes two of them.
    const later = meeting('11:30', '12:00', { subject: 'Review', location: 'Room 4' });
    expect([text([planning, later], '10:59'), text([planning, later], '11:30')]).toEqual([
      'Planning – Room 4',
      'Review – Room 4',
    ]);
  });

  it('are those of what decides: out of office says nothing of the meeting within', () => {
    const settings = settingsOf({ oofMessage: 'Out: {subject}' });
    const off = allDay('2026-01-05', '2026-01-06', { showAs: 'oof', subject: 'Holiday', location: '' });
    expect(text([off, planning], '10:30', settings)).toBe('Out: Holiday');
  });

  it('are none for a time that the person has set by hand', () => {
    const settings = settingsOf();
    const own = busyTimes(withBusy(settings.overrides, at('10:00'), at('11:00')));
    const spans = timeline([planning], settings.rules, 'UTC', new Set(), own);
    expect(desiredPresence(spans, settings, at('10:30'), 'UTC', [planning])?.text).toBe('In a meeting');
  });

  it('work in the words of categories, of kinds of events and of one chat', () => {
    const rules = {
      categories: [{ name: 'Focus', effect: 'dnd', text: 'Focus: {subject}' }],
      showAs: { tentative: 'busy' },
      words: { tentative: { text: 'Maybe {subject}' } },
    };
    const settings = settingsOf({ rules });
    expect(text([{ ...planning, categories: ['Focus'] }], '10:30', settings)).toBe('Focus: Planning');
    expect(text([{ ...planning, showAs: 'tentative' }], '10:30', settings)).toBe('Maybe Planning');
    const told = toldTo(settings, { id: 's', provider: 'slack', email: '', words: { statusMessage: 'At {location}' } });
    const spans = timeline([planning], settings.rules, 'UTC');
    expect(desiredPresence(spans, told, at('10:30'), 'UTC', [planning])?.text).toBe('At Room 4');
  });

  it('give way to what is more general where nothing is left, but not to a text that the person does not want', () => {
    const rules = { categories: [{ name: 'Focus', effect: 'dnd', text: '{subject}' }] };
    const secret = { ...planning, categories: ['Focus'], sensitivity: 'private' } as const;
    expect(text([secret], '10:30', settingsOf({ rules, statusMessage: 'Busy' }))).toBe('Busy');
    expect(text([secret], '10:30', settingsOf({ rules }))).toBe('In a meeting');
    expect(wanted([secret], '10:30', settingsOf({ rules, statusMessage: '' }))).toMatchObject({ text: '', emoji: '' });
    expect(text([{ ...secret, showAs: 'oof', categories: [] }], '10:30', settingsOf({ oofMessage: '{subject}' }))).toBe(
      'Out of office',
    );
  });

  it('are cut where the chat ends, and no emoji is torn', () => {
    const long = { ...planning, subject: `${'x'.repeat(98)}👩‍💻👩‍💻 secret` };
    const made = plan({
      reading: shown(),
      wanted: wanted([long], '10:30', settingsOf({ statusMessage: '{subject}' })),
      capabilities: rich,
      underWay: [],
      now: at('10:30'),
    });
    expect(made).toMatchObject({ kind: 'set', write: { text: `${'x'.repeat(98)}👩‍💻👩‍💻` } });
  });

  it('never come out of anything that is not allowed, whatever the day', () => {
    const event = fc.record({
      start: fc.integer({ min: 0, max: 20 }),
      length: fc.integer({ min: 1, max: 6 }),
      sensitivity: fc.constantFrom('normal', 'private', 'confidential', 'personal'),
      showAs: fc.constantFrom('busy', 'oof', 'tentative'),
    });
    const privacy = fc.record({ subject: fc.boolean(), location: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), privacy, (planned, may) => {
        const settings = settingsOf({
          privacy: may,
          oofMessage: '{location}: {subject}',
          rules: { showAs: { tentative: 'busy' }, words: { tentative: { text: '{subject}!' } } },
        });
        const events = planned.map(({ start, length, sensitivity, showAs }, index) => {
          const begin = at('08:00') + start * 1_800_000;
          return meeting('08:00', '09:00', {
            iCalUId: `e${index}`,
            time: { kind: 'timed', start: begin, end: begin + length * 1_800_000 },
            sensitivity,
            showAs,
            subject: `S-${sensitivity}-${index}.`,
            location: `L-${sensitivity}-${index}.`,
          });
        });
        const spans = timeline(events, settings.rules, 'UTC');
        for (const span of spans) {
          const texts = new Set(
            [span.start, (span.start + span.end) / 2, span.end - 1].map(
              (now) => desiredPresence(spans, settings, now, 'UTC', events)?.text ?? '',
            ),
          );
          expect(texts.size).toBe(1);
          const [said = ''] = texts;
          expect(said).not.toMatch(/private|confidential|personal/);
          if (!may.subject) expect(said).not.toContain('S-');
          if (!may.location) expect(said).not.toContain('L-');
          // What is said is said of an event of this very span.
          for (const [, number] of said.matchAll(/normal-(\d+)\./g)) {
            expect(span.events.some((key) => key.startsWith(`e${number}@`))).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('one chat otherwise than the others', () => {
  const settings = layerSettings({}).settings;
  const told = (differences: object, event = meeting('10:00', '11:00')) => {
    const { chats } = layerSettings({ chats: [{ id: 's', provider: 'slack', ...differences }] }).settings;
    const [chat] = chats;
    if (chat === undefined) throw new Error('The chat was not taken.');
    return desiredPresence(timeline([event], settings.rules, 'UTC'), toldTo(settings, chat), at('10:30'), 'UTC');
  };
  const oof = meeting('10:00', '11:00', { showAs: 'oof' });

  it('shows another state, or nothing of it', () => {
    expect(told({ as: { dnd: 'busy' } })).toMatchObject({ state: 'busy', text: 'In a meeting' });
    expect(told({ as: { dnd: 'busy' } }, oof)).toMatchObject({ state: 'away', text: 'Out of office' });
    expect(told({ as: { away: 'ignore' } }, oof)).toBeNull();
    expect(told({ as: { away: 'ignore' } })).toMatchObject({ state: 'dnd' });
  });

  it('shows only the state, only the text, or neither', () => {
    expect(told({ shows: { text: false } })).toMatchObject({ state: 'dnd', text: '', emoji: '' });
    expect(told({ shows: { state: false } })).toMatchObject({ state: null, text: 'In a meeting' });
    expect(told({ shows: { state: false, text: false } })).toBeNull();
    expect(told({ shows: { state: false }, words: { statusMessage: '' } })).toBeNull();
  });

  it.each([
    ['only the state', { shows: { text: false } }, { state: 'dnd', text: '' }, { state: true, text: false }],
    [
      'only the text',
      { shows: { state: false } },
      { state: 'away', text: 'In a meeting' },
      { state: false, text: true },
    ],
  ] as const)('%s: nothing else is written or claimed', (_, differences, write, owns) => {
    const reading = shown({ state: 'away' });
    const made = plan({ reading, wanted: told(differences), capabilities: plain, underWay: [], now: at('10:30') });
    expect(made).toMatchObject({ kind: 'set', write, record: { claim: { owns } } });
  });
});

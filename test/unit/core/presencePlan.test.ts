import { describe, expect, it } from 'vitest';
import { afterRestore } from '../../../src/core/presencePlan.ts';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, outOfOffice, plan, rich, shown, write, written } from '../../fakes/plans.ts';

describe('a meeting starts', () => {
  it('sets do not disturb with the message, and remembers what was there (edge case 1)', () => {
    const planned = plan({ wanted: meetingUntil('11:00') });
    expect(planned).toMatchObject({
      kind: 'set',
      write: { state: 'dnd', text: 'In a meeting', emoji: '', until: null },
      record: { claim: { snapshot: { state: 'available', text: '' }, written: null, end: at('11:00') } },
    });
  });

  it('gives the end along where the chat can end it by itself', () => {
    expect(write(plan({ wanted: meetingUntil('11:00'), capabilities: rich }))).toEqual({
      state: 'available',
      text: 'In a meeting',
      emoji: ':calendar:',
      until: at('11:00'),
    });
  });

  it('leaves do not disturb that the person set, also at the end (edge cases 4 and 43)', () => {
    const start = plan({ wanted: meetingUntil('11:00'), reading: shown({ state: 'dnd' }) });
    expect(kept(start)).toBe('handsOff');
    expect(start.record.handsOff).toEqual([{ event: 'meeting', until: at('11:00') }]);
    expect(kept(plan({ record: start.record, reading: shown({ state: 'dnd' }), now: at('11:00') }))).toBe('ok');
  });

  it('goes over a manual away, which comes back (edge case 5)', () => {
    const after = written({ reading: shown({ state: 'away' }) });
    expect(after.reading.presence.state).toBe('dnd');
    expect(write(plan({ ...after, now: at('11:00') }))).toMatchObject({ state: 'away' });
  });

  it('never touches a manual state outside meetings (edge case 6)', () => {
    for (const state of ['dnd', 'away', 'available'] as const) {
      expect(kept(plan({ reading: shown({ state, text: 'mine' }), underWay: [] }))).toBe('ok');
    }
  });

  it('keeps a text that the person set, and changes the state only (edge case 7)', () => {
    const reading = shown({ text: 'Working on the release' });
    expect(write(plan({ wanted: meetingUntil('11:00'), reading }))).toMatchObject({
      state: 'dnd',
      text: 'Working on the release',
    });
    expect(kept(plan({ wanted: meetingUntil('11:00'), reading, capabilities: rich }))).toBe('handsOff');
  });

  it('replaces it when told to, and brings it back with what is left of its time (edge cases 8 and 9)', () => {
    const reading = shown({ text: 'Lunch', emoji: ':taco:', until: at('12:00') });
    const after = written({ reading, capabilities: rich, ownText: 'replace' });
    expect(after.reading.presence.text).toBe('In a meeting');
    expect(write(plan({ ...after, capabilities: rich, now: at('11:00') }))).toEqual(reading.presence);
    const ended = plan({ ...after, capabilities: rich, now: at('12:00') });
    expect(write(ended)).toEqual({ state: 'available', text: '', emoji: '', until: null });
  });

  it('leaves people alone who are offline, and sets it when they come (edge cases 40 and 64)', () => {
    const away = plan({ wanted: meetingUntil('11:00'), reading: shown({ state: 'offline' }) });
    expect(kept(away)).toBe('offline');
    expect(plan({ record: away.record, wanted: meetingUntil('11:00') }).kind).toBe('set');
  });

  it('writes nothing when the message is empty and the chat has no such state', () => {
    const wanted = meetingUntil('11:00', { text: '', emoji: '' });
    expect(kept(plan({ wanted, capabilities: rich }))).toBe('handsOff');
    expect(write(plan({ wanted }))).toMatchObject({ state: 'dnd', text: '' });
  });

  it('does not fight with another machine that has written the same (edge case 58)', () => {
    const other = written({ capabilities: rich });
    const second = plan({ wanted: meetingUntil('11:00'), reading: other.reading, capabilities: rich });
    expect(kept(second)).toBe('handsOff');
    expect(second.record.claim).toBeNull();
  });

  it('cuts a text that is too long between graphemes (edge case 62)', () => {
    const text = `${'a'.repeat(98)}👩‍👩‍👧‍👦bc`;
    expect(write(plan({ wanted: meetingUntil('11:00', { text }), capabilities: rich }))?.text).toBe(
      `${'a'.repeat(98)}👩‍👩‍👧‍👦b`,
    );
  });
});

describe('a meeting ends', () => {
  it('brings back what was there (edge case 2)', () => {
    const planned = plan({ ...written({ reading: shown({ text: '' }) }), now: at('11:00') });
    expect(planned.kind).toBe('restore');
    expect(write(planned)).toEqual({ state: 'available', text: '', emoji: '', until: null });
    if (planned.kind === 'restore') expect(afterRestore(planned.record).claim).toBeNull();
  });

  it.each([
    ['the state', { state: 'available', text: 'In a meeting' }],
    ['the text', { state: 'dnd', text: 'On the phone' }],
  ] as const)('does nothing when the person has changed %s (edge cases 3 and 59)', (_, presence) => {
    const { record } = written({});
    const planned = plan({ record, reading: shown(presence), now: at('11:00'), underWay: [] });
    expect(kept(planned)).toBe('ok');
    expect(planned.record.claim).toBeNull();
  });

  it('hands an idle person back to automatic presence (edge case 65)', () => {
    const after = written({ reading: shown({ state: 'away' }, true) });
    expect(write(plan({ ...after, now: at('11:00') }))).toMatchObject({ state: 'available' });
  });

  it('waits for people who went offline, and clears its own when they are back (edge case 41)', () => {
    const { record, reading } = written({});
    const gone = plan({ record, reading: shown({ state: 'offline' }), now: at('11:00') });
    expect(kept(gone)).toBe('offline');
    expect(plan({ record: gone.record, reading, now: at('12:00') }).kind).toBe('restore');
  });

  it('drops the claim when the chat has ended the status by itself', () => {
    const { record } = written({ capabilities: rich });
    const planned = plan({ record, capabilities: rich, now: at('11:00'), underWay: [] });
    expect([kept(planned), planned.record.claim]).toEqual(['ok', null]);
  });

  it('goes by the end that was known while no calendar can be read (edge cases 52 and 54)', () => {
    const after = written({});
    expect(kept(plan({ ...after, wanted: 'unknown', now: at('10:59') }))).toBe('ok');
    expect(plan({ ...after, wanted: 'unknown', now: at('11:00') }).kind).toBe('restore');
    expect(kept(plan({ wanted: 'unknown' }))).toBe('ok');
  });
});

describe('during a meeting', () => {
  it('writes nothing when nothing changed (edge cases 42 and 68)', () => {
    const after = written({});
    expect(kept(plan({ ...after, wanted: meetingUntil('11:00'), now: at('10:30') }))).toBe('ok');
  });

  it('writes a new end when the meeting is extended, and only where there is one (edge cases 11 and 30)', () => {
    const slack = written({ capabilities: rich });
    const extended = plan({ ...slack, capabilities: rich, wanted: meetingUntil('12:00'), now: at('10:30') });
    expect(write(extended)?.until).toBe(at('12:00'));
    if (extended.kind === 'set') expect(extended.record.claim.snapshot.text).toBe('');
    const hipchat = plan({ ...written({}), wanted: meetingUntil('12:00'), now: at('10:30') });
    expect(kept(hipchat)).toBe('ok');
    expect(hipchat.record.claim?.end).toBe(at('12:00'));
  });

  it('gives back at once when it is shortened, moved or cancelled (edge cases 24 and 31)', () => {
    expect(plan({ ...written({}), wanted: null, now: at('10:30') }).kind).toBe('restore');
  });

  it('sets again when the status ended but the meeting was extended (edge case 67)', () => {
    const { record } = written({ capabilities: rich });
    const planned = plan({ record, capabilities: rich, wanted: meetingUntil('12:00'), now: at('11:00') + 5_000 });
    expect([planned.kind, write(planned)?.until]).toEqual(['set', at('12:00')]);
  });

  it('takes its hands off when the person changes it, for this meeting (edge case 10)', () => {
    const { record } = written({});
    const changed = plan({ record, reading: shown(), wanted: meetingUntil('11:00'), now: at('10:30') });
    expect(kept(changed)).toBe('handsOff');
    expect(changed.record).toMatchObject({ claim: null, handsOff: [{ event: 'meeting' }] });
  });

  it('remembers the word of the person also while no calendar can be read', () => {
    const { record } = written({});
    const changed = plan({ record, reading: shown(), wanted: 'unknown', underWay: [], now: at('10:30') });
    expect(changed.record).toMatchObject({ claim: null, handsOff: [{ event: 'meeting', until: at('11:00') }] });
  });

  it('keeps the part that is still ours where state and text are set apart', () => {
    const slack = { capabilities: rich, wanted: outOfOffice('12:00') };
    const { record } = written(slack);
    const reading = shown({ state: 'away', text: 'Back on Tuesday' });
    const during = plan({ ...slack, record, reading, now: at('10:30') });
    expect([kept(during), during.record.claim?.owns]).toEqual(['ok', { state: true, text: false }]);
    const cleared = plan({ ...slack, record: during.record, reading: shown({ state: 'away' }), now: at('10:40') });
    expect(kept(cleared)).toBe('ok');
    const end = plan({ ...slack, wanted: null, record: during.record, reading, now: at('12:00') });
    expect(write(end)).toMatchObject({ state: 'available', text: 'Back on Tuesday' });
  });

  it('takes a new text for the word on both where they are set in one act', () => {
    const { record } = written({ reading: shown({ text: 'Mine' }) });
    const reading = shown({ state: 'dnd', text: 'Still mine' });
    expect(kept(plan({ record, reading, wanted: meetingUntil('11:00'), now: at('10:30') }))).toBe('handsOff');
  });

  it('does not take idling for the word of a person', () => {
    const { record } = written({});
    const idle = shown({ state: 'away', text: 'In a meeting' }, true);
    expect(kept(plan({ record, reading: idle, wanted: meetingUntil('11:00'), now: at('10:30') }))).toBe('ok');
  });

  it('goes from a meeting to out of office and back to what was there first', () => {
    const first = written({ capabilities: rich });
    const second = plan({ ...first, capabilities: rich, wanted: outOfOffice('12:00'), now: at('11:00') });
    expect(write(second)).toMatchObject({ state: 'away', text: 'Out of office' });
    if (second.kind !== 'set') throw new Error('expected a write');
    const end = plan({ record: second.record, reading: shown(second.write), capabilities: rich, now: at('12:00') });
    expect(write(end)).toEqual({ state: 'available', text: '', emoji: '', until: null });
  });
});

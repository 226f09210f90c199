// What the random days (test/unit/engine/trust.test.ts) have found, each as the smallest case of it.
import { describe, expect, it } from 'vitest';
import type { ChatRecord } from '../../../src/core/claim.ts';
import { afterAnswer, type PlanInput } from '../../../src/core/presencePlan.ts';
import { isStateTimed } from '../../../src/core/presenceTarget.ts';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, outOfOffice, plan, rich, shown, write, written } from '../../fakes/plans.ts';

const AWAY = outOfOffice('11:00');
const timedRich = { ...rich, states: ['available', 'busy', 'dnd', 'away'], stateExpires: true } as const;

/** A write that was begun and of which nothing more is known. */
function begun(input: Partial<PlanInput>): { readonly record: ChatRecord; readonly asked: ReturnType<typeof write> } {
  const planned = plan(input);
  return { record: planned.record, asked: write(planned) };
}

describe('a write that landed in part', () => {
  const { record, asked } = begun({ capabilities: rich, wanted: AWAY });

  it.each([
    ['text', { ...asked, state: 'available' }],
    ['state', { state: 'away' }],
  ] as const)('is finished when only the %s is there', (_, half) => {
    const planned = plan({ record, reading: shown(half), capabilities: rich, wanted: AWAY });
    expect(planned).toMatchObject({ kind: 'set', write: asked });
  });

  it.each([
    ['text', { ...asked, state: 'available' }],
    ['state', { state: 'away' }],
  ] as const)('is taken back when only the %s is there', (_, half) => {
    const planned = plan({ record, reading: shown(half), capabilities: rich, now: at('11:00') });
    expect(write(planned)).toMatchObject({ state: 'available', text: '', emoji: '', until: null });
  });

  it('leaves the person their part', () => {
    const reading = shown({ state: 'away', text: 'Lunch' });
    const planned = plan({ record, reading, capabilities: rich, now: at('11:00') });
    expect(write(planned)).toMatchObject({ state: 'available', text: 'Lunch' });
  });
});

describe('a write of the state alone that got lost', () => {
  it('is not taken for landed when the person sets that state and a longer text of theirs', () => {
    const { record } = begun({ wanted: meetingUntil('11:00'), reading: shown({ text: 'Back at 1' }) });
    const reading = shown({ state: 'dnd', text: 'Back at 12' });
    expect(kept(plan({ record, reading, wanted: meetingUntil('11:00') }))).toBe('handsOff');
  });
});

describe('a write that landed in part twice', () => {
  it('is the person’s when they have taken back the part that was there', () => {
    const first = begun({ capabilities: rich, wanted: AWAY });
    const half = { capabilities: rich, wanted: AWAY, reading: shown({ state: 'away' }) };
    const second = begun({ ...half, record: first.record });
    expect(kept(plan({ ...half, record: second.record, reading: shown() }))).toBe('handsOff');
  });
});

describe('a longer meeting whose new end got lost on the way', () => {
  const longer = { capabilities: rich, wanted: meetingUntil('11:30') };
  const before = written({ capabilities: rich, wanted: meetingUntil('11:00') });

  it('is told again', () => {
    const { record } = begun({ ...longer, ...before });
    expect(write(plan({ ...longer, record, reading: before.reading }))).toMatchObject({ until: at('11:30') });
  });

  it('is the person’s when they have gone back to what was there before us', () => {
    const inMeeting = written({ wanted: meetingUntil('11:00') });
    const { record } = begun({ ...inMeeting, wanted: outOfOffice('11:30') });
    expect(kept(plan({ record, reading: shown(), wanted: outOfOffice('11:30') }))).toBe('handsOff');
  });
});

describe('a write that the chat has confirmed', () => {
  it('has landed: who goes back to what was there before has said so', () => {
    const { record } = begun({ wanted: meetingUntil('11:00') });
    expect(plan({ record, wanted: meetingUntil('11:00') }).kind).toBe('set');
    expect(kept(plan({ record: afterAnswer(record), wanted: meetingUntil('11:00') }))).toBe('handsOff');
  });

  it('has landed: the same where state and text are set apart', () => {
    const { record } = begun({ capabilities: rich, wanted: AWAY });
    expect(kept(plan({ record: afterAnswer(record), capabilities: rich, wanted: AWAY }))).toBe('handsOff');
  });
});

describe('a part that the person changes during a meeting, though it was not ours', () => {
  it('stays cleared, when it was a text of theirs', () => {
    const before = shown({ state: 'available', text: 'Lunch' });
    const { record } = written({ capabilities: rich, wanted: AWAY, reading: before });
    const planned = plan({ record, reading: shown({ state: 'away' }), capabilities: rich, wanted: AWAY });
    expect(kept(planned)).toBe('ok');
    expect(planned.record.claim?.yielded).toEqual({ state: false, text: true });
  });

  it('stays available, when they were away already', () => {
    const { record, reading } = written({ capabilities: rich, wanted: AWAY, reading: shown({ state: 'away' }) });
    const back = { ...reading, presence: { ...reading.presence, state: 'available' } } as const;
    expect(kept(plan({ record, reading: back, capabilities: rich, wanted: AWAY }))).toBe('ok');
  });

  it('is no word of theirs, when a text has ended by itself', () => {
    const before = shown({ text: 'Back soon', until: at('10:20') });
    const { record } = written({ capabilities: rich, wanted: AWAY, reading: before });
    const planned = plan({
      record,
      reading: shown({ state: 'away' }),
      capabilities: rich,
      wanted: AWAY,
      now: at('10:25'),
    });
    expect(write(planned)).toMatchObject({ state: 'away', text: 'Out of office' });
  });
});

describe('a text of ours that had ended by itself when the next write got lost', () => {
  it('is still ours: who changes the state then has no word on the text', () => {
    const before = written({ capabilities: rich, wanted: outOfOffice('10:30'), reading: shown({ state: 'away' }) });
    const next = { capabilities: rich, wanted: meetingUntil('11:00'), now: at('10:30') };
    const { record } = begun({ ...next, record: before.record, reading: shown({ state: 'away' }) });
    expect(write(plan({ ...next, record, reading: shown() }))).toMatchObject({
      state: 'available',
      text: 'In a meeting',
    });
  });
});

describe('a chat that ends the state by itself', () => {
  it('is given no end for a state that is as it was before us', () => {
    const reading = shown({ state: 'away' });
    const before = written({ capabilities: timedRich, reading, wanted: meetingUntil('10:30') });
    const planned = plan({ ...before, capabilities: timedRich, wanted: AWAY, now: at('10:30') });
    if (planned.kind !== 'set') throw new Error('expected a write');
    expect(planned.write.state).toBe('away');
    expect(isStateTimed(planned.record.claim, planned.write, timedRich)).toBe(false);
    expect(isStateTimed(planned.record.claim, { ...planned.write, state: 'dnd' }, timedRich)).toBe(true);
  });

  it('is told again while it is not known whether it took the end', () => {
    const { record, asked } = begun({ capabilities: timedRich, wanted: AWAY });
    if (asked === null) throw new Error('expected a write');
    const again = { capabilities: timedRich, wanted: AWAY, reading: shown(asked) };
    expect(plan({ ...again, record }).kind).toBe('set');
    expect(kept(plan({ ...again, record: afterAnswer(record) }))).toBe('ok');
  });

  it('has ended a confirmed write by itself, though it was never read back', () => {
    const { record } = begun({ capabilities: timedRich, wanted: meetingUntil('10:30') });
    const next = { capabilities: timedRich, wanted: AWAY, now: at('10:31') };
    expect(write(plan({ ...next, record: afterAnswer(record), reading: shown() }))).toMatchObject({ state: 'away' });
  });

  it('has ended what was there before by itself, when the next write got lost', () => {
    const before = written({ capabilities: timedRich, wanted: meetingUntil('10:30') });
    const { record } = begun({ ...before, capabilities: timedRich, wanted: AWAY, now: at('10:29') });
    const planned = plan({ record, reading: shown(), capabilities: timedRich, wanted: AWAY, now: at('10:30') });
    expect(write(planned)).toMatchObject({ state: 'away', text: 'Out of office' });
  });

  it('leaves the person their part, when the next write got lost after that end', () => {
    const before = written({ capabilities: timedRich, wanted: meetingUntil('10:30') });
    const cleared = shown({ state: 'dnd' });
    const { record } = plan({ ...before, capabilities: timedRich, wanted: meetingUntil('10:30'), reading: cleared });
    const next = { capabilities: timedRich, wanted: AWAY, reading: shown(), now: at('10:30') };
    const lost = begun({ ...next, record });
    expect(lost.asked).toMatchObject({ state: 'away', text: '' });
    expect(write(plan({ ...next, record: lost.record }))).toMatchObject({ state: 'away', text: '' });
  });

  it('has not ended a state that was not ours: who changes it near the end has said so', () => {
    const wanted = outOfOffice('10:30');
    const { record } = written({ capabilities: timedRich, wanted, reading: shown({ state: 'away' }) });
    const next = { capabilities: timedRich, wanted: meetingUntil('11:00'), now: at('10:30') };
    expect(write(plan({ ...next, record, reading: shown() }))).toMatchObject({
      state: 'available',
      text: 'In a meeting',
    });
  });
});

describe('a word on a meeting that is over when it is seen', () => {
  it('is none on the next one', () => {
    const inMeeting = written({ wanted: meetingUntil('10:30') });
    const next = meetingUntil('11:00', { events: ['next'] });
    const planned = plan({ ...inMeeting, reading: shown({ text: 'Back' }), wanted: next, now: at('10:30') });
    expect(planned).toMatchObject({ kind: 'set', write: { state: 'dnd', text: 'Back' } });
  });
});

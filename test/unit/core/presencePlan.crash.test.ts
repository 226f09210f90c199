import { describe, expect, it } from 'vitest';
import type { ChatRecord } from '../../../src/core/claim.ts';
import type { PlanInput } from '../../../src/core/presencePlan.ts';
import { MINUTE } from '../../../src/core/time.ts';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, plan, rich, shown, written } from '../../fakes/plans.ts';

describe('after a crash', () => {
  const intended = (input: Partial<PlanInput> = {}) => {
    const planned = plan({ wanted: meetingUntil('11:00'), ...input });
    if (planned.kind === 'keep') throw new Error('expected a write');
    return planned;
  };

  it('adopts a write that landed without our knowing (edge cases 42 and 57)', () => {
    const { record, write: asked } = intended();
    const planned = plan({ record, reading: shown(asked), wanted: meetingUntil('11:00'), now: at('10:01') });
    expect(kept(planned)).toBe('ok');
    expect(planned.record.claim?.written).toEqual(asked);
    expect(plan({ record, reading: shown(asked), now: at('11:01') }).kind).toBe('restore');
  });

  it('takes over the form in which the chat has stored it', () => {
    const { record, write: asked } = intended({ capabilities: rich });
    const stored = { ...asked, text: 'In a meeting ', emoji: ':date:', until: at('11:00') + 999 };
    const planned = plan({ record, reading: shown(stored), capabilities: rich, wanted: meetingUntil('11:00') });
    expect(planned.record.claim?.written).toEqual(stored);
    expect(
      kept(plan({ record: planned.record, reading: shown(stored), capabilities: rich, wanted: meetingUntil('11:00') })),
    ).toBe('ok');
    expect(plan({ record: planned.record, reading: shown(stored), capabilities: rich, now: at('10:30') }).kind).toBe(
      'restore',
    );
  });

  it('sees that the person was quicker than the reading back', () => {
    const { record } = intended();
    const reading = shown({ state: 'available', text: 'Ask me' });
    expect(kept(plan({ record, reading, wanted: meetingUntil('11:00') }))).toBe('handsOff');
  });

  it('writes again when it did not land', () => {
    const { record } = intended();
    expect(plan({ record, wanted: meetingUntil('11:00'), now: at('10:01') }).kind).toBe('set');
    expect(plan({ record, now: at('11:01') }).record.claim).toBeNull();
  });

  it('leaves it when the person changed it meanwhile', () => {
    const { record } = intended();
    const reading = shown({ state: 'away', text: 'Lunch' });
    expect(kept(plan({ record, reading, wanted: meetingUntil('11:00'), now: at('10:01') }))).toBe('handsOff');
  });

  it('restores after the end when its own is still there (edge cases 44 and 66)', () => {
    expect(plan({ ...written({}), now: at('15:00') }).kind).toBe('restore');
  });

  it('finishes a taking back that was cut off, and sees one that landed', () => {
    const after = written({});
    const back = plan({ ...after, now: at('11:00') });
    if (back.kind === 'keep') throw new Error('expected a write');
    expect(plan({ record: back.record, reading: after.reading, now: at('11:01') }).kind).toBe('restore');
    const landed = plan({ record: back.record, reading: shown(back.write), now: at('11:01'), underWay: [] });
    expect([kept(landed), landed.record.claim]).toEqual(['ok', null]);
    const next = { wanted: meetingUntil('12:00', { events: ['next'] }), now: at('11:30') };
    expect(plan({ record: back.record, reading: shown(back.write), ...next }).kind).toBe('set');
  });

  it('keeps the old end in mind while a new one is being written', () => {
    const slack = written({ capabilities: rich });
    const extended = plan({ ...slack, capabilities: rich, wanted: meetingUntil('12:00'), now: at('10:30') });
    const notLanded = plan({ record: extended.record, reading: slack.reading, capabilities: rich, now: at('10:31') });
    expect(notLanded.kind).toBe('restore');
  });

  it('forgets a last word a day after its meeting', () => {
    const record: ChatRecord = { claim: null, handsOff: [{ event: 'old', until: at('10:00') - 24 * 60 * MINUTE }] };
    expect(plan({ record }).record.handsOff).toEqual([]);
  });
});

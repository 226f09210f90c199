import { describe, expect, it } from 'vitest';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, outOfOffice, plan, shown, timed, write, written } from '../../fakes/plans.ts';

describe('a chat that ends the state by itself', () => {
  it('is told again when only the end has changed, and not without', () => {
    const inMeeting = written({ capabilities: timed });
    expect(kept(plan({ ...inMeeting, wanted: meetingUntil('11:00'), capabilities: timed }))).toBe('ok');
    const longer = plan({ ...inMeeting, wanted: meetingUntil('11:30'), capabilities: timed });
    expect(longer).toMatchObject({ kind: 'set', record: { claim: { end: at('11:30') } } });
  });

  it('has not become the person’s when it was quicker than we are: what was there before comes back', () => {
    const { record } = written({ capabilities: timed, reading: shown({ state: 'away' }) });
    const ended = plan({ record, reading: shown({ state: 'available' }), capabilities: timed, now: at('11:00') });
    expect(write(ended)).toMatchObject({ state: 'away' });
  });

  it('goes on when the meeting has become longer meanwhile', () => {
    const { record } = written({ capabilities: timed });
    const now = at('11:05');
    const wanted = meetingUntil('11:30');
    const planned = plan({ record, reading: shown({ state: 'available' }), wanted, capabilities: timed, now });
    expect(planned).toMatchObject({ kind: 'set', write: { state: 'dnd' }, record: { claim: { end: at('11:30') } } });
  });

  it('is the person’s when it changes before the end', () => {
    const { record } = written({ capabilities: timed });
    const changed = plan({
      record,
      reading: shown({ state: 'available' }),
      wanted: meetingUntil('11:00'),
      capabilities: timed,
      now: at('10:30'),
    });
    expect(kept(changed)).toBe('handsOff');
  });

  it('is gone on from when what is there is right for what follows, not from what was there before', () => {
    const { record } = written({ capabilities: timed, reading: shown({ state: 'away' }) });
    // Just before the end they have come back to what was there, with a text: their word is about the first meeting.
    const reading = shown({ state: 'away', text: 'Lunch' });
    const follows = { reading, capabilities: timed, wanted: outOfOffice('12:00') };
    const next = plan({ ...follows, record, now: at('11:00') });
    expect(next).toMatchObject({ kind: 'keep', status: 'ok', record: { handsOff: [] } });
    const later = plan({ ...follows, record: next.record, now: at('11:05') });
    expect(later).toMatchObject({ kind: 'keep', status: 'ok', record: { handsOff: [] } });
    // From here on it is theirs to change.
    const changed = plan({ ...follows, record: next.record, reading: shown({ text: 'Lunch' }), now: at('11:05') });
    expect(kept(changed)).toBe('handsOff');
  });
});

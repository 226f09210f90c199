import { describe, expect, it } from 'vitest';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, outOfOffice, plan, shown, write, written } from '../../fakes/plans.ts';

describe('a person who shows already what the calendar says, in their own words', () => {
  const reading = shown({ state: 'away', text: 'At the sea' });
  const first = plan({ wanted: outOfOffice('11:00'), reading });

  it('is left alone, and so are their words at the end', () => {
    expect(kept(first)).toBe('handsOff');
    expect(kept(plan({ record: first.record, wanted: outOfOffice('11:00'), reading, now: at('10:30') }))).toBe(
      'handsOff',
    );
    const end = plan({ record: first.record, reading, now: at('11:00') });
    expect(kept(end)).toBe('ok');
    expect(end.record).toEqual({ claim: null, handsOff: [] });
  });

  it('is in a meeting when that comes after, and gets their own back', () => {
    const meeting = { wanted: meetingUntil('12:00'), now: at('11:00') };
    const after = written({ ...meeting, record: first.record, reading });
    expect(after.reading.presence).toMatchObject({ state: 'dnd', text: 'At the sea' });
    expect(write(plan({ ...after, now: at('12:00') }))).toMatchObject({ state: 'away', text: 'At the sea' });
  });

  it('has the last word when they change it meanwhile', () => {
    const changed = plan({
      record: first.record,
      wanted: outOfOffice('11:00'),
      reading: shown({ state: 'available' }),
      now: at('10:30'),
    });
    expect(kept(changed)).toBe('handsOff');
    expect(changed.record.handsOff).not.toEqual([]);
  });
});

describe('words of ours that we did not write', () => {
  it('are of another machine, and silence the meeting here (edge case 58)', () => {
    const reading = shown({ state: 'away', text: 'Out of office' });
    const planned = plan({ wanted: outOfOffice('11:00'), reading });
    expect(kept(planned)).toBe('handsOff');
    expect(planned.record.claim).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { stateWritten, withoutHalf } from '../../../src/core/halfWritten.ts';
import { shown } from '../../fakes/plans.ts';

describe('a write of which half has landed', () => {
  const basis = shown();
  const half = stateWritten(basis, 'dnd');

  it('is as before, while exactly that is shown', () => {
    expect(withoutHalf(shown({ state: 'dnd' }), half)).toBe(basis);
  });

  it.each([
    shown({ state: 'dnd', text: 'Lunch' }),
    shown({ state: 'away' }),
    shown({ state: 'dnd', until: 1 }),
    shown({ state: 'available', text: 'In a meeting' }),
  ])('is over when something else is shown: %j', (reading) => {
    expect(withoutHalf(reading, half)).toBe(reading);
    expect(withoutHalf(reading, null)).toBe(reading);
  });
});

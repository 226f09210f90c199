// Idling is nobody's word, and neither is coming back from it: the state that was there then follows the rules again.
import { describe, expect, it } from 'vitest';
import type { ChatRecord } from '../../../src/core/claim.ts';
import { afterAnswer, type PlanInput } from '../../../src/core/presencePlan.ts';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, outOfOffice, plain, plan, rich, shown, write, written } from '../../fakes/plans.ts';

const AWAY = outOfOffice('11:00');
const TEXT = { text: 'Out of office' };
const OURS = { text: 'Out of office', emoji: ':calendar:', until: at('11:00') };
const idle = (more = {}) => shown({ state: 'away', ...more }, true);

/** What is written over idling, and read back: the person goes on idling. */
function overIdling(input: Partial<PlanInput>): ChatRecord {
  const first = plan({ ...input, reading: idle() });
  const { text, emoji, until } = write(first) ?? {};
  return plan({ ...input, record: afterAnswer(first.record), reading: idle({ text, emoji, until }) }).record;
}

describe('a person who idles as their absence begins', () => {
  const input = { capabilities: rich, wanted: AWAY };
  const first = plan({ ...input, reading: idle() });
  const record = overIdling(input);

  it('is let idle', () => {
    expect(first).toMatchObject({ kind: 'set', write: { state: 'away', text: 'Out of office' } });
    expect(kept(plan({ ...input, record, reading: idle(OURS) }))).toBe('ok');
  });

  it('is away when they come back, and available after it', () => {
    const back = plan({ ...input, record, reading: shown(OURS), now: at('10:30') });
    expect(write(back)).toMatchObject({ state: 'away', text: 'Out of office' });
    const reading = shown({ ...OURS, state: 'away' });
    const after = plan({ ...input, record: afterAnswer(back.record), reading, now: at('10:31') });
    expect(kept(after)).toBe('ok');
    expect(write(plan({ ...input, wanted: null, record: after.record, reading, now: at('10:45') }))).toMatchObject({
      state: 'available',
      text: '',
    });
  });

  it('is not let alone for having come back while the write was open', () => {
    const back = plan({ ...input, record: first.record, reading: shown(), now: at('10:30') });
    expect(write(back)).toMatchObject({ state: 'away', text: 'Out of office' });
    const half = plan({ ...input, record: first.record, reading: shown(OURS), now: at('10:30') });
    expect(write(half)).toMatchObject({ state: 'away', text: 'Out of office' });
  });

  it('has the last word on their state when they set another one', () => {
    const reading = shown({ ...OURS, state: 'dnd' });
    const wanted = { ...AWAY, text: 'Away' };
    expect(write(plan({ ...input, record, wanted, reading }))).toMatchObject({ state: 'dnd', text: 'Away' });
    expect(write(plan({ ...input, record: first.record, wanted, reading }))).toMatchObject({ state: 'dnd' });
  });

  it('shows their absence when they come back with words of their own', () => {
    const theirs = { text: 'At the sea' };
    const watched = plan({ ...input, reading: idle(theirs) });
    expect(kept(watched)).toBe('handsOff');
    const back = plan({ ...input, record: watched.record, reading: shown(theirs), now: at('10:30') });
    expect(write(back)).toMatchObject({ state: 'away', text: 'At the sea' });
  });
});

describe('a person who idles as their absence begins, where state and text are one', () => {
  const input = { capabilities: plain, wanted: AWAY };

  it('is not away for ever: the text has set the state', () => {
    const { record, reading } = written({ ...input, reading: idle() });
    const later = plan({ ...input, record, reading, now: at('10:30') });
    expect(kept(later)).toBe('ok');
    expect(write(plan({ ...input, record: later.record, wanted: null, reading }))).toMatchObject({
      state: 'available',
      text: '',
    });
  });

  it('is shown as they were while nothing is wanted of their state, and available after it', () => {
    const textOnly = { ...input, wanted: { ...AWAY, state: null } };
    const { record, reading } = written({ ...textOnly, reading: idle() });
    expect(reading.presence).toMatchObject({ state: 'away', ...TEXT });
    expect(kept(plan({ ...textOnly, record, reading, now: at('10:30') }))).toBe('ok');
    expect(write(plan({ ...input, record, wanted: null, reading }))).toMatchObject({ state: 'available', text: '' });
  });

  it('has said so when they are available then', () => {
    const { record } = written({ ...input, reading: idle() });
    expect(kept(plan({ ...input, record, reading: shown(TEXT) }))).toBe('handsOff');
  });

  it('is away when they come back before the text is there, also with words of their own', () => {
    const { record } = plan({ ...input, reading: idle() });
    expect(write(plan({ ...input, record, reading: shown() }))).toMatchObject({ state: 'away', ...TEXT });
    const theirs = { text: 'At the sea' };
    const watched = plan({ ...input, reading: idle(theirs) });
    expect(write(plan({ ...input, record: watched.record, reading: shown(theirs) }))).toMatchObject({
      state: 'away',
      text: 'At the sea',
    });
  });
});

describe('a person who idles as a meeting begins', () => {
  it.each([
    ['set apart', { ...rich, states: ['available', 'away', 'dnd'] as const }],
    ['one', plain],
  ])('is in it when they come back while the write is open, where state and text are %s', (_, capabilities) => {
    const input = { capabilities, wanted: meetingUntil('11:00') };
    const { record } = plan({ ...input, reading: idle() });
    expect(write(plan({ ...input, record, reading: shown() }))).toMatchObject({ state: 'dnd', text: 'In a meeting' });
  });

  it('has said nothing by coming back, where the chat has no word for it: the absence after it is theirs to see', () => {
    const input = { capabilities: rich, wanted: meetingUntil('11:00') };
    const reading = shown({ text: 'In a meeting', emoji: ':calendar:', until: at('11:00') });
    const back = plan({ ...input, record: overIdling(input), reading, now: at('10:30') });
    const again = plan({ ...input, record: back.record, reading, now: at('10:35') });
    expect([kept(back), kept(again)]).toEqual(['ok', 'ok']);
    const after = { ...input, wanted: outOfOffice('12:00'), now: at('11:00') };
    expect(write(plan({ ...after, record: again.record, reading }))).toMatchObject({ state: 'away' });
  });
});

// A chat in which one end ends state and text (the hub): what was there before us may have had such an end too.
import { describe, expect, it } from 'vitest';
import { HUB_CAPABILITIES } from '../../../src/adapters/chat/hub/transform.ts';
import type { Presence } from '../../../src/core/presence.ts';
import { afterAnswer, type PlanInput } from '../../../src/core/presencePlan.ts';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, outOfOffice, plan, shown, write } from '../../fakes/plans.ts';

const FREE = shown();
const MEETING = meetingUntil('11:00');

/** Writes over what the person shows, and reads back what the hub keeps of it. */
function begun(before: Partial<Presence>, input: Partial<PlanInput> = {}) {
  const given = { capabilities: HUB_CAPABILITIES, wanted: MEETING, ...input };
  const planned = plan({ ...given, reading: shown(before) });
  const asked = write(planned);
  if (asked === null) throw new Error(`expected a write, got ${kept(planned)}`);
  const answered = plan({ ...given, record: afterAnswer(planned.record), reading: shown(asked) });
  expect(kept(answered)).toBe('ok');
  return { ...given, record: answered.record, asked };
}

describe('a chat in which one end ends all', () => {
  it('has nothing to give back when what was there has ended too', () => {
    const { asked: _, ...begin } = begun({ state: 'away', text: 'Lunch', until: at('10:15') }, { ownText: 'replace' });
    const over = { ...begin, wanted: null, now: at('11:00') };
    const planned = plan({ ...over, reading: FREE });
    expect([kept(planned), planned.record.claim]).toEqual(['ok', null]);
  });

  it('gives back what was there and has not ended', () => {
    const before = { state: 'away', text: 'Lunch', until: at('11:30') } as const;
    const { asked: _, ...begin } = begun(before, { ownText: 'replace' });
    expect(write(plan({ ...begin, wanted: null, now: at('11:00'), reading: FREE }))).toEqual(shown(before).presence);
  });

  it('goes on with the meeting when the text of the person ends in it, and the state with that', () => {
    const { asked, ...begin } = begun({ state: 'away', text: 'Lunch', until: at('10:15') });
    expect(asked).toMatchObject({ state: 'dnd', text: 'Lunch', until: at('10:15') });
    const now = at('10:15');
    const again = plan({ ...begin, reading: FREE, now });
    const written = { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until: at('11:00') };
    expect(write(again)).toEqual(written);
    const record = afterAnswer(again.record);
    expect(kept(plan({ ...begin, record, reading: shown({ ...written, state: 'dnd' }), now }))).toBe('ok');
    // Their "away" was over with their text.
    const planned = plan({ ...begin, record, wanted: null, reading: FREE, now: at('11:00') });
    expect([kept(planned), planned.record.claim]).toEqual(['ok', null]);
  });

  it('gives back a state that was there before and had no end, although it has ended with our text', () => {
    const { asked, ...begin } = begun({ state: 'away' }, { wanted: outOfOffice('11:00') });
    expect(asked).toMatchObject({ state: 'away', text: 'Out of office', until: at('11:00') });
    const planned = plan({ ...begin, wanted: null, reading: FREE, now: at('11:00') });
    expect(write(planned)).toEqual(shown({ state: 'away' }).presence);
  });

  it('has nothing to be told when the meeting becomes longer beside a text of the person that keeps its own end', () => {
    const { asked, ...begin } = begun({ text: 'Lunch', until: at('12:30') });
    const longer = plan({ ...begin, wanted: meetingUntil('11:30'), reading: shown(asked) });
    expect([kept(longer), longer.record.claim?.end]).toEqual(['ok', at('11:30')]);
  });

  it('leaves the same state without our text to the person who has set it: ours has gone with its text', () => {
    const { asked: _, ...begin } = begun({});
    const planned = plan({ ...begin, wanted: null, now: at('11:05'), reading: shown({ state: 'dnd' }) });
    expect([kept(planned), planned.record.claim]).toEqual(['ok', null]);
  });

  it('is left to the person who has set what was there before us as a meeting ends that has become longer', () => {
    const { asked: _, ...begin } = begun({ state: 'away' });
    const now = at('11:00') - 20_000;
    const planned = plan({ ...begin, wanted: meetingUntil('11:30'), now, reading: shown({ state: 'away' }) });
    expect(kept(planned)).toBe('handsOff');
    expect(plan({ ...begin, wanted: meetingUntil('11:30'), now, reading: FREE }).kind).toBe('set');
  });

  it.each([
    ['cleared', {}],
    ['another text', { state: 'dnd', text: 'Deep work' }],
    ['another state', { state: 'busy', text: 'In a meeting', emoji: ':calendar:', until: at('11:00') }],
    ['another end', { state: 'dnd', text: 'In a meeting', emoji: ':calendar:', until: null }],
  ] as const)('is left to the person who has set something by hand in the middle: %s', (_name, theirs) => {
    const { asked: _asked, ...begin } = begun({});
    expect(kept(plan({ ...begin, reading: shown(theirs), now: at('10:30') }))).toBe('handsOff');
  });
});

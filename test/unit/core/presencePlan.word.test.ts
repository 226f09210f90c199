import { describe, expect, it } from 'vitest';
import { HUB_CAPABILITIES } from '../../../src/adapters/chat/hub/transform.ts';
import type { Presence } from '../../../src/core/presence.ts';
import type { PlanInput } from '../../../src/core/presencePlan.ts';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, plan, shown, write, written } from '../../fakes/plans.ts';

const NOTHING: Presence = { state: 'available', text: '', emoji: '', until: null };
const SAID = at('10:10');
/** What the chat shows of a command that was said at 10:10. */
const said = (presence: Partial<Presence>, before: Partial<Presence> = {}): PlanInput['reading'] => ({
  ...shown(presence),
  word: { saidAt: SAID, before: { ...NOTHING, ...before } },
});
const busy = said({ state: 'dnd', text: 'Deep work', until: at('10:40') });
const obeyed = { capabilities: HUB_CAPABILITIES, heardUntil: SAID, now: at('10:11') };
const deepWork = meetingUntil('10:40', { text: 'Deep work', events: ['own'], replacesText: true });

describe('what a command shows in a chat', () => {
  const inMeeting = written({ wanted: meetingUntil('11:00'), capabilities: HUB_CAPABILITIES });
  const { record } = inMeeting;

  it('stays until the command is obeyed, with the claim that there is', () => {
    const early = { ...obeyed, heardUntil: SAID - 1 };
    const claimed = plan({ ...early, record, reading: busy, wanted: meetingUntil('11:00') });
    expect([kept(claimed), claimed.record]).toEqual(['ok', record]);
    expect(kept(plan({ ...early, reading: busy, wanted: meetingUntil('11:00') }))).toBe('ok');
  });

  it('gives way to ours then, and what was there before it comes back at the end', () => {
    const reading = said(busy.presence, { state: 'away', text: 'At home' });
    const set = plan({ ...obeyed, reading, wanted: deepWork });
    expect(write(set)).toMatchObject({ state: 'dnd', text: 'Deep work', until: at('10:40') });
    expect(set.record.claim?.snapshot).toMatchObject({ state: 'away', text: 'At home' });
  });

  it('is no last word on a meeting: the claim goes on, and is written again', () => {
    const over = plan({ ...obeyed, record, reading: busy, wanted: deepWork });
    expect(write(over)).toMatchObject({ text: 'Deep work', until: at('10:40') });
    expect(over.record.claim?.snapshot).toEqual(NOTHING);
    const same = plan({ ...obeyed, record, reading: busy, wanted: meetingUntil('11:00') });
    expect(write(same)).toMatchObject({ text: 'In a meeting', until: at('11:00') });
    expect(same.record.handsOff).toEqual([]);
  });

  it('gives way to what was there before us when nothing counts any more', () => {
    const end = plan({ ...obeyed, record, reading: said({ state: 'available', until: at('11:10') }) });
    expect(kept(end)).toBe('restore!');
    expect(write(end)).toEqual(NOTHING);
  });

  it('stays while it is not known what counts, and where nothing is ours', () => {
    const unknown = plan({ ...obeyed, record, reading: busy, wanted: 'unknown' });
    expect([kept(unknown), unknown.record.claim?.asked]).toEqual(['ok', record.claim?.asked]);
    expect(kept(plan({ ...obeyed, reading: busy }))).toBe('ok');
  });

  it('is left alone where the person is offline', () => {
    expect(kept(plan({ ...obeyed, reading: said({ state: 'offline' }), wanted: deepWork }))).toBe('offline');
  });
});

describe('a text that the person has typed with the time', () => {
  const reading = shown({ text: 'At home' });

  it('goes over one that they have set before, which comes back', () => {
    const set = plan({ reading, wanted: deepWork });
    expect(write(set)).toMatchObject({ state: 'dnd', text: 'Deep work' });
    expect(set.record.claim?.snapshot).toMatchObject({ text: 'At home' });
  });

  it('is the only one that does', () => {
    expect(write(plan({ reading, wanted: meetingUntil('10:40') }))).toMatchObject({ text: 'At home' });
  });
});

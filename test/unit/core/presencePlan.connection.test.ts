import { describe, expect, it } from 'vitest';
import { at } from '../../fakes/events.ts';
import { kept, meetingUntil, plain, plan, shown, write, written } from '../../fakes/plans.ts';

const xmpp = { ...plain, endsWithConnection: true };

describe('a chat that shows what was there before us once our connection has ended', () => {
  const { record } = written({ capabilities: xmpp, reading: shown({ text: '' }) });
  const again = { record, reading: shown(), capabilities: xmpp };

  it('is told again after a restart in the meeting: nobody had a word', () => {
    const planned = plan({ ...again, wanted: meetingUntil('11:00'), now: at('10:30') });
    expect(write(planned)).toMatchObject({ state: 'dnd', text: 'In a meeting' });
    expect(planned.record.handsOff).toEqual([]);
  });

  it('needs nothing after a restart when the meeting has ended meanwhile', () => {
    const planned = plan({ ...again, now: at('11:30') });
    expect(kept(planned)).toBe('ok');
    expect(planned.record.claim).toBeNull();
  });

  it('is the person’s when it shows something else', () => {
    const reading = shown({ state: 'away', text: 'Lunch' });
    expect(kept(plan({ ...again, reading, wanted: meetingUntil('11:00') }))).toBe('handsOff');
  });

  it('is told again when the person came back from idling, or idles now', () => {
    const idle = written({ capabilities: xmpp, reading: shown({ state: 'away' }, true) });
    const wanted = meetingUntil('11:00');
    expect(write(plan({ ...again, record: idle.record, wanted }))).toMatchObject({ state: 'dnd' });
    expect(write(plan({ ...again, reading: shown({ state: 'away' }, true), wanted }))).toMatchObject({ state: 'dnd' });
  });

  it('other chats keep what was written: there the same reading is the person’s word', () => {
    expect(kept(plan({ ...again, capabilities: plain, wanted: meetingUntil('11:00') }))).toBe('handsOff');
  });
});

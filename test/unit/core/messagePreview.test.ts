import { describe, expect, it } from 'vitest';
import { HIPCHAT_CAPABILITIES } from '../../../src/adapters/chat/hipchat/transform.ts';
import type { CalendarEvent } from '../../../src/core/calendarEvent.ts';
import { spansOf } from '../../../src/core/day.ts';
import { type Preview, previewOf, type Sample } from '../../../src/core/messagePreview.ts';
import { layerSettings } from '../../../src/core/settings.ts';
import { at, meeting } from '../../fakes/events.ts';
import { rich } from '../../fakes/plans.ts';

const BUSY: Sample = { kind: 'showAs', showAs: 'busy' };

function preview(user: Record<string, unknown>, sample: Sample = BUSY, events: readonly CalendarEvent[] = []): Preview {
  const { settings } = layerSettings({
    chats: [
      { id: 'hipchat', provider: 'hipchat', email: '' },
      { id: 'slack', provider: 'slack', email: '', ...(user['slack'] as object) },
    ],
    ...user,
  });
  const capabilities = { hipchat: HIPCHAT_CAPABILITIES, slack: { ...rich, states: [], textLimit: 20 } };
  return previewOf({
    sample,
    settings,
    chats: settings.chats.map((account) => ({
      account,
      capabilities: capabilities[account.id as keyof typeof capabilities],
    })),
    events,
    spans: spansOf(events, settings, 'UTC'),
    words: { subject: 'Design review', location: 'Room 4' },
    now: at('08:20'),
    zone: 'UTC',
  });
}

const chat = (found: Preview, id: string) => found.chats.find((one) => one.id === id);

describe('a preview of the texts', () => {
  it('shows each chat as it would: state, text, emoji and end where it has them', () => {
    const found = preview({ statusMessage: 'Until {until}', statusEmoji: ':coffee:' });
    expect(found).toMatchObject({ counts: true, event: { start: at('09:00'), end: at('09:30') } });
    expect(chat(found, 'hipchat')).toMatchObject({ state: 'dnd', text: 'Until 09:30', emoji: '', until: null });
    expect(chat(found, 'slack')).toMatchObject({ state: null, text: 'Until 09:30', emoji: '☕', until: at('09:30') });
  });

  it('cuts at the limit of the chat, and counts as a person does', () => {
    const found = preview({ statusMessage: '👩‍👩‍👧 in a meeting that goes on' });
    expect(chat(found, 'slack')).toMatchObject({ text: '👩‍👩‍👧 in a meeting that ', limit: 20, length: 27 });
    expect(chat(found, 'hipchat')).toMatchObject({ text: '👩‍👩‍👧 in a meeting that goes on' });
  });

  it('says why a mark stays empty', () => {
    expect(chat(preview({ statusMessage: '{subject}, {location}' }), 'slack')?.silent).toEqual([
      { mark: 'subject', silence: 'notAllowed' },
      { mark: 'location', silence: 'notAllowed' },
    ]);
    const privacy = { subject: true, location: true };
    const allowed = preview({ statusMessage: '{subject}', privacy });
    expect(chat(allowed, 'hipchat')).toMatchObject({ text: 'Design review', silent: [] });
    const secret = meeting('09:00', '10:00', { sensitivity: 'private' });
    const found = preview({ statusMessage: '{subject}', privacy }, { kind: 'next' }, [secret]);
    expect(chat(found, 'hipchat')).toMatchObject({
      text: 'In a meeting',
      silent: [{ mark: 'subject', silence: 'sensitive' }],
    });
  });

  it('takes the words of the kind, the category and the chat', () => {
    const rules = {
      words: { tentative: { text: 'Perhaps' } },
      showAs: { tentative: 'busy' },
      categories: [{ name: 'Focus', effect: 'away', text: 'Focusing' }],
    };
    const user = { rules, slack: { words: { oofMessage: 'Gone' } } };
    expect(chat(preview(user, { kind: 'showAs', showAs: 'tentative' }), 'slack')?.text).toBe('Perhaps');
    expect(chat(preview(user, { kind: 'category', index: 0 }), 'hipchat')).toMatchObject({
      state: 'away',
      text: 'Focusing',
    });
    const oof = preview(user, { kind: 'showAs', showAs: 'oof' });
    expect([chat(oof, 'hipchat')?.text, chat(oof, 'slack')?.text]).toEqual(['Out of office', 'Gone']);
  });

  it('says when such an event does not count, whatever the times of the rules', () => {
    expect(preview({}, { kind: 'showAs', showAs: 'free' })).toMatchObject({ counts: false, chats: [] });
    expect(preview({ rules: { minimumMinutes: 60 } })).toMatchObject({ counts: true });
    expect(preview({}, { kind: 'category', index: 7 })).toMatchObject({ counts: true });
  });

  it('looks at the event that is on or comes next', () => {
    const events = [meeting('07:00', '07:30'), meeting('10:00', '11:00', { subject: 'Plan' })];
    expect(preview({}, { kind: 'next' }, events).event).toEqual({
      subject: 'Plan',
      start: at('10:00'),
      end: at('11:00'),
    });
    expect(preview({}, { kind: 'next' }, events.slice(0, 1))).toEqual({ event: null, counts: false, chats: [] });
  });

  it('shows nothing in a chat that shows nothing', () => {
    const found = preview({ slack: { shows: { state: true, text: false } } });
    expect(chat(found, 'slack')).toMatchObject({ state: null, text: '', emoji: '', length: 0 });
  });
});

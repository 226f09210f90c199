// Edge cases 1 to 10 of the reference: whose a status is. On the real app: test/e2e/first-start.test.ts (1 and 2) and
// test/e2e/failures.test.ts (3 and 10).
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/core/time.ts';
import { dnd, free, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';

const past = (clock: string) => at(clock) + SECOND;

describe('a meeting and what was there before', () => {
  it('1: busy starts while online → busy, with a snapshot of what was there and the end as its expiry', async () => {
    const harness = await running();
    await harness.clock.advanceTo(past('10:00'));
    expect(harness.chat('hipchat').shown).toEqual({ ...dnd, emoji: '', until: null });
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('11:00') });
    for (const chat of ['hipchat', 'slack']) {
      expect(harness.claims.records.get(chat)?.claim).toMatchObject({ snapshot: free, end: at('11:00') });
    }
  });

  it('2: it ends and our own is intact → the snapshot comes back exactly', async () => {
    const harness = await running({ settings: { rules: { ownText: 'replace' } } });
    harness.chat('hipchat').personSets({ state: 'away', text: 'At my desk' });
    harness.chat('slack').personSets({ text: 'At my desk', emoji: ':coffee:' });
    const before = [harness.chat('hipchat').shown, harness.chat('slack').shown];
    await harness.clock.advanceTo(at('10:30'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    await harness.clock.advanceTo(past('11:00'));
    expect([harness.chat('hipchat').shown, harness.chat('slack').shown]).toEqual(before);
    expect(harness.claims.records.size).toBe(0);
  });

  it('3: it ends and the person has changed it in the meeting → nothing', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:32'));
    harness.chat('hipchat').personSets({ state: 'available', text: 'Ask me' });
    harness.chat('slack').personSets({ text: 'Ask me', emoji: ':wave:', until: null });
    const said = [harness.chat('hipchat').shown, harness.chat('slack').shown];
    await harness.clock.advanceTo(at('11:30'));
    expect([harness.chat('hipchat').shown, harness.chat('slack').shown]).toEqual(said);
    expect([...harness.chats.values()].map(({ writes }) => writes.length)).toEqual([1, 1]);
  });

  it('4: it starts on do not disturb set by hand → no write; at its end do not disturb stays', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').personSets({ state: 'dnd' });
    await harness.clock.advanceTo(at('10:30'));
    expect(harness.chat('hipchat').writes).toEqual([]);
    expect(harness.engine.state().chats[0]).toMatchObject({ status: 'handsOff', claimed: false });
    await harness.clock.advanceTo(at('12:00'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'dnd', text: '' });
    expect(harness.chat('hipchat').writes).toEqual([]);
  });

  it('5: it starts on away set by hand → busy; at its end away again', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').personSets({ state: 'away' });
    await harness.clock.advanceTo(past('10:00'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.clock.advanceTo(past('11:00'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'away', text: '' });
  });

  it('6: away or do not disturb set by hand, no meeting → never touched', async () => {
    for (const state of ['away', 'dnd'] as const) {
      const harness = await running({}, [meeting('08:00', '09:00'), meeting('10:00', '11:00', { showAs: 'free' })]);
      harness.chat('hipchat').personSets({ state, text: 'Mine' });
      harness.chat('slack').personSets({ state: 'away', text: 'Mine' });
      await harness.clock.advanceTo(at('18:00'));
      expect(harness.chat('hipchat').shown).toMatchObject({ state, text: 'Mine' });
      expect(harness.chat('slack').shown).toMatchObject({ state: 'away', text: 'Mine' });
      expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    }
  });

  it('7: a text set by hand at the start → only the presence changes, the text stays', async () => {
    const harness = await running();
    harness.chat('hipchat').personSets({ text: 'Working on the release' });
    harness.chat('slack').personSets({ text: 'Working on the release', emoji: ':ship:' });
    await harness.clock.advanceTo(at('10:30'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'dnd', text: 'Working on the release' });
    await harness.clock.advanceTo(past('11:00'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'available', text: 'Working on the release' });
    // Slack has no state for it, so there is nothing to change.
    expect(harness.chat('slack').writes).toEqual([]);
    expect(harness.chat('slack').shown).toMatchObject({ text: 'Working on the release', emoji: ':ship:' });
  });

  it('8: the text of the snapshot expires in the meeting → it ends empty', async () => {
    const harness = await running({ chats: ['slack'], settings: { rules: { ownText: 'replace' } } });
    harness.chat('slack').personSets({ text: 'Lunch', emoji: ':taco:', until: at('10:30') });
    await harness.clock.advanceTo(at('10:45'));
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    await harness.clock.advanceTo(past('11:00'));
    expect(harness.chat('slack').shown).toEqual({ state: 'available', text: '', emoji: '', until: null });
    expect(harness.chat('slack').writes.map(({ presence }) => presence?.text)).not.toContain('Lunch');
  });

  it('9: the snapshot expires after the end → it comes back with what is left of its time', async () => {
    const harness = await running({ chats: ['slack'], settings: { rules: { ownText: 'replace' } } });
    const lunch = { text: 'Lunch', emoji: ':taco:', until: at('12:00') };
    harness.chat('slack').personSets(lunch);
    await harness.clock.advanceTo(at('10:45'));
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    await harness.clock.advanceTo(past('11:00'));
    expect(harness.chat('slack').shown).toMatchObject(lunch);
    await harness.clock.advanceTo(past('12:00'));
    expect(harness.chat('slack').shown).toMatchObject(free);
  });

  it('10: the person clears ours in the meeting → not again for that event; the next one applies', async () => {
    const harness = await running({}, [meeting('10:00', '11:00'), meeting('11:00', '12:00')]);
    await harness.clock.advanceTo(at('10:22'));
    harness.chat('hipchat').personSets({ state: 'available', text: '' });
    harness.chat('slack').personSets({ text: '', emoji: '', until: null });
    await harness.clock.advanceTo(at('10:59'));
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    await harness.clock.advanceTo(past('11:00'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('12:00') });
    await harness.clock.advanceTo(past('12:00'));
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
  });
});

// Edge cases 42 to 50, 61, 63, 66 and 68 of the reference: starting, stopping, sleeping, pausing. On the real app:
// test/e2e/restart.test.ts (42, 44, 46, 48, 66), test/e2e/first-start.test.ts (48, 49), test/e2e/failures.test.ts (63).
import { describe, expect, it } from 'vitest';
import { DAY, SECOND } from '../../../src/core/time.ts';
import { LayeredSettingsStore } from '../../../src/engine/settings.ts';
import { SyncEngine } from '../../../src/engine/syncEngine.ts';
import { dnd, free, Harness, type HarnessOptions, running, ScriptedCalendar } from '../../fakes/engineHarness.ts';
import { allDay, at, meeting } from '../../fakes/events.ts';
import { FakeChat } from '../../fakes/fakeChat.ts';
import { FakeClock, settle } from '../../fakes/fakeClock.ts';
import { MemoryClaims, MemoryLogger, MemorySecrets } from '../../fakes/memoryStores.ts';

const past = (clock: string) => at(clock) + SECOND;

/** Killed at 10:30 in the meeting and started again later, on the same disk and the same chats. */
async function killedAndStarted(later: string, meanwhile: (first: Harness) => void = () => {}): Promise<Harness> {
  const first = await running();
  await first.clock.advanceTo(at('10:30'));
  first.kill();
  first.clock.jumpTo(at(later));
  meanwhile(first);
  const options: HarnessOptions = { now: at(later), clock: first.clock, claims: first.claims, former: first };
  const again = new Harness(options);
  await again.start();
  return again;
}

describe('launching', () => {
  it('42: in a meeting with our own recorded → adopted without a write', async () => {
    const again = await killedAndStarted('10:40');
    await again.clock.advanceTo(at('10:59'));
    for (const chat of again.chats.values()) expect(chat.writes).toHaveLength(1);
    expect(again.engine.state().chats.map(({ claimed }) => claimed)).toEqual([true, true]);
    await again.clock.advanceTo(past('11:00'));
    for (const chat of again.chats.values()) expect(chat.shown).toMatchObject(free);
  });

  it('43: in a meeting without a record, busy already → the word of the person', async () => {
    const harness = new Harness({ now: at('10:20') });
    harness.calendar.events = [meeting('10:00', '11:00')];
    harness.chat('hipchat').personSets({ state: 'dnd', text: dnd.text });
    harness.chat('slack').personSets({ text: 'In a meeting', emoji: ':spiral_calendar_pad:', until: null });
    await harness.start();
    await harness.clock.advanceTo(at('12:00'));
    expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
  });

  it('44: after a crash and the end, our own intact → restored within 10 s', async () => {
    const again = await killedAndStarted('15:00');
    await again.clock.advance(10 * SECOND);
    for (const chat of again.chats.values()) expect(chat.shown).toMatchObject(free);
    expect(again.claims.records.size).toBe(0);
  });

  it('66: after a crash, in a chat without an expiry → restored at the next launch, if our own is intact', async () => {
    const intact = await killedAndStarted('18:00', (first) => {
      expect(first.chat('hipchat').shown).toMatchObject(dnd);
    });
    expect(intact.chat('hipchat').shown).toMatchObject(free);
    const changed = await killedAndStarted('18:00', (first) => first.chat('hipchat').personSets({ text: 'Call me' }));
    await changed.clock.advanceTo(at('18:10'));
    expect(changed.chat('hipchat').shown).toMatchObject({ state: 'dnd', text: 'Call me' });
    expect(changed.chat('hipchat').writes).toHaveLength(1);
  });
});

describe('sleeping', () => {
  it('45: over a whole meeting → nothing is set, nothing is said', async () => {
    const harness = await running();
    harness.clock.jumpTo(at('11:30'));
    await harness.tell('wake');
    await harness.clock.advanceTo(at('12:00'));
    expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    expect(harness.shown).toEqual([]);
  });

  it('46: from within a meeting to after it → restored within 10 s of waking', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:30'));
    harness.clock.jumpTo(at('11:31'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.tell('wake');
    await harness.clock.advance(10 * SECOND);
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
  });

  it('47: until within a meeting → set within 10 s of waking', async () => {
    const harness = await running();
    harness.clock.jumpTo(at('10:31'));
    await harness.tell('wake');
    await harness.clock.advance(10 * SECOND);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('11:00') });
  });
});

describe('quitting and pausing', () => {
  it('48: quit in a meeting → by the setting restored, or left to the expiry', async () => {
    const restoring = await running({ settings: { onQuit: 'restore' } });
    await restoring.clock.advanceTo(at('10:30'));
    await restoring.engine.stop();
    for (const chat of restoring.chats.values()) expect(chat.shown).toMatchObject(free);
    const leaving = await running({ settings: { onQuit: 'leave' } });
    await leaving.clock.advanceTo(at('10:30'));
    await leaving.engine.stop();
    leaving.kill();
    expect(leaving.chat('hipchat').shown).toMatchObject(dnd);
    expect(leaving.chat('slack').shown.text).toBe('In a meeting');
    await leaving.clock.advanceTo(past('11:00'));
    expect(leaving.chat('slack').shown).toMatchObject(free);
    // What can't expire is taken back by the next start.
    expect(leaving.claims.records.get('hipchat')?.claim).toMatchObject({ end: at('11:00') });
  });

  it('49: paused in a meeting → restored and still; resumed in a meeting → set', async () => {
    const harness = await running({}, [meeting('10:00', '11:00'), meeting('11:20', '12:00')]);
    await harness.clock.advanceTo(at('10:20'));
    harness.settings.update({ pausedUntil: 'forever' });
    await settle();
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    const calls = () => [...harness.chats.values()].map(({ reads, writes }) => [reads, writes.length]);
    const before = calls();
    await harness.clock.advanceTo(at('11:30'));
    expect(calls()).toEqual(before);
    harness.settings.update({ pausedUntil: null });
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('12:00') });
  });

  it('50: a timed pause ends in a meeting → set', async () => {
    const harness = await running({ settings: { pausedUntil: '2026-01-05T10:31:00Z' } });
    await harness.clock.advanceTo(at('10:31') - SECOND);
    expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    await harness.clock.advanceTo(past('10:31'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    expect(harness.settings.get().pausedUntil).toBeNull();
  });
});

describe('settings and quiet', () => {
  it('61: an account is removed in a meeting → our own is restored first', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:30'));
    harness.settings.update({ chats: [{ id: 'slack', provider: 'slack', email: '' }] });
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    expect(harness.claims.records.has('hipchat')).toBe(false);
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    const { reads } = harness.chat('hipchat');
    await harness.clock.advanceTo(at('11:10'));
    expect(harness.chat('hipchat').reads).toBe(reads);
  });

  it('63: the organisation locks a rule → it can not be changed here, and the change applies at once', async () => {
    let managed: object = {};
    let content: unknown = {
      email: 'ada@example.com',
      calendars: [{ id: 'work', provider: 'ics' }],
      chats: [{ id: 'hipchat', provider: 'hipchat' }],
    };
    const clock = new FakeClock(at('10:20'));
    const logger = new MemoryLogger();
    const settings = new LayeredSettingsStore({
      file: {
        read: () => content,
        write: (value) => {
          content = value;
        },
        setAside: () => '',
        watch: () => () => {},
      },
      readManaged: () => ({ value: managed, problems: [] }),
      readLegacy: () => null,
      logger,
    });
    const chat = new FakeChat({ capabilities: { expires: false }, now: () => clock.now() });
    const calendar = new ScriptedCalendar('work', () => clock.now());
    calendar.events = [meeting('10:00', '11:00', { otherAttendees: 0 })];
    const providers = { calendar: () => calendar, chat: () => chat };
    const claims = new MemoryClaims();
    const engine = new SyncEngine({ settings, secrets: new MemorySecrets(), providers, claims, clock, logger });
    await engine.start();
    await engine.refresh();
    expect(chat.shown).toMatchObject(dnd);
    managed = { rules: { soloEvents: false } };
    settings.reload();
    await settle();
    expect(chat.shown).toMatchObject(free);
    // What the windows and the menu grey out.
    expect([...settings.locked()]).toEqual(['rules.soloEvents']);
    const { rules } = settings.get();
    expect(() => settings.update({ rules: { ...rules, soloEvents: true } })).toThrow(/rules\.soloEvents.*organisation/);
    managed = {};
    settings.reload();
    await settle();
    expect(chat.shown).toMatchObject(dnd);
  });

  it('68: nothing changed for a whole day → no writes, no notifications', async () => {
    const events = [
      meeting('10:00', '11:00', { showAs: 'free' }),
      meeting('12:00', '13:00', { showAs: 'workingElsewhere' }),
      allDay('2026-01-05', '2026-01-06'),
    ];
    const harness = await running({}, events);
    harness.chat('slack').personSets({ text: 'At my desk' });
    await harness.clock.advance(DAY);
    expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    expect(harness.shown).toEqual([]);
    expect(harness.calendar.readsAt.length).toBeGreaterThan(24);
    // With a meeting on all day: its two edges, and nothing for all the marks between.
    const long = await running({}, [meeting('10:00', '20:00')]);
    await long.clock.advanceTo(at('19:59'));
    for (const chat of long.chats.values()) expect(chat.writes).toHaveLength(1);
    expect(long.shown).toHaveLength(1);
  });
});

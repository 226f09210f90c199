// Edge cases 52 to 57 and 60 of the reference: what fails, and what holds all the same. On the real app:
// test/e2e/failures.test.ts (52, 54, 60); at every write point: test/contract/crash-safety.test.ts.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import { dnd, free, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import type { FakeChat } from '../../fakes/fakeChat.ts';

const past = (clock: string) => at(clock) + SECOND;
const always = { times: Number.POSITIVE_INFINITY };

/** When a write was tried, whatever came of it. */
function tries(chat: FakeChat, now: () => number): number[] {
  const times: number[] = [];
  const write = chat.write.bind(chat);
  chat.write = (...given) => {
    times.push(now());
    return write(...given);
  };
  return times;
}

describe('a calendar', () => {
  it('52: 5xx or no answer → the state is kept until the cached end, then restored', async () => {
    for (const code of ['serverError', 'unavailable', 'timeout'] as const) {
      const harness = await running();
      await harness.clock.advanceTo(at('10:12'));
      harness.calendar.error = new AppError(code, 'Trouble.');
      await harness.clock.advanceTo(at('11:00') - SECOND);
      expect(harness.engine.state().calendars[0]).toMatchObject({ health: 'stale', error: { code } });
      expect(harness.chat('hipchat').shown).toMatchObject(dnd);
      expect(harness.chat('slack').shown.text).toBe('In a meeting');
      await harness.clock.advanceTo(past('11:00'));
      for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    }
  });

  it('53: 429 with Retry-After 120 → no call for 120 s, and the timers still fire', async () => {
    const harness = await running({}, [meeting('10:00', '10:06')]);
    await harness.clock.advanceTo(at('10:05') - SECOND);
    harness.calendar.error = new AppError('rateLimited', 'Slow down.', { retryAfter: 120_000 });
    await harness.clock.advanceTo(past('10:05'));
    harness.calendar.error = null;
    await harness.tell('online');
    await harness.clock.advanceTo(past('10:06'));
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    await harness.clock.advanceTo(at('10:09'));
    expect(harness.calendar.readsAt.filter((time) => time >= at('10:05'))).toEqual([at('10:05'), at('10:07')]);
  });

  it('54: the token is revoked in a meeting → restored at the cached end, and one notice to sign in', async () => {
    const harness = await running({ settings: { notifications: { status: false } } });
    await harness.clock.advanceTo(at('10:21'));
    harness.calendar.error = new AppError('unauthorized', 'Signed out.');
    await harness.clock.advanceTo(at('11:00') - SECOND);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.clock.advanceTo(past('11:00'));
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    await harness.clock.advanceTo(at('13:00'));
    expect(harness.shown.map(({ id }) => id)).toEqual(['auth:work']);
  });
});

describe('a chat', () => {
  it('55: the write fails at the start → tried again with backoff, and dropped at the end', async () => {
    const harness = await running({ chats: ['hipchat'] });
    const chat = harness.chat('hipchat');
    const times = tries(chat, () => harness.clock.now());
    chat.fail({ kind: 'lost' }, { on: 'write', ...always });
    await harness.clock.advanceTo(at('10:04'));
    const distinct = [...new Set(times)];
    expect(distinct[0]).toBe(at('10:00'));
    const gaps = distinct.slice(1).map((time, index) => time - (distinct[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(10);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps[0]).toBeLessThan(2 * SECOND);
    expect(gaps.at(-1)).toBeGreaterThan(5 * SECOND);
    await harness.clock.advanceTo(past('11:00'));
    chat.clearFaults();
    times.length = 0;
    await harness.clock.advanceTo(at('12:00'));
    expect([times, chat.writes]).toEqual([[], []]);
    expect(harness.claims.records.get('hipchat')?.claim ?? null).toBeNull();
    // A fault that passes in time is made good.
    const other = await running({ chats: ['hipchat'] });
    other.chat('hipchat').fail({ kind: 'lost' }, { on: 'write', times: 3 });
    await other.clock.advanceTo(at('10:00') + 20 * SECOND);
    expect(other.chat('hipchat').shown).toMatchObject(dnd);
  });

  it('56: the write fails at the end → tried again; where there is an expiry, it has ended by itself', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:30'));
    for (const chat of harness.chats.values()) chat.fail({ kind: 'lost' }, always);
    await harness.clock.advanceTo(at('11:07'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown).toMatchObject(free);
    for (const chat of harness.chats.values()) chat.clearFaults();
    await harness.clock.advance(10 * SECOND);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    await harness.clock.advance(10 * MINUTE);
    expect([...harness.claims.records.values()].filter(({ claim }) => claim !== null)).toEqual([]);
  });

  it('57: a write timed out but landed → read back, not taken for the word of the person', async () => {
    const harness = await running();
    for (const chat of harness.chats.values()) chat.fail({ kind: 'landed' }, { on: 'write' });
    await harness.clock.advanceTo(at('10:10'));
    for (const chat of harness.chats.values()) expect(chat.writes).toHaveLength(1);
    expect(harness.engine.state().chats).toMatchObject([
      { status: 'ok', claimed: true },
      { status: 'ok', claimed: true },
    ]);
    for (const chat of harness.chats.values()) chat.fail({ kind: 'landed' }, { on: 'write' });
    await harness.clock.advanceTo(at('11:10'));
    for (const chat of harness.chats.values()) expect(chat.shown).toMatchObject(free);
    expect(harness.chat('hipchat').writes).toHaveLength(2);
    expect([...harness.claims.records.values()]).toEqual([]);
  });

  it('60: one of two chats is down → the other is not affected', async () => {
    for (const fault of [{ kind: 'lost' }, { kind: 'late', until: new Promise<void>(() => {}) }] as const) {
      const harness = await running();
      harness.chat('hipchat').fail(fault, always);
      await harness.clock.advanceTo(at('10:00') + 2 * SECOND);
      expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('11:00') });
      await harness.clock.advanceTo(at('11:00') + 2 * SECOND);
      expect(harness.chat('slack').shown).toMatchObject(free);
      expect(harness.chat('hipchat').writes).toEqual([]);
      expect(harness.claims.records.has('slack')).toBe(false);
    }
  });
});

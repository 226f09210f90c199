import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { dnd, free, Harness, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { refused } from '../../fakes/fakeChat.ts';
import { settle } from '../../fakes/fakeClock.ts';

describe('a meeting', () => {
  it('is written to every chat within 2 s of its edges, and taken back', async () => {
    const harness = await running({}, [meeting('10:01', '11:02')]);
    await harness.clock.advanceTo(at('10:01') + 1_000);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.chat('slack').shown).toMatchObject({ text: 'In a meeting', until: at('11:02') });
    expect(harness.chat('slack').writes[0]?.at).toBeLessThan(at('10:01') + 2_000);
    await harness.clock.advanceTo(at('11:02') + 1_000);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    expect(harness.chat('hipchat').writes).toHaveLength(2);
    expect(harness.claims.records.size).toBe(0);
  });

  it('is read at the five-minute marks and at the edges', async () => {
    const harness = await running({ now: at('09:58') }, [meeting('10:07', '11:00')]);
    await harness.clock.advanceTo(at('10:11'));
    expect(harness.calendar.readsAt).toEqual([at('09:58'), at('10:00'), at('10:05'), at('10:07'), at('10:10')]);
  });

  it('that starts at a mark is one reason to read the calendar, not two', async () => {
    const harness = await running({ now: at('09:58') });
    await harness.clock.advanceTo(at('10:01'));
    expect(harness.calendar.readsAt).toEqual([at('09:58'), at('10:00')]);
  });

  it('writes nothing and says nothing for a whole quiet day (edge case 68)', async () => {
    const harness = await running({}, [meeting('10:00', '11:00', { showAs: 'free' })]);
    await harness.clock.advanceTo(at('09:57') + 24 * 3_600_000);
    expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    expect(harness.shown).toEqual([]);
  });

  it('that is put beside one the person had the last word on is theirs, too', async () => {
    const first = meeting('10:00', '11:00');
    const harness = await running({}, [first]);
    await harness.clock.advanceTo(at('10:12'));
    harness.chat('hipchat').personSets({ state: 'available', text: '' });
    await harness.clock.advanceTo(at('10:22'));
    harness.calendar.events = [first, meeting('10:45', '11:30')];
    await harness.clock.advanceTo(at('11:20'));
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    expect(harness.chat('hipchat').writes).toHaveLength(1);
  });

  it('that follows one the person had the last word on applies, also when their word is seen at its start only', async () => {
    const harness = await running({ chats: ['hipchat'] }, [meeting('10:00', '10:30'), meeting('10:30', '11:00')]);
    await harness.clock.advanceTo(at('10:27'));
    harness.chat('hipchat').personSets({ state: 'available', text: '' });
    await harness.clock.advanceTo(at('10:29'));
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    await harness.clock.advanceTo(at('10:30') + 2_000);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.clock.advanceTo(at('11:00') + 2_000);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
  });

  it('is one write and one notice over meetings that follow each other (edge case 11)', async () => {
    const harness = await running({ chats: ['hipchat'] }, [meeting('10:00', '11:00'), meeting('11:00', '12:00')]);
    await harness.clock.advanceTo(at('11:30'));
    expect(harness.chat('hipchat').writes).toHaveLength(1);
    expect(harness.shown.map(({ title }) => title)).toEqual(["You are now set to 'Do not disturb'"]);
  });

  it('that is cancelled or added while it runs changes the presence at the next read (edge cases 24 and 32)', async () => {
    const harness = await running({ chats: ['hipchat'] });
    await harness.clock.advanceTo(at('10:01'));
    harness.calendar.events = [];
    await harness.clock.advanceTo(at('10:05') + 1_000);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    harness.calendar.events = [meeting('10:02', '11:00')];
    await harness.clock.advanceTo(at('10:15') + 1_000);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
  });
});

describe('the word of the person', () => {
  it('holds for the rest of the meeting; the next one applies again (edge cases 3 and 10)', async () => {
    const harness = await running({ chats: ['hipchat'] }, [meeting('10:00', '11:00'), meeting('12:00', '13:00')]);
    await harness.clock.advanceTo(at('10:20'));
    harness.chat('hipchat').personSets({ state: 'available', text: 'Ask me' });
    await harness.clock.advanceTo(at('11:59'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'available', text: 'Ask me' });
    await harness.clock.advanceTo(at('12:01'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'dnd', text: 'Ask me' });
    await harness.clock.advanceTo(at('13:01'));
    expect(harness.chat('hipchat').shown).toMatchObject({ state: 'available', text: 'Ask me' });
  });

  it('that comes between our write and its reading back is theirs', async () => {
    const harness = await running({ chats: ['hipchat'] });
    const chat = harness.chat('hipchat');
    const write = chat.write.bind(chat);
    chat.write = async (...given) => {
      await write(...given);
      chat.personSets({ state: 'available', text: 'Ask me' });
    };
    await harness.clock.advanceTo(at('11:30'));
    expect(chat.shown).toMatchObject({ state: 'available', text: 'Ask me' });
    expect(chat.writes).toHaveLength(1);
  });

  it('in one chat leaves the other right', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:20'));
    harness.chat('hipchat').personSets({ state: 'away' });
    await harness.clock.advanceTo(at('11:01'));
    expect(harness.chat('hipchat').shown.state).toBe('away');
    expect(harness.chat('slack').shown).toMatchObject(free);
    expect(harness.engine.state().chats.map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  it('pauses and resumes in the middle of a meeting (edge case 49)', async () => {
    const harness = await running({ chats: ['hipchat'] });
    await harness.clock.advanceTo(at('10:20'));
    harness.settings.update({ pausedUntil: 'forever' });
    await settle();
    expect(harness.engine.state().phase).toBe('paused');
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    const { reads } = harness.chat('hipchat');
    await harness.clock.advanceTo(at('10:40'));
    expect(harness.chat('hipchat').reads).toBe(reads);
    harness.settings.update({ pausedUntil: null });
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
  });

  it('resumes by itself when the time of a pause is over (edge case 50)', async () => {
    const harness = await running({ chats: ['hipchat'], settings: { pausedUntil: '2026-01-05T10:31:00Z' } });
    await harness.clock.advanceTo(at('10:30'));
    expect(harness.chat('hipchat').writes).toEqual([]);
    await harness.clock.advanceTo(at('10:31') + 1_000);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.settings.get().pausedUntil).toBeNull();
  });
});

describe('failure', () => {
  it('of a calendar keeps the last view, says so, and still fires the cached edges (edge cases 52 and 54)', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.calendar.error = new AppError('unavailable', 'Down.');
    await harness.clock.advanceTo(at('10:30'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.engine.state().calendars[0]).toMatchObject({ health: 'stale', error: { code: 'unavailable' } });
    await harness.clock.advanceTo(at('11:00') + 1_000);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
  });

  it('of one calendar at the start does not make the person free', async () => {
    const harness = new Harness({ now: at('09:57'), calendars: ['work', 'home'], chats: ['hipchat'] });
    harness.chat('hipchat').personSets({ state: 'dnd' });
    for (const calendar of harness.calendars.values()) calendar.error = new AppError('network', 'No network.');
    await harness.start();
    await harness.clock.advanceTo(at('10:30'));
    expect(harness.chat('hipchat').writes).toEqual([]);
    expect(harness.engine.state().now).toBeNull();
  });

  it('of one chat does not delay another (edge case 60)', async () => {
    const harness = await running();
    let release = () => {};
    harness.chat('hipchat').fail({ kind: 'late', until: new Promise<void>((resolve) => (release = resolve)) });
    await harness.clock.advanceTo(at('10:00') + 1_500);
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    await harness.clock.advanceTo(at('11:00') + 1_500);
    expect(harness.chat('slack').shown.text).toBe('');
    release();
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(free);
  });

  it('obeys Retry-After to the second, and the timers still fire (edge case 53)', async () => {
    const harness = await running();
    harness.calendar.error = new AppError('rateLimited', 'Slow down.', { retryAfter: 422_000 });
    await harness.clock.advanceTo(at('10:00') + 1_000);
    const limitedAt = at('10:00');
    harness.calendar.error = null;
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.clock.advanceTo(at('10:20'));
    const reads = harness.calendar.readsAt.filter((time) => time > limitedAt);
    expect(reads[0]).toBe(limitedAt + 422_000);
  });

  it('of a chat is over within 10 s of its being reachable again (edge case 56)', async () => {
    const harness = await running({ chats: ['hipchat'] });
    await harness.clock.advanceTo(at('10:30'));
    const over = harness.chat('hipchat').fail({ kind: 'lost' }, { times: Number.POSITIVE_INFINITY });
    await harness.clock.advanceTo(at('11:07') + 1_234);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    over();
    await harness.clock.advance(10_000);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
  });

  it('backs off from a chat that has nothing to be told', async () => {
    const harness = await running({ chats: ['hipchat'] }, []);
    const reads = () => harness.chat('hipchat').reads;
    harness.chat('hipchat').fail(refused.unavailable(), { times: Number.POSITIVE_INFINITY });
    await harness.clock.advanceTo(at('10:00') + 1_000);
    const before = reads();
    await harness.clock.advanceTo(at('11:00') + 1_000);
    expect(reads() - before).toBeLessThan(40);
  });

  it('of a chat that hangs is not met with one call after the other', async () => {
    const harness = await running({ chats: ['hipchat'] });
    const { clock } = harness;
    const chat = harness.chat('hipchat');
    const calls: number[] = [];
    chat.read = async () => {
      calls.push(clock.now());
      await new Promise<void>((resolve) => clock.after(15_000, resolve));
      throw new AppError('timeout', 'No answer.');
    };
    await clock.advanceTo(at('10:04') + 50_000);
    // 15 s for each, and the wait after it.
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.length).toBeLessThan(17);
    expect(calls.slice(4).every((time, index) => index === 0 || time - (calls[index + 3] ?? 0) >= 15_000 + 3_000)).toBe(
      true,
    );
  });

  it('that lost only the answer does not look like the word of a person (edge case 57)', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.chat('hipchat').fail({ kind: 'landed' }, { on: 'write' });
    await harness.clock.advanceTo(at('10:10'));
    expect(harness.chat('hipchat').writes).toHaveLength(1);
    await harness.clock.advanceTo(at('11:01'));
    expect(harness.chat('hipchat').shown).toMatchObject(free);
  });

  it('to keep the claim stops the write', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.claims.onSave = () => {
      throw new AppError('unavailable', 'The disk is full.');
    };
    await harness.clock.advanceTo(at('10:01'));
    expect(harness.chat('hipchat').writes).toEqual([]);
    expect(harness.engine.state().chats[0]).toMatchObject({ status: 'failing' });
  });

  it('to keep the answer does not undo it: who then goes back has said so', async () => {
    const harness = await running({ chats: ['hipchat'] });
    const chat = harness.chat('hipchat');
    harness.claims.onSave = (_, record) => {
      if (record?.claim?.isAnswered) throw new AppError('locked', 'The disk is full.', { reason: 'diskFull' });
    };
    await harness.clock.advanceTo(at('10:01'));
    expect(chat.shown).toMatchObject(dnd);
    expect(harness.engine.state().chats[0]).toMatchObject({ status: 'failing', error: { reason: 'diskFull' } });
    chat.personSets({ state: 'available', text: '' });
    await harness.clock.advanceTo(at('10:30'));
    expect(chat.writes).toHaveLength(1);
    expect(harness.engine.state().chats[0]).toMatchObject({ status: 'handsOff', error: null });
  });
});

describe('privacy', () => {
  it('keeps what is allowed in a text to the chats and their claims', async () => {
    const day = [
      meeting('10:00', '11:00', { subject: 'Merger', location: 'Vault' }),
      meeting('12:00', '13:00', { subject: 'Salary', location: 'Vault', sensitivity: 'confidential' }),
    ];
    const settings = { statusMessage: '{subject} – {location}', privacy: { subject: true } };
    const harness = await running({ settings }, day);
    await harness.clock.advanceTo(at('10:30'));
    expect(harness.chat('slack').shown.text).toBe('Merger');
    expect(JSON.stringify([...harness.claims.records])).toContain('Merger');
    await harness.clock.advanceTo(at('12:30'));
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    const others = JSON.stringify([harness.shown, harness.engine.state(), harness.logger.lines]);
    expect(others).not.toMatch(/Merger|Salary|Vault/);
    // Nothing of it is kept when it is over, and nothing that was not allowed was ever written.
    expect(JSON.stringify([...harness.claims.records])).not.toMatch(/Merger|Salary|Vault/);
    expect(JSON.stringify([...harness.chats.values()].map(({ writes }) => writes))).not.toMatch(/Salary|Vault/);
  });

  it('keeps subjects out of chats, claims, notices, state and log', async () => {
    const harness = await running({}, [meeting('10:00', '11:00', { subject: 'Merger', showAs: 'busy' })]);
    await harness.clock.advanceTo(at('10:30'));
    const written = JSON.stringify([
      [...harness.chats.values()].map(({ writes }) => writes),
      [...harness.claims.records],
      harness.shown,
      harness.engine.state(),
      harness.logger.lines,
    ]);
    expect(written).toContain('In a meeting');
    expect(written).not.toContain('Merger');
  });
});

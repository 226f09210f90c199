import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { dnd, free, Harness, running } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { settle } from '../../fakes/fakeClock.ts';

describe('starting again', () => {
  it('takes back after a kill what the meeting has left (edge cases 44 and 66)', async () => {
    const first = await running({ chats: ['hipchat'] });
    await first.clock.advanceTo(at('10:30'));
    first.kill();
    first.clock.jumpTo(at('15:00'));
    const again = new Harness({
      now: at('15:00'),
      clock: first.clock,
      claims: first.claims,
      chats: ['hipchat'],
      former: first,
    });
    await again.start();
    expect(again.chat('hipchat').shown).toMatchObject(free);
    expect(again.claims.records.size).toBe(0);
  });

  it('adopts what it wrote when the meeting still runs (edge case 42)', async () => {
    const first = await running({ chats: ['hipchat'] });
    await first.clock.advanceTo(at('10:30'));
    first.kill();
    const again = new Harness({
      now: at('10:30'),
      clock: first.clock,
      claims: first.claims,
      chats: ['hipchat'],
      former: first,
    });
    await again.start();
    expect(again.chat('hipchat').writes).toHaveLength(1);
    await again.clock.advanceTo(at('11:01'));
    expect(again.chat('hipchat').shown).toMatchObject(free);
  });

  it('takes back at the end that was known when no calendar can be read', async () => {
    const first = await running({ chats: ['hipchat'] });
    await first.clock.advanceTo(at('10:30'));
    first.kill();
    const again = new Harness({
      now: at('10:30'),
      clock: first.clock,
      claims: first.claims,
      chats: ['hipchat'],
      former: first,
    });
    again.calendar.error = new AppError('network', 'No network.');
    await again.start();
    await again.clock.advanceTo(at('10:59'));
    expect(again.chat('hipchat').shown).toMatchObject(dnd);
    await again.clock.advanceTo(at('11:00') + 1_000);
    expect(again.chat('hipchat').shown).toMatchObject(free);
  });
});

describe('the machine', () => {
  it('that slept through a meeting writes and says nothing (edge case 45)', async () => {
    const harness = await running();
    harness.clock.jumpTo(at('11:30'));
    await harness.tell('wake');
    await harness.clock.advance(10_000);
    expect([...harness.chats.values()].flatMap(({ writes }) => writes)).toEqual([]);
    expect(harness.shown).toEqual([]);
  });

  it('that slept over an end restores within 10 s of waking (edge case 46), and sets in a meeting (edge case 47)', async () => {
    const harness = await running({ chats: ['hipchat'] }, [meeting('10:00', '11:00'), meeting('12:00', '13:00')]);
    await harness.clock.advanceTo(at('10:30'));
    harness.clock.jumpTo(at('11:30'));
    await harness.tell('wake');
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    harness.clock.jumpTo(at('12:30'));
    await harness.tell('unlock');
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
  });

  it('that travels takes the profile zone along, by itself and with each write (edge case 38)', async () => {
    const harness = await running({ chats: ['hipchat'] });
    harness.clock.travel('Asia/Tokyo');
    await harness.tell('zoneChange');
    expect(harness.chat('hipchat').writes).toMatchObject([{ profileTimeZone: 'Asia/Tokyo' }]);
    expect(harness.chat('hipchat').writes[0]).not.toHaveProperty('presence');
  });

  it('is never asked twice at once', async () => {
    const harness = await running();
    let inFlight = 0;
    let most = 0;
    const chat = harness.chat('hipchat');
    const read = chat.read.bind(chat);
    chat.read = async (signal) => {
      most = Math.max(most, ++inFlight);
      await settle();
      inFlight -= 1;
      return read(signal);
    };
    harness.clock.jumpTo(harness.clock.now() + 60_000);
    await Promise.all([
      harness.engine.apply(),
      harness.engine.refresh(),
      harness.engine.apply(),
      harness.tell('online'),
    ]);
    await harness.engine.settled();
    expect(most).toBe(1);
  });
});

describe('quitting and accounts', () => {
  it('restores or leaves by the setting (edge case 48)', async () => {
    const restoring = await running({ chats: ['hipchat'] });
    await restoring.clock.advanceTo(at('10:30'));
    await restoring.engine.stop();
    expect(restoring.chat('hipchat').shown).toMatchObject(free);
    const leaving = await running({ chats: ['hipchat'], settings: { onQuit: 'leave' } });
    await leaving.clock.advanceTo(at('10:30'));
    await leaving.engine.stop();
    expect(leaving.chat('hipchat').shown).toMatchObject(dnd);
    expect(leaving.claims.records.has('hipchat')).toBe(true);
  });

  it('leaves all as it is when it is asked to, whatever the settings say', async () => {
    const harness = await running({ chats: ['hipchat'] });
    await harness.clock.advanceTo(at('10:30'));
    const { reads, writes } = harness.chat('hipchat');
    const before = [reads, writes.length];
    await harness.engine.stop({ giveBack: false });
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect(harness.claims.records.has('hipchat')).toBe(true);
    expect([harness.chat('hipchat').reads, harness.chat('hipchat').writes.length]).toEqual(before);
  });

  it('gives back before an account goes (edge case 61)', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:30'));
    harness.settings.update({ chats: [{ id: 'slack', provider: 'slack', email: '' }] });
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    expect(harness.chat('slack').shown.text).toBe('In a meeting');
    expect(await harness.engine.left('hipchat')).toBe(true);
    expect([...harness.claims.records.keys()]).toEqual(['slack']);
  });

  it('says when it could not give back to an account that has gone, and forgets it', async () => {
    const harness = await running();
    await harness.clock.advanceTo(at('10:30'));
    harness.chat('hipchat').fail({ kind: 'lost' }, { times: Number.POSITIVE_INFINITY });
    harness.settings.update({ chats: [{ id: 'slack', provider: 'slack', email: '' }] });
    expect(await harness.engine.left('hipchat')).toBe(false);
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    expect([...harness.claims.records.keys()]).toEqual(['slack']);
    expect(await harness.engine.left('nobody')).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { PersonsWord } from '../../../src/engine/personsWord.ts';
import { dnd, free, type Harness, running } from '../../fakes/engineHarness.ts';
import { at } from '../../fakes/events.ts';
import { settle } from '../../fakes/fakeClock.ts';

async function saying(): Promise<{ harness: Harness; word: PersonsWord }> {
  const harness = await running({ chats: ['hipchat'] });
  const { engine, settings, clock } = harness;
  return { harness, word: new PersonsWord({ engine, settings, clock }) };
}

describe('what a person says from the menu', () => {
  it('"not for this meeting" gives back at once, and holds over a refresh', async () => {
    const { harness, word } = await saying();
    await harness.clock.advanceTo(at('10:20'));
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    word.notForThisMeeting();
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    await harness.clock.advanceTo(at('10:55'));
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    await harness.clock.advanceTo(at('11:06'));
    expect(harness.settings.get().overrides.notFor).toEqual([]);
  });

  it('"not for this meeting" is nothing outside of any', async () => {
    const { harness, word } = await saying();
    word.notForThisMeeting();
    expect(harness.settings.get().overrides.notFor).toEqual([]);
  });

  it('"busy for" sets at once and ends on time, by itself', async () => {
    const { harness, word } = await saying();
    await harness.clock.advanceTo(at('11:10'));
    word.busy(30 * MINUTE);
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(dnd);
    await harness.clock.advanceTo(at('11:40') + 1_000);
    expect(harness.chat('hipchat').shown).toMatchObject(free);
    expect(harness.settings.get().overrides.busy).toBeNull();
  });

  it('"no longer busy" ends it before its time', async () => {
    const { harness, word } = await saying();
    await harness.clock.advanceTo(at('11:10'));
    word.busy(HOUR);
    await settle();
    word.notBusy();
    await settle();
    expect(harness.chat('hipchat').shown).toMatchObject(free);
  });

  it('pauses for a time, until tomorrow, or until resumed', async () => {
    const { harness, word } = await saying();
    word.pause(30 * MINUTE);
    expect(harness.settings.get().pausedUntil).toBe('2026-01-05T10:27:00.000Z');
    word.pause('tomorrow');
    expect(harness.settings.get().pausedUntil).toBe('2026-01-06T00:00:00.000Z');
    word.pause('forever');
    expect(harness.settings.get().pausedUntil).toBe('forever');
    word.resume();
    expect(harness.settings.get().pausedUntil).toBeNull();
  });
});

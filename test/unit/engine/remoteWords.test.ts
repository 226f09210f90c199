import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import type { RemoteWord, WordKind } from '../../../src/core/remoteWord.ts';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { PersonsWord } from '../../../src/engine/personsWord.ts';
import { RemoteWords } from '../../../src/engine/remoteWords.ts';
import type { SettingsStore } from '../../../src/ports/settingsStore.ts';
import type { SystemEvent } from '../../../src/ports/systemEvents.ts';
import { dnd, free, Harness } from '../../fakes/engineHarness.ts';
import { at, meeting } from '../../fakes/events.ts';
import { settle } from '../../fakes/fakeClock.ts';
import { FakeWords } from '../../fakes/fakeWords.ts';

let harness: Harness;
let hub: FakeWords;
let words: RemoteWords;
let count: number;
let tell: (event: SystemEvent) => void;

/** A word that is said now. */
function word(kind: WordKind, howLong = HOUR, text = ''): RemoteWord {
  count += 1;
  const now = harness.clock.now();
  return { kind, until: now + howLong, text, at: now, event: count };
}

/** The words are said in what the harness calls Slack; the other chat has none. */
function follow(settings: SettingsStore): RemoteWords {
  const { engine, clock, logger } = harness;
  return new RemoteWords({
    sources: ({ id }) => (id === 'slack' ? hub : null),
    word: new PersonsWord({ engine, settings, clock }),
    engine,
    settings,
    systemEvents: {
      subscribe: (onEvent) => {
        tell = onEvent;
        return () => {};
      },
    },
    clock,
    logger,
  });
}

const say = async (given: RemoteWord): Promise<void> => {
  hub.say(given);
  await settle();
};
const heard = () => harness.settings.get().overrides.heard;
const hipchat = () => harness.chat('hipchat').shown;
const start = async () => {
  await harness.start();
  words.start();
};

beforeEach(() => {
  count = 0;
  hub = new FakeWords();
  harness = new Harness({ now: at('09:57') });
  harness.calendar.events = [meeting('10:00', '11:00'), meeting('11:00', '12:00')];
  words = follow(harness.settings);
});
afterEach(() => {
  words.stop();
  expect(hub.readers).toBe(0);
});

describe('words that are said in a hub', () => {
  it('are followed while the settings have it, anew with a new token, and over a new way when the machine wakes', async () => {
    await start();
    const { chats } = harness.settings.get();
    expect(hub.readers).toBe(1);
    harness.settings.update({ statusMessage: 'Busy' });
    words.renew('slack');
    words.renew('hipchat');
    expect(hub.readers).toBe(1);
    tell('wake');
    expect(hub.reconnects).toBe(1);
    harness.settings.update({ chats: chats.filter(({ id }) => id !== 'slack') });
    expect(hub.readers).toBe(0);
    harness.settings.update({ chats });
    expect(hub.readers).toBe(1);
    words.stop();
    words.renew('slack');
    expect(hub.readers).toBe(0);
  });

  it('say busy, with their own text, at once and to the end', async () => {
    await start();
    await say(word('busy', HOUR / 2, 'Deep work'));
    expect(hipchat()).toMatchObject({ state: 'dnd', text: 'Deep work' });
    await harness.clock.advanceTo(at('10:20'));
    expect(hipchat()).toMatchObject({ state: 'dnd', text: 'Deep work' });
    await harness.clock.advanceTo(at('10:27') + 1_000);
    expect(hipchat()).toMatchObject(dnd);
    expect(harness.settings.get().overrides.busy).toBeNull();
    expect(heard()).toEqual([{ account: 'slack', event: 1, at: at('09:57') }]);
    expect(harness.logger.lines.join()).not.toContain('Deep work');
  });

  it('do not wait for a slow calendar', async () => {
    await start();
    harness.calendar.waitFor = new Promise(() => {});
    await say(word('busy', HOUR, 'Deep work'));
    expect(hipchat()).toMatchObject({ text: 'Deep work' });
  });

  it('say available for what was on then, and the next meeting counts', async () => {
    await start();
    await say(word('busy', 2 * HOUR, 'Deep work'));
    await harness.clock.advanceTo(at('10:10'));
    await say(word('available'));
    expect(hipchat()).toMatchObject(free);
    expect(harness.settings.get().overrides.busy).toBeNull();
    await harness.clock.advanceTo(at('11:00') + 1_000);
    expect(hipchat()).toMatchObject(dnd);
  });

  it('say available as soon as it is known what was on', async () => {
    harness.clock.jumpTo(at('10:10'));
    let read = (): void => {};
    harness.calendar.waitFor = new Promise((resolve) => {
      read = resolve;
    });
    await start();
    await say(word('available'));
    expect(heard()).toEqual([]);
    harness.calendar.waitFor = null;
    read();
    await settle();
    expect(heard()).toHaveLength(1);
    expect(hipchat()).toMatchObject(free);
    await harness.clock.advanceTo(at('10:30'));
    expect(hipchat()).toMatchObject(free);
  });

  it('say available also where no calendar can be read', async () => {
    harness.calendar.error = new AppError('unauthorized', 'Refused (401).');
    await start();
    await say(word('busy'));
    await say(word('available'));
    expect(harness.settings.get().overrides.busy).toBeNull();
    expect(heard()).toEqual([{ account: 'slack', event: 2, at: at('09:57') }]);
  });

  it('pause and resume', async () => {
    await start();
    await harness.clock.advanceTo(at('10:10'));
    await say(word('pause', HOUR / 2));
    expect(hipchat()).toMatchObject(free);
    expect(harness.settings.get().pausedUntil).toBe('2026-01-05T10:40:00.000Z');
    await say(word('resume'));
    expect(hipchat()).toMatchObject(dnd);
    await say(word('pause', HOUR / 2));
    await harness.clock.advanceTo(at('10:40') + 1_000);
    expect(hipchat()).toMatchObject(dnd);
  });

  it('are obeyed once, by whatever way and however often they come', async () => {
    await start();
    const pause = word('pause', 2 * HOUR);
    await say(pause);
    harness.settings.update({ pausedUntil: null });
    await say(pause);
    words.stop();
    words = follow(harness.settings);
    words.start();
    await say(pause);
    expect(harness.settings.get().pausedUntil).toBeNull();
    await say({ ...pause, event: pause.event + 1 });
    expect(harness.settings.get().pausedUntil).not.toBeNull();
  });

  it('are no news when their time is over, and are not obeyed later either', async () => {
    await start();
    const late = { ...word('busy', -MINUTE), at: at('09:00') };
    await say(late);
    expect(harness.settings.get().overrides.busy).toBeNull();
    expect(heard()).toHaveLength(1);
  });

  it('change nothing that the organisation has set, and the next one counts', async () => {
    const { settings } = harness;
    const locked: SettingsStore = {
      get: () => settings.get(),
      locked: () => new Set(['pausedUntil']),
      problems: () => [],
      subscribe: (onChange) => settings.subscribe(onChange),
      update(change) {
        if ('pausedUntil' in change) throw new AppError('forbidden', 'It is set by your organisation.');
        settings.update(change);
      },
    };
    words = follow(locked);
    await start();
    await say(word('pause'));
    expect([settings.get().pausedUntil, heard().length]).toEqual([null, 1]);
    await say(word('busy', HOUR, 'Deep work'));
    expect(hipchat()).toMatchObject({ text: 'Deep work' });
  });

  it('are forgotten of accounts that are gone', async () => {
    harness.settings.update({
      overrides: { ...harness.settings.get().overrides, heard: [{ account: 'former', event: 9, at: 9 }] },
    });
    await start();
    await say(word('busy'));
    expect(heard().map(({ account }) => account)).toEqual(['slack']);
  });
});

import { describe, expect, it } from 'vitest';
import {
  afterHearing,
  isUnheard,
  sourceOfWord,
  WORD_KINDS,
  wordOfEvent,
  wordOfSource,
} from '../../../src/core/remoteWord.ts';

const shown = { source: 'command.busy', text: 'Deep work', until: 90, changedAt: 10 };
const event = { id: 7, at: 10, kind: 'presence', shown };

describe('a word in a hub’s feed', () => {
  it('is told by its source alone', () => {
    expect(WORD_KINDS.map((kind) => wordOfSource(sourceOfWord(kind)))).toEqual(WORD_KINDS);
    expect(['command', 'command.', 'command.sleep', 'Command.busy', 'app'].map(wordOfSource)).toEqual(
      Array(5).fill(null),
    );
  });

  it('says what, how long, and with which text', () => {
    expect(wordOfEvent(event)).toEqual({ kind: 'busy', until: 90, text: 'Deep work', at: 10, event: 7 });
    const pause = { ...shown, source: 'command.pause' };
    expect(wordOfEvent({ ...event, shown: pause })).toEqual({ kind: 'pause', until: 90, text: '', at: 10, event: 7 });
  });

  it.each([
    ['was said before, and only shows again', { shown: { ...shown, changedAt: 9 } }],
    ['is of a renamed person', { kind: 'person' }],
    ['has no end', { shown: { ...shown, until: null } }],
    ['was said otherwise', { shown: { ...shown, source: 'app' } }],
  ])('is not in an event that %s', (_name, differs) => {
    expect(wordOfEvent({ ...event, ...differs })).toBeNull();
  });
});

describe('what was heard', () => {
  const heard = { event: 7, at: 100 };

  it('is told from what is new, also where a hub was begun anew or two hubs’ clocks differ', () => {
    expect(isUnheard({ event: 1, at: 1 }, undefined)).toBe(true);
    expect(isUnheard({ event: 7, at: 100 }, heard)).toBe(false);
    expect(isUnheard({ event: 6, at: 90 }, heard)).toBe(false);
    expect(isUnheard({ event: 8, at: 99 }, heard)).toBe(true);
    expect(isUnheard({ event: 2, at: 200 }, heard)).toBe(true);
  });

  it('never goes back in time', () => {
    const word = { kind: 'resume', until: 0, text: '', at: 90, event: 8 } as const;
    expect(afterHearing(word, heard)).toEqual({ event: 8, at: 100 });
    expect(afterHearing(word, undefined)).toEqual({ event: 8, at: 90 });
  });
});

import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../src/desktop/main/inOrder.ts';

describe('what is told to a window', () => {
  it('comes in order, also when telling one thing makes another be told', () => {
    const seen: string[] = [];
    const tell = inOrder<string>((thing) => {
      if (thing === 'first') tell('second');
      seen.push(thing);
    });
    tell('first');
    tell('third');
    expect(seen).toEqual(['first', 'second', 'third']);
  });

  it('goes on after something that could not be told', () => {
    const seen: string[] = [];
    const tell = inOrder<string>((thing) => {
      if (thing === 'bad') throw new Error('gone');
      seen.push(thing);
    });
    expect(() => tell('bad')).toThrow('gone');
    tell('good');
    expect(seen).toEqual(['good']);
  });
});

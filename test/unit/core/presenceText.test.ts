import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoints, truncateBy, truncateText } from '../../../src/core/presence.ts';

const FAMILY = '👩‍👩‍👧‍👦';
const units = (text: string) => text.length;

describe('a text cut to what a chat keeps (edge case 62)', () => {
  it.each([
    ['a short one', 'Hello', 5, units, 'Hello'],
    ['a long one', 'Hello', 4, units, 'Hell'],
    ['a family of 11 UTF-16 units', `ab${FAMILY}`, 12, units, 'ab'],
    ['a family of 7 code points', `ab${FAMILY}`, 9, codePoints, `ab${FAMILY}`],
    ['a family of 7 code points that has no room', `ab${FAMILY}`, 8, codePoints, 'ab'],
    ['a letter with its accent apart', 'ae\u0301', 2, codePoints, 'a'],
    ['one with no room at all', FAMILY, 1, codePoints, ''],
  ] as const)('%s', (_name, text, limit, sizeOf, kept) => {
    expect(truncateBy(text, limit, sizeOf)).toBe(kept);
  });

  it('is never too long, a start of the whole, and nothing torn', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 60 }), (whole, limit) => {
        const kept = truncateBy(whole, limit, codePoints);
        expect(codePoints(kept)).toBeLessThanOrEqual(limit);
        expect(whole.startsWith(kept)).toBe(true);
        const graphemes = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(kept)].length;
        expect(truncateText(whole, graphemes)).toBe(kept);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  needsParts,
  PART_UNITS,
  partsHead,
  readPartsHead,
  splitSecret,
} from '../../../../src/adapters/node/secretParts.ts';

describe('splitSecret', () => {
  it('gives parts that fit, are whole text and come to the value again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 9 }), (value, units) => {
        const parts = splitSecret(value, units);
        expect(parts.join('')).toBe(value);
        expect(parts.every((part) => part.length > 0 && part.length <= units && part.isWellFormed())).toBe(true);
      }),
    );
  });

  it('fills 2560 bytes of UTF-16 at most', () => {
    expect(splitSecret('x'.repeat(3_000)).map((part) => Buffer.byteLength(part, 'utf16le'))).toEqual([
      2_560, 2_560, 880,
    ]);
  });
});

describe('parts head', () => {
  it('is read as it was written, and nothing else is', () => {
    expect(readPartsHead(partsHead({ count: 12, set: 'b' }))).toEqual({ count: 12, set: 'b' });
    expect(['', 'xoxp-1', 'hipstatus-parts:', 'hipstatus-parts:12c'].map(readPartsHead)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('can be no value by itself', () => {
    expect(needsParts(partsHead({ count: 1, set: 'a' }))).toBe(true);
    expect([needsParts('x'.repeat(PART_UNITS)), needsParts('x'.repeat(PART_UNITS + 1))]).toEqual([false, true]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretCheck } from '../../../src/hub/outlook/secret.ts';

const encode = (text: string, times: number): string =>
  Array.from({ length: times }).reduce<string>((sofar) => encodeURIComponent(sofar), text);

const secret = fc.string({ minLength: 16, maxLength: 60, unit: 'grapheme' }).filter((text) => text.isWellFormed());

describe('the secret of the Outlook API', () => {
  it('is known however often it was encoded, up to five times', () => {
    fc.assert(
      fc.property(secret, fc.nat(5), (text, times) => {
        expect(secretCheck(text)(encode(text, times))).toBe(true);
      }),
    );
  });

  it('is no other text', () => {
    fc.assert(
      fc.property(secret, fc.string(), (text, other) => {
        fc.pre(!other.includes(text) && decodeSafely(other) !== text);
        expect(secretCheck(text)(other)).toBe(false);
      }),
    );
  });

  it('ends with text that can not be decoded, or never ends being decoded', () => {
    const isSecret = secretCheck('a secret of mine');
    expect(isSecret('%')).toBe(false);
    expect(isSecret('%E0%A4%A')).toBe(false);
    expect(isSecret(encode('a secret of mine', 9))).toBe(false);
    expect(isSecret('a+secret+of+mine')).toBe(true);
  });
});

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../src/sandbox/hipchatConnect/pattern.ts';

describe("a webhook's pattern", () => {
  it.each([
    ['^/[eE][cC][hH][oO]', '/ECHO hello', true],
    ['^/echo', 'say /echo', false],
    ['build (failed|broke)', 'the build broke again', true],
    ['(?i)^\\/hello$', '/HELLO', true],
    ['(?gi)^\\/hello$', '/HELLO', true],
    ['^\\/hello$', '/HELLO', false],
    ['\\Ahi\\z', 'hi', true],
    ['(?P<what>\\w+)!', 'go!', true],
    ['^caf\\x{00e9}$', 'café', true],
    ['\\x{1F334}', 'to the 🌴', true],
    ['^a\\-b$', 'a-b', true],
    ['(?s)a.b', 'a\nb', true],
  ])('%s on %s', (pattern, text, fits) => {
    expect(compilePattern(pattern)?.test(text)).toBe(fits);
  });

  it('is none when it is no expression', () => {
    expect(compilePattern('(')).toBeNull();
    expect(compilePattern('(?i)[')).toBeNull();
  });
});

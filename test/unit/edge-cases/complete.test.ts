import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CASES = 68;
const here = new URL('.', import.meta.url);

describe('the edge cases of the reference', () => {
  it('have one test each, by their numbers', () => {
    const titles = readdirSync(here)
      .filter((name) => name.endsWith('.test.ts') && name !== 'complete.test.ts')
      .flatMap((name) => [...readFileSync(new URL(name, here), 'utf8').matchAll(/^ *it\(\s*(['"`])(\d+): .*→/gm)])
      .map(([, , number]) => Number(number));
    expect(titles.sort((a, b) => a - b)).toEqual(Array.from({ length: CASES }, (_, index) => index + 1));
  });
});

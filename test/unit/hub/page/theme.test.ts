import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../../src/hub/page/theme.css'), 'utf8');

/** `light-dark(#…, #…)` by name, of the plain or the high-contrast part. */
function coloursOf(part: string): ReadonlyMap<string, readonly [light: string, dark: string]> {
  const found = part.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g);
  return new Map([...found].map(([, name = '', light = '', dark = '']) => [name, [light, dark]]));
}

const [plainPart = '', strongPart = ''] = css.split('@media (prefers-contrast: more)');
const plain = coloursOf(plainPart);
const strong = new Map([...plain, ...coloursOf(strongPart)]);

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => {
    const share = Number.parseInt(digits.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What is written on what, and what only has to be made out (icons, edges of fields). */
const TEXT = [
  ['text', 'ground'],
  ['text', 'surface'],
  ['text', 'track'],
  ['soft', 'ground'],
  ['soft', 'surface'],
  ['soft', 'track'],
  ['error', 'surface'],
  ['error', 'ground'],
  ['accent-text', 'accent'],
  ['warn-text', 'warn-ground'],
] as const;
const SHAPES: readonly (readonly [string, string])[] = [
  ...['available', 'away', 'busy', 'dnd', 'offline'].flatMap((state) => [
    [state, 'surface'] as const,
    [state, 'track'] as const,
  ]),
  ['border', 'surface'],
  ['border', 'ground'],
  ['accent', 'ground'],
];

describe.each([
  ['plain', plain],
  ['more contrast', strong],
] as const)('the colours, %s', (_, colours) => {
  const worst = (one: string, other: string): number => {
    const [a = ['', ''], b = ['', '']] = [colours.get(one), colours.get(other)];
    return Math.min(contrast(a[0], b[0]), contrast(a[1], b[1]));
  };

  it.each(TEXT)('%s on %s can be read (WCAG 1.4.3)', (one, other) => {
    expect(worst(one, other)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPES)('%s on %s can be made out (WCAG 1.4.11)', (one, other) => {
    expect(worst(one, other)).toBeGreaterThanOrEqual(3);
  });
});

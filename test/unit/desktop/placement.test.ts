import { describe, expect, it } from 'vitest';
import { accentCss } from '../../../src/desktop/main/accent.ts';
import { fileOf } from '../../../src/desktop/main/pageFiles.ts';
import { keepOnScreen, placeWindow } from '../../../src/desktop/main/placement.ts';

const WORK_AREA = { x: 0, y: 25, width: 1440, height: 875 };
const SIZE = { width: 420, height: 200 };
const UNKNOWN = { x: 0, y: 0, width: 0, height: 0 };

describe('where a prompt opens', () => {
  it('under an icon at the top', () => {
    expect(placeWindow(SIZE, { x: 1000, y: 0, width: 24, height: 24 }, WORK_AREA)).toEqual({ x: 802, y: 33 });
  });

  it('over an icon at the bottom', () => {
    const area = { x: 0, y: 0, width: 1440, height: 860 };
    expect(placeWindow(SIZE, { x: 1000, y: 860, width: 24, height: 40 }, area)).toEqual({ x: 802, y: 652 });
  });

  it('whole on the screen beside an icon in the corner', () => {
    expect(placeWindow(SIZE, { x: 1420, y: 0, width: 20, height: 24 }, WORK_AREA).x).toBe(1440 - 420 - 8);
  });

  it('in the middle where the desktop does not tell the icon', () => {
    expect(placeWindow(SIZE, UNKNOWN, WORK_AREA)).toEqual({ x: 510, y: 250 });
  });

  it('stays on the screen when it grows', () => {
    expect(keepOnScreen({ x: 802, y: 652 }, { width: 420, height: 300 }, WORK_AREA)).toEqual({ x: 802, y: 592 });
    expect(keepOnScreen({ x: 802, y: 652 }, { width: 2000, height: 2000 }, WORK_AREA)).toEqual({ x: 8, y: 33 });
  });
});

describe('the accent colour', () => {
  it.each([
    ['0078d4ff', '#0078d4', '#fff'],
    ['ffd60aff', '#ffd60a', '#000'],
    ['ffffff', '#ffffff', '#000'],
  ])('%s is used with text that can be read on it', (color, accent, text) => {
    expect(accentCss(color)).toBe(`:root { --system-accent: ${accent}; --system-accent-text: ${text}; }`);
  });

  it('that is none changes nothing', () => {
    expect([accentCss(''), accentCss('red}')]).toEqual(['', '']);
  });
});

describe('the files of our pages', () => {
  it.each([
    ['app://hipstatus/prompt/index.html', '/app/out/prompt/index.html'],
    ['app://hipstatus/assets/prompt-a1.js', '/app/out/assets/prompt-a1.js'],
  ])('%s', (url, path) => {
    expect(fileOf(url, '/app/out')?.path).toBe(path);
  });

  it.each([
    'app://other/prompt/index.html',
    'https://hipstatus/prompt/index.html',
    'app://hipstatus/settings.json',
    'app://hipstatus/..%2f..%2fetc/x.js',
    'app://hipstatus/%2e%2e/main/index.js',
  ])('refuses %s', (url) => {
    const file = fileOf(url, '/app/out');
    expect(file === null || file.path.startsWith('/app/out/')).toBe(true);
    expect(file?.path ?? '').not.toContain('..');
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, test } from 'vitest';
import {
  findDifferences,
  GENERATED_DIR,
  LINUX_TRAY_SIZES,
  TRAY_STATES,
  WINDOWS_TRAY_SIZES,
} from '../../scripts/icons.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (name: string): Buffer => readFileSync(join(GENERATED_DIR, name));
const pngSize = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

/** Width, height and the RGBA pixels of a PNG. */
function pixelsOf(png: Buffer): Buffer {
  const [width, height] = pngSize(png);
  const href = `data:image/png;base64,${png.toString('base64')}`;
  const image = `<image width="${width}" height="${height}" href="${href}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
  return new Resvg(svg).render().pixels;
}

function icoEntries(ico: Buffer): { size: number; png: Buffer }[] {
  return Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const entry = 6 + 16 * index;
    const start = ico.readUInt32LE(entry + 12);
    return { size: ico.readUInt8(entry) || 256, png: ico.subarray(start, start + ico.readUInt32LE(entry + 8)) };
  });
}

function icnsEntries(icns: Buffer): { type: string; png: Buffer }[] {
  const entries = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    const png = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4));
    entries.push({ type: icns.toString('latin1', at, at + 4), png });
  }
  return entries;
}

describe('assets/generated', () => {
  test('is what assets/svg renders', () => {
    expect(findDifferences()).toEqual([]);
  }, 30_000);

  test('the .icns says its own length and holds a PNG of the right size for each type', () => {
    const icns = read('icon.icns');
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    expect(icnsEntries(icns).map(({ type, png }) => [type, ...pngSize(png)])).toEqual([
      ['ic11', 32, 32],
      ['ic12', 64, 64],
      ['ic07', 128, 128],
      ['ic13', 256, 256],
      ['ic08', 256, 256],
      ['ic14', 512, 512],
      ['ic09', 512, 512],
      ['ic10', 1024, 1024],
    ]);
  });

  test('the app .ico holds every size up to 256', () => {
    const entries = icoEntries(read('icon.ico'));
    expect(entries.map(({ size }) => size)).toEqual([16, 20, 24, 32, 40, 48, 64, 256]);
    for (const { size, png } of entries) expect(pngSize(png)).toEqual([size, size]);
  });

  describe.each([...TRAY_STATES])('tray, %s', (state) => {
    test('macOS: 18 points at both densities, black and alpha only', () => {
      expect(pngSize(read(`tray/${state}Template.png`))).toEqual([18, 18]);
      expect(pngSize(read(`tray/${state}Template@2x.png`))).toEqual([36, 36]);
      const pixels = pixelsOf(read(`tray/${state}Template@2x.png`));
      const coloured = pixels.filter((value, index) => index % 4 !== 3 && value !== 0);
      expect(coloured).toHaveLength(0);
      expect(pixels.filter((value, index) => index % 4 === 3 && value === 255).length).toBeGreaterThan(300);
    });

    test('Linux and Windows: every size', () => {
      for (const size of LINUX_TRAY_SIZES) expect(pngSize(read(`tray/${state}-${size}.png`))).toEqual([size, size]);
      const entries = icoEntries(read(`tray/${state}.ico`));
      expect(entries.map(({ size }) => size)).toEqual(WINDOWS_TRAY_SIZES);
      for (const { size, png } of entries) expect(pngSize(png)).toEqual([size, size]);
    });
  });

  test('no two states look alike', () => {
    for (const kind of ['-24.png', 'Template.png']) {
      const pictures = TRAY_STATES.map((state) => read(`tray/${state}${kind}`).toString('base64'));
      expect(new Set(pictures).size).toBe(TRAY_STATES.length);
    }
  });
});

test('electron-builder.yml names only asset files that exist', () => {
  const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
  const named = [...config.matchAll(/(?:assets|scripts|docs)\/[\w./-]+\w/g)].map(([path]) => path);
  expect(named).toContain('assets/generated/icon.icns');
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

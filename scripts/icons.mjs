// Renders assets/svg into assets/generated: app icons (.icns, .ico, png) and the tray icons of each platform.
//
//   npm run icons              writes the files
//   npm run icons -- --check   compares them with what the sources render, writes nothing, exit code 1 on a difference
//
// The results are committed, so that building, running and packaging need no renderer.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { encodeIcns, encodeIco } from './lib/icon-formats.mjs';
import { samePictures } from './lib/png-compare.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const SVG_DIR = join(root, 'assets', 'svg');
export const GENERATED_DIR = join(root, 'assets', 'generated');

export const TRAY_STATES = ['running', 'paused', 'attention'];
/** Pixel sizes of the coloured tray pictures: Linux panels ask for 22 and 24, and for 32 and 48 on dense screens. */
export const LINUX_TRAY_SIZES = [22, 24, 32, 48];
/** Notification area sizes at 100, 125, 150, 200 and 300 percent. */
export const WINDOWS_TRAY_SIZES = [16, 20, 24, 32, 48];
const LINUX_ICON_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const WINDOWS_ICON_SIZES = [16, 20, 24, 32, 40, 48, 64, 256];
/** Up to here the day cells of the large drawing turn to mud, so the simplified drawing is used. */
const SMALL_ICON_LIMIT = 40;
/** macOS icons keep a margin inside their square; the other systems expect the drawing to fill it. */
const FULL_BLEED = '88 92 848 848';

/** ICNS entry types that hold PNG, with their size in pixels (Apple, "Icon Image File Format" types ic07 to ic14). */
const ICNS_TYPES = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/**
 * Renders one source.
 *
 * @param {string} name source file in assets/svg, without `.svg`
 * @param {number} size width and height in pixels
 * @param {string} [viewBox] replaces the source's own view box
 * @returns {Buffer} PNG
 */
export function renderPng(name, size, viewBox) {
  let svg = readFileSync(join(SVG_DIR, `${name}.svg`), 'utf8');
  if (viewBox) svg = svg.replace(/viewBox="[^"]*"/, `viewBox="${viewBox}"`);
  return new Resvg(svg, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } }).render().asPng();
}

function appIcon(size) {
  return size <= SMALL_ICON_LIMIT ? renderPng('app-icon-small', size) : renderPng('app-icon', size, FULL_BLEED);
}

/**
 * Every generated file, made in memory.
 *
 * @returns {Map<string, Buffer>} path below assets/generated (with `/`) → bytes
 */
export function renderAll() {
  const files = new Map();
  const icns = ICNS_TYPES.map(([type, size]) => ({
    type,
    png: size <= SMALL_ICON_LIMIT ? renderPng('app-icon-small', size, '-3 -3 38 38') : renderPng('app-icon', size),
  }));
  files.set('icon.icns', encodeIcns(icns));
  files.set('icon.ico', encodeIco(WINDOWS_ICON_SIZES.map((size) => ({ size, png: appIcon(size) }))));
  for (const size of LINUX_ICON_SIZES) files.set(`icons/${size}x${size}.png`, appIcon(size));
  for (const state of TRAY_STATES) {
    files.set(`tray/${state}Template.png`, renderPng(`tray-${state}Template`, 18));
    files.set(`tray/${state}Template@2x.png`, renderPng(`tray-${state}Template`, 36));
    for (const size of LINUX_TRAY_SIZES) files.set(`tray/${state}-${size}.png`, renderPng(`tray-${state}`, size));
    const images = WINDOWS_TRAY_SIZES.map((size) => ({ size, png: renderPng(`tray-${state}`, size) }));
    files.set(`tray/${state}.ico`, encodeIco(images));
  }
  return files;
}

function committedFiles() {
  return readdirSync(GENERATED_DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(GENERATED_DIR, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/**
 * Compares the committed files with what the sources render.
 *
 * @returns {string[]} one line a difference; empty when all agree
 */
export function findDifferences() {
  const files = renderAll();
  const differences = committedFiles()
    .filter((name) => !files.has(name))
    .map((name) => `${name}: no source renders it`);
  for (const [name, bytes] of files) {
    try {
      const committed = readFileSync(join(GENERATED_DIR, name));
      if (!samePictures(committed, bytes)) differences.push(`${name}: differs from its source`);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      differences.push(`${name}: missing`);
    }
  }
  return differences;
}

function main() {
  if (process.argv.includes('--check')) {
    const differences = findDifferences();
    for (const line of differences) console.error(line);
    if (differences.length > 0) {
      console.error('assets/generated is out of date: run `npm run icons`.');
      process.exitCode = 1;
    }
    return;
  }
  rmSync(GENERATED_DIR, { recursive: true, force: true });
  const files = renderAll();
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(GENERATED_DIR, name)), { recursive: true });
    writeFileSync(join(GENERATED_DIR, name), bytes);
  }
  console.log(`${files.size} files written to assets/generated`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();

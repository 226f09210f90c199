import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** An icon as its pixels: 4 bytes each, red, green, blue, alpha, rows from the top. */
export interface Icon {
  readonly width: number;
  readonly height: number;
  readonly rgba: Buffer;
  /** Changes when a pixel changes: for "the icon is another one now". */
  readonly fingerprint: string;
}

export type Colour = readonly [red: number, green: number, blue: number];

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOUR_TYPE_RGB = 2;
const COLOUR_TYPE_RGBA = 6;

function icon(width: number, height: number, rgba: Buffer): Icon {
  const fingerprint = createHash('sha256').update(`${width}x${height}`).update(rgba).digest('hex').slice(0, 16);
  return { width, height, rgba, fingerprint };
}

/**
 * The largest picture of a StatusNotifierItem's `IconPixmap`: `a(iiay)`, width, height and ARGB pixels in network order
 * (freedesktop.org, StatusNotifierItem, "Icons").
 */
export function fromPixmaps(pixmaps: readonly (readonly [number, number, Buffer])[]): Icon | undefined {
  const [largest] = [...pixmaps].sort((a, b) => b[0] - a[0]);
  if (largest === undefined || largest[0] === 0) return undefined;
  const [width, height, argb] = largest;
  const rgba = Buffer.alloc(argb.length);
  for (let p = 0; p + 3 < argb.length; p += 4) {
    rgba[p] = argb[p + 1] ?? 0;
    rgba[p + 1] = argb[p + 2] ?? 0;
    rgba[p + 2] = argb[p + 3] ?? 0;
    rgba[p + 3] = argb[p] ?? 0;
  }
  return icon(width, height, rgba);
}

/** Reads an icon's file: PNG, 8 bits, RGB or RGBA, not interlaced, which is what Electron writes. */
export function fromPngFile(path: string): Icon {
  return fromPng(readFileSync(path));
}

export function fromPng(png: Buffer): Icon {
  if (!png.subarray(0, 8).equals(PNG_SIGNATURE)) throw new Error('not a PNG picture');
  const data: Buffer[] = [];
  let width = 0;
  let height = 0;
  let channels = 4;
  for (let at = 8; at + 8 <= png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      const [depth, colourType, , , interlaced] = body.subarray(8);
      if (depth !== 8 || interlaced !== 0) throw new Error('a PNG picture of a kind this reader does not know');
      if (colourType === COLOUR_TYPE_RGB) channels = 3;
      else if (colourType !== COLOUR_TYPE_RGBA) throw new Error(`PNG colour type ${colourType} is not read here`);
    }
    if (type === 'IDAT') data.push(body);
    at += 12 + length;
  }
  return icon(width, height, unfilter(inflateSync(Buffer.concat(data)), width, height, channels));
}

/** Undoes the PNG row filters (PNG specification, section 9) and widens the pixels to RGBA. */
function unfilter(raw: Buffer, width: number, height: number, channels: number): Buffer {
  const stride = width * channels;
  const rgba = Buffer.alloc(width * height * 4, 255);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)] ?? 0;
    const row = Buffer.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let x = 0; x < stride; x += 1) {
      const left = x >= channels ? (row[x - channels] ?? 0) : 0;
      const up = above[x] ?? 0;
      const corner = x >= channels ? (above[x - channels] ?? 0) : 0;
      row[x] = ((row[x] ?? 0) + predicted(filter, left, up, corner)) & 0xff;
    }
    for (let x = 0; x < width; x += 1) row.copy(rgba, (y * width + x) * 4, x * channels, (x + 1) * channels);
    above = row;
  }
  return rgba;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const estimate = left + up - corner;
  const distances = [left, up, corner].map((value) => Math.abs(estimate - value));
  const nearest = Math.min(...distances);
  return [left, up, corner][distances.indexOf(nearest)] ?? 0;
}

/** The icon as a PNG file's bytes, to be kept beside the screenshots. */
export function toPng({ width, height, rgba }: Icon): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR_TYPE_RGBA], 8);
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), rgba.subarray(y * width * 4, (y + 1) * width * 4)]),
  );
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([PNG_SIGNATURE, ...chunks]);
}

function chunk(type: string, body: Buffer): Buffer {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

/**
 * How much of the icon (0 to 1 of its opaque pixels) is near a colour.
 *
 * @param tolerance how far each of red, green and blue may be off, 0 to 255
 */
export function shareOf({ rgba }: Icon, [red, green, blue]: Colour, tolerance = 40): number {
  let opaque = 0;
  let near = 0;
  for (let p = 0; p + 3 < rgba.length; p += 4) {
    if ((rgba[p + 3] ?? 0) < 128) continue;
    opaque += 1;
    const off = [(rgba[p] ?? 0) - red, (rgba[p + 1] ?? 0) - green, (rgba[p + 2] ?? 0) - blue];
    if (off.every((difference) => Math.abs(difference) <= tolerance)) near += 1;
  }
  return opaque === 0 ? 0 : near / opaque;
}

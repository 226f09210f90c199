import { Resvg } from '@resvg/resvg-js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Of 255. Another processor may round the last bits of an edge differently; no change to a drawing is this small. */
const TOLERANCE = 8;

/**
 * Whether two files (PNG, or a container of PNGs) show the same pictures. Equal bytes settle it at once; otherwise the pixels
 * are compared, because the renderer's floating point is not the same to the last bit on every processor.
 *
 * @param {Buffer} left
 * @param {Buffer} right
 * @returns {boolean}
 */
export function samePictures(left, right) {
  if (left.equals(right)) return true;
  const [a, b] = [findPngs(left), findPngs(right)];
  return a.length > 0 && a.length === b.length && a.every((png, index) => samePixels(png, b[index]));
}

function findPngs(bytes) {
  const starts = [];
  for (let at = bytes.indexOf(SIGNATURE); at !== -1; at = bytes.indexOf(SIGNATURE, at + 1)) starts.push(at);
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}

function samePixels(left, right) {
  const [a, b] = [decode(left), decode(right)];
  if (a.width !== b.width || a.height !== b.height) return false;
  return a.pixels.every((value, index) => Math.abs(value - b.pixels[index]) <= TOLERANCE);
}

/** The renderer decodes PNG too. Width and height stand at a fixed place in the PNG's first chunk. */
function decode(png) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const href = `data:image/png;base64,${png.toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image width="${width}" height="${height}" href="${href}"/></svg>`;
  return { width, height, pixels: new Resvg(svg).render().pixels };
}

// Writers for the two icon containers, both holding PNG images. Each is a short header and a list, so no package is used.

/**
 * Apple ICNS: a magic, the length of the file, then entries of a four letter type, a length (both headers included)
 * and the PNG. All numbers are big-endian.
 *
 * @param {{type: string, png: Buffer}[]} images
 * @returns {Buffer}
 */
export function encodeIcns(images) {
  const entries = images.map(({ type, png }) => Buffer.concat([icnsHeader(type, png.length), png]));
  const body = Buffer.concat(entries);
  return Buffer.concat([icnsHeader('icns', body.length), body]);
}

function icnsHeader(type, length) {
  const header = Buffer.alloc(8);
  header.write(type, 0, 4, 'latin1');
  header.writeUInt32BE(length + 8, 4);
  return header;
}

/**
 * Windows ICO: a directory with an entry of 16 bytes for each image, then the PNGs. All numbers are little-endian.
 * A width or height of 256 is written as 0.
 *
 * @param {{size: number, png: Buffer}[]} images sizes up to 256
 * @returns {Buffer}
 */
export function encodeIco(images) {
  const directory = Buffer.alloc(6 + 16 * images.length);
  directory.writeUInt16LE(1, 2); // an icon, not a cursor
  directory.writeUInt16LE(images.length, 4);
  let offset = directory.length;
  images.forEach(({ size, png }, index) => {
    const entry = 6 + 16 * index;
    directory.writeUInt8(size % 256, entry);
    directory.writeUInt8(size % 256, entry + 1);
    directory.writeUInt16LE(1, entry + 4); // colour planes
    directory.writeUInt16LE(32, entry + 6); // bits a pixel
    directory.writeUInt32LE(png.length, entry + 8);
    directory.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([directory, ...images.map(({ png }) => png)]);
}

import { createWriteStream } from 'node:fs';
import { mkdir, open, symlink } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

// The ZIP file format: PKWARE APPNOTE 6.3.10. Signatures of sections 4.3.7, 4.3.12, 4.3.14, 4.3.15 and 4.3.16.
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const ZIP64_FIELD = 0x0001;
const MAX32 = 0xffffffff;
const MAX_COMMENT = 0xffff;
const CHUNK = 1 << 20;
const SYMLINK_MODE = 0o120000;
const TYPE_MASK = 0o170000;

/**
 * Unpacks a ZIP file with nothing but Node: stored and deflated entries, ZIP64, Unix modes, symbolic links. Every
 * entry's CRC-32 is checked.
 *
 * @param {string} zipPath
 * @param {string} folder created when missing
 * @param {(name: string) => string | undefined} [place] maps an entry's name to a path below `folder`; undefined leaves it out
 * @returns {Promise<number>} how many files were written
 */
export async function unzip(zipPath, folder, place = (name) => name) {
  const file = await open(zipPath, 'r');
  try {
    let written = 0;
    for (const entry of await readEntries(file)) {
      const name = place(entry.name);
      if (name === undefined) continue;
      const target = normalize(join(folder, name));
      if (!`${target}${sep}`.startsWith(normalize(folder) + sep)) throw new Error(`unsafe path in ${zipPath}: ${name}`);
      if (entry.name.endsWith('/')) {
        await mkdir(target, { recursive: true });
        continue;
      }
      await mkdir(dirname(target), { recursive: true });
      await writeEntry(file, entry, target);
      written += 1;
    }
    return written;
  } finally {
    await file.close();
  }
}

async function readAt(file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('the ZIP file ends too early');
  return buffer;
}

/** Reads the central directory: one record an entry. */
async function readEntries(file) {
  const { size } = await file.stat();
  const tailLength = Math.min(size, 22 + MAX_COMMENT);
  const tail = await readAt(file, size - tailLength, tailLength);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) throw new Error('not a ZIP file: no end record');
  let length = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  if (at >= 20 && tail.readUInt32LE(at - 20) === END64_LOCATOR) {
    const end64 = await readAt(file, Number(tail.readBigUInt64LE(at - 12)), 56);
    if (end64.readUInt32LE(0) !== END64) throw new Error('damaged ZIP file: no ZIP64 end record');
    length = Number(end64.readBigUInt64LE(40));
    offset = Number(end64.readBigUInt64LE(48));
  }
  const directory = await readAt(file, offset, length);
  const entries = [];
  for (let p = 0; p + 46 <= directory.length; ) {
    if (directory.readUInt32LE(p) !== CENTRAL_HEADER) throw new Error('damaged ZIP file: bad directory record');
    const nameLength = directory.readUInt16LE(p + 28);
    const extraLength = directory.readUInt16LE(p + 30);
    const extra = directory.subarray(p + 46 + nameLength, p + 46 + nameLength + extraLength);
    entries.push({
      name: directory.toString('utf8', p + 46, p + 46 + nameLength),
      method: directory.readUInt16LE(p + 10),
      crc: directory.readUInt32LE(p + 16),
      mode: directory.readUInt32LE(p + 38) >>> 16,
      ...sizes(directory, p, extra),
    });
    p += 46 + nameLength + extraLength + directory.readUInt16LE(p + 32);
  }
  return entries;
}

/** Sizes and offset of one entry; those that do not fit in 32 bits stand in the ZIP64 extra field, in this order. */
function sizes(directory, p, extra) {
  let uncompressed = directory.readUInt32LE(p + 24);
  let compressed = directory.readUInt32LE(p + 20);
  let offset = directory.readUInt32LE(p + 42);
  for (let e = 0; e + 4 <= extra.length; e += 4 + extra.readUInt16LE(e + 2)) {
    if (extra.readUInt16LE(e) !== ZIP64_FIELD) continue;
    let at = e + 4;
    const next = (value) => {
      if (value !== MAX32) return value;
      at += 8;
      return Number(extra.readBigUInt64LE(at - 8));
    };
    uncompressed = next(uncompressed);
    compressed = next(compressed);
    offset = next(offset);
  }
  return { uncompressed, compressed, offset };
}

async function* chunks(file, start, length) {
  for (let at = 0; at < length; at += CHUNK) yield await readAt(file, start + at, Math.min(CHUNK, length - at));
}

async function writeEntry(file, entry, target) {
  const header = await readAt(file, entry.offset, 30);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error(`damaged ZIP file at ${entry.name}`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if ((entry.mode & TYPE_MASK) === SYMLINK_MODE) {
    await symlink((await readAt(file, start, entry.compressed)).toString('utf8'), target);
    return;
  }
  let crc = 0;
  const check = new Transform({
    transform(chunk, _encoding, done) {
      crc = crc32(chunk, crc);
      done(null, chunk);
    },
  });
  const mode = entry.mode & 0o777 || 0o644;
  const out = createWriteStream(target, { mode });
  if (entry.compressed === 0) {
    out.end();
    await new Promise((resolve, reject) => out.once('close', resolve).once('error', reject));
  } else {
    const source = chunks(file, start, entry.compressed);
    if (entry.method === 0) await pipeline(source, check, out);
    else if (entry.method === 8) await pipeline(source, createInflateRaw(), check, out);
    else throw new Error(`unknown compression ${entry.method} of ${entry.name}`);
  }
  if (crc !== entry.crc) throw new Error(`damaged ZIP file: wrong checksum of ${entry.name}`);
}

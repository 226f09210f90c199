import { timingSafeEqual } from 'node:crypto';

/** Times that a secret may have been URL-encoded over again, before it is refused. */
const MOST_DECODINGS = 5;

/** Bytes that are compared, whatever was given: its length first, then as much of it as fits. */
const COMPARED = 512;
const LENGTH = 4;

function write(text: string, into: Buffer): Buffer {
  into.fill(0);
  into.writeUInt32BE(Math.min(Buffer.byteLength(text), 0xff_ff_ff_ff));
  into.write(text, LENGTH);
  return into;
}

/** Decodes as a form's field; null where it can't be decoded further. */
function decoded(text: string): string | null {
  try {
    const once = decodeURIComponent(text.replaceAll('+', ' '));
    return once === text ? null : once;
  } catch {
    return null;
  }
}

/**
 * A check whether what was given is the secret, also when a client has URL-encoded it more than once. It takes as long wherever
 * the two differ, and whatever their lengths.
 */
export function secretCheck(expected: string): (given: string) => boolean {
  const wanted = write(expected, Buffer.alloc(COMPARED));
  const compared = Buffer.alloc(COMPARED);
  return (given) => {
    let text: string | null = given;
    for (let times = 0; text !== null && times <= MOST_DECODINGS; times += 1) {
      if (timingSafeEqual(wanted, write(text, compared))) return true;
      text = decoded(text);
    }
    return false;
  };
}

import { createHash, timingSafeEqual } from 'node:crypto';

/** Times that a secret may have been URL-encoded over again, before it is refused. */
const MOST_DECODINGS = 5;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

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
  const wanted = digest(expected);
  return (given) => {
    let text: string | null = given;
    for (let times = 0; text !== null && times <= MOST_DECODINGS; times += 1) {
      if (timingSafeEqual(wanted, digest(text))) return true;
      text = decoded(text);
    }
    return false;
  };
}

import { randomBytes } from 'node:crypto';
import type { Instant } from '../core/time.ts';

/** Crockford's base 32 in lower case, as in ULIDs. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LENGTH = 10;
const CHANCE_LENGTH = 16;

/** 26 characters of `0-9a-z`, a ULID in lower case: sorted by time, and valid as an id of Mattermost's. */
export function newId(now: Instant): string {
  let time = '';
  for (let rest = now, i = 0; i < TIME_LENGTH; i += 1, rest = Math.floor(rest / 32)) {
    time = `${ALPHABET[rest % 32]}${time}`;
  }
  return time + [...randomBytes(CHANCE_LENGTH)].map((byte) => ALPHABET[byte % 32]).join('');
}

export const ID_PATTERN = /^[0-9a-z]{26}$/;

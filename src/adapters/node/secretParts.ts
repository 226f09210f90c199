/**
 * Windows keeps at most 2560 bytes in a credential (CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h), and the keychain library
 * writes UTF-16: 1280 code units. Longer values are kept in numbered parts.
 */
export const PART_UNITS = 1_280;

/** Written before the number of parts and their set; a value that starts with it is itself kept in parts. */
const MARK = 'hipstatus-parts:';

/** Two sets take turns, so that the old value stays whole until the new one is. */
export type PartSet = 'a' | 'b';

export interface PartsHead {
  readonly count: number;
  readonly set: PartSet;
}

export const needsParts = (value: string): boolean => value.length > PART_UNITS || value.startsWith(MARK);

/** The value cut to parts of at most `units` UTF-16 code units, no surrogate pair torn. */
export function splitSecret(value: string, units = PART_UNITS): readonly string[] {
  const parts: string[] = [];
  for (let start = 0; start < value.length; ) {
    let end = Math.min(start + units, value.length);
    const last = value.charCodeAt(end - 1);
    if (end < value.length && last >= 0xd800 && last < 0xdc00) end -= 1;
    parts.push(value.slice(start, end));
    start = end;
  }
  return parts;
}

/** What stands in the item itself when its value is in parts. */
export const partsHead = ({ count, set }: PartsHead): string => `${MARK}${count}${set}`;

/** Null for an item that holds its value itself. */
export function readPartsHead(stored: string): PartsHead | null {
  const match = /^(\d{1,4})([ab])$/.exec(stored.startsWith(MARK) ? stored.slice(MARK.length) : '');
  return match === null ? null : { count: Number(match[1]), set: match[2] === 'a' ? 'a' : 'b' };
}

/** The account of a part's own item; numbers start at 1. */
export const partAccount = (account: string, set: PartSet, number: number): string => `${account}#${set}${number}`;

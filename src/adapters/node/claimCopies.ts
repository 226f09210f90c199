import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { readIfThere } from './atomicFile.ts';

const VERSION = 1;
const fileSchema = z.object({
  version: z.literal(VERSION),
  /** Counts the saves: of two good copies the one with the higher number is the newer. */
  sequence: z.int().min(1).optional(),
  /** SHA-256, hexadecimal, of sequence and chats: a file that was changed anywhere is not believed. */
  checksum: z.string().optional(),
  chats: z.record(z.string(), z.unknown()),
});

export type Chats = Readonly<Record<string, unknown>>;

/** One of the two files, as it was found. */
export type Copy =
  | { readonly kind: 'missing' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'unreadable'; readonly error: AppError }
  /** `sequence` null: written before there were two copies. */
  | { readonly kind: 'good'; readonly sequence: number | null; readonly chats: Chats; readonly text: string };

export type GoodCopy = Extract<Copy, { kind: 'good' }>;

const checksumOf = (sequence: number, chats: Chats): string =>
  createHash('sha256')
    .update(`${sequence}:${JSON.stringify(chats)}`)
    .digest('hex');

export const copyText = (sequence: number, chats: Chats): string =>
  `${JSON.stringify({ version: VERSION, sequence, checksum: checksumOf(sequence, chats), chats }, undefined, '\t')}\n`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param text what the file holds; null for no file */
export function parseCopy(text: string | null): Copy {
  if (text === null) return { kind: 'missing' };
  const parsed = fileSchema.safeParse(parseJson(text));
  if (!parsed.success) return { kind: 'broken' };
  const { sequence, checksum, chats } = parsed.data;
  if (sequence === undefined && checksum === undefined) return { kind: 'good', sequence: null, chats, text };
  const isWhole = sequence !== undefined && checksum === checksumOf(sequence, chats);
  return isWhole ? { kind: 'good', sequence, chats, text } : { kind: 'broken' };
}

export function readCopy(file: string): Copy {
  try {
    return parseCopy(readIfThere(file));
  } catch (thrown) {
    if (thrown instanceof AppError) return { kind: 'unreadable', error: thrown };
    throw thrown;
  }
}

/**
 * The newest good copy; null when there is none. A file without a number was written by an older version, after whatever
 * is beside it: it wins.
 */
export function newest(copies: readonly Copy[]): GoodCopy | null {
  const good = copies.filter((copy) => copy.kind === 'good');
  const age = ({ sequence }: GoodCopy): number => sequence ?? Number.POSITIVE_INFINITY;
  return good.reduce<GoodCopy | null>((best, copy) => (best === null || age(copy) > age(best) ? copy : best), null);
}

/** The number that the next save must exceed. */
export const lastSequence = (copies: readonly Copy[]): number =>
  Math.max(0, ...copies.map((copy) => (copy.kind === 'good' ? (copy.sequence ?? 0) : 0)));

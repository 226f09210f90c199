import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { asAppError } from '../../core/appError.ts';
import { type ChatRecord, chatRecordSchema } from '../../core/claim.ts';
import type { Instant } from '../../core/time.ts';
import type { ClaimStore } from '../../ports/claimStore.ts';
import type { Logger } from '../../ports/logger.ts';
import { asideName, setAside, writeAtomic } from './atomicFile.ts';
import { type Chats, type Copy, copyText, type GoodCopy, lastSequence, newest, readCopy } from './claimCopies.ts';

export interface ClaimStoreOptions {
  /** Such as `claims.json`; its copy is `claims.copy.json` beside it. */
  readonly file: string;
  readonly logger: Logger;
  readonly now: () => Instant;
}

/** `claims.json` → `claims.copy.json`. */
export function copyOf(file: string): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.copy${ext}`);
}

type Records = ReadonlyMap<string, ChatRecord>;

/**
 * The claims in two files with the same content, written one after the other, each atomically and flushed. A save resolves
 * when both are on disk, and only then is a chat written. So whichever one file is torn, empty or gone, the other is right:
 *
 * - both were written: they say the same;
 * - it was stopped between the two: the newer one is a claim whose chat write never began, the older one is what the chat
 *   shows. Either leads to the right end (`ownership` in core/ownership.ts).
 *
 * A single file and the one before it would not do: a torn claim after its chat write would leave what we wrote to nobody.
 * Only where both are broken are claims lost; then they are set aside and logged, and the rest goes on.
 *
 * A write that fails throws (`AppError`, see `writeAtomic`), so that nothing is written to a chat without its claim on disk.
 */
export function createClaimStore({ file, logger, now }: ClaimStoreOptions): ClaimStore {
  const files = [file, copyOf(file)];
  let records: Records | null = null;
  let sequence = 0;

  /** Sets a broken file aside; where even that is impossible it stays, and the next save replaces it. */
  const away = (broken: string): string | null => {
    try {
      return setAside(broken, now());
    } catch {
      return null;
    }
  };

  const write = (chats: Chats, to: readonly string[] = files): void => {
    // A number is used once, even by a save that fails half-way.
    sequence += 1;
    const text = copyText(sequence, chats);
    for (const one of to) writeAtomic(one, text);
  };

  /** Nothing good is left: what is there is put aside, so that the person can look at it. */
  const giveUp = (found: readonly Copy[]): Records => {
    for (const copy of found) if (copy.kind === 'unreadable') throw copy.error;
    for (const [index, one] of files.entries()) {
      if (found[index]?.kind !== 'broken') continue;
      logger.error('The claims file cannot be read and was set aside', { aside: away(one) });
    }
    return new Map();
  };

  /** Brings both files to what the better one says; what can't be done now the next save does. */
  const repair = (best: GoodCopy, found: readonly Copy[]): void => {
    const others = files.filter((_, index) => {
      const copy = found[index];
      return copy?.kind !== 'good' || copy.text !== best.text;
    });
    if (others.length === 0 && best.sequence !== null) return;
    for (const [index, one] of files.entries()) {
      const copy = found[index];
      if (copy?.kind === 'broken') {
        logger.warn('A claims file could not be read; the other one is used', { aside: away(one) });
      }
    }
    if (found[0]?.kind === 'missing') logger.warn('The claims file is gone; its copy is used');
    try {
      // The good one last: until the other is whole again it is all there is.
      write(
        best.chats,
        [...files].sort((a, b) => Number(others.includes(b)) - Number(others.includes(a))),
      );
    } catch (thrown) {
      logger.warn('The claims file could not be repaired yet', { code: asAppError(thrown).code });
    }
  };

  const read = (mayWrite: boolean): Records => {
    const found = files.map(readCopy);
    sequence = Math.max(sequence, lastSequence(found));
    const best = newest(found);
    if (best === null) return mayWrite ? giveUp(found) : new Map();
    const good = new Map<string, ChatRecord>();
    const broken: Record<string, unknown> = {};
    for (const [accountId, value] of Object.entries(best.chats)) {
      const record = chatRecordSchema.safeParse(value);
      if (record.success) good.set(accountId, record.data);
      else broken[accountId] = value;
    }
    if (!mayWrite) return good;
    repair(best, found);
    const count = Object.keys(broken).length;
    if (count > 0) {
      const aside = asideName(file, now());
      writeAtomic(aside, copyText(1, broken));
      write(Object.fromEntries(good));
      logger.error('Claims that cannot be read were set aside', { count, aside });
    }
    return good;
  };

  return {
    async load() {
      removeLeftOvers(files);
      records = read(true);
      return new Map(records);
    },
    async peek() {
      return new Map(read(false));
    },
    async save(accountId, record) {
      const next = new Map(records ?? read(true));
      if (record === null) next.delete(accountId);
      else next.set(accountId, record);
      write(Object.fromEntries(next));
      records = next;
    },
  };
}

/** Temporary files of writes that a crash cut off: they hold status texts, and nobody else tidies them up. */
function removeLeftOvers(files: readonly string[]): void {
  const folder = path.dirname(files[0] ?? '');
  const starts = files.map((file) => `.${path.basename(file)}.`);
  try {
    for (const name of readdirSync(folder)) {
      if (name.endsWith('.tmp') && starts.some((start) => name.startsWith(start))) rmSync(path.join(folder, name));
    }
  } catch {
    // No folder yet, or one that can't be changed: they do no harm.
  }
}

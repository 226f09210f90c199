import { z } from 'zod';
import { type ChatRecord, chatRecordSchema } from '../../core/claim.ts';
import type { Instant } from '../../core/time.ts';
import type { ClaimStore } from '../../ports/claimStore.ts';
import type { Logger } from '../../ports/logger.ts';
import { asideName, readIfThere, setAside, writeAtomic } from './atomicFile.ts';

const VERSION = 1;
const fileSchema = z.object({ version: z.literal(VERSION), chats: z.record(z.string(), z.unknown()) });

export interface ClaimStoreOptions {
  readonly file: string;
  readonly logger: Logger;
  readonly now: () => Instant;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The claims in one JSON file. What can't be read is set aside beside it and logged, and the rest goes on: a lost claim costs
 * one restore, a crash would cost all. A write that fails throws (`AppError`, see `writeAtomic`) and changes nothing,
 * so that nothing is written to a chat without its claim on disk.
 */
export function createClaimStore({ file, logger, now }: ClaimStoreOptions): ClaimStore {
  let records: ReadonlyMap<string, ChatRecord> | null = null;

  const read = (): ReadonlyMap<string, ChatRecord> => {
    const text = readIfThere(file);
    if (text === null) return new Map();
    const parsed = fileSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      logger.error('The claims file cannot be read and was set aside', { aside: setAside(file, now()) });
      return new Map();
    }
    const good = new Map<string, ChatRecord>();
    const broken: Record<string, unknown> = {};
    for (const [accountId, value] of Object.entries(parsed.data.chats)) {
      const record = chatRecordSchema.safeParse(value);
      if (record.success) good.set(accountId, record.data);
      else broken[accountId] = value;
    }
    const count = Object.keys(broken).length;
    if (count > 0) {
      const aside = asideName(file, now());
      writeAtomic(aside, toText(broken));
      write(good);
      logger.error('Claims that cannot be read were set aside', { count, aside });
    }
    return good;
  };

  const toText = (chats: Readonly<Record<string, unknown>>): string =>
    `${JSON.stringify({ version: VERSION, chats }, undefined, '\t')}\n`;

  const write = (map: ReadonlyMap<string, ChatRecord>): void => writeAtomic(file, toText(Object.fromEntries(map)));

  return {
    async load() {
      records = read();
      return new Map(records);
    },
    async save(accountId, record) {
      const next = new Map(records ?? read());
      if (record === null) next.delete(accountId);
      else next.set(accountId, record);
      write(next);
      records = next;
    },
  };
}

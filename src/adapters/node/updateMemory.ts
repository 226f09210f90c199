import { z } from 'zod';
import type { UpdateMemory, UpdateRecord } from '../../ports/updater.ts';
import { readIfThere, writeAtomic } from './atomicFile.ts';

const record = z.object({
  attempted: z.string().nullable().default(null),
  share: z.number().min(0).lt(1).nullable().default(null),
});

const NOTHING: UpdateRecord = { attempted: null, share: null };

/** What is remembered of updates, in a file. One that can't be understood is as none. Throws `AppError` as `writeAtomic` does. */
export const createUpdateMemory = (file: string): UpdateMemory => ({
  read() {
    const text = readIfThere(file);
    if (text === null) return NOTHING;
    try {
      return record.parse(JSON.parse(text));
    } catch {
      return NOTHING;
    }
  },
  write: (written) => writeAtomic(file, `${JSON.stringify(written)}\n`),
});

import type { Instant } from '../../core/time.ts';
import { refusal } from '../store/changes.ts';
import type { Document, Documents, PutOptions } from '../store/port.ts';

interface Kept {
  readonly json: string;
  readonly version: number;
  readonly expiresAt: Instant | null;
}

/** Looks through everything for what has expired once in so many puts. */
const SWEEP = 1_000;

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Documents that are gone when the process ends: for trying an add-on, and for tests. */
export function memoryDocuments(): Documents {
  const collections = new Map<string, Map<string, Kept>>();
  let version = 0;
  const isAlive = ({ expiresAt }: Kept, now: Instant): boolean => expiresAt === null || expiresAt > now;
  const documentOf = (key: string, kept: Kept): Document => ({
    key,
    value: JSON.parse(kept.json),
    version: kept.version,
  });
  const find = (collection: string, key: string, now: Instant): Kept | null => {
    const kept = collections.get(collection)?.get(key);
    return kept === undefined || !isAlive(kept, now) ? null : kept;
  };
  const sweep = (now: Instant): void => {
    for (const kept of collections.values()) {
      for (const [key, one] of kept) if (!isAlive(one, now)) kept.delete(key);
    }
  };
  return {
    async get(collection, key, now) {
      const kept = find(collection, key, now);
      return kept === null ? null : documentOf(key, kept);
    },
    async put(collection, key, value, now, { expected, expiresAt }: PutOptions = {}) {
      if (expected !== undefined && expected !== (find(collection, key, now)?.version ?? 0)) throw refusal.changed();
      version += 1;
      const kept = collections.get(collection) ?? new Map<string, Kept>();
      collections.set(collection, kept);
      kept.set(key, { json: JSON.stringify(value), version, expiresAt: expiresAt ?? null });
      if (version % SWEEP === 0) sweep(now);
      return version;
    },
    delete: async (collection, key) => collections.get(collection)?.delete(key) ?? false,
    list: async (collection, { after = '', limit }, now) =>
      [...(collections.get(collection) ?? [])]
        .filter(([key, kept]) => byBytes(key, after) > 0 && isAlive(kept, now))
        .sort(([a], [b]) => byBytes(a, b))
        .slice(0, limit)
        .map(([key, kept]) => documentOf(key, kept)),
  };
}

import { AppError } from '../../src/core/appError.ts';
import type { Instant } from '../../src/core/time.ts';
import type { Document, PutOptions } from '../../src/hub/store/port.ts';

interface Kept extends Document {
  readonly expiresAt: Instant | null;
}

/** The documents of a hub, in memory. */
export class MemoryDocuments {
  readonly #collections = new Map<string, Map<string, Kept>>();
  /** Over all documents, so that who comes after a deleted one has a higher one. */
  #versions = 0;

  #live(collection: string, key: string, now: Instant): Kept | null {
    const kept = this.#collections.get(collection)?.get(key);
    return kept === undefined || (kept.expiresAt !== null && kept.expiresAt <= now) ? null : kept;
  }

  get(collection: string, key: string, now: Instant): Document | null {
    return plain(this.#live(collection, key, now));
  }

  put(collection: string, key: string, value: unknown, now: Instant, options: PutOptions = {}): number {
    const before = this.#live(collection, key, now);
    if (options.expected !== undefined && options.expected !== (before?.version ?? 0)) {
      throw new AppError('conflict', 'Somebody has changed it meanwhile. Read it again.');
    }
    this.#versions += 1;
    const documents = this.#collections.get(collection) ?? new Map<string, Kept>();
    this.#collections.set(collection, documents);
    const expiresAt = options.expiresAt ?? null;
    documents.set(key, { key, value: JSON.parse(JSON.stringify(value)), version: this.#versions, expiresAt });
    return this.#versions;
  }

  delete(collection: string, key: string): boolean {
    return this.#collections.get(collection)?.delete(key) ?? false;
  }

  list(
    collection: string,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
    now: Instant,
  ): readonly Document[] {
    return [...(this.#collections.get(collection)?.keys() ?? [])]
      .filter((key) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .flatMap((key) => plain(this.#live(collection, key, now)) ?? [])
      .slice(0, limit);
  }
}

const plain = (kept: Kept | null): Document | null =>
  kept === null ? null : { key: kept.key, value: structuredClone(kept.value), version: kept.version };

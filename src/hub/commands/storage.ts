import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import type { Documents } from '../store/port.ts';
import { COMMAND_NAME } from './names.ts';
import type { StorageChanges } from './protocol.ts';

const COLLECTION = 'integration-storage';
const PAGE = 200;
/** Characters of one integration's storage as JSON. */
export const STORAGE_LIMIT = 262_144;
const MOST_TRIES = 100;

const values = z.record(z.string(), z.unknown());
/** What all integrations keep, by their names: also how it is written to files. */
export const allStorage = z.record(z.string().regex(COMMAND_NAME), values);
export type AllStorage = z.infer<typeof allStorage>;

type Values = z.infer<typeof values>;

const tooLarge = (): AppError =>
  new AppError('invalidInput', `The storage of one integration may have ${STORAGE_LIMIT} characters.`, {
    reason: 'storageFull',
  });

/** JSON with keys of any name, `__proto__` too. */
function merged(before: Values, { set, deleted }: StorageChanges): Values {
  const after = new Map(Object.entries(before));
  for (const key of deleted) after.delete(key);
  for (const [key, json] of set) after.set(key, JSON.parse(json));
  return Object.fromEntries(after);
}

/** What integrations keep from run to run: a JSON object each, in the hub's store. */
export class IntegrationStorage {
  readonly #documents: Documents;
  readonly #now: () => Instant;
  /** Writes of this hub to one integration wait for each other; those of other hubs are met by the version. */
  readonly #writes = new Map<string, Promise<void>>();

  constructor(documents: Documents, now: () => Instant) {
    this.#documents = documents;
    this.#now = now;
  }

  /** Of one integration, as JSON; `{}` for none. */
  async read(name: string): Promise<string> {
    return JSON.stringify((await this.#get(name)).values);
  }

  /**
   * Adds the changes of one run to what is there now, key by key: of two runs the last one to end has the word on a key, and no other
   * key is lost. Throws `invalidInput` when it becomes too large.
   */
  apply(name: string, changes: StorageChanges): Promise<void> {
    if (changes.set.length === 0 && changes.deleted.length === 0) return Promise.resolve();
    return this.#write(name, (before) => merged(before, changes));
  }

  /** Everything. */
  async all(): Promise<AllStorage> {
    const found: [string, Values][] = [];
    for (let after = ''; ; ) {
      const page = await this.#documents.list(COLLECTION, { after, limit: PAGE }, this.#now());
      found.push(...page.map(({ key, value }) => [key, values.parse(value)] as [string, Values]));
      if (page.length < PAGE) return Object.fromEntries(found);
      after = page.at(-1)?.key ?? after;
    }
  }

  /** @returns how many integrations had something */
  async erase(): Promise<number> {
    const names = Object.keys(await this.all());
    await Promise.all(names.map((name) => this.#documents.delete(COLLECTION, name)));
    return names.length;
  }

  /** Puts this in the place of all there is. Throws `invalidInput` for too much, and changes nothing then. */
  async replace(all: AllStorage): Promise<void> {
    for (const one of Object.values(all)) if (JSON.stringify(one).length > STORAGE_LIMIT) throw tooLarge();
    const gone = Object.keys(await this.all()).filter((name) => !Object.hasOwn(all, name));
    await Promise.all(Object.entries(all).map(([name, one]) => this.#write(name, () => one)));
    await Promise.all(gone.map((name) => this.#documents.delete(COLLECTION, name)));
  }

  async #get(name: string): Promise<{ readonly values: Values; readonly version: number }> {
    const document = await this.#documents.get(COLLECTION, name, this.#now());
    return document === null
      ? { values: {}, version: 0 }
      : { values: values.parse(document.value), version: document.version };
  }

  #write(name: string, change: (before: Values) => Values): Promise<void> {
    const before = this.#writes.get(name) ?? Promise.resolve();
    const written = before.catch(() => {}).then(() => this.#tryWrite(name, change));
    this.#writes.set(name, written);
    const forget = () => {
      if (this.#writes.get(name) === written) this.#writes.delete(name);
    };
    written.then(forget, forget);
    return written;
  }

  async #tryWrite(name: string, change: (before: Values) => Values): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const { values: before, version } = await this.#get(name);
      const after = change(before);
      if (JSON.stringify(after).length > STORAGE_LIMIT) throw tooLarge();
      try {
        await this.#documents.put(COLLECTION, name, after, this.#now(), { expected: version });
        return;
      } catch (thrown) {
        const isTaken = thrown instanceof AppError && thrown.code === 'conflict';
        if (!isTaken || tries === MOST_TRIES) throw thrown;
      }
    }
  }
}

import { AppError } from '../../core/appError.ts';
import { DAY } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GuardedFetch } from '../guard/guardedFetch.ts';
import { newId } from '../ids.ts';
import type { Document, HubStore } from '../store/port.ts';
import {
  type DeadLetter,
  deadLetterKey,
  freshProgress,
  type Progress,
  readDeadLetter,
  readProgress,
  readWebhook,
  type Webhook,
} from './records.ts';
import { newSecret } from './signature.ts';

const WEBHOOKS = 'webhooks';
const PROGRESS = 'webhook-progress';
const deadLettersOf = (id: string): string => `webhook-dead:${id}`;

const PAGE = 500;
/** Webhooks at most: each follows the feed for itself. */
const MOST = 500;
/** Dead letters of one webhook at most; then the oldest go. */
export const MOST_DEAD_LETTERS = 1_000;
const DEAD_LETTERS_KEPT = 90 * DAY;

export interface WebhooksDeps {
  readonly store: Pick<HubStore, 'documents' | 'head'>;
  readonly guard: Pick<GuardedFetch, 'check'>;
  readonly clock: Clock;
}

export interface NewWebhook extends Pick<Webhook, 'url' | 'kinds' | 'emails'> {
  /** Absent: one is made. */
  readonly secret?: string;
}

/** A value and the version it was read in. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/** The webhooks in the store, how far each is, and what could not be delivered. */
export class Webhooks {
  readonly #deps: WebhooksDeps;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** Everything that changes from now on is sent there. Throws `invalidInput` for an address that may not be called. */
  async create({ url, kinds, emails, secret = newSecret() }: NewWebhook): Promise<Webhook> {
    const { store, guard, clock } = this.#deps;
    const { href } = guard.check(url);
    if ((await this.list()).length >= MOST) {
      throw new AppError('conflict', `There are ${MOST} webhooks already. Delete one that is not needed any more.`);
    }
    const now = clock.now();
    const id = newId(now);
    const value = { url: href, kinds, emails, createdAt: now, secret, isOff: false };
    // First where to begin: a webhook that is seen has its place in the feed.
    await store.documents.put(PROGRESS, id, freshProgress(await store.head()), now, { expected: 0 });
    await store.documents.put(WEBHOOKS, id, value, now, { expected: 0 });
    return { id, ...value };
  }

  async list(): Promise<readonly Webhook[]> {
    const found = await this.#all(WEBHOOKS);
    return found.map(({ key, value }) => readWebhook(key, value));
  }

  async get(id: string): Promise<Webhook | null> {
    const document = await this.#get(WEBHOOKS, id);
    return document === null ? null : readWebhook(id, document.value);
  }

  /** Forgets it, how far it was and its dead letters. @returns whether there was one */
  async delete(id: string): Promise<boolean> {
    const { documents } = this.#deps.store;
    const existed = await documents.delete(WEBHOOKS, id);
    await documents.delete(PROGRESS, id);
    for (const { key } of await this.#all(deadLettersOf(id))) await documents.delete(deadLettersOf(id), key);
    return existed;
  }

  /** It gets nothing any more. */
  async switchOff(id: string): Promise<void> {
    const { documents } = this.#deps.store;
    const document = await this.#get(WEBHOOKS, id);
    if (document === null) return;
    const { id: _, ...value } = readWebhook(id, document.value);
    await documents.put(WEBHOOKS, id, { ...value, isOff: true }, this.#deps.clock.now(), {
      expected: document.version,
    });
  }

  /** Null when there is none: the webhook is gone. */
  async progress(id: string): Promise<Versioned<Progress> | null> {
    const document = await this.#get(PROGRESS, id);
    return document === null ? null : { value: readProgress(document.value), version: document.version };
  }

  /** @returns the new version. Throws `conflict` when another hub has written it, or the webhook is gone */
  saveProgress(id: string, { value, version }: Versioned<Progress>): Promise<number> {
    return this.#deps.store.documents.put(PROGRESS, id, value, this.#deps.clock.now(), { expected: version });
  }

  /** @returns how many of the oldest had to go */
  async addDeadLetter(id: string, letter: DeadLetter): Promise<number> {
    const { documents } = this.#deps.store;
    const now = this.#deps.clock.now();
    const collection = deadLettersOf(id);
    await documents.put(collection, deadLetterKey(letter.event), letter, now, { expiresAt: now + DEAD_LETTERS_KEPT });
    const all = await this.#all(collection);
    const tooMany = all.slice(0, Math.max(0, all.length - MOST_DEAD_LETTERS));
    for (const { key } of tooMany) await documents.delete(collection, key);
    return tooMany.length;
  }

  /** Oldest first, those after the event `after`. */
  async deadLetters(id: string, after: number, limit: number): Promise<readonly DeadLetter[]> {
    const found = await this.#deps.store.documents.list(
      deadLettersOf(id),
      { after: deadLetterKey(after), limit },
      this.#deps.clock.now(),
    );
    return found.map(({ value }) => readDeadLetter(value));
  }

  async deadLetter(id: string, event: number): Promise<DeadLetter | null> {
    const document = await this.#get(deadLettersOf(id), deadLetterKey(event));
    return document === null ? null : readDeadLetter(document.value);
  }

  /** @returns whether there was one */
  removeDeadLetter(id: string, event: number): Promise<boolean> {
    return this.#deps.store.documents.delete(deadLettersOf(id), deadLetterKey(event));
  }

  #get(collection: string, key: string): Promise<Document | null> {
    return this.#deps.store.documents.get(collection, key, this.#deps.clock.now());
  }

  async #all(collection: string): Promise<readonly Document[]> {
    const all: Document[] = [];
    for (let after: string | undefined; ; ) {
      const options = { limit: PAGE, ...(after === undefined ? {} : { after }) };
      const page = await this.#deps.store.documents.list(collection, options, this.#deps.clock.now());
      all.push(...page);
      if (page.length < PAGE) return all;
      after = page.at(-1)?.key;
    }
  }
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../core/appError.ts';
import type { Instant } from '../core/time.ts';
import { newId } from './ids.ts';
import { SCOPES, type Scope } from './model.ts';
import type { Documents } from './store/port.ts';

const COLLECTION = 'tokens';
const SECRET_BYTES = 32;
const PAGE = 500;

const stored = z.object({
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  personId: z.string().nullable(),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  /** SHA-256 of the secret, hex. The secret has 256 random bits, so a slow hash would add nothing. */
  hash: z.string(),
});

/** A token as it may be shown: without what would let anyone in. */
export interface TokenInfo {
  readonly id: string;
  /** What it is for, in the words of who made it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Whose presence it may publish; null for nobody's in particular. */
  readonly personId: string | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
}

export type NewToken = Omit<TokenInfo, 'id' | 'createdAt'>;

const TOKEN = /^hst_([0-9a-z]{26})_([\w-]{43})$/;

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Bearer tokens; only hashes are kept. */
export class Tokens {
  readonly #documents: Documents;
  readonly #now: () => Instant;

  constructor(documents: Documents, now: () => Instant) {
    this.#documents = documents;
    this.#now = now;
  }

  /** @returns the token, this once: it can't be read again */
  async issue(wanted: NewToken): Promise<{ readonly token: string; readonly info: TokenInfo }> {
    const now = this.#now();
    const id = newId(now);
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const value = { ...wanted, createdAt: now, hash: hashOf(secret).toString('hex') };
    const expiry = wanted.expiresAt === null ? {} : { expiresAt: wanted.expiresAt };
    await this.#documents.put(COLLECTION, id, value, now, { expected: 0, ...expiry });
    return { token: `hst_${id}_${secret}`, info: { id, createdAt: now, ...wanted } };
  }

  /** Null for a token that is unknown, revoked or has expired. */
  async verify(token: string): Promise<TokenInfo | null> {
    const [, id, secret] = TOKEN.exec(token) ?? [];
    if (id === undefined || secret === undefined) return null;
    const found = await this.#find(id);
    if (found === null || !timingSafeEqual(hashOf(secret), Buffer.from(found.hash, 'hex'))) return null;
    return infoOf(id, found);
  }

  /** By its id: for what was signed in with it before. Null when it does not count any more. */
  async info(id: string): Promise<TokenInfo | null> {
    const found = await this.#find(id);
    return found === null ? null : infoOf(id, found);
  }

  /** @returns whether there was one */
  revoke(id: string): Promise<boolean> {
    return this.#documents.delete(COLLECTION, id);
  }

  async list(): Promise<readonly TokenInfo[]> {
    const all: TokenInfo[] = [];
    for (let after = ''; ; ) {
      const page = await this.#documents.list(COLLECTION, { after, limit: PAGE }, this.#now());
      all.push(...page.map(({ key, value }) => infoOf(key, parse(value))));
      if (page.length < PAGE) return all;
      after = page.at(-1)?.key ?? after;
    }
  }

  async #find(id: string): Promise<z.infer<typeof stored> | null> {
    const document = await this.#documents.get(COLLECTION, id, this.#now());
    if (document === null) return null;
    const value = parse(document.value);
    return value.expiresAt !== null && value.expiresAt <= this.#now() ? null : value;
  }
}

function parse(value: unknown): z.infer<typeof stored> {
  const parsed = stored.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('badResponse', 'A token in the store can not be read. Was it written by a newer hub?');
}

function infoOf(id: string, { hash: _, ...rest }: z.infer<typeof stored>): TokenInfo {
  return { id, ...rest };
}

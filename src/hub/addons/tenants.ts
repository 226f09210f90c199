import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import type { Documents } from '../store/port.ts';
import type { Tenant } from './calls.ts';
import { notSigned, type SignedRequest, signRequest } from './jwt.ts';

const TENANTS = 'tenants';
const SPENT = 'addon-requests';
const PAGE = 200;

/** The id of an installation. With the key of its add-on and the hash of a request it is a document's name, of 200 characters at most. */
export const oauthIdSchema = z.string().regex(/^[\w.:@-]{1,90}$/);

const recordSchema = z.object({
  oauthId: oauthIdSchema,
  oauthSecret: z.string(),
  groupId: z.number(),
  roomId: z.number().nullable(),
  capabilitiesUrl: z.string(),
  tokenUrl: z.string(),
  apiUrl: z.string(),
  homepage: z.string().nullable(),
  installedAt: z.number(),
});

/** An installation as it is kept, with what must leave the hub for nowhere but its chat server. */
export type TenantRecord = Readonly<z.infer<typeof recordSchema>>;

/** The installations of one add-on, and which of their signed requests have been used. */
export class Tenants {
  readonly #addon: string;
  readonly #documents: Documents;
  readonly #now: () => Instant;

  constructor(addon: string, documents: Documents, now: () => Instant) {
    this.#addon = addon;
    this.#documents = documents;
    this.#now = now;
  }

  async get(oauthId: string): Promise<TenantRecord | null> {
    return (await this.find(oauthId))?.record ?? null;
  }

  /** With its version, for a write that must not overtake another. */
  async find(oauthId: string): Promise<{ readonly record: TenantRecord; readonly version: number } | null> {
    if (!oauthIdSchema.safeParse(oauthId).success) return null;
    const document = await this.#documents.get(TENANTS, this.#key(oauthId), this.#now());
    return document === null ? null : { record: parse(document.value), version: document.version };
  }

  /** @param expected the version that it replaces; 0: there must be none. Throws `conflict` */
  put(record: TenantRecord, expected: number): Promise<number> {
    return this.#documents.put(TENANTS, this.#key(record.oauthId), record, this.#now(), { expected });
  }

  /** @returns whether there was one */
  delete(oauthId: string): Promise<boolean> {
    return this.#documents.delete(TENANTS, this.#key(oauthId));
  }

  async list(): Promise<readonly TenantRecord[]> {
    const all: TenantRecord[] = [];
    const prefix = this.#key('');
    for (let after = prefix; ; ) {
      const page = await this.#documents.list(TENANTS, { after, limit: PAGE }, this.#now());
      const own = page.filter(({ key }) => key.startsWith(prefix));
      all.push(...own.map(({ value }) => parse(value)));
      if (own.length < PAGE) return all;
      after = page.at(-1)?.key ?? after;
    }
  }

  /** Uses up a signed request. Throws `unauthorized` when it has been used. */
  async spend({ oauthId }: TenantRecord, { id, expiresAt }: SignedRequest): Promise<void> {
    try {
      await this.#documents.put(SPENT, `${this.#key(oauthId)}/${id}`, true, this.#now(), { expected: 0, expiresAt });
    } catch (thrown) {
      throw thrown instanceof AppError && thrown.code === 'conflict' ? notSigned('replayed') : thrown;
    }
  }

  /** An add-on's key holds no slash. */
  #key(oauthId: string): string {
    return `${this.#addon}/${oauthId}`;
  }
}

function parse(value: unknown): TenantRecord {
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('badResponse', 'An installation in the store can not be read. Was it written by a newer hub?');
}

/** What handlers see of an installation. */
export function tenantOf(record: TenantRecord, now: () => Instant): Tenant {
  const { oauthId, groupId, roomId, apiUrl, homepage, installedAt, oauthSecret: secret } = record;
  return {
    oauthId,
    groupId,
    roomId,
    apiUrl,
    homepage,
    installedAt,
    signJwt: (userId, context = {}) => signRequest({ oauthId, secret, now: now() }, userId, context),
  };
}

/** Whose pages may show the add-on's and read its answers: those of the chat server that installed it. */
export function originsOf({ capabilitiesUrl, apiUrl, homepage }: TenantRecord): readonly string[] {
  const urls = [homepage, capabilitiesUrl, apiUrl].flatMap((one) =>
    one !== null && URL.canParse(one) ? new URL(one) : [],
  );
  // Other schemes have the origin "null", which every sandboxed frame has too.
  return [...new Set(urls.filter(({ protocol }) => /^https?:$/.test(protocol)).map(({ origin }) => origin))];
}

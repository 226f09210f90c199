import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { HOUR, type Instant } from '../core/time.ts';
import type { Documents } from './store/port.ts';
import type { TokenInfo, Tokens } from './tokens.ts';

const COLLECTION = 'sessions';
const SESSION_LENGTH = 12 * HOUR;
const stored = z.object({ tokenId: z.string() });

const keyOf = (session: string): string => createHash('sha256').update(session).digest('hex');

/** Who is signed in at the page. A session is a random word in a cookie; kept is its hash, and it counts while its token does. */
export class Sessions {
  readonly #documents: Documents;
  readonly #tokens: Tokens;
  readonly #now: () => Instant;

  constructor(documents: Documents, tokens: Tokens, now: () => Instant) {
    this.#documents = documents;
    this.#tokens = tokens;
    this.#now = now;
  }

  /** @returns what goes into the cookie, and for how many seconds */
  async open(token: TokenInfo): Promise<{ readonly session: string; readonly maxAge: number }> {
    const session = randomBytes(32).toString('base64url');
    const now = this.#now();
    await this.#documents.put(COLLECTION, keyOf(session), { tokenId: token.id }, now, {
      expiresAt: now + SESSION_LENGTH,
    });
    return { session, maxAge: SESSION_LENGTH / 1_000 };
  }

  /** Null when it is unknown, over, or its token has been revoked. */
  async actor(session: string): Promise<TokenInfo | null> {
    const document = await this.#documents.get(COLLECTION, keyOf(session), this.#now());
    const parsed = stored.safeParse(document?.value);
    return parsed.success ? this.#tokens.info(parsed.data.tokenId) : null;
  }

  async close(session: string): Promise<void> {
    await this.#documents.delete(COLLECTION, keyOf(session));
  }
}

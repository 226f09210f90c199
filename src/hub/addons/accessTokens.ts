import { z } from 'zod';
import { parseAnswer } from '../../adapters/http.ts';
import { AppError } from '../../core/appError.ts';
import { type Instant, SECOND } from '../../core/time.ts';
import type { AddonScope } from './descriptor.ts';
import { CALL_TIMEOUT, CHAT, errorOf, jsonOf, MAX_ANSWER, type Outbound } from './outbound.ts';
import type { TenantRecord } from './tenants.ts';

/** A token that ends this soon is asked anew. */
const MARGIN = 60 * SECOND;
/** Tokens kept at most; the one that was made first goes first. */
const MOST = 10_000;

/** An answer of the token address (RFC 6749 section 5.1; specs/hipchat.yaml, `Token`). */
const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  scope: z.string().nullish(),
  group_id: z.number().nullish(),
});
const refusalSchema = z.object({ error: z.string() });

export interface AccessToken {
  readonly value: string;
  readonly expiresAt: Instant;
  /** Which group it is for, where the server says so. */
  readonly groupId: number | null;
}

/** The reason of the error when the server knows an installation no more. */
export const CLIENT_GONE = 'clientGone';

export interface AccessTokensDeps {
  readonly outbound: Outbound;
  readonly now: () => Instant;
  /** The server knows this installation no more. */
  readonly onGone: (tenant: TenantRecord) => Promise<void>;
}

/** OAuth 2 client credentials (RFC 6749 section 4.4): one token for each installation and set of scopes, while it lasts. */
export class AccessTokens {
  readonly #deps: AccessTokensDeps;
  readonly #kept = new Map<string, AccessToken>();
  readonly #running = new Map<string, Promise<AccessToken>>();

  constructor(deps: AccessTokensDeps) {
    this.#deps = deps;
  }

  /**
   * @param stale a token that the server has refused: it is not given again. Throws `AppError`; `unauthorized` with reason
   * `clientGone` when the installation is gone, and then it is removed
   */
  async get(tenant: TenantRecord, scopes: readonly AddonScope[], stale: string | null = null): Promise<string> {
    const key = keyOf(tenant, scopes);
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.value !== stale && kept.expiresAt - MARGIN > this.#deps.now()) return kept.value;
    let running = this.#running.get(key);
    if (running === undefined) {
      running = this.#renew(key, tenant, scopes).finally(() => this.#running.delete(key));
      this.#running.set(key, running);
    }
    return (await running).value;
  }

  /** Asks for a token without looking at what is kept, and does not keep it. Throws `AppError`. */
  async request(tenant: TenantRecord, scopes: readonly AddonScope[]): Promise<AccessToken> {
    const { outbound, now } = this.#deps;
    const { oauthId, oauthSecret, tokenUrl } = tenant;
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') });
    const answer = await outbound.request(tokenUrl, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${oauthId}:${oauthSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: form.toString(),
      timeout: CALL_TIMEOUT,
      maxBytes: MAX_ANSWER,
    });
    if (answer.status === 401) throw clientGone();
    if (answer.status === 400 || answer.status === 403) {
      const code = answer.body.length === 0 ? undefined : codeIn(answer.body);
      if (code === 'invalid_client') throw clientGone();
      if (code === 'invalid_scope' || answer.status === 403) throw scopesRefused();
    }
    if (answer.status !== 200 && answer.status !== 201) throw errorOf(answer, now());
    const { access_token, expires_in, scope, group_id } = parseAnswer(CHAT, tokenSchema, jsonOf(answer));
    // A server that grants less says so (section 3.3); one that says nothing has granted all.
    const granted = scope?.split(' ');
    if (granted !== undefined && !scopes.every((one) => granted.includes(one))) throw scopesRefused();
    return { value: access_token, expiresAt: now() + expires_in * SECOND, groupId: group_id ?? null };
  }

  keep(tenant: TenantRecord, scopes: readonly AddonScope[], token: AccessToken): void {
    const key = keyOf(tenant, scopes);
    this.#kept.delete(key);
    this.#kept.set(key, token);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
  }

  forget({ oauthId }: TenantRecord): void {
    for (const key of this.#kept.keys()) if (key.startsWith(`${oauthId} `)) this.#kept.delete(key);
  }

  async #renew(key: string, tenant: TenantRecord, scopes: readonly AddonScope[]): Promise<AccessToken> {
    this.#kept.delete(key);
    try {
      const token = await this.request(tenant, scopes);
      this.keep(tenant, scopes, token);
      return token;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.reason === CLIENT_GONE) await this.#deps.onGone(tenant);
      throw thrown;
    }
  }
}

/** An id holds no blank. */
const keyOf = ({ oauthId }: TenantRecord, scopes: readonly AddonScope[]): string =>
  `${oauthId} ${[...scopes].sort().join(' ')}`;

const clientGone = (): AppError =>
  new AppError('unauthorized', `${CHAT} does not know this installation. Install the add-on again.`, {
    reason: CLIENT_GONE,
  });

const scopesRefused = (): AppError =>
  new AppError('forbidden', `${CHAT} does not grant the scopes of this add-on. Ask its administrator.`, {
    reason: 'scopes',
  });

/** The code of a refusal (section 5.2); undefined where there is none. */
function codeIn(body: Buffer): string | undefined {
  try {
    return refusalSchema.safeParse(JSON.parse(body.toString('utf8'))).data?.error;
  } catch {
    return undefined;
  }
}

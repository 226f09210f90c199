import { z } from 'zod';
import { call, errorOfResponse, type HttpDeps, jsonOf } from '../../adapters/http.ts';
import { AppError, type ErrorCode } from '../../core/appError.ts';
import { type Instant, MINUTE, SECOND } from '../../core/time.ts';

const SERVICE = 'Microsoft Entra';
/** So long before its end a token is taken for ended. */
const MARGIN = MINUTE;

const answer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const refusal = z.object({ error_codes: z.array(z.number()).catch([]) });

export interface AppTokenDeps extends HttpDeps {
  /** The sign-in host, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Such as `https://graph.microsoft.com/.default`. */
  readonly scope: string;
}

/** Microsoft identity platform, "Microsoft Entra authentication and authorization error codes". */
const REFUSALS: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  7000215: ['unauthorized', 'does not accept the client secret. Check HUB_SYNC_CLIENT_SECRET.'],
  7000222: ['unauthorized', 'says that the client secret has expired. Make a new one for HUB_SYNC_CLIENT_SECRET.'],
  700016: ['unauthorized', 'does not know the application in this tenant. Check HUB_SYNC_CLIENT_ID.'],
  90002: ['notFound', 'does not know the tenant. Check HUB_SYNC_TENANT.'],
  7000112: ['forbidden', 'says that the application is disabled. Ask your administrator to enable it.'],
};

/**
 * Tokens of the application itself (OAuth 2.0 client credentials, RFC 6749 section 4.4): one is asked for at a time, and kept until a
 * minute before its end.
 */
export class AppToken {
  readonly #deps: AppTokenDeps;
  #token: { readonly text: string; readonly until: Instant } | null = null;
  #asking: Promise<string> | null = null;

  constructor(deps: AppTokenDeps) {
    this.#deps = deps;
  }

  /** Throws `AppError` where none is given; its message names the setting that is wrong. */
  get(signal: AbortSignal): Promise<string> {
    if (this.#token !== null && this.#deps.now() < this.#token.until) return Promise.resolve(this.#token.text);
    this.#asking ??= this.#ask(signal).finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** It was refused: the next `get` asks anew. */
  forget(token: string): void {
    if (this.#token?.text === token) this.#token = null;
  }

  async #ask(signal: AbortSignal): Promise<string> {
    const { authority, tenant, clientId, clientSecret, scope, now } = this.#deps;
    const response = await call(this.#deps, SERVICE, `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, {
      method: 'POST',
      redirect: 'error',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope,
      }),
      signal,
    });
    if (!response.ok) throw await errorOf(response, now());
    const { access_token, expires_in } = await jsonOf(SERVICE, response, answer, now());
    this.#token = { text: access_token, until: now() + expires_in * SECOND - MARGIN };
    return access_token;
  }
}

async function errorOf(response: Response, now: Instant): Promise<AppError> {
  const error = errorOfResponse(SERVICE, response, now);
  const body: unknown = await response.json().catch(() => null);
  const codes = refusal.safeParse(body).data?.error_codes ?? [];
  for (const number of codes) {
    const [code, words] = REFUSALS[number] ?? [];
    if (code !== undefined) return new AppError(code, `${SERVICE} ${words}`, { reason: `AADSTS${number}` });
  }
  return error;
}

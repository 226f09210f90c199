import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { z } from 'zod';
import { type AppError, asAppError } from '../../../core/appError.ts';
import { bodyError, call, errorOfResponse, type HttpDeps, isWebPage, signInPageError } from '../../http.ts';
import { type Refusal, type Seen, SIGN_IN_SERVICE } from './authErrors.ts';

/** Discovery answers of this process, by address: they change about never, and a cached token must do without them. */
export type Discovery = Map<string, NetworkResponse<unknown>>;

const refusalSchema = z.object({
  error: z.string(),
  suberror: z.string().catch(''),
  error_codes: z.array(z.number()).catch([]),
});

function refusalOf(body: unknown): Refusal | null {
  const parsed = refusalSchema.safeParse(body);
  if (!parsed.success) return null;
  const { error, suberror, error_codes: numbers } = parsed.data;
  return { error, suberror, numbers };
}

/** MSAL's way out: the injected `fetch`. It remembers what went wrong, because MSAL keeps too little of it. */
export class AuthNetwork implements INetworkModule, Seen {
  readonly #deps: HttpDeps;
  readonly #signal: AbortSignal;
  readonly #discovery: Discovery;
  refusal: Refusal | null = null;
  failure: AppError | null = null;

  constructor(deps: HttpDeps, signal: AbortSignal, discovery: Discovery) {
    this.#deps = deps;
    this.#signal = signal;
    this.#discovery = discovery;
  }

  async sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    const known = this.#discovery.get(url);
    if (known !== undefined) return known as NetworkResponse<T>;
    const answer = await this.#send<T>('GET', url, options);
    if (answer.status === 200) this.#discovery.set(url, answer);
    return answer;
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send<T>('POST', url, options);
  }

  async #send<T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    this.refusal = null;
    this.failure = null;
    try {
      const response = await call(this.#deps, SIGN_IN_SERVICE, url, {
        method,
        headers: options.headers ?? {},
        ...(method === 'POST' ? { body: options.body ?? '' } : {}),
        signal: this.#signal,
      });
      // MSAL would throttle itself and forget why; the engine's back-off knows better.
      if (response.status === 429 || response.status >= 500) {
        await response.body?.cancel();
        throw errorOfResponse(SIGN_IN_SERVICE, response, this.#deps.now());
      }
      const body = await this.#json(response);
      this.refusal = refusalOf(body);
      return { headers: Object.fromEntries(response.headers), body: body as T, status: response.status };
    } catch (error) {
      this.failure = asAppError(error);
      throw this.failure;
    }
  }

  async #json(response: Response): Promise<unknown> {
    try {
      const body: unknown = await response.json();
      // RFC 8628 section 3.5: go on polling. MSAL knows only the other word for it.
      const isSlowDown = refusalOf(body)?.error === 'slow_down';
      return isSlowDown ? { ...(body as object), error: 'authorization_pending' } : body;
    } catch (cause) {
      // Proxies and sign-in walls answer with pages.
      throw cause instanceof SyntaxError && isWebPage(response)
        ? signInPageError(SIGN_IN_SERVICE)
        : bodyError(SIGN_IN_SERVICE, cause);
    }
  }
}

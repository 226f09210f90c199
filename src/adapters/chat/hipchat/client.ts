import { AppError } from '../../../core/appError.ts';
import { call, errorOfResponse, type HttpDeps, jsonOf } from '../../http.ts';
import { type HipchatUser, type HipchatUserUpdate, hipchatUser } from './schema.ts';

export interface HipchatDeps extends HttpDeps {
  /** The server's API base, with or without `/v2`. */
  readonly server: string;
  /** Throws `AppError('unauthorized')` when there is none. */
  readonly token: () => Promise<string>;
}

const SERVICE = 'HipChat';

/** HipChat counts calls in windows of this length, so no reset is further away; a longer wait is a wrong clock. */
const RATE_WINDOW = 5 * 60_000;

interface HipchatClient {
  /** GET /v2/user/{id_or_email}, scope `view_group`. */
  getUser(email: string, signal: AbortSignal): Promise<HipchatUser>;
  /** PUT /v2/user/{id_or_email}, scope `admin_group` or one's own personal token. */
  updateUser(email: string, update: HipchatUserUpdate, signal: AbortSignal): Promise<void>;
}

/** HipChat's API v2, as far as a person's presence needs it (specs/hipchat.yaml). Throws `AppError` only. */
export function hipchatClient(deps: HipchatDeps): HipchatClient {
  const base = deps.server.replace(/\/+$/, '').replace(/\/v2$/, '');

  async function request(method: 'GET' | 'PUT', email: string, signal: AbortSignal, body?: HipchatUserUpdate) {
    // Without an address the path would name all users.
    if (email === '')
      throw new AppError('notFound', 'There is no email address to find you by.', { reason: 'noEmail' });
    const response = await call(deps, SERVICE, `${base}/v2/user/${encodeURIComponent(email)}`, {
      method,
      headers: {
        authorization: `Bearer ${await deps.token()}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    if (!response.ok) throw hipchatError(response, deps.now());
    return response;
  }

  return {
    async getUser(email, signal) {
      return jsonOf(SERVICE, await request('GET', email, signal), hipchatUser, deps.now());
    },
    async updateUser(email, update, signal) {
      await request('PUT', email, signal, update);
    },
  };
}

/** The error of an answer. A 429 says when to come back by Retry-After or, as HipChat's do, by X-Ratelimit-Reset (Unix time). */
export function hipchatError(response: Response, now: number): AppError {
  const error = errorOfResponse(SERVICE, response, now);
  const reset = Number(response.headers.get('x-ratelimit-reset') || Number.NaN);
  if (error.code !== 'rateLimited' || error.retryAfter !== null || !Number.isFinite(reset)) return error;
  const retryAfter = Math.min(Math.max(0, reset * 1_000 - now), RATE_WINDOW);
  return new AppError(error.code, error.message, { retryAfter });
}

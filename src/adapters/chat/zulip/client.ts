import { call, type HttpDeps, jsonOf } from '../../http.ts';
import { SERVICE, zulipError } from './errors.ts';
import { meAnswer, settingsAnswer, statusAnswer, type ZulipStatus } from './schema.ts';

export interface ZulipSignIn {
  /** The address the API key goes with. */
  readonly email: string;
  readonly apiKey: string;
}

export interface ZulipDeps extends HttpDeps {
  /** The organization's address, such as `https://contoso.zulipchat.com`. */
  readonly server: string;
  /** Throws `AppError('unauthorized')` when there is none. */
  readonly signIn: () => Promise<ZulipSignIn>;
}

/** Zulip's API v1, as far as a person's own status goes (specs/zulip.yaml). Throws `AppError` only. */
export interface ZulipClient {
  /** GET /server_settings. */
  getFeatureLevel(signal: AbortSignal): Promise<number>;
  /** GET /users/me. */
  getMe(by: ZulipSignIn, signal: AbortSignal): Promise<{ readonly userId: number; readonly isBot: boolean }>;
  /** GET /users/{user_id}/status, from feature level 262 on. */
  getStatus(by: ZulipSignIn, userId: number, signal: AbortSignal): Promise<ZulipStatus>;
  /** POST /users/me/status, a form. */
  setStatus(by: ZulipSignIn, status: ZulipStatus, signal: AbortSignal): Promise<void>;
}

export function zulipClient(deps: ZulipDeps): ZulipClient {
  const base = `${deps.server.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`;

  async function request(
    path: string,
    by: ZulipSignIn | null,
    signal: AbortSignal,
    form?: ZulipStatus,
  ): Promise<Response> {
    const response = await call(deps, SERVICE, `${base}${path}`, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', ...(by === null ? {} : { authorization: basic(by) }) },
      // Sent with its own content type.
      ...(form === undefined ? {} : { body: new URLSearchParams({ ...form }) }),
      signal,
    });
    if (!response.ok) throw await zulipError(response, deps.now());
    return response;
  }

  return {
    async getFeatureLevel(signal) {
      const response = await request('/server_settings', null, signal);
      return (await jsonOf(SERVICE, response, settingsAnswer, deps.now())).zulip_feature_level;
    },
    async getMe(by, signal) {
      const me = await jsonOf(SERVICE, await request('/users/me', by, signal), meAnswer, deps.now());
      return { userId: me.user_id, isBot: me.is_bot };
    },
    async getStatus(by, userId, signal) {
      const response = await request(`/users/${userId}/status`, by, signal);
      return (await jsonOf(SERVICE, response, statusAnswer, deps.now())).status;
    },
    async setStatus(by, status, signal) {
      await request('/users/me/status', by, signal, status);
    },
  };
}

/** HTTP Basic (RFC 7617), in UTF-8. */
const basic = ({ email, apiKey }: ZulipSignIn): string =>
  `Basic ${Buffer.from(`${email}:${apiKey}`, 'utf8').toString('base64')}`;

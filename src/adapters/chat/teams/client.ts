import type { TokenWish } from '../../../ports/signIn.ts';
import { call, type HttpDeps, jsonOf } from '../../http.ts';
import { notConfigured, SERVICE, teamsError } from './errors.ts';
import { type PreferredPresence, presenceAnswer, type StatusMessage, type TeamsPresence } from './schema.ts';

/** The delegated permission that all of this needs. */
export const TEAMS_SCOPES = ['Presence.ReadWrite'] as const;

export interface TeamsDeps extends HttpDeps {
  /** Graph's base, https, without `/v1.0`. */
  readonly baseUrl: string;
  /** A token with `TEAMS_SCOPES`, without asking the person. Throws `AppError('unauthorized')` when only a sign-in helps. */
  readonly accessToken: (wish: TokenWish, signal: AbortSignal) => Promise<string>;
}

/** A person's own presence in Microsoft Graph v1.0. Throws `AppError` only. */
export interface TeamsClient {
  getPresence(signal: AbortSignal): Promise<TeamsPresence>;
  /** Shows as long as the person has a Teams client, or another program, signed in. */
  setUserPreferredPresence(preferred: PreferredPresence, signal: AbortSignal): Promise<void>;
  clearUserPreferredPresence(signal: AbortSignal): Promise<void>;
  setStatusMessage(statusMessage: StatusMessage, signal: AbortSignal): Promise<void>;
}

/** The claims of a 401 with `error="insufficient_claims"` (Microsoft identity platform, "Claims challenges"), as JSON. */
export function claimsOf(header: string | null): string | null {
  if (header === null || !/\berror="insufficient_claims"/.test(header)) return null;
  const encoded = /\bclaims="([A-Za-z0-9+/_=-]+)"/.exec(header)?.[1];
  if (encoded === undefined) return null;
  const claims = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    JSON.parse(claims);
    return claims;
  } catch {
    return null;
  }
}

export function teamsClient(deps: TeamsDeps): TeamsClient {
  const base = deps.baseUrl.replace(/\/+$/, '');

  async function send(action: string, body: unknown, wish: TokenWish, signal: AbortSignal): Promise<Response> {
    // A token must not go over an open line.
    if (!base.startsWith('https://')) throw notConfigured();
    const token = await deps.accessToken(wish, signal);
    const hasBody = body !== undefined;
    return call(deps, SERVICE, `${base}/v1.0/me/presence${action}`, {
      method: action === '' ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
      signal,
    });
  }

  /** A 401 is answered once, with a renewed token that carries the claims which were asked for. */
  async function request(action: string, signal: AbortSignal, body?: unknown): Promise<Response> {
    let response = await send(action, body, {}, signal);
    if (response.status === 401) {
      await response.body?.cancel();
      const claims = claimsOf(response.headers.get('www-authenticate'));
      response = await send(action, body, claims === null ? { forceRefresh: true } : { claims }, signal);
    }
    if (response.ok) return response;
    await response.body?.cancel();
    throw teamsError(response, deps.now());
  }

  async function post(action: string, signal: AbortSignal, body?: unknown): Promise<void> {
    await (await request(`/${action}`, signal, body)).body?.cancel();
  }

  return {
    getPresence: async (signal) => jsonOf(SERVICE, await request('', signal), presenceAnswer, deps.now()),
    setUserPreferredPresence: (preferred, signal) => post('setUserPreferredPresence', signal, preferred),
    clearUserPreferredPresence: (signal) => post('clearUserPreferredPresence', signal),
    setStatusMessage: (statusMessage, signal) => post('setStatusMessage', signal, { statusMessage }),
  };
}

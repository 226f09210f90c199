import type { Instant } from '../../../core/time.ts';
import { call, type HttpDeps, jsonOf } from '../../http.ts';
import { googleChatError, notConfigured, SERVICE } from './errors.ts';
import { type Availability, availabilityAnswer, type CustomStatus } from './schema.ts';

/** The scope that all of this needs. */
export const GOOGLE_CHAT_SCOPES = ['https://www.googleapis.com/auth/chat.users.availability'] as const;

export interface GoogleChatDeps extends HttpDeps {
  /** Such as `https://chat.googleapis.com`. */
  readonly baseUrl: string;
  /** A token with `GOOGLE_CHAT_SCOPES`, without asking the person. Throws `AppError('unauthorized')` when only a sign-in helps. */
  readonly accessToken: (wish: { readonly forceRefresh?: boolean }, signal: AbortSignal) => Promise<string>;
}

/** `users/me/availability` of the Google Chat API v1. Throws `AppError` only. */
export interface GoogleChatClient {
  getAvailability(signal: AbortSignal): Promise<Availability>;
  /** Null takes the status away. */
  setCustomStatus(status: CustomStatus | null, signal: AbortSignal): Promise<void>;
  /** For so many seconds; afterwards the state follows what the person does. */
  markAsActive(seconds: number, signal: AbortSignal): Promise<void>;
  /** Stays, whatever the person does. */
  markAsAway(signal: AbortSignal): Promise<void>;
  /** Afterwards the person is away until they do something. */
  markAsDoNotDisturb(until: Instant, signal: AbortSignal): Promise<void>;
}

const isLoopback = (url: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

export function googleChatClient(deps: GoogleChatDeps): GoogleChatClient {
  const base = deps.baseUrl.replace(/\/+$/, '');

  async function send(method: string, rest: string, body: unknown, forceRefresh: boolean, signal: AbortSignal) {
    const url = new URL(`${base}/v1/users/me/availability${rest}`);
    // A token must not go over an open line.
    if (url.protocol !== 'https:' && !isLoopback(url)) throw notConfigured();
    const token = await deps.accessToken(forceRefresh ? { forceRefresh } : {}, signal);
    const hasBody = body !== undefined;
    return call(deps, SERVICE, url.href, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
      signal,
    });
  }

  /** A 401 is answered once, with a renewed token. */
  async function request(method: string, rest: string, signal: AbortSignal, body?: unknown): Promise<Availability> {
    let response = await send(method, rest, body, false, signal);
    if (response.status === 401) {
      await response.body?.cancel();
      response = await send(method, rest, body, true, signal);
    }
    if (!response.ok) throw await googleChatError(response, deps.now());
    return jsonOf(SERVICE, response, availabilityAnswer, deps.now());
  }

  return {
    getAvailability: (signal) => request('GET', '', signal),
    async setCustomStatus(status, signal) {
      // The mask names the field; a body without it takes it away.
      await request('PATCH', '?updateMask=customStatus', signal, status === null ? {} : { customStatus: status });
    },
    async markAsActive(seconds, signal) {
      await request('POST', ':markAsActive', signal, { ttl: `${seconds}s` });
    },
    async markAsAway(signal) {
      await request('POST', ':markAsAway', signal);
    },
    async markAsDoNotDisturb(until, signal) {
      await request('POST', ':markAsDoNotDisturb', signal, { expireTime: new Date(until).toISOString() });
    },
  };
}

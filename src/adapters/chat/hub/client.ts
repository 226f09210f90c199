import type { RemoteWord } from '../../../core/remoteWord.ts';
import { call, type HttpDeps, jsonOf, openStream } from '../../http.ts';
import { hubError, noStream, SERVICE } from './errors.ts';
import { type HubMe, type HubPresence, meAnswer, type PresenceUpdate, presenceAnswer, wordsAnswer } from './schema.ts';

export interface HubClientDeps extends HttpDeps {
  /** The hub's address, such as `https://hub.example.com`, with a path where it has one. */
  readonly server: string;
}

/** The hub's API v1, as far as one's own presence goes (docs/hub.md). `token` is the bearer token. Throws `AppError` only. */
export interface HubClient {
  /** GET /me: whose token it is and what it may do. */
  me(token: string, signal: AbortSignal): Promise<HubMe>;
  /** POST /presences/me/report: the person is there; what was said of them before shows again. */
  report(token: string, signal: AbortSignal): Promise<HubPresence>;
  /**
   * PUT /presences/me. Throws `AppError('conflict')` when `ifEvent` is not what is shown any more.
   * @param ifEvent null: whatever is shown
   */
  put(token: string, update: PresenceUpdate, ifEvent: number | null, signal: AbortSignal): Promise<HubPresence>;
  /** GET /people/me/words: what the person has said with commands and still counts, oldest first. */
  words(token: string, signal: AbortSignal): Promise<readonly RemoteWord[]>;
  /** GET /events?person=me: their changes from now on, as server-sent events, until `signal`. */
  events(token: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function hubClient(deps: HubClientDeps): HubClient {
  const base = `${deps.server.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`;

  async function request(token: string, given: Request, signal: AbortSignal): Promise<Response> {
    const { method, path, headers, body } = given;
    const response = await call(deps, SERVICE, `${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    if (!response.ok) throw await hubError(response, deps.now(), path !== '/me');
    return response;
  }

  async function events(token: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const response = await openStream(deps, SERVICE, `${base}/events?person=me`, { headers, signal });
    if (!response.ok) throw await hubError(response, deps.now(), true);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (isStream && response.body !== null) return response.body;
    await response.body?.cancel().catch(() => undefined);
    throw noStream();
  }

  const presenceOf = async (response: Response): Promise<HubPresence> =>
    jsonOf(SERVICE, response, presenceAnswer, deps.now());

  return {
    events,
    words: async (token, signal) => {
      const response = await request(token, { method: 'GET', path: '/people/me/words' }, signal);
      return (await jsonOf(SERVICE, response, wordsAnswer, deps.now())).items;
    },
    me: async (token, signal) =>
      jsonOf(SERVICE, await request(token, { method: 'GET', path: '/me' }, signal), meAnswer, deps.now()),
    report: async (token, signal) =>
      presenceOf(
        await request(token, { method: 'POST', path: '/presences/me/report', body: { source: 'app' } }, signal),
      ),
    async put(token, update, ifEvent, signal) {
      const headers = ifEvent === null ? {} : { 'if-match': `"${ifEvent}"` };
      return presenceOf(await request(token, { method: 'PUT', path: '/presences/me', headers, body: update }, signal));
    },
  };
}

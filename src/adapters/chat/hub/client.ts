import { call, type HttpDeps, jsonOf } from '../../http.ts';
import { hubError, SERVICE } from './errors.ts';
import { type HubMe, type HubPresence, meAnswer, type PresenceUpdate, presenceAnswer } from './schema.ts';

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

  const presenceOf = async (response: Response): Promise<HubPresence> =>
    jsonOf(SERVICE, response, presenceAnswer, deps.now());

  return {
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

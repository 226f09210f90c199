import { AppError } from '../../../core/appError.ts';
import { call, type HttpDeps, jsonOf, serviceMessage } from '../../http.ts';
import { mattermostError, SERVICE, signInError } from './errors.ts';
import {
  type CustomStatusUpdate,
  configAnswer,
  type MattermostStatus,
  type MattermostUser,
  type StatusUpdate,
  statusAnswer,
  userAnswer,
} from './schema.ts';

/** How the person signs in: with a personal access token, or with their password. */
export type MattermostSignIn =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'password';
      /** User name or email address. */
      readonly username: string;
      readonly password: string;
    };

export interface MattermostDeps extends HttpDeps {
  /** The server's address, such as `https://chat.example.com`, with a path where it has one. */
  readonly server: string;
  /** Throws `AppError('unauthorized')` when there is none. */
  readonly signIn: () => Promise<MattermostSignIn>;
}

/** Mattermost's API v4, as far as a person's own status goes (specs/mattermost.yaml). Throws `AppError` only. */
export interface MattermostClient {
  getMe(signal: AbortSignal): Promise<MattermostUser>;
  /** Throws `AppError('notFound')` with the reason `statusesOff` where the server shows none. */
  getStatus(userId: string, signal: AbortSignal): Promise<MattermostStatus>;
  /** Whether the server has custom statuses; on where it does not say. */
  hasCustomStatuses(signal: AbortSignal): Promise<boolean>;
  setStatus(update: StatusUpdate, signal: AbortSignal): Promise<void>;
  /** Null clears it. Throws `AppError('conflict')` with the reason `customStatusOff`. */
  setCustomStatus(userId: string, update: CustomStatusUpdate | null, signal: AbortSignal): Promise<void>;
}

type Password = Extract<MattermostSignIn, { kind: 'password' }>;
interface Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: StatusUpdate | CustomStatusUpdate;
}

const sameSignIn = (a: Password, b: Password): boolean => a.username === b.username && a.password === b.password;

export function mattermostClient(deps: MattermostDeps): MattermostClient {
  const base = `${deps.server.replace(/\/+$/, '').replace(/\/api\/v4$/, '')}/api/v4`;
  /** Of the last sign-in with a password; in memory only, so that each start signs in anew. */
  let session: { readonly by: Password; readonly token: string } | null = null;
  /** A password that was refused is not tried again: some ten tries would lock the account. */
  let refused: { readonly by: Password; readonly error: AppError } | null = null;

  async function send({ method, path, body }: Request, token: string, signal: AbortSignal): Promise<Response> {
    return call(deps, SERVICE, `${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
  }

  /** POST /users/login: the session's token is in the answer's `Token` header. */
  async function signInBy(by: Password, signal: AbortSignal): Promise<string> {
    if (refused !== null && sameSignIn(refused.by, by)) throw refused.error;
    const response = await call(deps, SERVICE, `${base}/users/login`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ login_id: by.username, password: by.password }),
      signal,
    });
    if (!response.ok) {
      const error = await signInError(response, deps.now());
      if (error.code === 'unauthorized') refused = { by, error };
      throw error;
    }
    const token = response.headers.get('token') ?? '';
    if (token === '') throw new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'), { reason: 'Token' });
    session = { by, token };
    refused = null;
    return token;
  }

  async function sendSignedIn(request: Request, by: Password, signal: AbortSignal): Promise<Response> {
    const known = session !== null && sameSignIn(session.by, by) ? session.token : null;
    const response = await send(request, known ?? (await signInBy(by, signal)), signal);
    if (response.status !== 401 || known === null) return response;
    // The session has ended; a new one, once.
    session = null;
    return send(request, await signInBy(by, signal), signal);
  }

  async function request(wanted: Request, signal: AbortSignal): Promise<Response> {
    const by = await deps.signIn();
    const response =
      by.kind === 'token' ? await send(wanted, by.token, signal) : await sendSignedIn(wanted, by, signal);
    if (!response.ok) throw await mattermostError(response, deps.now(), by.kind === 'token' ? 'token' : 'session');
    return response;
  }

  const of = (userId: string) => `/users/${encodeURIComponent(userId)}`;

  return {
    getMe: async (signal) =>
      jsonOf(SERVICE, await request({ method: 'GET', path: of('me') }, signal), userAnswer, deps.now()),
    getStatus: async (userId, signal) =>
      jsonOf(SERVICE, await request({ method: 'GET', path: `${of(userId)}/status` }, signal), statusAnswer, deps.now()),
    async hasCustomStatuses(signal) {
      const response = await request({ method: 'GET', path: '/config/client?format=old' }, signal);
      const { EnableCustomUserStatuses } = await jsonOf(SERVICE, response, configAnswer, deps.now());
      return EnableCustomUserStatuses !== 'false';
    },
    async setStatus(body, signal) {
      await request({ method: 'PUT', path: `${of(body.user_id)}/status`, body }, signal);
    },
    async setCustomStatus(userId, update, signal) {
      const path = `${of(userId)}/status/custom`;
      await request(update === null ? { method: 'DELETE', path } : { method: 'PUT', path, body: update }, signal);
    },
  };
}

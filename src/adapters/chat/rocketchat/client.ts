import { AppError } from '../../../core/appError.ts';
import { call, type HttpDeps, jsonOf } from '../../http.ts';
import { rocketchatError, SERVICE } from './errors.ts';
import {
  infoAnswer,
  meAnswer,
  type RocketchatMe,
  type RocketchatStatus,
  type StatusUpdate,
  statusAnswer,
} from './schema.ts';

export interface RocketchatSignIn {
  /** Shown beside the token when it is made. */
  readonly userId: string;
  /** A personal access token. */
  readonly token: string;
}

export interface RocketchatDeps extends HttpDeps {
  /** The workspace's address, such as `https://contoso.rocket.chat`. */
  readonly server: string;
  /** Throws `AppError('unauthorized')` when there is none. */
  readonly signIn: () => Promise<RocketchatSignIn>;
}

/** Rocket.Chat's REST API, as far as a person's own status goes (specs/rocketchat.yaml). Throws `AppError` only. */
export interface RocketchatClient {
  /** GET /api/v1/users.getStatus. */
  getStatus(signal: AbortSignal): Promise<RocketchatStatus>;
  /** GET /api/v1/me. */
  getMe(signal: AbortSignal): Promise<RocketchatMe>;
  /** GET /api/info, such as `8.6`; null where the server does not say. */
  getVersion(signal: AbortSignal): Promise<string | null>;
  /** POST /api/v1/users.setStatus. */
  setStatus(update: StatusUpdate, signal: AbortSignal): Promise<void>;
}

export function rocketchatClient(deps: RocketchatDeps): RocketchatClient {
  const base = `${deps.server.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api`;

  async function request(path: string, signal: AbortSignal, body?: StatusUpdate): Promise<Response> {
    const { userId, token } = await deps.signIn();
    const response = await call(deps, SERVICE, `${base}/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'x-user-id': userId,
        'x-auth-token': token,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    if (!response.ok) throw await rocketchatError(response, deps.now());
    return response;
  }

  return {
    getStatus: async (signal) => jsonOf(SERVICE, await request('users.getStatus', signal), statusAnswer, deps.now()),
    getMe: async (signal) => jsonOf(SERVICE, await request('me', signal), meAnswer, deps.now()),
    async getVersion(signal) {
      // For everybody: no credentials are sent.
      const response = await call(deps, SERVICE, `${base}/info`, {
        method: 'GET',
        headers: { accept: 'application/json' },
        signal,
      });
      if (!response.ok) {
        const error = await rocketchatError(response, deps.now());
        // Hidden by a proxy or an administrator; trouble that passes is not taken for that.
        if (['unauthorized', 'forbidden', 'notFound'].includes(error.code)) return null;
        throw error;
      }
      try {
        const { version, info } = await jsonOf(SERVICE, response, infoAnswer, deps.now());
        return version ?? info?.version ?? null;
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === 'badResponse') return null;
        throw thrown;
      }
    },
    async setStatus(update, signal) {
      await request('users.setStatus', signal, update);
    },
  };
}

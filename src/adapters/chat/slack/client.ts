import type { WebClientOptions } from '@slack/web-api';
import type { ZodType } from 'zod';
import { call, errorOfResponse, type HttpDeps, isWebPage, parseAnswer, signInPageError } from '../../http.ts';
import { SERVICE, slackError } from './errors.ts';
import {
  anyAnswer,
  dndAnswer,
  presenceAnswer,
  profileAnswer,
  type SlackDnd,
  type SlackPresence,
  type SlackProfile,
} from './schema.ts';

export interface SlackDeps extends HttpDeps {
  /** The Web API's base, such as `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** A user token (`xoxp-…`). Throws `AppError('unauthorized')` when there is none. */
  readonly token: () => Promise<string>;
}

/** Slack's Web API for one reading or one write. Throws `AppError` only. */
export interface SlackSession {
  /** What the session was opened with. */
  readonly token: string;
  /** Scope `users.profile:read`. */
  getProfile(): Promise<SlackProfile>;
  /** Scope `users:read`. */
  getPresence(): Promise<SlackPresence>;
  /** Scope `users.profile:write`. */
  setProfile(profile: SlackProfile): Promise<void>;
  /** Scope `users:write`. `auto` leaves it to Slack whether the person is active. */
  setPresence(presence: 'auto' | 'away'): Promise<void>;
  /** Scope `dnd:read`. */
  getDnd(): Promise<SlackDnd>;
  /** Scope `dnd:write`. Pauses notifications from now on, or changes for how long. */
  setSnooze(minutes: number): Promise<void>;
  /** Scope `dnd:write`. The regular hours without notifications stay. */
  endSnooze(): Promise<void>;
}

type SdkLogger = NonNullable<WebClientOptions['logger']>;

/** The SDK logs bodies and addresses; our log must hold neither. */
const silent = (level: ReturnType<SdkLogger['getLevel']>): SdkLogger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => level,
  setName: () => undefined,
});

/**
 * Opens a session: one SDK client for one signal, because the SDK takes no signal a call; making one costs 0.1 ms.
 * The SDK itself is loaded here, when it is first wanted, as it is large and the app's start is measured.
 */
export async function slackSession(deps: SlackDeps, signal: AbortSignal): Promise<SlackSession> {
  const token = await deps.token();
  const { LogLevel, WebClient } = await import('@slack/web-api');
  const client = new WebClient(token, {
    slackApiUrl: deps.apiUrl,
    logger: silent(LogLevel.ERROR),
    // The engine decides when to try again.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: async (url, init) => {
      const response = await call(deps, SERVICE, String(url), { ...init, signal });
      // Judged here, by status: the SDK reads the body of such an answer and keeps it in its error.
      if (response.status !== 200) throw errorOfResponse(SERVICE, response, deps.now());
      if (isWebPage(response)) {
        await response.body?.cancel();
        throw signInPageError(SERVICE);
      }
      return response;
    },
  });

  async function request<T>(method: string, args: Record<string, unknown>, schema: ZodType<T>): Promise<T> {
    let answer: unknown;
    try {
      answer = await client.apiCall(method, args);
    } catch (thrown) {
      throw slackError(thrown, signal);
    }
    return parseAnswer(SERVICE, schema, answer);
  }

  return {
    token,
    getProfile: async () => (await request('users.profile.get', {}, profileAnswer)).profile,
    getPresence: () => request('users.getPresence', {}, presenceAnswer),
    async setProfile(profile) {
      await request('users.profile.set', { profile }, anyAnswer);
    },
    async setPresence(presence) {
      await request('users.setPresence', { presence }, anyAnswer);
    },
    getDnd: () => request('dnd.info', {}, dndAnswer),
    async setSnooze(minutes) {
      await request('dnd.setSnooze', { num_minutes: minutes }, anyAnswer);
    },
    async endSnooze() {
      await request('dnd.endSnooze', {}, anyAnswer);
    },
  };
}

import { z } from 'zod';
import { AppError } from '../../../core/appError.ts';
import { HOUR, type Instant, SECOND } from '../../../core/time.ts';
import { bodyError, call, errorOfResponse, type HttpDeps, parseAnswer } from '../../http.ts';
import { errorOfName, SERVICE } from './errors.ts';

/** An organisation's Slack app, a public client: PKCE is on in its settings, and there is no secret. */
export interface SlackApp {
  readonly clientId: string;
  /** The Web API's base, such as `https://slack.com/api/`. */
  readonly apiUrl: string;
}

/** A person's tokens. Without a refresh token the access token does not expire. */
export interface SlackTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: Instant | null;
}

/** Who signed in where. */
export interface SlackIdentity {
  readonly userId: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly scopes: readonly string[];
}

const granted = {
  access_token: z.string().min(1),
  refresh_token: z.string().optional(),
  expires_in: z.number().positive().optional(),
};

/** oauth.v2.access for a code (https://docs.slack.dev/reference/methods/oauth.v2.access): the person's part of it. */
const codeAnswer = z.object({
  authed_user: z.object({ id: z.string(), scope: z.string().default(''), ...granted }),
  team: z.object({ id: z.string(), name: z.string().default('') }).nullish(),
});

/** oauth.v2.access for a refresh token: the tokens themselves, without a person around them. */
const refreshAnswer = z.object(granted);

const REGISTRATION = new Set([
  'bad_client_secret',
  'bad_redirect_uri',
  'cannot_install_an_org_installed_app',
  'invalid_client_id',
  'invalid_grant_type',
  'no_scopes',
  'no_user_scopes',
  'oauth_authorization_url_mismatch',
]);

const SIGN_IN_AGAIN = new Set(['invalid_refresh_token', 'token_expired', 'token_revoked']);

export const notConfigured = (cause?: string): AppError =>
  new AppError(
    'invalidInput',
    'The Slack app that HipStatus signs in with is not set up for this. Ask your administrator to check its client id, its redirect URL, its user token scopes and that PKCE is on.',
    { reason: cause ?? 'notConfigured' },
  );

/** The error of a sign-in, by Slack's name for it. */
export function signInError(name: string): AppError {
  if (name === 'access_denied') return new AppError('cancelled', 'The sign-in was cancelled.', { reason: name });
  if (REGISTRATION.has(name)) return notConfigured(name);
  if (SIGN_IN_AGAIN.has(name)) {
    return new AppError('unauthorized', 'Slack wants you to sign in again.', { reason: 'interactionRequired' });
  }
  if (name.startsWith('invalid_code') || name === 'code_already_used') {
    return new AppError('unauthorized', 'The sign-in took too long. Start it again.', { reason: name });
  }
  return errorOfName(name);
}

async function access(deps: HttpDeps, app: SlackApp, form: Record<string, string>, signal: AbortSignal) {
  const response = await call(deps, SERVICE, `${app.apiUrl.replace(/\/+$/, '')}/oauth.v2.access`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: app.clientId, ...form }).toString(),
    signal,
  });
  if (!response.ok) throw errorOfResponse(SERVICE, response, deps.now());
  let body: unknown;
  try {
    body = await response.json();
  } catch (cause) {
    throw bodyError(SERVICE, cause);
  }
  const { ok, error } = parseAnswer(SERVICE, z.object({ ok: z.boolean(), error: z.string().optional() }), body);
  if (!ok) throw signInError(error ?? '');
  return body;
}

function toTokens(
  { access_token, refresh_token, expires_in }: z.infer<typeof refreshAnswer>,
  now: Instant,
): SlackTokens {
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    expiresAt: expires_in === undefined ? null : now + expires_in * SECOND,
  };
}

/** The tokens for a code that the browser brought back. */
export async function redeemCode(
  deps: HttpDeps,
  app: SlackApp,
  given: { readonly code: string; readonly codeVerifier: string; readonly redirectUri: string },
  signal: AbortSignal,
): Promise<{ readonly tokens: SlackTokens; readonly identity: SlackIdentity }> {
  const { code, codeVerifier, redirectUri } = given;
  const form = { code, code_verifier: codeVerifier, redirect_uri: redirectUri };
  const { authed_user, team } = parseAnswer(SERVICE, codeAnswer, await access(deps, app, form, signal));
  return {
    tokens: toTokens(authed_user, deps.now()),
    identity: {
      userId: authed_user.id,
      teamId: team?.id ?? '',
      teamName: team?.name ?? '',
      scopes: authed_user.scope.split(',').filter((scope) => scope !== ''),
    },
  };
}

const keptTokens = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  expiresAt: z.number(),
});

/** As the keychain keeps them: a token that does not expire bare, as people type it in, and others as JSON. */
export const toSecret = ({ accessToken, refreshToken, expiresAt }: SlackTokens): string =>
  refreshToken === null || expiresAt === null ? accessToken : JSON.stringify({ accessToken, refreshToken, expiresAt });

/** Null for what is neither a token nor ours. */
export function fromSecret(secret: string): SlackTokens | null {
  const text = secret.trim();
  if (/^[\x21-\x7e]+$/.test(text) && !text.startsWith('{')) {
    return { accessToken: text, refreshToken: null, expiresAt: null };
  }
  try {
    return keptTokens.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export interface TokenSourceDeps extends HttpDeps {
  readonly app: SlackApp;
  /** The secret in the keychain; empty or null for none. */
  readonly load: () => Promise<string | null>;
  readonly save: (secret: string) => Promise<void>;
}

/** Renewed this long before they end: Slack's last twelve hours, and a machine may sleep. */
const EARLY = HOUR;

/**
 * The person's access token, renewed in time. A refresh token works once, so one renewal is under way at most, and its result
 * is kept before it is used. Throws `AppError('unauthorized')` with reason `noSecret` or `interactionRequired`.
 */
export function slackTokenSource(deps: TokenSourceDeps): () => Promise<string> {
  let renewing: Promise<string> | null = null;

  async function renew(refreshToken: string): Promise<string> {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    // Not given up half-way: the old refresh token may be used up already.
    const answer = await access(deps, deps.app, form, new AbortController().signal);
    const tokens = toTokens(parseAnswer(SERVICE, refreshAnswer, answer), deps.now());
    await deps.save(toSecret({ ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }));
    return tokens.accessToken;
  }

  return async () => {
    if (renewing !== null) return renewing;
    const tokens = fromSecret((await deps.load()) ?? '');
    if (tokens === null) {
      throw new AppError('unauthorized', 'There is no Slack token yet. Enter yours or sign in.', {
        reason: 'noSecret',
      });
    }
    const { accessToken, refreshToken, expiresAt } = tokens;
    if (refreshToken === null || expiresAt === null || deps.now() < expiresAt - EARLY) return accessToken;
    renewing ??= renew(refreshToken).finally(() => {
      renewing = null;
    });
    try {
      return await renewing;
    } catch (error) {
      // The one that is there still works for a while.
      const isLasting = error instanceof AppError && error.code === 'unauthorized';
      if (isLasting || deps.now() >= expiresAt) throw error;
      return accessToken;
    }
  };
}

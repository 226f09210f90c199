import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../../core/appError.ts';
import { MINUTE } from '../../../core/time.ts';
import type { HttpDeps } from '../../http.ts';
import { awaitLoopback, isLoopback, type Redirect } from './oauthLoopback.ts';
import { notConfigured, redeemCode, type SlackApp, type SlackIdentity, signInError, toSecret } from './oauthTokens.ts';

/** User token scopes: reading and setting the status, the presence and the pause. */
export const SLACK_SCOPES = [
  'users.profile:read',
  'users.profile:write',
  'users:read',
  'users:write',
  'dnd:read',
  'dnd:write',
] as const;

export interface SlackSignInDeps extends HttpDeps {
  readonly app: SlackApp & {
    /** Where the person is asked; Slack's own is `https://slack.com/oauth/v2/authorize`. */
    readonly authorizeUrl: string;
    /**
     * One of the app's redirect URLs, to the letter. `http://localhost:PORT/path` is waited for here; for https and a scheme
     * of one's own somebody else has to, see `receiveRedirect`.
     */
    readonly redirectUri: string;
  };
  /** Opens an address in the person's browser. */
  readonly openAddress: (url: string) => Promise<void>;
  /** Resolves with the whole address that the browser was sent back to. Not needed for a loopback redirect. */
  readonly receiveRedirect?: (signal: AbortSignal) => Promise<string>;
}

/** The browser may be closed without a word. */
const PATIENCE = 10 * MINUTE;

/**
 * Signs in to Slack with the organisation's app: OAuth v2 for user scopes, with PKCE and without a secret
 * (https://docs.slack.dev/authentication/using-pkce). Gives what the keychain shall keep and who it belongs to.
 * Throws `AppError`: `cancelled` (aborted, or refused by the person), `timeout`, `conflict` with reason `portBusy`,
 * `invalidInput` (the app is not set up), and the codes of every call.
 */
export async function slackSignIn(
  deps: SlackSignInDeps,
  signal: AbortSignal,
): Promise<SlackIdentity & { readonly secret: string }> {
  const { app } = deps;
  if (app.clientId === '' || !URL.canParse(app.redirectUri)) throw notConfigured();
  const state = randomBytes(24).toString('base64url');
  const codeVerifier = randomBytes(48).toString('base64url');
  const redirect = await awaitRedirect(deps, authorizeUrl(deps, state, codeVerifier), state, signal);
  const error = redirect.get('error');
  if (error !== null) throw signInError(error);
  const code = redirect.get('code') ?? '';
  const given = { code, codeVerifier, redirectUri: app.redirectUri };
  const { tokens, identity } = await redeemCode(deps, app, given, signal);
  return { ...identity, secret: toSecret(tokens) };
}

/** Where the person is asked. Everything in it may be seen: the verifier stays here. */
function authorizeUrl({ app }: SlackSignInDeps, state: string, codeVerifier: string): string {
  const url = new URL(app.authorizeUrl);
  url.search = new URLSearchParams({
    client_id: app.clientId,
    user_scope: SLACK_SCOPES.join(','),
    redirect_uri: app.redirectUri,
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}

async function awaitRedirect(
  deps: SlackSignInDeps,
  url: string,
  state: string,
  signal: AbortSignal,
): Promise<Redirect> {
  const cancelled = () => new AppError('cancelled', 'The sign-in was cancelled.');
  if (signal.aborted) throw cancelled();
  const timeout = AbortSignal.timeout(PATIENCE);
  const either = AbortSignal.any([signal, timeout]);
  try {
    if (isLoopback(deps.app.redirectUri)) {
      return await awaitLoopback(deps.app.redirectUri, state, () => openBrowser(deps, url), either);
    }
    if (deps.receiveRedirect === undefined) throw notConfigured();
    const received = deps.receiveRedirect(either);
    // It may fail after the browser has, and nobody waits for it then.
    received.catch(() => undefined);
    await openBrowser(deps, url);
    const { searchParams } = new URL(await received);
    if (searchParams.get('state') !== state) {
      throw new AppError('badResponse', 'That was not the sign-in that HipStatus waits for. Start it again.', {
        reason: 'state',
      });
    }
    return searchParams;
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (timeout.aborted) throw new AppError('timeout', 'The sign-in took too long. Start it again.');
    throw error;
  }
}

async function openBrowser({ openAddress }: SlackSignInDeps, url: string): Promise<void> {
  try {
    await openAddress(url);
  } catch (cause) {
    throw new AppError('serverError', 'Your browser could not be opened. Enter a token instead.', {
      reason: 'noBrowser',
      cause,
    });
  }
}

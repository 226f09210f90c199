import type { AuthorizationServer, Client, CustomFetchOptions, TokenEndpointResponse } from 'oauth4webapi';
import { AppError } from '../../../core/appError.ts';
import type { SecretName } from '../../../core/secretNames.ts';
import { type Instant, MINUTE, SECOND } from '../../../core/time.ts';
import type { SecretStore } from '../../../ports/secretStore.ts';
import { call, errorOfResponse, type HttpDeps } from '../../http.ts';
import { cancelled, orCancelled, signInAtLoopback, signInPage } from '../../loopback.ts';
import { notConfigured, SIGN_IN_SERVICE, scopesMissing, signInAgain, signInError } from './authErrors.ts';

/** What the organisation has set about signing in to Google. */
export interface GoogleSignInOrganisation {
  /** Of a client of the kind "Desktop app" in the organisation's Google Cloud project. */
  readonly googleClientId: string;
  /** Google wants it from desktop apps too, and says itself that it is no secret there. */
  readonly googleClientSecret: string;
  /** The issuer, https; its discovery document names the other addresses. */
  readonly googleAccountsUrl: string;
}

export interface GoogleAuthDeps extends HttpDeps {
  readonly secrets: SecretStore;
  readonly organisation: GoogleSignInOrganisation;
  /** Opens an address in the person's browser. */
  readonly openAddress: (url: string) => Promise<void>;
}

/** Who signed in. */
export interface GooglePerson {
  /** The account's address; empty where Google does not say. */
  readonly username: string;
}

interface AccessToken {
  readonly value: string;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAt: Instant;
}

/** Asked for besides what a provider needs: who signed in. */
const IDENTITY = ['openid', 'email'];
/** Renewed this long before its end, so that none ends under way. */
const LEEWAY = MINUTE;
/** RFC 6749 leaves `expires_in` open; Google's tokens hold an hour. */
const DEFAULT_LIFETIME = 3_600;

const PAGES = {
  success: signInPage('You are signed in', 'HipStatus has what it needs from Google. You can close this page.'),
  failure: signInPage('The sign-in did not work', 'HipStatus says why. You can close this page.'),
};

const secretName = (accountId: string): SecretName => ({ kind: 'accountsecret', account: accountId });

// Loaded when first needed: not every start signs in.
const library = () => import('oauth4webapi');

/**
 * Signing in to Google as a desktop app (developers.google.com/identity/protocols/oauth2/native-app): system browser, loopback
 * redirect, PKCE S256. The refresh token is in the keychain, under the account's id; access tokens are in memory only.
 */
export class GoogleAuth {
  readonly #deps: GoogleAuthDeps;
  readonly #tokens = new Map<string, AccessToken>();
  /** Renewals under way: one at a time for an account. */
  readonly #renewals = new Map<string, Promise<AccessToken>>();
  #server: AuthorizationServer | null = null;

  constructor(deps: GoogleAuthDeps) {
    this.#deps = deps;
  }

  /**
   * Opens the browser and waits for the person. What was saved before is replaced only when all went well.
   * @param scopes full addresses, such as `https://www.googleapis.com/auth/calendar.events.readonly`
   * @param hint the account's address, or empty for the choice of accounts
   * @throws AppError cancelled, timeout (`signInTimeout`), forbidden (`scopesMissing`, `consentRequired`), invalidInput
   * (`notConfigured`), and the network codes
   */
  async signIn(accountId: string, scopes: readonly string[], hint: string, signal: AbortSignal): Promise<GooglePerson> {
    if (signal.aborted) throw cancelled();
    try {
      const oauth = await library();
      const server = await this.#discover(signal);
      const verifier = oauth.generateRandomCodeVerifier();
      const challenge = await oauth.calculatePKCECodeChallenge(verifier);
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
      const { client } = this.#client();
      return await signInAtLoopback(
        {
          state,
          openAddress: this.#deps.openAddress,
          pages: PAGES,
          authorizeUrl: (redirectUri) => {
            const url = new URL(server.authorization_endpoint ?? '');
            const query = {
              client_id: client.client_id,
              redirect_uri: redirectUri,
              response_type: 'code',
              scope: [...IDENTITY, ...scopes].join(' '),
              state,
              nonce,
              code_challenge: challenge,
              code_challenge_method: 'S256',
              access_type: 'offline',
              // Without it Google may leave out the refresh token of somebody who has allowed this once.
              prompt: hint === '' ? 'select_account consent' : 'consent',
              ...(hint === '' ? {} : { login_hint: hint }),
            };
            for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
            return url.href;
          },
          finish: async (answer, redirectUri) => {
            const code = oauth.validateAuthResponse(server, client, answer, state);
            const { authentication } = this.#client(oauth);
            const response = await oauth.authorizationCodeGrantRequest(
              server,
              client,
              authentication,
              code,
              redirectUri,
              verifier,
              { [oauth.customFetch]: this.#fetch(signal) },
            );
            const expected = { expectedNonce: nonce, requireIdToken: true };
            const granted = await oauth.processAuthorizationCodeResponse(server, client, response, expected);
            const token = this.#accessToken(granted, scopes);
            if (!scopes.every((scope) => token.scopes.has(scope))) throw scopesMissing();
            if (granted.refresh_token === undefined) {
              throw new AppError('badResponse', 'Google did not let HipStatus stay signed in. Try again.', {
                reason: 'refresh_token',
              });
            }
            await this.#deps.secrets.set(secretName(accountId), granted.refresh_token);
            this.#tokens.set(accountId, token);
            const email = oauth.getValidatedIdTokenClaims(granted)?.['email'];
            return { username: typeof email === 'string' ? email : '' };
          },
        },
        signal,
      );
    } catch (error) {
      throw signal.aborted ? cancelled() : signInError(error);
    }
  }

  /**
   * A token that holds at least `scopes`, without asking the person.
   * @param refused the token that the API did not take, which is not given again
   * @throws AppError unauthorized (`interactionRequired`) when only a sign-in helps, forbidden (`scopesMissing`) when it has to
   * be for more than the saved one, and the network codes
   */
  async accessToken(
    accountId: string,
    scopes: readonly string[],
    signal: AbortSignal,
    refused?: string,
  ): Promise<string> {
    const known = this.#tokens.get(accountId);
    const isGood = known !== undefined && known.value !== refused && this.#deps.now() < known.expiresAt - LEEWAY;
    const token = isGood ? known : await orCancelled(this.#renewed(accountId, scopes), signal);
    if (!scopes.every((scope) => token.scopes.has(scope))) throw scopesMissing();
    return token.value;
  }

  /**
   * Forgets the account's tokens. Google is not told: it would take the leave of all of the person's sign-ins with this
   * client, also of the other accounts here.
   */
  async signOut(accountId: string): Promise<void> {
    this.#tokens.delete(accountId);
    await this.#deps.secrets.delete(secretName(accountId));
  }

  #renewed(accountId: string, scopes: readonly string[]): Promise<AccessToken> {
    const running = this.#renewals.get(accountId);
    if (running !== undefined) return running;
    // Of no single caller: one that gives up must not end it for the others.
    const renewal = this.#renew(accountId, scopes, new AbortController().signal).finally(() =>
      this.#renewals.delete(accountId),
    );
    this.#renewals.set(accountId, renewal);
    return renewal;
  }

  async #renew(accountId: string, scopes: readonly string[], signal: AbortSignal): Promise<AccessToken> {
    this.#tokens.delete(accountId);
    const saved = await this.#deps.secrets.get(secretName(accountId));
    if (saved === null || saved === '') throw signInAgain();
    try {
      const oauth = await library();
      const server = await this.#discover(signal);
      const { client, authentication } = this.#client(oauth);
      const wish = { [oauth.customFetch]: this.#fetch(signal) };
      const response = await oauth.refreshTokenGrantRequest(server, client, authentication, saved, wish);
      const granted = await oauth.processRefreshTokenResponse(server, client, response);
      const token = this.#accessToken(granted, scopes);
      if (granted.refresh_token !== undefined && granted.refresh_token !== saved) {
        await this.#deps.secrets.set(secretName(accountId), granted.refresh_token);
      }
      this.#tokens.set(accountId, token);
      return token;
    } catch (error) {
      throw signInError(error);
    }
  }

  /** @param asked what is held where the answer does not say (RFC 6749 section 5.1: then it is what was asked for) */
  #accessToken(granted: TokenEndpointResponse, asked: readonly string[]): AccessToken {
    return {
      value: granted.access_token,
      scopes: new Set(granted.scope === undefined ? asked : granted.scope.split(' ')),
      expiresAt: this.#deps.now() + (granted.expires_in ?? DEFAULT_LIFETIME) * SECOND,
    };
  }

  #client(oauth?: Awaited<ReturnType<typeof library>>) {
    const { googleClientId, googleClientSecret } = this.#deps.organisation;
    if (googleClientId === '') throw notConfigured();
    const client: Client = { client_id: googleClientId };
    const authentication = googleClientSecret === '' ? oauth?.None() : oauth?.ClientSecretPost(googleClientSecret);
    return { client, authentication: authentication ?? (() => undefined) };
  }

  /** The addresses of the sign-in service, asked for once. */
  async #discover(signal: AbortSignal): Promise<AuthorizationServer> {
    this.#client();
    if (this.#server !== null) return this.#server;
    const issuer = new URL(this.#deps.organisation.googleAccountsUrl);
    if (issuer.protocol !== 'https:') {
      const message = 'The address of the Google sign-in must begin with https://.';
      throw new AppError('invalidInput', message, { reason: 'notConfigured' });
    }
    const oauth = await library();
    const response = await oauth.discoveryRequest(issuer, { [oauth.customFetch]: this.#fetch(signal) });
    this.#server = await oauth.processDiscoveryResponse(issuer, response);
    return this.#server;
  }

  /** The library's way out: the injected `fetch`, with its troubles as ours. */
  #fetch(signal: AbortSignal) {
    return async (
      url: string,
      { method, headers, body }: CustomFetchOptions<string, URLSearchParams | undefined>,
    ): Promise<Response> => {
      const sent = { method, headers, redirect: 'manual' as const, ...(body ? { body: body.toString() } : {}), signal };
      const response = await call(this.#deps, SIGN_IN_SERVICE, url, sent);
      if (response.status === 429 || response.status >= 500) {
        await response.body?.cancel();
        throw errorOfResponse(SIGN_IN_SERVICE, response, this.#deps.now());
      }
      return response;
    };
  }
}

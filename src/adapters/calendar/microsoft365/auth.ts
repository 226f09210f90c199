import type {
  AccountInfo,
  AuthenticationResult,
  ICachePlugin,
  PublicClientApplication,
  TokenCache,
} from '@azure/msal-node';
import { AppError } from '../../../core/appError.ts';
import { SECOND } from '../../../core/time.ts';
import type { SecretStore } from '../../../ports/secretStore.ts';
import type { DeviceCode, SignedIn, SignInWish, TokenSignIn, TokenWish } from '../../../ports/signIn.ts';
import type { HttpDeps } from '../../http.ts';
import { cancelled, orCancelled } from '../../loopback.ts';
import { notConfigured, signInAgain, signInError } from './authErrors.ts';
import { AuthNetwork, type Discovery } from './authNetwork.ts';
import { cacheName, keychainCache } from './cache.ts';
import { isShared } from './calendarPath.ts';
import { abortableBrowser } from './loopback.ts';
import { ERROR_PAGE, SUCCESS_PAGE } from './pages.ts';

/** Delegated, least privilege: when one is busy, without bodies and attachments. MSAL adds openid, profile, offline_access. */
const SCOPES = ['Calendars.ReadBasic', 'User.Read'];
/** Others' calendars have no permission without bodies; asked for only where one is chosen. */
const SHARED = 'Calendars.Read.Shared';

const calendarScopes = (isShared: boolean): string[] => (isShared ? [...SCOPES, SHARED] : SCOPES);

/** Sign-in hosts that MSAL knows by itself; another one has to be named to it. */
const MICROSOFT_HOSTS = [
  'login.microsoftonline.com',
  'login.microsoft.com',
  'login.windows.net',
  'sts.windows.net',
  'login.microsoftonline.us',
  'login.usgovcloudapi.net',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
];

/** What the organisation has set about Microsoft 365. */
export interface GraphOrganisation {
  readonly graphTenant: string;
  readonly graphClientId: string;
  /** Sign-in host, https, without the tenant. */
  readonly graphAuthority: string;
  /** Graph's base, https, without `/v1.0`. */
  readonly graphBaseUrl: string;
}

export interface AuthDeps extends HttpDeps {
  readonly secrets: SecretStore;
  readonly organisation: GraphOrganisation;
  /** Opens an address in the person's browser. */
  readonly openAddress: (url: string) => Promise<void>;
}

/** Which saved sign-in. */
export interface TokenOwner {
  readonly id: string;
  readonly homeAccountId: string;
}

export interface GraphTokenWish extends TokenWish {
  /** For a calendar of somebody else. */
  readonly isShared?: boolean;
}

/**
 * Signing in to Microsoft Entra with MSAL as a public client: system browser with PKCE on a loopback address, or a device
 * code; tokens in the keychain. A sign-in works on a cache of its own, which is kept only when all went well.
 */
export class MicrosoftAuth implements TokenSignIn {
  readonly #deps: AuthDeps;
  readonly #scopesFor: (isShared: boolean) => string[];
  readonly #discovery: Discovery = new Map();

  /** @param scopes what the sign-in is for; by default, for reading calendars */
  constructor(deps: AuthDeps, scopes?: readonly string[]) {
    this.#deps = deps;
    this.#scopesFor = scopes === undefined ? calendarScopes : () => [...scopes];
  }

  interactive(accountId: string, loginHint: string, signal: AbortSignal, wish: SignInWish = {}): Promise<SignedIn> {
    return this.#signIn(accountId, signal, (app, done) =>
      app.acquireTokenInteractive({
        scopes: this.#scopesFor((wish.calendars ?? []).some(isShared)),
        openBrowser: abortableBrowser(this.#deps.openAddress, signal, done),
        successTemplate: SUCCESS_PAGE,
        errorTemplate: ERROR_PAGE,
        ...(loginHint === '' ? { prompt: 'select_account' } : { loginHint }),
      }),
    );
  }

  deviceCode(
    accountId: string,
    onCode: (code: DeviceCode) => void,
    signal: AbortSignal,
    wish: SignInWish = {},
  ): Promise<SignedIn> {
    return this.#signIn(accountId, signal, (app, done) => {
      const request = {
        scopes: this.#scopesFor((wish.calendars ?? []).some(isShared)),
        cancel: false,
        deviceCodeCallback: (code: { userCode?: string; verificationUri: string; expiresIn: number }) => {
          // Where the service refuses to give one, MSAL goes on without it. Why it refused, the network remembers.
          if (code.userCode === undefined) throw new Error('no device code');
          const expiresAt = this.#deps.now() + code.expiresIn * SECOND;
          onCode({ userCode: code.userCode, verificationUri: code.verificationUri, expiresAt });
        },
      };
      const stop = () => {
        request.cancel = true;
      };
      signal.addEventListener('abort', stop, { once: true, signal: done });
      return app.acquireTokenByDeviceCode(request);
    });
  }

  async signOut(accountId: string): Promise<void> {
    await this.#deps.secrets.delete(cacheName(accountId));
  }

  /**
   * A token for Graph without asking the person. Throws `AppError('unauthorized')` with reason `interactionRequired` when
   * only a sign-in helps.
   */
  async accessToken(owner: TokenOwner, wish: GraphTokenWish, signal: AbortSignal): Promise<string> {
    const network = new AuthNetwork(this.#deps, signal, this.#discovery);
    try {
      const app = await this.#application(network, keychainCache(this.#deps.secrets, owner.id));
      const account = await cachedAccount(app.getTokenCache(), owner.homeAccountId);
      if (account === null) throw signInAgain();
      const { forceRefresh = false, claims } = wish;
      const request = {
        scopes: this.#scopesFor(wish.isShared === true),
        account,
        forceRefresh,
        ...(claims === undefined ? {} : { claims }),
      };
      return (await app.acquireTokenSilent(request)).accessToken;
    } catch (error) {
      throw signal.aborted ? cancelled() : signInError(error, network);
    }
  }

  async #signIn(
    accountId: string,
    signal: AbortSignal,
    acquire: (app: PublicClientApplication, done: AbortSignal) => Promise<AuthenticationResult | null>,
  ): Promise<SignedIn> {
    if (signal.aborted) throw cancelled();
    const network = new AuthNetwork(this.#deps, signal, this.#discovery);
    const done = new AbortController();
    try {
      const app = await this.#application(network, null);
      const result = await orCancelled(acquire(app, done.signal), signal);
      const account = result?.account;
      if (!account) throw new AppError('badResponse', 'Microsoft did not say who signed in. Try again.');
      await this.#deps.secrets.set(cacheName(accountId), app.getTokenCache().serialize());
      return { homeAccountId: account.homeAccountId, username: account.username };
    } catch (error) {
      throw signal.aborted ? cancelled() : signInError(error, network);
    } finally {
      done.abort();
    }
  }

  async #application(network: AuthNetwork, cachePlugin: ICachePlugin | null): Promise<PublicClientApplication> {
    const { graphClientId, graphAuthority, graphTenant } = this.#deps.organisation;
    if (graphClientId === '') {
      throw notConfigured('Signing in to Microsoft is not set up: the client id of the Entra app is missing.');
    }
    const host = new URL(graphAuthority);
    if (host.protocol !== 'https:') throw notConfigured('The sign-in address must begin with https://.');
    // Loaded when first needed: it would cost half the app's start.
    const { PublicClientApplication } = await import('@azure/msal-node');
    return new PublicClientApplication({
      auth: {
        clientId: graphClientId,
        authority: `${graphAuthority.replace(/\/+$/, '')}/${encodeURIComponent(graphTenant)}`,
        knownAuthorities: MICROSOFT_HOSTS.includes(host.host) ? [] : [host.host],
        // Continuous access evaluation: Graph may answer with a claims challenge, and we know what to do with it.
        clientCapabilities: ['CP1'],
      },
      ...(cachePlugin === null ? {} : { cache: { cachePlugin } }),
      system: {
        networkClient: network,
        loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false },
      },
    });
  }
}

/** The account of a sign-in; without an id the only one there is, as an organisation can't know the ids of its people. */
async function cachedAccount(cache: TokenCache, homeAccountId: string): Promise<AccountInfo | null> {
  if (homeAccountId !== '') return cache.getAccountByHomeId(homeAccountId);
  const [account, ...others] = await cache.getAllAccounts();
  return account !== undefined && others.length === 0 ? account : null;
}

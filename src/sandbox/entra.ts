import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { AppTokens } from './entraApps.ts';
import { DeviceCodes } from './entraDevice.ts';
import { authorizeError, tokenError } from './entraErrors.ts';
import { instanceDiscovery, openIdConfiguration } from './entraMetadata.ts';
import { deviceCodePage, formPostPage, messagePage, signInPage } from './entraPages.ts';
import { clientInfo, type Grant, readClaims, type SandboxAccount, TokenStore } from './entraTokens.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';
import type { SandboxCertificate } from './tls.ts';

export interface EntraOptions {
  tls: SandboxCertificate;
  accounts: readonly SandboxAccount[];
  /** The one registered application, a public client with redirect `http://localhost`. */
  clientId: string;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** The sign-in service and what a test may do to it. */
export interface EntraSandbox extends Service {
  /** For MSAL's `authority`. */
  readonly authority: string;
  readonly clientId: string;
  readonly accounts: readonly SandboxAccount[];
  readonly tokens: TokenStore;
  readonly device: DeviceCodes;
  /** The applications that sign in as themselves. */
  readonly apps: AppTokens;
  /**
   * The next `times` sign-ins (the person pressed the button) or token requests end with this AADSTS number, e.g.
   * 65001 consent, 53003 conditional access, 90094 admin consent, 50076 multi-factor.
   */
  refuse(where: 'signIn' | 'token', aadsts: number, times?: number): void;
  /** Graph asks for claims from now on; see {@link TokenStore.challenge}. Returns the claims. */
  challenge(options?: { username?: string; interactive?: boolean }): string;
  /** No token given out so far works any more, access or refresh. */
  revokeSessions(username?: string): void;
}

interface PendingSignIn {
  kind: 'authorize' | 'device';
  clientId: string;
  redirectUri: string;
  responseMode: string;
  state: string | null;
  scopes: readonly string[];
  challenge: string;
  nonce: string | null;
  claims: string | null;
  clientInfo: boolean;
  userCode: string;
}

interface Code {
  grant: Grant;
  redirectUri: string;
  challenge: string;
  nonce: string | null;
  expiresAt: number;
  spent: boolean;
}

const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/?$/;
const APP = 'HipStatus';

const scopesOf = (text: string | null) => (text ?? '').split(' ').filter((scope) => scope !== '');
const page = (body: string, status = 200): SandboxAnswer => ({ status, headers: HTML, body });

/** Starts the stand-in for login.microsoftonline.com (Microsoft identity platform, v2.0 endpoints). */
export async function startEntra(options: EntraOptions): Promise<EntraSandbox> {
  const now = options.now ?? Date.now;
  const tokens = await TokenStore.create(now);
  const device = new DeviceCodes(now);
  const apps = new AppTokens(now);
  const pending = new Map<string, PendingSignIn>();
  const codes = new Map<string, Code>();
  const refusals = { signIn: [] as number[], token: [] as number[] };
  const accountOf = (username: string) =>
    options.accounts.find((account) => account.username.toLowerCase() === username.trim().toLowerCase());
  const issuer = (account: SandboxAccount) => `${service.url}/${account.tenantId}/v2.0`;

  /** Hands fields to the app the way it asked for. */
  function deliver(wish: PendingSignIn, fields: Record<string, string>): SandboxAnswer {
    const all = { ...fields, ...(wish.state === null ? {} : { state: wish.state }) };
    if (wish.responseMode === 'form_post') return page(formPostPage(wish.redirectUri, all));
    const target = new URL(wish.redirectUri);
    for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
    return { status: 302, headers: { location: target.href } };
  }

  function authorize({ query, param }: SandboxRequest): SandboxAnswer {
    const redirectUri = query.get('redirect_uri') ?? '';
    // An application or an address nobody registered is never sent an answer: the page itself says so.
    if (query.get('client_id') !== options.clientId) return page(messagePage('Sign in', 'AADSTS700016'), 400);
    if (!LOOPBACK.test(redirectUri)) return page(messagePage('Sign in', 'AADSTS50011'), 400);
    const wish: PendingSignIn = {
      kind: 'authorize',
      clientId: options.clientId,
      redirectUri,
      responseMode: query.get('response_mode') ?? 'query',
      state: query.get('state'),
      scopes: scopesOf(query.get('scope')),
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce'),
      claims: query.get('claims'),
      clientInfo: query.get('client_info') === '1',
      userCode: '',
    };
    if (!['query', 'form_post'].includes(wish.responseMode)) return page(messagePage('Sign in', 'AADSTS70005'), 400);
    if (query.get('response_type') !== 'code' || wish.scopes.length === 0) return deliver(wish, authorizeError(900144));
    if (query.get('code_challenge_method') !== 'S256' || wish.challenge === '') {
      return deliver(wish, authorizeError(9002325));
    }
    // The stand-in keeps no browser session, so a silent authorize always needs the person.
    if (query.get('prompt') === 'none') return deliver(wish, authorizeError(50076));
    const ctx = randomUUID();
    pending.set(ctx, wish);
    const action = `/${param('tenant')}/login`;
    return page(signInPage({ action, ctx, app: APP, hint: query.get('login_hint') ?? '' }));
  }

  function signIn({ form, param }: SandboxRequest): SandboxAnswer {
    const ctx = form.get('ctx') ?? '';
    const wish = pending.get(ctx);
    if (!wish) return page(messagePage('Sign in', 'We received a bad request.'), 400);
    const asked = wish.kind === 'device' ? device.byUserCode(wish.userCode) : undefined;
    if (form.get('action') === 'cancel') {
      pending.delete(ctx);
      if (wish.kind === 'authorize') return deliver(wish, authorizeError(65004));
      if (asked) asked.state = 'declined';
      return page(messagePage('Cancelled', 'You have cancelled the sign-in on the other device.'));
    }
    const login = form.get('login') ?? '';
    const account = accountOf(login);
    const password = form.get('passwd') ?? '';
    if (!account || password === '' || (account.password !== undefined && account.password !== password)) {
      const problem = account ? 'Your account or password is incorrect.' : "This username doesn't exist.";
      return page(signInPage({ action: `/${param('tenant')}/login`, ctx, app: APP, hint: login, problem }));
    }
    pending.delete(ctx);
    const refusal = refusals.signIn.shift();
    if (wish.kind === 'device') {
      if (refusal !== undefined && asked) asked.state = 'declined';
      if (refusal !== undefined || !asked) return page(messagePage('Sign in', `AADSTS${refusal ?? 70019}`), 400);
      tokens.signedIn(account);
      asked.state = { account };
      return page(messagePage(APP, 'You have signed in to the application on your device. You may now close this.'));
    }
    if (refusal !== undefined) return deliver(wish, authorizeError(refusal));
    tokens.signedIn(account);
    const code = `1.${randomBytes(48).toString('base64url')}`;
    codes.set(code, {
      grant: { account, clientId: wish.clientId, scopes: wish.scopes, ...readClaims(wish.claims) },
      redirectUri: wish.redirectUri,
      challenge: wish.challenge,
      nonce: wish.nonce,
      expiresAt: now() + 600_000,
      spent: false,
    });
    return deliver(wish, {
      code,
      ...(wish.clientInfo ? { client_info: clientInfo(account) } : {}),
      session_state: randomUUID(),
    });
  }

  async function token({ form, param }: SandboxRequest): Promise<SandboxAnswer> {
    const isApp = form.get('grant_type') === 'client_credentials';
    if (!isApp && form.get('client_id') !== options.clientId) return tokenError(700016, now());
    const refusal = refusals.token.shift();
    if (refusal !== undefined) return tokenError(refusal, now());
    if (isApp) return apps.issue(param('tenant'), form);
    const asked = form.get('claims') === null ? undefined : readClaims(form.get('claims'));
    const wantsClientInfo = form.get('client_info') === '1';
    const answer = async (grant: Grant, nonce?: string | null): Promise<SandboxAnswer> => ({
      status: 200,
      headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
      body: await tokens.issue(grant, {
        issuer: issuer(grant.account),
        clientInfo: wantsClientInfo,
        ...(nonce ? { nonce } : {}),
      }),
    });

    switch (form.get('grant_type')) {
      case 'authorization_code': {
        const code = codes.get(form.get('code') ?? '');
        if (!code) return tokenError(70000, now());
        if (code.spent) return tokenError(54005, now());
        if (code.expiresAt <= now()) return tokenError(70008, now());
        if (code.redirectUri !== form.get('redirect_uri')) return tokenError(50011, now());
        const verifier = form.get('code_verifier') ?? '';
        if (createHash('sha256').update(verifier).digest('base64url') !== code.challenge) {
          return tokenError(501481, now());
        }
        code.spent = true;
        return answer({ ...code.grant, ...asked }, code.nonce);
      }
      case 'refresh_token': {
        const grant = tokens.redeem(form.get('refresh_token') ?? '');
        if (grant === 'unknown') return tokenError(70000, now());
        if (grant === 'revoked') return tokenError(50173, now());
        const claims = tokens.interactionNeeded(grant.account);
        if (claims !== undefined) return tokenError(50076, now(), claims);
        const wanted = scopesOf(form.get('scope'));
        if (wanted.some((scope) => !grant.scopes.includes(scope))) return tokenError(65001, now());
        return answer({
          account: grant.account,
          clientId: grant.clientId,
          scopes: wanted,
          ...(asked ?? { cp1: false }),
        });
      }
      // The short name is the one MSAL sends; Entra takes both.
      case 'device_code':
      case 'urn:ietf:params:oauth:grant-type:device_code': {
        const polled = device.poll(form.get('device_code') ?? '', options.clientId);
        if ('status' in polled) return polled;
        const { request, account } = polled;
        return answer({ account, clientId: request.clientId, scopes: request.scopes, cp1: request.cp1, ...asked });
      }
      default:
        return tokenError(900144, now());
    }
  }

  function deviceCode({ form }: SandboxRequest): SandboxAnswer {
    if (form.get('client_id') !== options.clientId) return tokenError(700016, now());
    const scopes = scopesOf(form.get('scope'));
    if (scopes.length === 0) return tokenError(900144, now());
    return device.start(options.clientId, scopes, readClaims(form.get('claims')).cp1, `${service.url}/devicelogin`);
  }

  function enterCode({ form }: SandboxRequest): SandboxAnswer {
    const asked = device.byUserCode(form.get('otc') ?? '');
    if (!asked) return page(deviceCodePage('/devicelogin', "That code didn't work. Check the code and try again."));
    const ctx = randomUUID();
    const none = { redirectUri: '', responseMode: '', state: null, challenge: '', nonce: null, claims: null };
    pending.set(ctx, { kind: 'device', ...asked, ...none, state: null, clientInfo: false });
    return page(signInPage({ action: '/common/login', ctx, app: APP, hint: '' }));
  }

  const service = await startService({
    ...options,
    name: 'entra',
    routes: {
      'GET /common/discovery/instance': () => instanceDiscovery(service.url),
      'GET /:tenant/v2.0/.well-known/openid-configuration': ({ param }) =>
        openIdConfiguration(service.url, param('tenant')),
      'GET /:tenant/discovery/v2.0/keys': () => ({ status: 200, body: { keys: [tokens.jwk] } }),
      'GET /:tenant/oauth2/v2.0/authorize': authorize,
      'POST /:tenant/login': signIn,
      'POST /:tenant/oauth2/v2.0/token': token,
      'POST /:tenant/oauth2/v2.0/devicecode': deviceCode,
      'GET /:tenant/oauth2/v2.0/logout': () => page(messagePage('Sign out', 'You signed out of your account.')),
      'GET /devicelogin': () => page(deviceCodePage('/devicelogin')),
      'POST /devicelogin': enterCode,
    },
    notFound: () => page(messagePage('Not found', 'There is nothing here.'), 404),
    common: () => ({ 'x-ms-request-id': randomUUID() }),
  });

  return {
    ...service,
    authority: `${service.url}/common`,
    clientId: options.clientId,
    accounts: options.accounts,
    tokens,
    device,
    apps,
    refuse(where, aadsts, times = 1) {
      authorizeError(aadsts); // throws here, in the test, when the number is unknown
      refusals[where].push(...Array<number>(times).fill(aadsts));
    },
    challenge({ username, interactive = false } = {}) {
      const account = username === undefined ? options.accounts[0] : accountOf(username);
      if (!account) throw new Error(`the sandbox has no account ${username}`);
      return tokens.challenge(account, interactive);
    },
    revokeSessions: (username) => tokens.revokeSessions(username),
  };
}

import {
  type AuthenticationResult,
  type INetworkModule,
  InteractionRequiredAuthError,
  type NetworkRequestOptions,
  PublicClientApplication,
} from '@azure/msal-node';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserPerson, browse, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

const SCOPES = ['User.Read', 'Calendars.ReadBasic', 'offline_access'];

let sandbox: Sandbox;
let agent: Agent;

/** MSAL's network over undici, trusting the sandbox's certificate. */
function networkClient(): INetworkModule {
  const send = async (method: string, url: string, options?: NetworkRequestOptions) => {
    const answer = await fetch(url, {
      method,
      headers: options?.headers ?? {},
      dispatcher: agent,
      ...(options?.body === undefined ? {} : { body: options.body }),
    });
    return { headers: Object.fromEntries(answer.headers), body: (await answer.json()) as never, status: answer.status };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

function client(clientCapabilities: string[] = ['CP1']): PublicClientApplication {
  return new PublicClientApplication({
    auth: {
      clientId: sandbox.known.clientId,
      authority: sandbox.urls.authority,
      knownAuthorities: [new URL(sandbox.urls.authority).host],
      clientCapabilities,
    },
    system: { networkClient: networkClient() },
  });
}

function person(change: Partial<BrowserPerson> = {}): BrowserPerson {
  return { account: sandbox.known.account, ca: sandbox.certificate.cert, ...change };
}

async function signIn(app: PublicClientApplication, who = person(), claims?: string): Promise<AuthenticationResult> {
  return app.acquireTokenInteractive({
    scopes: SCOPES,
    ...(claims === undefined ? {} : { claims }),
    openBrowser: async (url) => void (await browse(url, who)),
  });
}

async function me(token: string) {
  const answer = await fetch(`${sandbox.urls.graph}/me`, {
    headers: { authorization: `Bearer ${token}` },
    dispatcher: agent,
  });
  return { status: answer.status, challenge: answer.headers.get('www-authenticate') ?? '' };
}

const grants = () =>
  sandbox.exchanges
    .filter(({ path }) => path.endsWith('/oauth2/v2.0/token'))
    .map(({ body }) => (body as { grant_type: string }).grant_type);

beforeAll(async () => {
  sandbox = await startSandbox({ slack: false });
  agent = new Agent({ connect: { ca: sandbox.certificate.cert } });
  sandbox.entra.device.intervalSeconds = 0.02;
});
afterAll(async () => {
  await agent.close();
  await sandbox.close();
});
beforeEach(() => sandbox.clearExchanges());

describe('the sign-in service, driven by the real MSAL', () => {
  it('signs in through the browser, by form_post with PKCE, and Graph takes the token', async () => {
    const result = await signIn(client());
    expect(result.account).toMatchObject({ username: 'ada@contoso.example', name: 'Ada Lovelace' });
    expect(result.account?.homeAccountId).toBe(`${result.uniqueId}.${result.tenantId}`);
    expect((await me(result.accessToken)).status).toBe(200);
    const authorize = sandbox.exchanges.find(({ path }) => path.endsWith('/authorize'));
    expect(authorize?.query).toMatchObject({ response_mode: 'form_post', code_challenge_method: 'S256' });
  });

  it('signs its id tokens with the key it publishes', async () => {
    const { idToken, tenantId } = await signIn(client());
    const keys = createRemoteJWKSet(new URL(`${sandbox.urls.authority}/discovery/v2.0/keys`), {
      [customFetch]: ((url: string) => fetch(url, { dispatcher: agent })) as unknown as typeof globalThis.fetch,
    });
    const { payload } = await jwtVerify(idToken, keys, { audience: sandbox.known.clientId });
    expect(payload.iss).toBe(`${sandbox.urls.entra}/${tenantId}/v2.0`);
  });

  it('renews in silence: from the cache, and by refresh token when forced', async () => {
    const app = client();
    const first = await signIn(app);
    const account = first.account;
    if (!account) throw new Error('no account');
    const cached = await app.acquireTokenSilent({ account, scopes: SCOPES });
    expect(cached.accessToken).toBe(first.accessToken);
    const renewed = await app.acquireTokenSilent({ account, scopes: SCOPES, forceRefresh: true });
    expect(renewed.accessToken).not.toBe(first.accessToken);
    expect((await me(renewed.accessToken)).status).toBe(200);
    expect(grants()).toEqual(['authorization_code', 'refresh_token']);
  });

  it('gives a new refresh token with every renewal', async () => {
    const app = client();
    const { account } = await signIn(app);
    if (!account) throw new Error('no account');
    await app.acquireTokenSilent({ account, scopes: SCOPES, forceRefresh: true });
    const tags = sandbox.exchanges
      .filter(({ path }) => path.endsWith('/token'))
      .map(({ responseBody }) => (responseBody as { refresh_token: string }).refresh_token);
    expect(new Set(tags).size).toBe(2);
  });

  it('asks for interaction when the refresh token was revoked', async () => {
    const app = client();
    const { account, accessToken } = await signIn(app);
    if (!account) throw new Error('no account');
    sandbox.entra.revokeSessions();
    expect((await me(accessToken)).status).toBe(401);
    const renewal = app.acquireTokenSilent({ account, scopes: SCOPES, forceRefresh: true });
    await expect(renewal).rejects.toBeInstanceOf(InteractionRequiredAuthError);
    await expect(renewal).rejects.toMatchObject({ subError: 'bad_token' });
  });

  it('answers a claims challenge: silent with the claims is enough, silent without them is not', async () => {
    const app = client();
    const { account, accessToken } = await signIn(app);
    if (!account) throw new Error('no account');
    sandbox.entra.challenge();
    const refused = await me(accessToken);
    const encoded = /error="insufficient_claims", claims="([^"]+)"/.exec(refused.challenge)?.[1] ?? '';
    const claims = Buffer.from(encoded, 'base64').toString();
    expect(JSON.parse(claims)).toHaveProperty('access_token.nbf.essential', true);
    const without = await app.acquireTokenSilent({ account, scopes: SCOPES, forceRefresh: true });
    expect((await me(without.accessToken)).status).toBe(401);
    const answered = await app.acquireTokenSilent({ account, scopes: SCOPES, claims });
    expect((await me(answered.accessToken)).status).toBe(200);
  });

  it('answers a claims challenge that needs the person: silent fails, a new sign-in works', async () => {
    const app = client();
    const { account } = await signIn(app);
    if (!account) throw new Error('no account');
    const claims = sandbox.entra.challenge({ interactive: true });
    const silent = app.acquireTokenSilent({ account, scopes: SCOPES, claims });
    await expect(silent).rejects.toMatchObject({ errorCode: 'interaction_required', errorNo: 50076 });
    const again = await signIn(app, person(), claims);
    expect((await me(again.accessToken)).status).toBe(200);
  });

  it('gives no challenge to a client that cannot answer one', async () => {
    const { accessToken } = await signIn(client([]));
    sandbox.entra.challenge();
    const refused = await me(accessToken);
    expect([refused.status, refused.challenge.includes('insufficient_claims')]).toEqual([401, false]);
    const again = await signIn(client([]));
    expect((await me(again.accessToken)).status).toBe(200);
  });

  it.each([
    [65001, 'consent_required'],
    [53003, 'access_denied'],
    [90094, 'access_denied'],
  ])('ends the sign-in with AADSTS%i on demand', async (number, errorCode) => {
    sandbox.entra.refuse('signIn', number);
    const attempt = signIn(client());
    await expect(attempt).rejects.toMatchObject({ errorCode });
    await expect(attempt).rejects.toThrow(`AADSTS${number}`);
  });

  it('ends the sign-in with access_denied when the person cancels', async () => {
    await expect(signIn(client(), person({ cancel: true }))).rejects.toMatchObject({ errorCode: 'access_denied' });
  });

  it('refuses a renewal on demand, as consent and conditional access do', async () => {
    const app = client();
    const { account } = await signIn(app);
    if (!account) throw new Error('no account');
    sandbox.entra.refuse('token', 65001);
    const renewal = app.acquireTokenSilent({ account, scopes: SCOPES, forceRefresh: true });
    await expect(renewal).rejects.toMatchObject({ name: 'InteractionRequiredAuthError', subError: 'consent_required' });
  });

  it('signs a device in by code: pending until the person has entered it', async () => {
    const result = await client().acquireTokenByDeviceCode({
      scopes: SCOPES,
      deviceCodeCallback: ({ verificationUri, userCode }) => {
        // The person begins only once the app has been told to wait.
        const stop = sandbox.onExchange(({ responseBody }) => {
          if ((responseBody as { error?: string } | undefined)?.error !== 'authorization_pending') return;
          stop();
          void browse(verificationUri, person({ code: userCode.toLowerCase() }));
        });
      },
    });
    expect(result?.account?.username).toBe('ada@contoso.example');
    expect((await me(result?.accessToken ?? '')).status).toBe(200);
    const answers = sandbox.exchanges.filter(({ path }) => path.endsWith('/token')).map(({ status }) => status);
    expect(answers.at(-1)).toBe(200);
    expect(answers.slice(0, -1).every((status) => status === 400)).toBe(true);
    expect(answers.length).toBeGreaterThan(1);
  });

  it.each([
    [
      'the person declined',
      (uri: string, code: string) => browse(uri, person({ code, cancel: true })),
      'authorization_declined',
    ],
    ['the code is too old', async () => sandbox.entra.device.expire(), 'expired_token'],
    ['it is told to slow down', async () => sandbox.entra.device.slowDown(1), 'slow_down'],
  ] as const)('ends the device flow when %s', async (_name, happen, error) => {
    const attempt = client().acquireTokenByDeviceCode({
      scopes: SCOPES,
      deviceCodeCallback: ({ verificationUri, userCode }) => void happen(verificationUri, userCode),
    });
    await expect(attempt).rejects.toThrow(error);
  });

  it('lets an access token expire when it is told to', async () => {
    const { accessToken } = await signIn(client());
    sandbox.entra.tokens.expireAccessTokens();
    expect((await me(accessToken)).status).toBe(401);
  });

  it('keeps no secret in its journal', async () => {
    const { accessToken, idToken } = await signIn(client());
    await me(accessToken);
    const journal = JSON.stringify(sandbox.exchanges);
    expect(journal).not.toContain(accessToken);
    expect(journal).not.toContain(idToken);
    expect(journal).toContain('Bearer #');
  });
});

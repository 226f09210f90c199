import { AuthenticationHandler, Client } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuthDeps, MicrosoftAuth } from '../../src/adapters/calendar/microsoft365/auth.ts';
import { GraphClient } from '../../src/adapters/calendar/microsoft365/client.ts';
import { type EmulatedMicrosoft, startEmulatedMicrosoft } from './microsoft-emulate-world.ts';

// Against what nobody here wrote: Microsoft's sign-in and Graph's `/me` as emulate plays them, and MSAL itself. The
// emulator has no calendar, presence or device code.

const signal = new AbortController().signal;
const TENANT = '3f6a1b52-7a0e-4c6e-9d3b-5a1e2c4d6f80';
const PUBLIC = 'b0a2c1de-0c53-4b7e-8f1c-2f6f4f0c9a11';
/** Registered as a web app: it must show a secret, which no app on a desktop can keep. */
const WEB = 'c4d7e2f0-95b1-4f0a-a3c8-7e1d0b6a5f22';
const GRACE = 'grace@contoso.example';
const CACHE = 'msalcache/work';

let microsoft: EmulatedMicrosoft;
const auth = (organisation: Partial<AuthDeps['organisation']> = {}) =>
  new MicrosoftAuth({ ...microsoft.deps, organisation: { ...microsoft.deps.organisation, ...organisation } });
const signIn = (given = auth()) => given.interactive('work', GRACE, signal);
const asked = (path: string) => microsoft.service.journal.exchanges.filter((exchange) => exchange.path.endsWith(path));
const grants = () => asked('/token').map(({ body }) => (body as { grant_type: string }).grant_type);

/** Graph's `/me` through Microsoft's own client. */
async function me(token: string): Promise<unknown> {
  const { fetch, organisation } = microsoft.deps;
  const client = Client.initWithMiddleware({
    baseUrl: organisation.graphBaseUrl,
    defaultVersion: 'v1.0',
    customHosts: new Set(['localhost']),
    middleware: [
      new AuthenticationHandler({ getAccessToken: async () => token }),
      {
        execute: async (context) => {
          const headers = new Headers(context.options?.headers as Record<string, string>);
          context.response = await fetch(String(context.request), { method: 'GET', headers });
        },
      },
    ],
  });
  return client.api('/me').get();
}

beforeAll(async () => {
  microsoft = await startEmulatedMicrosoft({
    // To a token it does not know the emulator answers as the first: so the one who signs in is another.
    users: [
      { email: 'ada@contoso.example', name: 'Ada Lovelace', tenant_id: TENANT },
      { email: GRACE, name: 'Grace Hopper', tenant_id: TENANT },
    ],
    clients: [
      { id: PUBLIC, secret: '' },
      { id: WEB, secret: 'not-a-secret' },
    ],
  });
});
beforeEach(() => {
  microsoft.account = GRACE;
  microsoft.retype = (url) => url;
  microsoft.secrets.values.clear();
  microsoft.opened.length = 0;
  microsoft.pages.length = 0;
  microsoft.service.journal.clear();
});
afterAll(() => microsoft.close());

describe('Microsoft sign-in as emulate plays it', () => {
  it.each(['organizations', 'common', TENANT])('signs in with the browser at %s', async (graphTenant) => {
    const given = auth({ graphTenant });
    const signedIn = await signIn(given);
    expect(signedIn).toEqual({ username: GRACE, homeAccountId: expect.stringMatching(/^[0-9a-f-]{36}/) });
    const query = new URL(microsoft.opened[0] ?? '').searchParams;
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('response_mode')).toBe('form_post');
    expect(microsoft.pages[0]?.url).toMatch(/^http:\/\/localhost:\d+\/?$/);
    expect(microsoft.pages[0]?.status).toBe(200);
    expect([...microsoft.secrets.values.keys()]).toEqual([CACHE]);
    expect(await me(await given.accessToken({ id: 'work', ...signedIn }, {}, signal))).toMatchObject({
      displayName: 'Grace Hopper',
      userPrincipalName: GRACE,
    });
    expect(asked('/discovery/instance')).toEqual([]);
  });

  it('keeps a token, renews it with the refresh token of the last time, and goes on after a restart', async () => {
    const first = auth();
    const owner = { id: 'work', ...(await signIn(first)) };
    const token = await first.accessToken(owner, {}, signal);
    expect(token).toMatch(/^microsoft_/);
    expect(await first.accessToken(owner, {}, signal)).toBe(token);
    expect(grants()).toEqual(['authorization_code']);

    const second = await first.accessToken(owner, { forceRefresh: true }, signal);
    const third = await first.accessToken(owner, { forceRefresh: true }, signal);
    expect(new Set([token, second, third]).size).toBe(3);
    expect(grants()).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
    // The emulator takes each refresh token once: that two renewals passed says that the new one was kept.
    const spent = asked('/token').map(({ body }) => (body as { refresh_token?: string }).refresh_token);
    expect(new Set(spent.slice(1)).size).toBe(2);

    const restarted = auth();
    expect(await restarted.accessToken(owner, {}, signal)).toBe(third);
    expect(await restarted.accessToken({ id: 'work', homeAccountId: '' }, {}, signal)).toBe(third);
    expect(grants()).toHaveLength(3);
    expect(await me(third)).toMatchObject({ mail: GRACE });
  });

  it('asks once more for a permission that the token lacks, without the person', async () => {
    const given = auth();
    const owner = { id: 'work', ...(await signIn(given)) };
    await given.accessToken(owner, { isShared: true }, signal);
    const last = asked('/token').at(-1)?.body as { grant_type: string; scope: string };
    expect(last.grant_type).toBe('refresh_token');
    expect(last.scope.split(' ')).toContain('Calendars.Read.Shared');
  });

  it('says that there is no mailbox where Graph has no calendar', async () => {
    const given = auth();
    const owner = { id: 'work', ...(await signIn(given)) };
    const client = new GraphClient({
      ...microsoft.deps,
      baseUrl: microsoft.service.url,
      accessToken: (wish, by) => given.accessToken(owner, wish, by),
    });
    await expect(client.calendars(signal)).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('Sign in with the account that has your calendar'),
    });
    expect(asked('/me/calendars')[0]?.headers['authorization']).toMatch(/^Bearer #/);
  });

  it('wants a new sign-in after signing out', async () => {
    const given = auth();
    const owner = { id: 'work', ...(await signIn(given)) };
    await given.signOut('work');
    expect(microsoft.secrets.values.size).toBe(0);
    await expect(given.accessToken(owner, {}, signal)).rejects.toMatchObject({
      code: 'unauthorized',
      reason: 'interactionRequired',
    });
    expect(grants()).toEqual(['authorization_code']);
    await signIn(given);
    expect(await me(await given.accessToken(owner, {}, signal))).toMatchObject({ mail: GRACE });
  });

  it('wants a new sign-in after the refresh token was revoked', async () => {
    const given = auth();
    const owner = { id: 'work', ...(await signIn(given)) };
    const [, token] = /"secret":"(r_microsoft_[^"]+)"/.exec(microsoft.secrets.values.get(CACHE) ?? '') ?? [];
    const body = new URLSearchParams({ token: token ?? '' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await microsoft.deps.fetch(`${microsoft.service.url}/oauth2/v2.0/revoke`, { method: 'POST', headers, body });
    await expect(given.accessToken(owner, { forceRefresh: true }, signal)).rejects.toMatchObject({
      code: 'unauthorized',
      reason: 'interactionRequired',
      message: 'Microsoft wants you to sign in again.',
    });
    expect(asked('/token').at(-1)?.responseBody).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a client id that emulate refuses', () => {
  const setUp = {
    code: 'invalidInput',
    reason: 'notConfigured',
    message: expect.stringContaining('Ask your administrator to check its client id'),
  };

  it('is named when the code is redeemed with an unknown one', async () => {
    // The page would not let it pass: so the person signs in to the right app, and ours goes on with the wrong one.
    microsoft.retype = (url) => url.replace('client_id=nobody', `client_id=${PUBLIC}`);
    await expect(signIn(auth({ graphClientId: 'nobody' }))).rejects.toMatchObject(setUp);
    expect(asked('/token').at(-1)).toMatchObject({ status: 401, responseBody: { error: 'invalid_client' } });
    expect(microsoft.secrets.values.size).toBe(0);
  });

  it('is named when it is of a web app, which has a secret', async () => {
    await expect(signIn(auth({ graphClientId: WEB }))).rejects.toMatchObject(setUp);
    expect(asked('/token').at(-1)).toMatchObject({ status: 401, responseBody: { error: 'invalid_client' } });
    expect(microsoft.secrets.values.size).toBe(0);
  });

  it('is shown in the browser only, from where the person gives up', async () => {
    const controller = new AbortController();
    const running = auth({ graphClientId: 'nobody' }).interactive('work', GRACE, controller.signal);
    await expect.poll(() => microsoft.pages[0]?.status).toBe(400);
    expect(microsoft.pages[0]?.body).toContain('Application not found');
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(grants()).toEqual([]);
    expect(microsoft.secrets.values.size).toBe(0);
  });

  it('leaves what was kept for another one alone, and wants a new sign-in', async () => {
    const owner = { id: 'work', ...(await signIn()) };
    await expect(auth({ graphClientId: 'nobody' }).accessToken(owner, {}, signal)).rejects.toMatchObject({
      code: 'unauthorized',
      reason: 'interactionRequired',
    });
    expect(await me(await auth().accessToken(owner, {}, signal))).toMatchObject({ mail: GRACE });
  });
});

describe('what emulate lacks', () => {
  it('has no device codes: none is shown, nothing is waited for', async () => {
    const shown: unknown[] = [];
    await expect(auth().deviceCode('work', (code) => void shown.push(code), signal)).rejects.toMatchObject({
      code: 'serverError',
      message: expect.stringContaining('ask your administrator'),
    });
    expect(asked('/devicecode')[0]?.status).toBe(404);
    expect(shown).toEqual([]);
    expect(grants()).toEqual([]);
  });
});

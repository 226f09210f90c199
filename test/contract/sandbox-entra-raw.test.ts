import { createHash } from 'node:crypto';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-it-is';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const REDIRECT = 'http://localhost:1';

let sandbox: Sandbox;
let agent: Agent;
beforeAll(async () => {
  sandbox = await startSandbox({ slack: false });
  agent = new Agent({ connect: { ca: sandbox.certificate.cert } });
});
afterAll(async () => {
  await agent.close();
  await sandbox.close();
});

function authorizeUrl(change: Record<string, string | undefined> = {}): string {
  const url = new URL(`${sandbox.urls.authority}/oauth2/v2.0/authorize`);
  const fields = {
    client_id: sandbox.known.clientId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    response_mode: 'query',
    scope: 'User.Read openid offline_access',
    state: 'a state & more',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...change,
  };
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** Signs in by hand and gives back where the answer went to. */
async function answerOf(url: string, login = sandbox.known.account): Promise<URLSearchParams> {
  const page = await fetch(url, { dispatcher: agent, redirect: 'manual' });
  if (page.status === 302) return new URL(page.headers.get('location') ?? '').searchParams;
  const html = await page.text();
  const ctx = /name="ctx" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const answer = await fetch(`${sandbox.urls.authority}/login`, {
    method: 'POST',
    body: new URLSearchParams({ ctx, login, passwd: 'anything', action: 'signin' }),
    dispatcher: agent,
    redirect: 'manual',
  });
  return new URL(answer.headers.get('location') ?? 'http://none').searchParams;
}

async function token(fields: Record<string, string>) {
  const answer = await fetch(`${sandbox.urls.authority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: sandbox.known.clientId, redirect_uri: REDIRECT, ...fields }),
    dispatcher: agent,
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { error?: string; error_codes?: number[]; scope?: string },
  };
}

describe('the sign-in service, without MSAL', () => {
  it('answers in the query when asked to, state unchanged', async () => {
    const answer = await answerOf(authorizeUrl());
    expect(answer.get('state')).toBe('a state & more');
    expect(answer.get('code')).toBeTruthy();
    expect(answer.has('client_info')).toBe(false);
  });

  it('redeems a code once, with the right verifier only', async () => {
    const code = (await answerOf(authorizeUrl())).get('code') ?? '';
    const redeem = (code_verifier: string) => token({ grant_type: 'authorization_code', code, code_verifier });
    expect((await redeem('another verifier')).body.error_codes).toEqual([501481]);
    expect((await redeem(VERIFIER)).body.scope).toBe('User.Read openid');
    expect((await redeem(VERIFIER)).body.error_codes).toEqual([54005]);
  });

  it('gives a refresh token and an id token only to who asked for them', async () => {
    const kinds = async (scope: string) => {
      const code = (await answerOf(authorizeUrl({ scope }))).get('code') ?? '';
      const { body } = await token({ grant_type: 'authorization_code', code, code_verifier: VERIFIER });
      return ['access_token', 'refresh_token', 'id_token'].filter((kind) => kind in body);
    };
    expect(await kinds('User.Read')).toEqual(['access_token']);
    expect(await kinds('User.Read openid offline_access')).toEqual(['access_token', 'refresh_token', 'id_token']);
  });

  it('does not redeem a code for another redirect address', async () => {
    const code = (await answerOf(authorizeUrl())).get('code') ?? '';
    const fields = { grant_type: 'authorization_code', code, code_verifier: VERIFIER };
    expect((await token({ ...fields, redirect_uri: 'http://localhost:2' })).body.error_codes).toEqual([50011]);
  });

  it.each([
    ['PKCE', { code_challenge: undefined }, 'invalid_request'],
    ['S256', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a scope', { scope: undefined }, 'invalid_request'],
  ])('refuses a request without %s', async (_name, change, error) => {
    expect((await answerOf(authorizeUrl(change))).get('error')).toBe(error);
  });

  it.each([
    ['an unknown application', { client_id: 'nobody' }],
    ['an address outside the machine', { redirect_uri: 'https://evil.example' }],
    ['an unknown response mode', { response_mode: 'fragment' }],
  ])('answers %s with its own page, never with a redirect', async (_name, change) => {
    const page = await fetch(authorizeUrl(change), { dispatcher: agent, redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  });

  it('shows the form again for an unknown account, and escapes what was typed', async () => {
    const page = await browse(authorizeUrl(), { account: '"><script>x', ca: sandbox.certificate.cert });
    expect(page.body).toContain('This username doesn&#39;t exist.');
    expect(page.body).not.toContain('<script>x');
  });

  it.each([
    [{ grant_type: 'refresh_token', refresh_token: 'invented' }, 'invalid_grant'],
    [{ grant_type: 'password' }, 'invalid_request'],
    [{ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'invented' }, 'bad_verification_code'],
    [{ grant_type: 'authorization_code', code: 'invented' }, 'invalid_grant'],
    [{ grant_type: 'refresh_token', client_id: 'nobody' }, 'unauthorized_client'],
  ])('refuses %o', async (fields, error) => {
    const answer = await token(fields as Record<string, string>);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  it('describes itself', async () => {
    const read = async (path: string) => (await fetch(`${sandbox.urls.entra}${path}`, { dispatcher: agent })).json();
    expect(await read('/common/v2.0/.well-known/openid-configuration')).toMatchObject({
      token_endpoint: `${sandbox.urls.authority}/oauth2/v2.0/token`,
      issuer: `${sandbox.urls.entra}/{tenantid}/v2.0`,
    });
    expect(await read('/common/discovery/instance?api-version=1.1')).toHaveProperty('metadata.0.preferred_network');
  });

  it('is not trusted by a client that does not have its certificate', async () => {
    await expect(fetch(`${sandbox.urls.entra}/devicelogin`)).rejects.toThrow('fetch failed');
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SLACK_SCOPES, type SlackSignInDeps, slackSignIn } from '../../src/adapters/chat/slack/oauth.ts';
import { fromSecret, slackTokenSource } from '../../src/adapters/chat/slack/oauthTokens.ts';
import { slackProvider } from '../../src/adapters/chat/slack/provider.ts';
import { createJournal, type Journal } from '../../src/sandbox/journal.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack.ts';
import { findings } from './chat-findings.ts';

const HOUR = 3_600_000;
const CLIENT = '1234567890.0987654321';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const signal = new AbortController().signal;
let now: number;
let journal: Journal;
let server: SlackSandbox;
let redirectUri: string;
let opened: string[];
let person: (url: string) => Promise<void>;

/** The person presses the button with their name on Slack's page. Returns where the browser is sent. */
async function decide(url: string): Promise<string> {
  const html = await (await fetch(url)).text();
  const own = html.split('<form').find((form) => form.includes('ada@contoso.example')) ?? '';
  const fields = [...own.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const body = new URLSearchParams(
    fields.map(([, name = '', value = '']): [string, string] => [name, value.replaceAll('&amp;', '&')]),
  );
  const action = new URL('/oauth/v2/authorize/callback', url);
  const sent = await fetch(action, { method: 'POST', body, redirect: 'manual' });
  return sent.headers.get('location') ?? '';
}

/** And the browser goes there. */
const press = async (url: string): Promise<Response> => fetch(await decide(url));

async function start(rotates = false): Promise<void> {
  redirectUri = `http://localhost:${await freePort()}/slack`;
  journal = createJournal();
  server = await startSlack({
    user: { name: 'ada', realName: 'Ada Lovelace', email: 'ada@contoso.example' },
    tokens: [],
    app: { clientId: CLIENT, redirectUris: [redirectUri, 'hipstatus://slack'], rotates },
    journal,
    now: () => now,
  });
}

const deps = (change: Partial<SlackSignInDeps['app']> = {}): SlackSignInDeps => ({
  fetch,
  now: () => now,
  app: { clientId: CLIENT, redirectUri, authorizeUrl: server.authorizeUrl, apiUrl: server.apiUrl, ...change },
  openAddress: async (url) => {
    opened.push(url);
    await person(url);
  },
});

beforeEach(async () => {
  now = Date.parse('2026-01-05T09:00:00Z');
  opened = [];
  person = async (url) => void (await press(url));
  await start();
});
afterEach(() => server.close());

describe('signing in to Slack', () => {
  it('gives a token of the person, without a secret of the app', async () => {
    const signedIn = await slackSignIn(deps(), signal);
    expect(signedIn).toMatchObject({ teamName: 'Contoso', scopes: [...SLACK_SCOPES] });
    const provider = slackProvider(
      { id: 'slack', label: 'Slack (Contoso)' },
      { fetch, now: () => now, apiUrl: server.apiUrl, token: async () => signedIn.secret },
    );
    expect((await provider.read(signal)).presence).toMatchObject({ state: 'available', text: '' });
    expect(provider.label).toBe('Slack (Contoso)');
    // The sign-in itself wants no token, which the file says of all methods alike.
    const found = findings(journal.exchanges.filter(({ path }) => path.startsWith('/api/')));
    expect(found.filter((finding) => !/oauth\.v2\.access: authorization is missing$/.test(finding))).toEqual([]);
  });

  it('asks for user scopes only, and keeps the verifier to itself', async () => {
    await slackSignIn(deps(), signal);
    const query = new URL(opened[0] ?? '').searchParams;
    expect([...query.keys()]).toEqual([
      'client_id',
      'user_scope',
      'redirect_uri',
      'state',
      'code_challenge',
      'code_challenge_method',
    ]);
    const [exchange] = journal.exchanges.filter(({ path }) => path === '/api/oauth.v2.access');
    expect(Object.keys(exchange?.body as object).sort()).toEqual([
      'client_id',
      'code',
      'code_verifier',
      'redirect_uri',
    ]);
  });

  it('shows a page in the browser that it may be closed', async () => {
    let page = '';
    person = async (url) => {
      page = await (await press(url)).text();
    };
    await slackSignIn(deps(), signal);
    expect(page).toContain('You can close this page');
  });

  it('does not believe what comes without its state', async () => {
    const statuses: number[] = [];
    person = async (url) => {
      for (const path of [`${redirectUri}?code=stolen&state=wrong`, `${redirectUri}/other?state=x`]) {
        statuses.push((await fetch(path)).status);
      }
      await press(url);
    };
    expect((await slackSignIn(deps(), signal)).userId).not.toBe('');
    expect(statuses).toEqual([400, 404]);
  });

  it('says that the person has refused', async () => {
    person = async (url) => {
      const state = new URL(url).searchParams.get('state') ?? '';
      await fetch(`${redirectUri}?${new URLSearchParams({ error: 'access_denied', state })}`);
    };
    await expect(slackSignIn(deps(), signal)).rejects.toMatchObject({ code: 'cancelled', reason: 'access_denied' });
  });

  it('can be given up while the browser is open, and its port is free again', async () => {
    const given = new AbortController();
    person = async () => given.abort();
    await expect(slackSignIn(deps(), given.signal)).rejects.toMatchObject({ code: 'cancelled' });
    await expect(slackSignIn(deps(), given.signal)).rejects.toMatchObject({ code: 'cancelled' });
    person = async (url) => void (await press(url));
    expect((await slackSignIn(deps(), signal)).teamName).toBe('Contoso');
  });

  it('says that the port is taken, and that no browser opened', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(Number(new URL(redirectUri).port), '127.0.0.1', resolve));
    await expect(slackSignIn(deps(), signal)).rejects.toMatchObject({ code: 'conflict', reason: 'portBusy' });
    await new Promise((resolve) => other.close(resolve));
    person = () => Promise.reject(new Error('no browser'));
    await expect(slackSignIn(deps(), signal)).rejects.toMatchObject({ code: 'serverError', reason: 'noBrowser' });
  });

  it('names an app that is not set up', async () => {
    await expect(slackSignIn(deps({ clientId: '' }), signal)).rejects.toMatchObject({ reason: 'notConfigured' });
    await expect(slackSignIn(deps({ redirectUri: 'nowhere' }), signal)).rejects.toMatchObject({
      reason: 'notConfigured',
    });
    const error = { code: 'invalidInput', reason: 'invalid_client_id' };
    server.fail({ match: { path: '/api/oauth' }, status: 200, body: { ok: false, error: 'invalid_client_id' } });
    await expect(slackSignIn(deps(), signal)).rejects.toMatchObject(error);
    // Another scheme has to be received by somebody.
    await expect(slackSignIn(deps({ redirectUri: 'hipstatus://slack' }), signal)).rejects.toMatchObject({
      reason: 'notConfigured',
    });
  });

  it('takes the answer from whoever receives a scheme of our own', async () => {
    let arrive: (address: string) => void = () => undefined;
    const arrived = new Promise<string>((resolve) => {
      arrive = resolve;
    });
    person = async (url) => arrive(await decide(url));
    const received = { ...deps({ redirectUri: 'hipstatus://slack' }), receiveRedirect: () => arrived };
    expect((await slackSignIn(received, signal)).teamName).toBe('Contoso');
    const wrong = { ...received, receiveRedirect: async () => 'hipstatus://slack?code=stolen&state=wrong' };
    await expect(slackSignIn(wrong, signal)).rejects.toMatchObject({ code: 'badResponse', reason: 'state' });
  });
});

describe('Slack tokens that are renewed', () => {
  let secret: string | null;
  let saves: number;
  const source = () =>
    slackTokenSource({
      fetch,
      now: () => now,
      app: { clientId: CLIENT, apiUrl: server.apiUrl },
      load: async () => secret,
      save: async (text) => {
        secret = text;
        saves += 1;
      },
    });
  const read = (token: () => Promise<string>) =>
    slackProvider({ id: 'slack' }, { fetch, now: () => now, apiUrl: server.apiUrl, token }).read(signal);

  beforeEach(async () => {
    await server.close();
    await start(true);
    saves = 0;
    secret = (await slackSignIn(deps(), signal)).secret;
  });

  it('are used as they are while they last', async () => {
    const token = source();
    now += 10 * HOUR;
    expect((await read(token)).presence.state).toBe('available');
    expect(await token()).toBe(fromSecret(secret ?? '')?.accessToken);
    expect(saves).toBe(0);
  });

  it('are renewed before they end, once for all who ask, and kept', async () => {
    const token = source();
    const old = await token();
    now += 11 * HOUR;
    const [first, second] = await Promise.all([token(), token()]);
    expect(first).toBe(second);
    expect(first).not.toBe(old);
    expect(saves).toBe(1);
    expect((await read(source())).presence.state).toBe('available');
    now += 11 * HOUR;
    expect(await token()).not.toBe(first);
    expect((await read(token)).presence.state).toBe('available');
  });

  it('are used to the end when the renewal fails for a while', async () => {
    const token = source();
    const old = await token();
    now += 11 * HOUR;
    server.fail({ match: { path: '/api/oauth' }, status: 503, body: '' });
    expect(await token()).toBe(old);
    now += 2 * HOUR;
    server.fail({ match: { path: '/api/oauth' }, status: 503, body: '' });
    await expect(token()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await token()).not.toBe(old);
  });

  it('are asked for again when Slack has ended them', async () => {
    now += 11 * HOUR;
    server.fail({ match: { path: '/api/oauth' }, status: 200, body: { ok: false, error: 'invalid_refresh_token' } });
    await expect(source()()).rejects.toMatchObject({ code: 'unauthorized', reason: 'interactionRequired' });
  });

  it.each([
    ['xoxp-typed-in', 'xoxp-typed-in'],
    [' xoxp-with-a-line-end\n', 'xoxp-with-a-line-end'],
  ])('a typed token is one too: %j', async (typed, token) => {
    secret = typed;
    expect(await source()()).toBe(token);
  });

  it.each([null, '', 'Enter Token', '{"accessToken":""}', '{broken'])('no token: %j', async (typed) => {
    secret = typed;
    await expect(source()()).rejects.toMatchObject({ code: 'unauthorized', reason: 'noSecret' });
  });
});

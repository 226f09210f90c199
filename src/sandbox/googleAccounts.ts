import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createEmulator } from 'emulate';
import { escapeHtml } from './entraPages.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';
import type { SandboxCertificate } from './tls.ts';

export interface GoogleAccountsOptions {
  tls: SandboxCertificate;
  /** Who can sign in. */
  people: readonly { email: string; name: string }[];
  clientId: string;
  clientSecret: string;
  /** More of `emulate`'s Google seed, such as `calendars`. */
  seed?: Readonly<Record<string, unknown>>;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** What an access token stands for. */
export interface GoogleGrant {
  readonly email: string;
  readonly scopes: readonly string[];
}

/** Google's sign-in as `emulate` plays it, behind a proxy that records, injects trouble and is stricter where Google is. */
export interface GoogleAccountsSandbox extends Service {
  /** The emulator itself: its Calendar lies at `/calendar/v3`. */
  readonly emulatorUrl: string;
  /** What a token opens; null for one that is unknown, over or revoked. */
  inspect(token: string | undefined): GoogleGrant | null;
  /** Every access token so far is over. */
  expireAccessTokens(): void;
  /** The person or the administrator withdraws everything: refresh tokens answer `invalid_grant`. */
  revokeAll(): void;
  /** The person leaves the box of this scope empty at the next sign-in. */
  refuseScope(scope: string): void;
  /** Every refresh answers a refresh token of its own from now on. */
  rotateRefreshTokens(): void;
}

const DROPPED = new Set(['connection', 'content-encoding', 'content-length', 'keep-alive', 'transfer-encoding']);
const AUTHORIZE = '/o/oauth2/v2/auth';
const TOKEN = '/oauth2/token';
const CANCEL = '/signin/cancel';

type Json = Record<string, unknown>;

/** A desktop client's redirect (RFC 8252 section 7.3): any port of the loopback interface. */
function isLoopback(address: string | null): boolean {
  if (address === null || !URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

const refusal = (status: number, error: string): SandboxAnswer => ({
  status,
  body: { error, error_description: error },
});

/** A port that is free now; with an address of its own (`baseUrl`) the emulator does not say which it took. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the emulator (vercel-labs/emulate, Apache-2.0, a development dependency) and the proxy before it. */
export async function startGoogleAccounts(options: GoogleAccountsOptions): Promise<GoogleAccountsSandbox> {
  const now = options.now ?? Date.now;
  const grants = new Map<string, GoogleGrant & { readonly endsAt: number }>();
  const refreshTokens = new Map<string, GoogleGrant>();
  /** Refresh tokens of ours, by which the emulator's own is meant. */
  const rotated = new Map<string, string>();
  let refused: string | null = null;
  let rotates = false;
  const port = await freePort();
  const emulatorUrl = `http://127.0.0.1:${port}`;

  async function forward(request: SandboxRequest, body = request.rawBody): Promise<SandboxAnswer> {
    const query = request.query.size > 0 ? `?${request.query}` : '';
    const type = request.headers['content-type'];
    const answer = await fetch(`${emulatorUrl}${request.path}${query}`, {
      method: request.method,
      redirect: 'manual',
      headers: typeof type === 'string' ? { 'content-type': type } : {},
      ...(body === '' ? {} : { body }),
    });
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !DROPPED.has(name)));
    return { status: answer.status, headers, body: await answer.text() };
  }

  /** The choice of accounts, with the way out that the emulator's page lacks. */
  async function authorize(request: SandboxRequest): Promise<SandboxAnswer> {
    const { query } = request;
    const isKnown = query.get('client_id') === options.clientId && query.get('response_type') === 'code';
    if (!isKnown || !isLoopback(query.get('redirect_uri')) || query.get('code_challenge_method') !== 'S256') {
      return {
        status: 400,
        headers: { 'content-type': 'text/html' },
        body: '<title>Error 400: invalid_request</title>',
      };
    }
    const page = await forward(request);
    const hidden = ['redirect_uri', 'state'].map(
      (name) => `<input type="hidden" name="${name}" value="${escapeHtml(query.get(name) ?? '')}">`,
    );
    const way = `<form method="post" action="${CANCEL}">${hidden.join('')}<input type="hidden" name="cancel" value="1"><button>Cancel</button></form>`;
    return { ...page, body: String(page.body).replace('</body>', `${way}</body>`) };
  }

  function cancel({ form }: SandboxRequest): SandboxAnswer {
    const back = new URL(form.get('redirect_uri') ?? '');
    back.searchParams.set('error', 'access_denied');
    back.searchParams.set('state', form.get('state') ?? '');
    return { status: 302, headers: { location: back.href } };
  }

  const emailOf = (idToken: unknown): string => {
    const claims = Buffer.from(String(idToken).split('.')[1] ?? '', 'base64url').toString('utf8');
    return String((JSON.parse(claims) as Json)['email']);
  };

  async function token(request: SandboxRequest): Promise<SandboxAnswer> {
    const { form } = request;
    if (form.get('client_id') !== options.clientId || form.get('client_secret') !== options.clientSecret) {
      return refusal(401, 'invalid_client');
    }
    const given = form.get('refresh_token') ?? '';
    const before = refreshTokens.get(given);
    if (form.get('grant_type') === 'refresh_token') {
      if (before === undefined) return refusal(400, 'invalid_grant');
      form.set('refresh_token', rotated.get(given) ?? given);
    }
    const answer = await forward(request, form.toString());
    if (answer.status !== 200) return answer;
    const body = JSON.parse(String(answer.body)) as Json;
    const asked = String(body['scope'] ?? '').split(' ');
    const scopes = before?.scopes ?? asked.filter((scope) => scope !== refused);
    const grant: GoogleGrant = { email: before?.email ?? emailOf(body['id_token']), scopes };
    body['scope'] = scopes.join(' ');
    grants.set(String(body['access_token']), { ...grant, endsAt: now() + Number(body['expires_in']) * 1000 });
    if (before === undefined) {
      refused = null;
      refreshTokens.set(String(body['refresh_token']), grant);
    } else if (rotates) {
      const next = `google_refresh_next_${rotated.size}`;
      rotated.set(next, rotated.get(given) ?? given);
      refreshTokens.delete(given);
      refreshTokens.set(next, grant);
      body['refresh_token'] = next;
    }
    return { status: 200, headers: { 'cache-control': 'no-store' }, body };
  }

  const service = await startService({
    ...options,
    name: 'googleaccounts',
    routes: {
      [`GET ${AUTHORIZE}`]: authorize,
      [`POST ${CANCEL}`]: cancel,
      [`POST ${TOKEN}`]: token,
      '* *': forward,
    },
    notFound: () => ({ status: 404 }),
  });
  // The emulator's own addresses, in its pages and discovery document, are those of the proxy.
  const emulator = await createEmulator({
    service: 'google',
    port,
    baseUrl: service.url,
    seed: { google: { users: options.people.map(({ email, name }) => ({ email, name })), ...options.seed } },
  });
  return {
    ...service,
    emulatorUrl,
    inspect(given) {
      const grant = given === undefined ? undefined : grants.get(given);
      return grant !== undefined && now() < grant.endsAt ? grant : null;
    },
    expireAccessTokens: () => grants.clear(),
    revokeAll() {
      grants.clear();
      refreshTokens.clear();
    },
    refuseScope(scope) {
      refused = scope;
    },
    rotateRefreshTokens() {
      rotates = true;
    },
    async close() {
      await service.close();
      await emulator.close();
    },
  };
}

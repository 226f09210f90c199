import { createHash, randomBytes } from 'node:crypto';
import type { SandboxAnswer, SandboxRequest } from './http.ts';

/** A public Slack app: PKCE is on, so there is no client secret (docs.slack.dev/authentication/using-pkce). */
export interface SlackApp {
  clientId: string;
  redirectUris: readonly string[];
  /** User tokens expire after twelve hours and are renewed. */
  rotates?: boolean;
}

/** A user token that a sign-in gave out. */
export interface IssuedToken {
  token: string;
  /** The emulator's own token behind it. */
  actsAs: string;
  scopes: readonly string[];
  expiresAt: number | null;
}

type Forward = (request: SandboxRequest) => Promise<SandboxAnswer>;
type Fields = Record<string, unknown>;

const LIFETIME = 12 * 3600;

const refused = (error: string): SandboxAnswer => ({ status: 200, body: { ok: false, error } });
const page = (text: string): SandboxAnswer => ({
  status: 400,
  headers: { 'content-type': 'text/html' },
  body: `<title>${text}</title>`,
});
const isDesktop = (redirect: string): boolean => !redirect.startsWith('https://');

/** What the emulator leaves out of Slack's sign-in: registered redirects, PKCE, user scopes alone, and renewed tokens. */
export function createOauth(options: {
  app: SlackApp | undefined;
  now: () => number;
  forward: Forward;
  onIssued: (issued: IssuedToken) => void;
}) {
  const { app, now, forward, onIssued } = options;
  const challenges = new Map<string, string>();
  const codes = new Map<string, string>();
  const refreshTokens = new Map<string, { actsAs: string; scopes: readonly string[] }>();

  async function authorize(request: SandboxRequest): Promise<SandboxAnswer> {
    const given = (name: string) => request.query.get(name) ?? '';
    if (given('client_id') !== app?.clientId) return page('invalid_client_id');
    if (!app.redirectUris.includes(given('redirect_uri'))) return page('bad_redirect_uri');
    if (isDesktop(given('redirect_uri'))) {
      if (given('scope') !== '') return page('desktop redirects cannot request bot scopes');
      if (given('code_challenge') === '' || given('code_challenge_method') !== 'S256') return page('pkce is required');
    }
    if (given('user_scope') === '') return page('no_user_scopes');
    challenges.set(given('state'), given('code_challenge'));
    return forward(request);
  }

  /** The person presses the button: the code in the answer belongs to the challenge. */
  async function decided(request: SandboxRequest): Promise<SandboxAnswer> {
    const answer = await forward(request);
    const location = new URL(answer.headers?.['location'] ?? 'about:blank');
    const challenge = challenges.get(location.searchParams.get('state') ?? '');
    const code = location.searchParams.get('code');
    if (code !== null && challenge !== undefined) codes.set(code, challenge);
    return answer;
  }

  function issue(actsAs: string, scopes: readonly string[]): Fields {
    if (!app?.rotates) {
      onIssued({ token: actsAs, actsAs, scopes, expiresAt: null });
      return { access_token: actsAs };
    }
    const token = `xoxe.xoxp-1-${randomBytes(12).toString('hex')}`;
    const refresh = `xoxe-1-${randomBytes(12).toString('hex')}`;
    refreshTokens.set(refresh, { actsAs, scopes });
    onIssued({ token, actsAs, scopes, expiresAt: now() + LIFETIME * 1000 });
    return { access_token: token, refresh_token: refresh, expires_in: LIFETIME };
  }

  /** The old refresh token ends with its use. */
  function renew(form: URLSearchParams): SandboxAnswer {
    const old = form.get('refresh_token') ?? '';
    const kept = refreshTokens.get(old);
    if (form.get('client_id') !== app?.clientId) return refused('invalid_client_id');
    if (kept === undefined) return refused('invalid_refresh_token');
    refreshTokens.delete(old);
    return { status: 200, body: { ok: true, token_type: 'user', ...issue(kept.actsAs, kept.scopes) } };
  }

  async function access(request: SandboxRequest): Promise<SandboxAnswer> {
    const { form } = request;
    if (form.get('grant_type') === 'refresh_token') return renew(form);
    const challenge = codes.get(form.get('code') ?? '');
    if (challenge === undefined) return refused('invalid_code');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (verifier !== challenge) return refused('invalid_code_verifier');
    codes.delete(form.get('code') ?? '');
    const answer = await forward(request);
    const body = JSON.parse(String(answer.body)) as Fields;
    if (body['ok'] !== true) return answer;
    const user = body['authed_user'] as { id: string; scope: string; access_token: string };
    const scopes = user.scope.split(',');
    // With user scopes alone there is no bot, and so none of its token.
    const { team, enterprise, app_id, is_enterprise_install } = body;
    const authed_user = { id: user.id, scope: user.scope, token_type: 'user', ...issue(user.access_token, scopes) };
    return { status: 200, body: { ok: true, app_id, authed_user, team, enterprise, is_enterprise_install } };
  }

  const routes: Record<string, Forward> = {
    'GET /oauth/v2/authorize': authorize,
    'POST /oauth/v2/authorize/callback': decided,
    'POST /api/oauth.v2.access': access,
  };

  /** Undefined when the request is no part of a sign-in. */
  return (request: SandboxRequest): Promise<SandboxAnswer> | undefined =>
    routes[`${request.method} ${request.path}`]?.(request);
}

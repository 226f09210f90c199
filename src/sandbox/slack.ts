import { createEmulator } from 'emulate';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';
import { createDnd, type SlackDnd } from './slackDnd.ts';
import { createOauth, type SlackApp } from './slackOauth.ts';

export interface SlackOptions {
  /** The one person of the workspace. */
  user: { name: string; realName: string; email: string };
  /** Tokens of that person; default scopes are those a status needs. */
  tokens: readonly { token: string; scopes?: readonly string[] }[];
  /** The organisation's app to sign in with; none unless given. */
  app?: SlackApp;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** What Slack shows of a person. `status_expiration` in Unix seconds, 0 = never. */
export interface SlackStatus {
  status_text: string;
  status_emoji: string;
  status_expiration: number;
}

/** Slack as `emulate` plays it, behind a proxy that records, injects trouble and is stricter where Slack is. */
export interface SlackSandbox extends Service {
  /** For @slack/web-api's `slackApiUrl`. */
  readonly apiUrl: string;
  readonly authorizeUrl: string;
  readonly dnd: SlackDnd;
  status(): Promise<SlackStatus>;
  /** `auto` or `away`, as the person (or a client) set it. */
  presence(): Promise<'auto' | 'away'>;
  /** The person sets it by hand in Slack. */
  setStatus(text: string, emoji: string, expiration?: number): Promise<void>;
  setPresence(presence: 'auto' | 'away'): Promise<void>;
  /** A token of the person; default scopes are those a status needs. */
  addToken(token: string, scopes?: readonly string[]): void;
  /** `token_revoked` for this token from now on. */
  revokeToken(token: string): void;
  /** 429 with `Retry-After`. */
  throttle(retryAfterSeconds: number, times?: number): void;
  /** 503, or another of the service's own troubles. */
  outage(times?: number, status?: number): void;
}

const SCOPES = ['users.profile:read', 'users.profile:write', 'users:read', 'users:read.email', 'users:write'];
/** What a token needs besides for do not disturb. */
export const DND_SCOPES = ['dnd:read', 'dnd:write'];
export const STATUS_SCOPES: readonly string[] = SCOPES;

interface TokenEntry {
  scopes: readonly string[];
  isRevoked: boolean;
  /** The emulator's token behind it, where it is another one. */
  actsAs?: string;
  expiresAt?: number | null;
}

/** The sandbox's own way in; no client is ever given it. */
const OWN_TOKEN = 'xoxp-sandbox-itself';
const DROPPED = new Set(['connection', 'content-encoding', 'content-length', 'keep-alive', 'transfer-encoding']);

/**
 * Starts the emulator (vercel-labs/emulate, Apache-2.0, a development dependency) and the proxy before it. Where the
 * emulator is laxer than Slack, the proxy adds what a client must be able to meet: unknown and revoked tokens are
 * refused, a status whose time is over is cleared, and notifications can be paused.
 */
export async function startSlack(options: SlackOptions): Promise<SlackSandbox> {
  const now = options.now ?? Date.now;
  const { name, realName, email } = options.user;
  const avatar = 'https://avatars.example.com/ge3b51ca72de.jpg';
  const images = Object.fromEntries([24, 32, 48, 72, 192, 512].map((size) => [`image_${size}`, avatar]));
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      tokens: Object.fromEntries(
        [{ token: OWN_TOKEN, scopes: SCOPES }, ...options.tokens].map(({ token, scopes }) => [
          token,
          { login: name, scopes: [...(scopes ?? SCOPES)] },
        ]),
      ),
      slack: {
        team: { name: 'Contoso', domain: 'contoso' },
        users: [{ name, real_name: realName, email, profile: { avatar_hash: 'ge3b51ca72de', fields: [], ...images } }],
        tokens: [{ token: OWN_TOKEN, scopes: SCOPES }, ...options.tokens].map(({ token, scopes }) => ({
          token,
          user: name,
          scopes: [...(scopes ?? SCOPES)],
        })),
        strict_scopes: true,
      },
    },
  });
  const tokens = new Map<string, TokenEntry>();
  const addToken = (token: string, scopes: readonly string[] = SCOPES) =>
    void tokens.set(token, { scopes, isRevoked: false });
  for (const { token, scopes } of options.tokens) addToken(token, scopes);
  const dnd = createDnd(now);

  async function own(method: string, body: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const answer = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OWN_TOKEN}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    });
    const read = (await answer.json()) as Record<string, unknown>;
    if (read['ok'] !== true) throw new Error(`the Slack emulator refused ${method}: ${String(read['error'])}`);
    return read;
  }

  async function status(): Promise<SlackStatus> {
    const { status_text, status_emoji, status_expiration } = (await own('users.profile.get'))['profile'] as SlackStatus;
    const over = status_expiration > 0 && status_expiration * 1000 <= now();
    if (!over) return { status_text, status_emoji, status_expiration };
    const cleared = { status_text: '', status_emoji: '', status_expiration: 0 };
    await own('users.profile.set', { profile: cleared });
    return cleared;
  }

  async function forward(request: SandboxRequest, token: string | undefined): Promise<SandboxAnswer> {
    const headers = new Headers({ authorization: `Bearer ${token}` });
    const type = request.headers['content-type'];
    if (typeof type === 'string') headers.set('content-type', type);
    const query = request.query.size > 0 ? `?${request.query}` : '';
    const answer = await fetch(`${emulator.url}${request.path}${query}`, {
      method: request.method,
      headers,
      redirect: 'manual',
      ...(request.rawBody === '' ? {} : { body: request.rawBody }),
    });
    return {
      status: answer.status,
      headers: Object.fromEntries([...answer.headers].filter(([header]) => !DROPPED.has(header))),
      body: await answer.text(),
    };
  }

  const signIn = createOauth({
    app: options.app,
    now,
    forward: (request) => forward(request, undefined),
    onIssued: ({ token, ...entry }) => void tokens.set(token, { ...entry, isRevoked: false }),
  });

  /** Why a token opens nothing; undefined when it does. */
  function refusal(token: string | undefined, entry: TokenEntry | undefined): string | undefined {
    if (entry === undefined) return token === undefined ? 'not_authed' : 'invalid_auth';
    if (entry.isRevoked) return 'token_revoked';
    return entry.expiresAt != null && entry.expiresAt <= now() ? 'token_expired' : undefined;
  }

  async function handle(request: SandboxRequest): Promise<SandboxAnswer> {
    const signedIn = signIn(request);
    if (signedIn !== undefined) return signedIn;
    const token = request.bearer ?? request.form.get('token') ?? undefined;
    const entry = token === undefined ? undefined : tokens.get(token);
    const error = refusal(token, entry);
    if (request.path.startsWith('/api/') && error !== undefined) return { status: 200, body: { ok: false, error } };
    const answered = entry === undefined ? undefined : dnd.answer(request, entry.scopes);
    if (answered !== undefined) return answered;
    if (request.path.startsWith('/api/users.profile.')) await status();
    return forward(request, entry?.actsAs ?? token);
  }

  const service = await startService({
    ...options,
    name: 'slack',
    routes: { '* *': handle },
    notFound: () => ({ status: 404 }),
  });

  return {
    ...service,
    apiUrl: `${service.url}/api/`,
    authorizeUrl: `${service.url}/oauth/v2/authorize`,
    dnd: dnd.control,
    status,
    async presence() {
      return (await own('users.getPresence'))['manual_away'] === true ? 'away' : 'auto';
    },
    async setStatus(text, emoji, expiration = 0) {
      await own('users.profile.set', {
        profile: { status_text: text, status_emoji: emoji, status_expiration: expiration },
      });
    },
    async setPresence(presence) {
      await own('users.setPresence', { presence });
    },
    addToken,
    revokeToken(token) {
      tokens.set(token, { scopes: SCOPES, ...tokens.get(token), isRevoked: true });
    },
    throttle(retryAfterSeconds, times = 1) {
      const headers = { 'retry-after': String(retryAfterSeconds) };
      service.fail({ status: 429, headers, body: { ok: false, error: 'ratelimited' }, times });
    },
    outage(times = 1, code = 503) {
      service.fail({
        status: code,
        headers: { 'content-type': 'text/html' },
        body: '<title>Server Error</title>',
        times,
      });
    },
    async close() {
      await service.close();
      await emulator.close();
    },
  };
}

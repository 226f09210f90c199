import { type Handler, type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';
import { mattermostError, okAnswer, readCustomStatus } from './mattermostAnswers.ts';

export type MattermostWord = 'online' | 'away' | 'dnd' | 'offline' | 'ooo';

export interface MattermostOptions {
  /** The one person of the server. */
  user: { id: string; username: string; email: string; password?: string };
  /** Their personal access tokens. */
  tokens?: readonly string[];
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** A custom status as it lies in the user's props. */
export interface MattermostCustomStatus {
  emoji: string;
  text: string;
  duration: string;
  expires_at: string;
}

/** The chat server, and what a test may do to it. */
export interface MattermostSandbox extends Service {
  status(): { status: MattermostWord; manual: boolean; dnd_end_time: number };
  /** Null when there is none, or its time is over: what the clients show. */
  customStatus(): MattermostCustomStatus | null;
  /** The user without status and custom status. */
  profile(): Record<string, unknown>;
  /** The person sets it by hand in a client. */
  setStatus(status: MattermostWord, manual?: boolean): void;
  setCustomStatus(status: Partial<MattermostCustomStatus> | null): void;
  /** 401 for everything they signed in with, from now on: tokens, sessions and the password. */
  rejectSignIns(): void;
  /** Sessions end; the password goes on working. */
  endSessions(): void;
  /** The administrator's switches: `EnableUserStatuses`, `EnableCustomUserStatuses`. */
  configure(change: { userStatuses?: boolean; customStatuses?: boolean }): void;
  /** How many sign-ins with a password were tried. */
  signIns(): number;
  /** 429 with the rate limit headers. */
  throttle(retryAfterSeconds: number, times?: number): void;
  /** 503, or another of the service's own troubles. */
  outage(times?: number, status?: number): void;
}

const MAX_ATTEMPTS = 10;
const MINUTE = 60;

/** Starts the stand-in for Mattermost's API v4: the paths of specs/mattermost.yaml that a person's own status needs. */
export async function startMattermost(options: MattermostOptions): Promise<MattermostSandbox> {
  const now = options.now ?? Date.now;
  const { id, username, email } = options.user;
  const tokens = new Set(options.tokens ?? []);
  const sessions = new Set<string>();
  const config = { userStatuses: true, customStatuses: true };
  let password = options.user.password ?? null;
  let failedAttempts = 0;
  let signIns = 0;
  let current: { status: MattermostWord; manual: boolean; dnd_end_time: number } = {
    status: 'online',
    manual: false,
    dnd_end_time: 0,
  };
  let beforeDnd: MattermostWord = 'online';
  let custom: MattermostCustomStatus | null = null;

  /** A do not disturb whose time is over gives back what was there before it, no longer manual. */
  function shown(): typeof current {
    const { status, dnd_end_time } = current;
    if (status === 'dnd' && dnd_end_time > 0 && dnd_end_time * 1_000 <= now()) {
      current = { status: beforeDnd, manual: false, dnd_end_time: 0 };
    }
    return current;
  }

  const user = (): Record<string, unknown> => ({
    id,
    create_at: 1_600_000_000_000,
    update_at: 1_600_000_000_000,
    delete_at: 0,
    username,
    email,
    first_name: 'Ada',
    last_name: 'Lovelace',
    nickname: '',
    roles: 'system_user',
    locale: 'en',
    notify_props: { email: 'true', push: 'mention', desktop: 'mention', mention_keys: username },
    props: { customStatus: custom === null ? '' : JSON.stringify(custom), show_last_active: 'true' },
    timezone: { automaticTimezone: 'Europe/Berlin', manualTimezone: '', useAutomaticTimezone: true },
  });

  const isSignedIn = ({ bearer = '' }: SandboxRequest) => tokens.has(bearer) || sessions.has(bearer);

  /** Checks the token, and that the path names the person; others may be read but not changed. */
  function guarded(handler: (request: SandboxRequest) => SandboxAnswer): Handler {
    return (request) => {
      if (!isSignedIn(request)) return mattermostError(401, 'api.context.session_expired.app_error');
      const named = request.param('user');
      if (named !== '' && named !== 'me' && named !== id) return mattermostError(404, 'app.user.missing_account.const');
      return handler(request);
    };
  }

  function login(request: SandboxRequest): SandboxAnswer {
    signIns += 1;
    const body = (request.json ?? {}) as { login_id?: unknown; password?: unknown };
    const isKnown = body.login_id === username || body.login_id === email;
    if (failedAttempts >= MAX_ATTEMPTS) {
      return mattermostError(401, 'api.user.check_user_login_attempts.too_many.app_error');
    }
    if (!isKnown || password === null || body.password !== password) {
      failedAttempts += 1;
      return mattermostError(401, 'api.user.login.invalid_credentials_email_username');
    }
    failedAttempts = 0;
    const token = `session-${sessions.size + 1}-of-${username}`;
    sessions.add(token);
    return { status: 201, headers: { token }, body: user() };
  }

  function getStatus(): SandboxAnswer {
    if (!config.userStatuses) return mattermostError(404, 'api.status.user_not_found.app_error');
    return { status: 200, body: { user_id: id, last_activity_at: now(), ...shown() } };
  }

  function putStatus(request: SandboxRequest): SandboxAnswer {
    const body = (request.json ?? {}) as { user_id?: unknown; status?: unknown; dnd_end_time?: unknown };
    const { user_id, status, dnd_end_time = 0 } = body;
    // Also refused: `me` in the body, where the path may say it.
    if (user_id !== id) return mattermostError(400, 'api.context.invalid_body_param.app_error');
    if (typeof dnd_end_time !== 'number' || !Number.isInteger(dnd_end_time)) {
      return mattermostError(400, 'api.context.invalid_body_param.app_error');
    }
    if (status !== 'online' && status !== 'away' && status !== 'dnd' && status !== 'offline') {
      return mattermostError(400, 'api.context.invalid_body_param.app_error');
    }
    if (!config.userStatuses) return getStatus();
    if (status === 'dnd') beforeDnd = shown().status;
    // Since server 10 an end is cut to its minute, when the job that ends it runs.
    const end = status === 'dnd' ? dnd_end_time - (dnd_end_time % MINUTE) : 0;
    current = { status, manual: status !== 'online', dnd_end_time: end };
    return getStatus();
  }

  function putCustomStatus(request: SandboxRequest): SandboxAnswer {
    if (!config.customStatuses) return mattermostError(501, 'api.custom_status.disabled');
    const read = readCustomStatus(request.json, now());
    if (read === null) return mattermostError(400, 'api.context.invalid_body_param.app_error');
    custom = read;
    return okAnswer;
  }

  function deleteCustomStatus(): SandboxAnswer {
    if (!config.customStatuses) return mattermostError(501, 'api.custom_status.disabled');
    custom = null;
    return okAnswer;
  }

  function getConfig(request: SandboxRequest): SandboxAnswer {
    if (request.query.get('format') !== 'old') return mattermostError(400, 'api.config.client.old_format.app_error');
    const isOn = String(config.customStatuses);
    return { status: 200, body: { SiteName: 'Contoso', Version: '10.5.0', EnableCustomUserStatuses: isOn } };
  }

  const service = await startService({
    ...options,
    name: 'mattermost',
    routes: {
      'POST /api/v4/users/login': login,
      'GET /api/v4/users/:user': guarded(() => ({ status: 200, body: user() })),
      'GET /api/v4/users/:user/status': guarded(getStatus),
      'PUT /api/v4/users/:user/status': guarded(putStatus),
      'PUT /api/v4/users/:user/status/custom': guarded(putCustomStatus),
      'DELETE /api/v4/users/:user/status/custom': guarded(deleteCustomStatus),
      'GET /api/v4/config/client': guarded(getConfig),
    },
    notFound: () => mattermostError(404, 'api.context.404.app_error'),
  });

  return {
    ...service,
    status: () => ({ ...shown() }),
    customStatus() {
      const end = Date.parse(custom?.expires_at ?? '');
      return custom === null || (end > 0 && end <= now()) ? null : { ...custom };
    },
    profile() {
      const { props, ...rest } = user();
      const { customStatus: _custom, ...others } = props as Record<string, unknown>;
      return { ...rest, props: others };
    },
    setStatus(status, manual = status !== 'online') {
      current = { status, manual, dnd_end_time: 0 };
    },
    setCustomStatus(status) {
      const zero = '0001-01-01T00:00:00Z';
      custom = status === null ? null : { emoji: '', text: '', duration: '', expires_at: zero, ...status };
    },
    rejectSignIns() {
      tokens.clear();
      sessions.clear();
      password = null;
    },
    endSessions: () => sessions.clear(),
    configure(change) {
      Object.assign(config, change);
    },
    signIns: () => signIns,
    throttle(retryAfterSeconds, times = 1) {
      const headers = {
        'x-ratelimit-limit': '100',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(retryAfterSeconds),
      };
      service.fail({ status: 429, headers, body: 'limit exceeded', times });
    },
    outage(times = 1, status = 503) {
      service.fail({ ...mattermostError(status, 'api.context.server_trouble.app_error'), times });
    },
  };
}

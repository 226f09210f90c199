import { type Handler, type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';

export type RocketchatWord = 'online' | 'away' | 'busy' | 'offline';

export interface RocketchatOptions {
  /** The one person of the workspace, with their personal access token. */
  user: { id: string; username: string; name: string; email: string; token: string };
  /** Default: 8.6.1, which ends statuses by itself. */
  version?: string;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** What the server keeps of a status. */
export interface RocketchatStatus {
  /** What the person chose. */
  statusDefault: RocketchatWord;
  statusText: string;
  statusSource: 'manual' | 'internal' | 'external' | null;
  /** Epoch milliseconds; null for never. */
  statusExpiresAt: number | null;
}

/** The workspace, and what a test may do to it. */
export interface RocketchatSandbox extends Service {
  /** What others see. */
  shown(): { status: RocketchatWord; text: string };
  status(): RocketchatStatus;
  /** The person without their status. */
  profile(): Record<string, unknown>;
  /** Somebody sets it: the person in a client, or a program of the workspace. */
  setStatus(change: Partial<RocketchatStatus>): void;
  /** What their clients report: active, idle, or none of them there. */
  setConnection(connection: 'online' | 'away' | 'offline'): void;
  /** 401 for the token from now on. */
  rejectToken(): void;
  /** The administrator's switch "Allow Custom Status Messages". */
  allowStatusChange(isAllowed: boolean): void;
  setVersion(version: string): void;
  /** 429 with the rate limit headers; before 3.0 it was a 400. */
  throttle(retryAfterSeconds: number, times?: number, status?: 400 | 429): void;
  /** 503, or another of the service's own troubles. */
  outage(times?: number, status?: number): void;
}

const TEXT_LIMIT = 120;
const WORDS = ['online', 'away', 'busy', 'offline'];
const PLAIN: RocketchatStatus = { statusDefault: 'online', statusText: '', statusSource: null, statusExpiresAt: null };

function failure(errorType: string | null, details: object = {}): SandboxAnswer {
  const error = 'A sentence in the language of the person.';
  return { status: 400, body: { success: false, error, ...(errorType === null ? {} : { errorType }), details } };
}

const success = (body: Record<string, unknown> = {}): SandboxAnswer => ({
  status: 200,
  body: { ...body, success: true },
});

/** Whether this version takes `expiresAt` and tells `statusSource`. */
function isModern(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 8 || (major === 8 && minor >= 6);
}

/** Starts the stand-in for Rocket.Chat's REST API: the paths of specs/rocketchat.yaml that a person's own status needs. */
export async function startRocketchat(options: RocketchatOptions): Promise<RocketchatSandbox> {
  const now = options.now ?? Date.now;
  const { user } = options;
  let version = options.version ?? '8.6.1';
  let isRejected = false;
  let isChangeAllowed = true;
  let connection: 'online' | 'away' | 'offline' = 'online';
  let current: RocketchatStatus = PLAIN;
  let previous: RocketchatStatus = PLAIN;

  /** "When this time passes, the presence engine restores the user's previous status." */
  function kept(): RocketchatStatus {
    const { statusExpiresAt } = current;
    if (statusExpiresAt !== null && statusExpiresAt <= now()) current = previous;
    return current;
  }

  /** Nobody is there without a client; "online" leaves it to the clients; what else was chosen holds. */
  function shownStatus(): RocketchatWord {
    const { statusDefault } = kept();
    if (connection === 'offline') return 'offline';
    return statusDefault === 'online' ? connection : statusDefault;
  }

  function guarded(handler: (request: SandboxRequest) => SandboxAnswer): Handler {
    return (request) => {
      const isKnown = request.headers['x-user-id'] === user.id && request.headers['x-auth-token'] === user.token;
      if (isKnown && !isRejected) return handler(request);
      return { status: 401, body: { status: 'error', message: 'You must be logged in to do this.' } };
    };
  }

  function getStatus(): SandboxAnswer {
    const { statusSource, statusExpiresAt } = kept();
    const since8_6 = {
      ...(statusSource === null ? {} : { statusSource }),
      ...(statusExpiresAt === null ? {} : { statusExpiresAt: new Date(statusExpiresAt).toISOString() }),
    };
    const base = { _id: user.id, connectionStatus: connection, status: shownStatus() };
    return success({ ...base, ...(isModern(version) ? since8_6 : {}) });
  }

  const profile = () => ({
    _id: user.id,
    username: user.username,
    name: user.name,
    emails: [{ address: user.email, verified: true }],
    roles: ['user'],
    active: true,
    utcOffset: 1,
    avatarUrl: 'https://avatars.example.com/ge3b51ca72de.jpg',
    settings: { preferences: { enableAutoAway: true, idleTimeLimit: 300, language: 'en' } },
  });

  function getMe(): SandboxAnswer {
    const { statusText, statusDefault } = kept();
    return success({ ...profile(), status: shownStatus(), statusConnection: connection, statusDefault, statusText });
  }

  function postStatus(request: SandboxRequest): SandboxAnswer {
    const { status, message, expiresAt } = (request.json ?? {}) as Record<string, unknown>;
    const isText = (value: unknown) => value === undefined || typeof value === 'string';
    if ((status === undefined && message === undefined) || !isText(status) || !isText(message)) return failure(null);
    if (!isChangeAllowed) return failure('error-not-allowed', { method: 'users.setStatus' });
    if (status !== undefined && !WORDS.includes(String(status))) return failure('error-invalid-status');
    // Servers before 8.6 take no notice of it.
    const end = isModern(version) && expiresAt !== undefined ? Date.parse(String(expiresAt)) : null;
    if (end !== null && !(end > now())) return failure('error-invalid-date');
    const before = kept();
    const text = message === undefined ? before.statusText : String(message).trim().substring(0, TEXT_LIMIT);
    const statusDefault = (status ?? before.statusDefault) as RocketchatWord;
    if (before.statusExpiresAt === null) previous = before;
    // Online without a text takes back whatever was set.
    const isCleared = statusDefault === 'online' && text === '';
    current = isCleared ? PLAIN : { statusDefault, statusText: text, statusSource: 'manual', statusExpiresAt: end };
    return success();
  }

  const getInfo = () => success({ version: version.split('.').slice(0, 2).join('.') });

  const service = await startService({
    ...options,
    name: 'rocketchat',
    routes: {
      'GET /api/info': getInfo,
      'GET /api/v1/me': guarded(getMe),
      'GET /api/v1/users.getStatus': guarded(getStatus),
      'POST /api/v1/users.setStatus': guarded(postStatus),
    },
    notFound: () => ({ status: 404, body: { success: false, error: 'Resource not found' } }),
  });

  return {
    ...service,
    shown: () => ({ status: shownStatus(), text: kept().statusText }),
    status: () => ({ ...kept() }),
    profile,
    setStatus(change) {
      const base = { ...PLAIN, statusSource: 'manual' as const };
      current = { ...base, ...change };
      previous = PLAIN;
    },
    setConnection(next) {
      connection = next;
    },
    rejectToken() {
      isRejected = true;
    },
    allowStatusChange(isAllowed) {
      isChangeAllowed = isAllowed;
    },
    setVersion(next) {
      version = next;
    },
    throttle(retryAfterSeconds, times = 1, status = 429) {
      const reset = retryAfterSeconds * 1_000;
      const headers = {
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(now() + reset),
      };
      const old = failure('error-too-many-requests', { timeToReset: reset, seconds: retryAfterSeconds }).body;
      const body = { success: false, error: 'Error, too many requests. Please slow down.' };
      service.fail({ status, headers, body: status === 400 ? old : body, times });
    },
    outage(times = 1, status = 503) {
      service.fail({ status, body: { success: false, error: 'Service Unavailable' }, times });
    },
  };
}

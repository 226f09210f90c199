import { type HipchatPerson, type HipchatShow, type HipchatUser, HipchatUsers, hipchatError } from './hipchatUser.ts';
import { type Handler, type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';

export interface HipchatOptions {
  /** The people, or those that another stand-in of the same server has. */
  users: readonly HipchatPerson[] | HipchatUsers;
  /** Token → the id of the user whose personal token it is, with its scopes (default: view and edit). */
  tokens: Record<string, { user: number; scopes?: readonly string[] }>;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** The chat server, and what a test may do to it. Users are named by id or email. */
export interface HipchatSandbox extends Service {
  user(idOrEmail: number | string): HipchatUser;
  /** As an administrator would: changes fields of a user. */
  setUser(idOrEmail: number | string, change: Partial<Omit<HipchatUser, 'id' | 'presence'>>): void;
  removeUser(idOrEmail: number | string): void;
  /** The person sets it by hand in the chat client (and is online with it). */
  setPresence(idOrEmail: number | string, show: HipchatShow | null, status?: string): void;
  goOffline(idOrEmail: number | string): void;
  addToken(token: string, user: number, scopes?: readonly string[]): void;
  /** 401 for this token from now on. */
  rejectToken(token: string): void;
  /** Calls left in the present five minutes; at 0 every call is a 429. */
  setRemaining(calls: number): void;
  /** 429 with `Retry-After` and the rate limit headers. */
  throttle(retryAfterSeconds: number, times?: number): void;
  /** 503, or another of the service's own troubles. */
  outage(times?: number, status?: number): void;
}

const LIMIT = 500;
const WINDOW_MS = 300_000;
const SCOPES = ['view_group', 'admin_group'];

/** Starts the stand-in for HipChat's API v2 (the paths a person's presence needs). */
export async function startHipchat(options: HipchatOptions): Promise<HipchatSandbox> {
  const now = options.now ?? Date.now;
  const users = options.users instanceof HipchatUsers ? options.users : new HipchatUsers(options.users);
  const tokens = new Map<string, { user: number; scopes: readonly string[]; rejected: boolean }>();
  let remaining = LIMIT;
  let resetAt = now() + WINDOW_MS;

  const addToken = (token: string, user: number, scopes: readonly string[] = SCOPES) =>
    void tokens.set(token, { user, scopes, rejected: false });
  for (const [token, { user, scopes }] of Object.entries(options.tokens)) addToken(token, user, scopes);

  function limitHeaders(): Record<string, string> {
    return {
      'x-ratelimit-limit': String(LIMIT),
      'x-ratelimit-remaining': String(Math.max(0, remaining)),
      'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
    };
  }

  function tooMany(retryAfterSeconds: number): SandboxAnswer {
    const answer = hipchatError(429, 'Too Many Requests', 'You have exceeded the rate limit.');
    return { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
  }

  /** Counts the call, checks the token and its scope, and finds the user of the path. */
  function guarded(scope: string, handler: (request: SandboxRequest, user: HipchatUser) => SandboxAnswer): Handler {
    return (request) => {
      if (now() >= resetAt) {
        remaining = LIMIT;
        resetAt = now() + WINDOW_MS;
      }
      if (remaining <= 0) return tooMany(Math.ceil((resetAt - now()) / 1000));
      remaining -= 1;
      const token = tokens.get(request.bearer ?? '');
      if (!token || token.rejected) return hipchatError(401, 'Unauthorized', 'Invalid OAuth session');
      const user = users.find(request.param('user'));
      if (!token.scopes.includes(scope)) {
        return hipchatError(403, 'Forbidden', `This action requires the scope ${scope}.`);
      }
      if (!user) return hipchatError(404, 'Not Found', 'User not found');
      if (request.method === 'PUT' && user.id !== token.user && !users.find(token.user)?.is_group_admin) {
        return hipchatError(403, 'Forbidden', 'You are not allowed to edit another user.');
      }
      return handler(request, user);
    };
  }

  const getUser = (_request: SandboxRequest, user: HipchatUser): SandboxAnswer => ({
    status: 200,
    body: users.view(user, service.url, now()),
  });
  const putUser = (request: SandboxRequest, user: HipchatUser) => users.update(user, request.json);

  const service = await startService({
    ...options,
    name: 'hipchat',
    routes: {
      'GET /v2/user/:user': guarded('view_group', getUser),
      'PUT /v2/user/:user': guarded('admin_group', putUser),
    },
    notFound: () => hipchatError(404, 'Not Found', 'Not found'),
    common: limitHeaders,
  });

  return {
    ...service,
    user: (key) => structuredClone(users.known(key)),
    setUser: (key, change) => void Object.assign(users.known(key), change),
    removeUser: (key) => void users.remove(key),
    setPresence(key, show, status = '') {
      users.known(key).presence = { show, status };
    },
    goOffline(key) {
      users.known(key).presence = null;
    },
    addToken,
    rejectToken(token) {
      const entry = tokens.get(token);
      if (!entry) throw new Error('the sandbox does not know this token');
      entry.rejected = true;
    },
    setRemaining(calls) {
      remaining = calls;
    },
    throttle(retryAfterSeconds, times = 1) {
      const answer = tooMany(retryAfterSeconds);
      service.fail({ status: 429, headers: { ...limitHeaders(), ...answer.headers }, body: answer.body, times });
    },
    outage(times = 1, status = 503) {
      service.fail({ ...hipchatError(status, 'Service Unavailable', 'HipChat is having trouble.'), times });
    },
  };
}

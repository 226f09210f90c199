import { type Handler, type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';

export interface GoogleChatOptions {
  /** A token's scopes; null for one that nobody gave out. */
  inspect: (token: string) => readonly string[] | null;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

export type GoogleState = 'ACTIVE' | 'IDLE' | 'AWAY' | 'DO_NOT_DISTURB';

interface CustomStatus {
  text: string;
  emoji: string;
  until: number | null;
}

/** Google Chat's availability of one person, and what they do to it. */
export interface GoogleChatSandbox extends Service {
  shown(): { state: GoogleState; status: CustomStatus | null };
  /** The person sets it by hand; `ACTIVE` takes back what was set. "Do not disturb" lasts eight hours. */
  setState(state: GoogleState): void;
  /** What Google sees of the person's activity while nothing is set. */
  setActivity(activity: 'ACTIVE' | 'IDLE' | 'AWAY'): void;
  setStatus(text: string, emoji?: string, until?: number | null): void;
  rejectToken(token: string): void;
  /** The Chat API is off in the Cloud project. */
  disable(): void;
  throttle(retryAfterSeconds: number, times?: number): void;
}

const SCOPE = 'https://www.googleapis.com/auth/chat.users.availability';
const YEAR = 365 * 86_400_000;
const HALF_HOUR = 30 * 60_000;
const MAX_TEXT = 64;

/** Google's error model with an ErrorInfo. */
function refused(code: number, status: string, reason: string): SandboxAnswer {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata: {} };
  return { status: code, body: { error: { code, message: `Request refused: ${reason}.`, status, details: [info] } } };
}

const invalid = (field: string): SandboxAnswer => refused(400, 'INVALID_ARGUMENT', field);

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Google refuses fields that it does not know. */
const hasOnly = (value: Record<string, unknown>, names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));

/** The end of an `expireTime` or `ttl`, of which there may be one; null for none, undefined for a bad one. */
function endOf({ expireTime, ttl }: Record<string, unknown>, now: number): number | null | undefined {
  if (expireTime !== undefined && ttl !== undefined) return undefined;
  if (ttl !== undefined) {
    const seconds = /^(\d+(?:\.\d{1,9})?)s$/.exec(String(ttl))?.[1];
    return seconds === undefined ? undefined : now + Number(seconds) * 1000;
  }
  if (expireTime === undefined) return null;
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(String(expireTime))
    ? Date.parse(String(expireTime))
    : Number.NaN;
  return at > now ? at : undefined;
}

/** Starts the stand-in for chat.googleapis.com: users.availability, after its published reference. */
export async function startGoogleChat(options: GoogleChatOptions): Promise<GoogleChatSandbox> {
  const now = options.now ?? Date.now;
  const rejected = new Set<string>();
  let isDisabled = false;
  let activity: 'ACTIVE' | 'IDLE' | 'AWAY' = 'ACTIVE';
  let manual: { state: 'AWAY' } | { state: 'DO_NOT_DISTURB'; until: number } | null = null;
  let activeUntil = 0;
  let status: CustomStatus | null = null;

  /** What was set, else what the person does. "The user will be marked as Away after expiration." */
  function state(): GoogleState {
    if (manual?.state === 'DO_NOT_DISTURB' && manual.until <= now()) {
      manual = null;
      activity = 'AWAY';
    }
    if (manual !== null) return manual.state;
    return now() < activeUntil ? 'ACTIVE' : activity;
  }

  function shownStatus(): CustomStatus | null {
    if (status?.until != null && status.until <= now()) status = null;
    return status;
  }

  function availability(): SandboxAnswer {
    const shown = shownStatus();
    const end = (until: number | null) => (until === null ? {} : { expireTime: new Date(until).toISOString() });
    const current = state();
    return {
      status: 200,
      body: {
        name: 'users/123456789/availability',
        state: current,
        ...(shown === null
          ? {}
          : {
              customStatus: {
                text: shown.text,
                ...(shown.emoji === '' ? {} : { emoji: { unicode: shown.emoji } }),
                ...end(shown.until),
              },
            }),
        ...(manual?.state === 'DO_NOT_DISTURB'
          ? { doNotDisturbMetadata: { expirationTime: new Date(manual.until).toISOString() } }
          : {}),
      },
    };
  }

  function guarded(scopes: readonly string[], handler: Handler): Handler {
    return (request) => {
      const token = request.bearer ?? '';
      const held = rejected.has(token) ? null : options.inspect(token);
      if (held === null) return refused(401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_INVALID');
      if (!scopes.some((scope) => held.includes(scope))) {
        return refused(403, 'PERMISSION_DENIED', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
      }
      if (isDisabled) return refused(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED');
      return handler(request);
    };
  }

  function patch({ query, json }: SandboxRequest): SandboxAnswer {
    const masks = ['customStatus', 'custom_status'];
    const body = fieldsOf(json);
    if (!masks.includes(query.get('updateMask') ?? '')) return invalid('update_mask');
    if (!hasOnly(body, ['name', 'customStatus'])) return invalid('availability');
    if (body['customStatus'] === undefined) {
      status = null;
      return availability();
    }
    const given = fieldsOf(body['customStatus']);
    const { unicode } = fieldsOf(given['emoji']);
    const { text } = given;
    if (!hasOnly(given, ['text', 'emoji', 'expireTime', 'ttl'])) return invalid('custom_status');
    if (typeof text !== 'string' || text === '' || text.length > MAX_TEXT) return invalid('custom_status.text');
    if (typeof unicode !== 'string' || !/\p{Emoji}/u.test(unicode)) return invalid('custom_status.emoji');
    const until = endOf(given, now());
    if (until === undefined) return invalid('custom_status.expiration');
    status = { text, emoji: unicode, until };
    return availability();
  }

  function markAsActive({ json }: SandboxRequest): SandboxAnswer {
    const body = fieldsOf(json);
    const until = hasOnly(body, ['expireTime', 'ttl']) ? endOf(body, now()) : undefined;
    if (until === undefined) return invalid('expiration');
    manual = null;
    activeUntil = until ?? now() + HALF_HOUR;
    return availability();
  }

  function markAsAway({ rawBody, json }: SandboxRequest): SandboxAnswer {
    if (rawBody !== '' && Object.keys(fieldsOf(json)).length > 0) return invalid('body');
    manual = { state: 'AWAY' };
    return availability();
  }

  function markAsDoNotDisturb({ json }: SandboxRequest): SandboxAnswer {
    const body = fieldsOf(json);
    const until = hasOnly(body, ['expireTime', 'ttl']) ? endOf(body, now()) : undefined;
    if (until == null || until > now() + YEAR) return invalid('expiration');
    manual = { state: 'DO_NOT_DISTURB', until };
    return availability();
  }

  const write = [SCOPE];
  const path = '/v1/users/me/availability';
  const service = await startService({
    ...options,
    name: 'googlechat',
    routes: {
      [`GET ${path}`]: guarded([SCOPE, `${SCOPE}.readonly`], availability),
      [`PATCH ${path}`]: guarded(write, patch),
      [`POST ${path}:markAsActive`]: guarded(write, markAsActive),
      [`POST ${path}:markAsAway`]: guarded(write, markAsAway),
      [`POST ${path}:markAsDoNotDisturb`]: guarded(write, markAsDoNotDisturb),
    },
    notFound: () => refused(404, 'NOT_FOUND', 'NOT_FOUND'),
  });

  return {
    ...service,
    shown: () => ({ state: state(), status: shownStatus() }),
    setState(given) {
      activeUntil = 0;
      manual = null;
      if (given === 'DO_NOT_DISTURB') manual = { state: given, until: now() + 8 * 3_600_000 };
      else if (given === 'AWAY') manual = { state: given };
      else activity = given;
    },
    setActivity(given) {
      activity = given;
    },
    setStatus(text, emoji = '', until = null) {
      status = text === '' ? null : { text, emoji, until };
    },
    rejectToken: (token) => void rejected.add(token),
    disable() {
      isDisabled = true;
    },
    throttle(retryAfterSeconds, times = 1) {
      const answer = refused(429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED');
      service.fail({ ...answer, headers: { 'retry-after': String(retryAfterSeconds) }, times });
    },
  };
}

import { type Handler, type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';

export interface ZulipOptions {
  /** The one person of the organization, with their API key. */
  user: { id: number; email: string; name: string; apiKey: string; isBot?: boolean };
  /** Default: that of Zulip 10. */
  featureLevel?: number;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** A status as the stand-in keeps it. */
export interface ZulipStatus {
  status_text: string;
  /** Empty for none. */
  emoji_name: string;
}

/** The organization, and what a test may do to it. */
export interface ZulipSandbox extends Service {
  status(): ZulipStatus;
  /** The person without their status. */
  profile(): Record<string, unknown>;
  /** The person sets it by hand in a client. */
  setStatus(text: string, emojiName?: string): void;
  /** 401 for the API key from now on, or why the account is refused. */
  rejectKey(code?: 'INVALID_API_KEY' | 'USER_DEACTIVATED' | 'REALM_DEACTIVATED'): void;
  setFeatureLevel(level: number): void;
  /** An emoji that the organization no longer has. */
  removeEmoji(name: string): void;
  /** 429, its wait in the header and in the body. */
  throttle(retryAfterSeconds: number, times?: number): void;
  /** 503, or another of the service's own troubles. */
  outage(times?: number, status?: number): void;
}

const TEXT_LIMIT = 60;
/** Names, and the code points of each. */
const EMOJI: Readonly<Record<string, string>> = {
  books: '1f4da',
  calendar: '1f4c5',
  car: '1f697',
  palm_tree: '1f334',
  wave: '1f44b',
};

function zulipError(status: number, code: string, msg: string): SandboxAnswer {
  return { status, body: { result: 'error', msg, code } };
}

const badRequest = (msg: string) => zulipError(400, 'BAD_REQUEST', msg);

const success = (body: Record<string, unknown> = {}): SandboxAnswer => ({
  status: 200,
  body: { result: 'success', msg: '', ...body },
});

/** Starts the stand-in for Zulip's API v1: the paths of specs/zulip.yaml that a person's own status needs. */
export async function startZulip(options: ZulipOptions): Promise<ZulipSandbox> {
  const { user } = options;
  const emoji = new Map(Object.entries(EMOJI));
  let featureLevel = options.featureLevel ?? 332;
  let refusal: string | null = null;
  let current = { status_text: '', emoji_name: '', emoji_code: '', reaction_type: 'unicode_emoji' };

  /** HTTP Basic with the email address and the API key. */
  function guarded(handler: (request: SandboxRequest) => SandboxAnswer): Handler {
    return (request) => {
      const given = /^Basic (\S+)$/.exec(String(request.headers['authorization'] ?? ''))?.[1] ?? '';
      if (given === '')
        return zulipError(401, 'UNAUTHORIZED', 'Not logged in: API authentication or user session required');
      const isKnown = Buffer.from(given, 'base64').toString('utf8') === `${user.email}:${user.apiKey}`;
      if (!isKnown || refusal !== null) return zulipError(401, refusal ?? 'INVALID_API_KEY', 'Invalid API key');
      return handler(request);
    };
  }

  const me = () => ({
    user_id: user.id,
    email: user.email,
    full_name: user.name,
    delivery_email: user.email,
    is_active: true,
    is_bot: user.isBot === true,
    is_admin: false,
    is_owner: false,
    is_guest: false,
    role: 400,
    timezone: 'Europe/Berlin',
    date_joined: '2019-10-20T07:50:53.728864+00:00',
    avatar_url: 'https://avatars.example.com/ge3b51ca72de.jpg',
    avatar_version: 1,
  });

  function getStatus(request: SandboxRequest): SandboxAnswer {
    // New in Zulip 9.0.
    if (featureLevel < 262) return notFound();
    if (request.param('user') !== String(user.id)) return badRequest('No such user');
    const { status_text, emoji_name, emoji_code, reaction_type } = current;
    return success({
      status: {
        ...(status_text === '' ? {} : { status_text }),
        ...(emoji_name === '' ? {} : { emoji_name, emoji_code, reaction_type }),
      },
    });
  }

  /** Only what is passed is changed. */
  function postStatus({ form }: SandboxRequest): SandboxAnswer {
    if (user.isBot === true) return badRequest('This endpoint does not accept bot requests.');
    const text = form.get('status_text')?.trim();
    const name = form.get('emoji_name');
    if (text === undefined && name === null && !form.has('away')) {
      return badRequest('Client did not pass any new values.');
    }
    if (text !== undefined && [...text].length > TEXT_LIMIT) {
      return badRequest('status_text is too long (limit: 60 characters)');
    }
    if (name === null && (form.has('emoji_code') || form.has('reaction_type'))) {
      return badRequest('Client must pass emoji_name if they pass either emoji_code or reaction_type.');
    }
    const code = name === null || name === '' ? '' : emoji.get(name);
    if (code === undefined) return badRequest(`Emoji '${name}' does not exist`);
    current = {
      ...current,
      ...(text === undefined ? {} : { status_text: text }),
      ...(name === null ? {} : { emoji_name: name, emoji_code: code }),
    };
    return success();
  }

  function getSettings(): SandboxAnswer {
    return success({
      authentication_methods: { password: true, email: true },
      zulip_version: '10.0',
      zulip_feature_level: featureLevel,
      push_notifications_enabled: true,
      is_incompatible: false,
      email_auth_enabled: true,
      require_email_format_usernames: true,
      realm_uri: service.url,
      realm_name: 'Contoso',
      realm_icon: 'https://avatars.example.com/contoso.png',
      realm_description: '<p>Contoso</p>',
    });
  }

  const notFound = () => ({ status: 404, body: '<html><title>Page not found</title></html>' });

  const service = await startService({
    ...options,
    name: 'zulip',
    routes: {
      'GET /api/v1/server_settings': getSettings,
      'GET /api/v1/users/me': guarded(() => success(me())),
      'POST /api/v1/users/me/status': guarded(postStatus),
      'GET /api/v1/users/:user/status': guarded(getStatus),
    },
    notFound,
  });

  return {
    ...service,
    status: () => ({ status_text: current.status_text, emoji_name: current.emoji_name }),
    profile: me,
    setStatus(text, emojiName = '') {
      current = { ...current, status_text: text, emoji_name: emojiName, emoji_code: emoji.get(emojiName) ?? '' };
    },
    rejectKey(code = 'INVALID_API_KEY') {
      refusal = code;
    },
    setFeatureLevel(level) {
      featureLevel = level;
    },
    removeEmoji: (name) => void emoji.delete(name),
    throttle(retryAfterSeconds, times = 1) {
      const { body } = zulipError(429, 'RATE_LIMIT_HIT', 'API usage exceeded rate limit');
      const wait = { 'retry-after': retryAfterSeconds };
      service.fail({
        status: 429,
        headers: { 'retry-after': String(retryAfterSeconds), 'x-ratelimit-remaining': '0' },
        body: { ...(body as object), ...wait },
        times,
      });
    },
    outage(times = 1, status = 503) {
      service.fail({ status, headers: { 'content-type': 'text/html' }, body: '<title>Zulip is down</title>', times });
    },
  };
}

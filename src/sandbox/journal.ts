import { createHash } from 'node:crypto';

/** One request and its answer, as the service saw them; secrets are replaced by tags that can still be compared. */
export interface Exchange {
  /** Which stand-in: its name, such as `graph` or `mattermost`. */
  service: string;
  method: string;
  /** Path as sent (still percent-encoded), without the query. */
  path: string;
  query: Record<string, string>;
  /** Lower-case names. `authorization` is `<scheme> #<tag>`; see {@link secretTag}. */
  headers: Record<string, string>;
  /** JSON or form fields as an object, other text as it came, undefined when empty. */
  body: unknown;
  /** HTTP status; 0 when the connection was dropped instead of answered. */
  status: number;
  responseHeaders: Record<string, string>;
  /** JSON as an object, text as it is, a page as `[page] <its title>`, undefined when empty. */
  responseBody: unknown;
  /** Epoch milliseconds at which the request had arrived. */
  at: number;
  /** True when an injected fault made the answer (or its absence). */
  injected: boolean;
}

const SECRET_FIELDS = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'code_verifier',
  'device_code',
  'client_info',
  'client_secret',
  'passwd',
  'password',
  'token',
  'ctx',
  'auth_token',
  'oauthSecret',
  'signed_request',
]);

/** A short tag of a secret: equal secrets have equal tags, and the secret cannot be read back. */
export function secretTag(secret: string): string {
  return `#${createHash('sha256').update(secret).digest('hex').slice(0, 12)}`;
}

/** Replaces every field that carries a secret, at any depth, by its tag. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      SECRET_FIELDS.has(key) && typeof inner === 'string' ? [key, secretTag(inner)] : [key, redact(inner)],
    ),
  );
}

/** Form fields or query parameters with the secrets replaced; here `code` is the authorization code. */
export function redactFields(fields: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...fields].map(([key, value]) => [key, key === 'code' || SECRET_FIELDS.has(key) ? secretTag(value) : value]),
  );
}

/** Headers that carry nothing but a secret: Rocket.Chat's credentials, and the session that Mattermost hands out. */
const SECRET_HEADERS = new Set(['cookie', 'token', 'x-auth-token']);

/** Headers as a plain record with the credentials replaced by a tag. */
export function redactHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    const [scheme, secret] = text.split(/\s+(.*)/s);
    if (name === 'authorization') plain[name] = secret ? `${scheme} ${secretTag(secret)}` : secretTag(text);
    else plain[name] = SECRET_HEADERS.has(name) ? secretTag(text) : text;
  }
  return plain;
}

/** The record of all exchanges, shared by the stand-ins of one sandbox. */
export interface Journal {
  readonly exchanges: readonly Exchange[];
  /** False: nothing is kept, and bodies are not even copied; for measurements. */
  readonly keeps: boolean;
  record(exchange: Exchange): void;
  /** Calls back for each exchange as it is recorded, which is before the client has its answer. Returns the way out. */
  onExchange(callback: (exchange: Exchange) => void): () => void;
  /** Forgets what was recorded; listeners stay. */
  clear(): void;
}

/** An empty journal; or one that stays so. */
export function createJournal(keeps = true): Journal {
  const exchanges: Exchange[] = [];
  const listeners = new Set<(exchange: Exchange) => void>();
  return {
    exchanges,
    keeps,
    record(exchange) {
      if (!keeps) return;
      exchanges.push(exchange);
      for (const listener of listeners) listener(exchange);
    },
    onExchange(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    clear() {
      exchanges.length = 0;
    },
  };
}

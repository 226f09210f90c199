import { createHmac, timingSafeEqual } from 'node:crypto';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';

export interface WebhookOptions {
  /** `whsec_` and base64, or any text; without one nothing is verified. */
  secret?: string;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** What the light shows. */
export interface Light {
  state: string;
  text: string;
  emoji: string;
  until: number | null;
  person: string | null;
}

/** A receiver such as a light by the door. */
export interface WebhookSandbox extends Service {
  /** Where to send to. */
  readonly address: string;
  shown(): Light;
  /** Somebody switches it by hand. */
  switchTo(light: Partial<Light>): void;
  setSecret(secret: string): void;
  /** Ids of the words that were followed, without those that came twice. */
  ids(): readonly string[];
  /** 429 with `Retry-After`. */
  throttle(retryAfterSeconds: number, times?: number): void;
}

const TOLERANCE = 5 * 60;
const STATES = ['available', 'busy', 'dnd', 'away'];
const PATH = '/hooks/door-light';

/** The receiver's part of Standard Webhooks: the signature over `id.timestamp.body`, the age, and words that come twice. */
function isSigned({ headers, rawBody }: SandboxRequest, secret: string, now: number): boolean {
  const id = String(headers['webhook-id'] ?? '');
  const timestamp = String(headers['webhook-timestamp'] ?? '');
  if (id === '' || !/^\d+$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE) return false;
  const key = /^whsec_/.test(secret) ? Buffer.from(secret.replace('whsec_', ''), 'base64') : Buffer.from(secret);
  const wanted = createHmac('sha256', key)
    .update(Buffer.from([id, timestamp, rawBody].join('.')))
    .digest();
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .some((part) => {
      const [version, signature = ''] = part.split(',');
      const given = Buffer.from(signature, 'base64');
      return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
}

/** The word of a body (version 1), or what is wrong with it. */
function readBody(json: unknown): Light | string {
  if (typeof json !== 'object' || json === null) return 'not JSON';
  const { version, state, text, emoji, until, person = null } = json as Record<string, unknown>;
  if (version !== 1) return 'version';
  if (typeof state !== 'string' || !STATES.includes(state)) return 'state';
  if (typeof text !== 'string' || typeof emoji !== 'string') return 'text';
  const end = until === null ? null : Date.parse(String(until));
  if (Number.isNaN(end)) return 'until';
  if (person !== null && typeof person !== 'string') return 'person';
  return { state, text, emoji, until: end, person };
}

/** Starts a receiver of webhooks. */
export async function startWebhook(options: WebhookOptions = {}): Promise<WebhookSandbox> {
  const now = options.now ?? Date.now;
  let secret = options.secret ?? '';
  let light: Light = { state: 'available', text: '', emoji: '', until: null, person: null };
  const seen: string[] = [];

  function receive(request: SandboxRequest): SandboxAnswer {
    if (secret !== '' && !isSigned(request, secret, now())) return { status: 401, body: 'bad signature' };
    const word = readBody(request.json);
    if (typeof word === 'string') return { status: 400, body: `bad field: ${word}` };
    const id = String(request.headers['webhook-id']);
    // The same word once more: already followed.
    if (!seen.includes(id)) {
      seen.push(id);
      light = word;
    }
    return { status: 204 };
  }

  const service = await startService({
    ...options,
    name: 'webhook',
    routes: { [`POST ${PATH}`]: receive },
    notFound: () => ({ status: 404 }),
  });

  return {
    ...service,
    address: `${service.url}${PATH}`,
    shown: () => ({ ...light }),
    switchTo(given) {
      light = { ...light, ...given };
    },
    setSecret(given) {
      secret = given;
    },
    ids: () => seen,
    throttle(retryAfterSeconds, times = 1) {
      service.fail({ status: 429, headers: { 'retry-after': String(retryAfterSeconds) }, body: 'slow down', times });
    },
  };
}

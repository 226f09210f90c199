import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';

/** Minutes that a token which the server signs can be used. */
const LIFETIME_SECONDS = 15 * 60;

/** What a token says: of which installation, of whom, in which room. Times are seconds since 1970. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  /** The same as `sub`: Atlassian's own framework reads this name. */
  readonly prn: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly context: { readonly user_tz: string; readonly room_id?: number };
}

/** How to do it wrong on purpose; with nothing in it, the token and the body are the right ones. */
export interface Forgery {
  readonly alg?: 'HS256' | 'HS384' | 'HS512' | 'RS256' | 'none' | 'nOnE';
  /** Signed with this and not with the installation's secret. */
  readonly secret?: string;
  /** Claims put in before signing; undefined takes one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Claims put in after signing, so that the signature is of other words. */
  readonly altered?: Readonly<Record<string, unknown>>;
  /** The whole token, such as one that was used before. */
  readonly token?: string;
  /** Where the token goes; without it, where it belongs. */
  readonly carry?: 'header' | 'query' | 'form' | 'nowhere';
  /** Of webhooks: another body than the token is about. */
  readonly body?: (body: WebhookBody) => unknown;
  /** Of webhooks: only half of the body is sent, and then nothing any more. */
  readonly stall?: boolean;
}

/** A webhook's body as far as attacks change it. */
export type WebhookBody = { item: Record<string, unknown>; oauth_client_id: string; [field: string]: unknown };

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

let stranger: { publicKey: KeyObject; privateKey: KeyObject } | null = null;

/** A key of nobody's; made when it is first wanted. */
function strangersKey() {
  stranger ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return stranger;
}

/** The claims of a token for `user` (its id); `now` in epoch milliseconds. */
export function claimsFor(given: {
  iss: string;
  user: number;
  zone: string;
  room: number | null;
  now: number;
}): Claims {
  const iat = Math.floor(given.now / 1000);
  const id = String(given.user);
  return {
    iss: given.iss,
    sub: id,
    prn: id,
    iat,
    exp: iat + LIFETIME_SECONDS,
    jti: randomUUID(),
    context: { user_tz: given.zone, ...(given.room === null ? {} : { room_id: given.room }) },
  };
}

/** A JWT (RFC 7519) with HMAC-SHA256 as HipChat signs it, or what the forgery makes of it. */
export function signJwt(claims: Claims, secret: string, forgery: Forgery = {}): string {
  if (forgery.token !== undefined) return forgery.token;
  const alg = forgery.alg ?? 'HS256';
  const header =
    alg === 'RS256'
      ? { typ: 'JWT', alg, jwk: strangersKey().publicKey.export({ format: 'jwk' }) }
      : { typ: 'JWT', alg };
  const said = { ...claims, ...forgery.claims };
  const words = `${encode(header)}.${encode(said)}`;
  const signature = signatureOf(alg, words, forgery.secret ?? secret);
  if (!forgery.altered) return `${words}.${signature}`;
  return `${encode(header)}.${encode({ ...said, ...forgery.altered })}.${signature}`;
}

function signatureOf(alg: NonNullable<Forgery['alg']>, words: string, secret: string): string {
  if (alg === 'none' || alg === 'nOnE') return '';
  if (alg === 'RS256') return sign('sha256', Buffer.from(words), strangersKey().privateKey).toString('base64url');
  return createHmac(HASHES[alg], secret).update(words).digest('base64url');
}

import { createHash, randomUUID } from 'node:crypto';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { DAY, type Instant, MINUTE, SECOND } from '../../core/time.ts';
import type { RequestContext } from './calls.ts';

// Signed requests of HipChat Connect: JWT (RFC 7519), HS256 with the secret of an installation. The user is in `sub`; old libraries read
// and write `prn` (draft 10), so both are taken and both are written.

const LEEWAY_SECONDS = 10;
const LIFETIME = 15 * MINUTE;
/** Chat servers say 15 minutes. What is good for longer would have to be remembered for longer. */
const LONGEST_LIFE = DAY;

const user = z
  .union([z.string().min(1).max(200), z.number().int()])
  .transform(String)
  .nullish();
const claimsSchema = z.object({
  iss: z.string(),
  sub: user,
  prn: user,
  exp: z.number(),
  jti: z.string().min(1).max(500).nullish(),
  context: z
    .looseObject({
      user_tz: z.string().optional(),
      room_id: z
        .union([
          z.number().int(),
          z
            .string()
            .regex(/^\d{1,15}$/)
            .transform(Number),
        ])
        .optional(),
    })
    .nullish(),
});

/** A request of which we know who signed it. */
export interface SignedRequest {
  /** Null when the server speaks for nobody in particular. */
  readonly userId: string | null;
  readonly context: RequestContext;
  /** What no second request may have: the hash of its `jti`, or of all of it. */
  readonly id: string;
  /** From then on it counts no more, leeway included. */
  readonly expiresAt: Instant;
}

/** Why a request is not taken; `reason` is for tests and the log. */
export const notSigned = (
  reason: 'missing' | 'malformed' | 'signature' | 'expired' | 'replayed' | 'mismatch',
): AppError => new AppError('unauthorized', SENTENCES[reason], { reason });

const SENTENCES = {
  missing: 'This needs a signed request: signed_request in the address or a form, or "Authorization: JWT …".',
  malformed: 'The signed request can not be read. Send the token as the chat server or the page made it.',
  signature: 'The signed request is not from an installation of this add-on. Install it again if it should be.',
  expired: 'The signed request has expired. Open the page anew from the chat.',
  replayed: 'The signed request has been used already. Take the fresh one of the last answer (X-acpt).',
  mismatch: 'The signed request is for somebody or something else than what came with it.',
} as const;

/** Who says to have signed it. Nothing is checked yet: it only tells whose secret to check with. */
export function issuerOf(token: string): string {
  try {
    const { iss } = decodeJwt(token);
    if (typeof iss === 'string' && iss !== '') return iss;
  } catch {
    // Not a JWT.
  }
  throw notSigned('malformed');
}

const keyOf = (secret: string): Uint8Array => new TextEncoder().encode(secret);

/** Checks a token with the secret of the installation that it names. Throws `unauthorized`. */
export async function verifySigned(
  token: string,
  { oauthId, secret, now }: { readonly oauthId: string; readonly secret: string; readonly now: Instant },
): Promise<SignedRequest> {
  const payload = await jwtVerify(token, keyOf(secret), {
    algorithms: ['HS256'],
    issuer: oauthId,
    clockTolerance: LEEWAY_SECONDS,
    requiredClaims: ['exp'],
    currentDate: new Date(now),
  }).then(
    (verified) => verified.payload,
    (thrown: unknown) => {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
      throw notSigned(code === 'ERR_JWT_EXPIRED' ? 'expired' : 'signature');
    },
  );
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) throw notSigned('malformed');
  const { sub, prn, exp, jti, context } = parsed.data;
  if (sub != null && prn != null && sub !== prn) throw notSigned('mismatch');
  const expiresAt = exp * SECOND + LEEWAY_SECONDS * SECOND;
  if (expiresAt - now > LONGEST_LIFE) throw notSigned('malformed');
  const id = createHash('sha256')
    .update(jti ?? token)
    .digest('base64url');
  return { userId: sub ?? prn ?? null, context: context ?? {}, id, expiresAt };
}

/** A token in the name of an installation and one of its users. */
export function signRequest(
  { oauthId, secret, now }: { readonly oauthId: string; readonly secret: string; readonly now: Instant },
  userId: number | string | null,
  context: RequestContext,
): Promise<string> {
  const seconds = Math.floor(now / SECOND);
  const who = userId === null ? {} : { sub: String(userId), prn: String(userId) };
  return new SignJWT({ ...who, context: { ...context } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(oauthId)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + LIFETIME / SECOND)
    .setJti(randomUUID())
    .sign(keyOf(secret));
}

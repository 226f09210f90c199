import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../core/appError.ts';
import type { Instant } from '../../../core/time.ts';
import { issuerOf, notSigned, type SignedRequest, verifySigned } from '../jwt.ts';
import type { TenantRecord, Tenants } from '../tenants.ts';

/** Of routes: whose a request is comes with it as a whole, so a hub counts it when that is known. */
export const SIGNED = { isKnownLater: true } as const;

/** A request of which we know whose it is. */
export interface Verified {
  readonly record: TenantRecord;
  readonly signed: SignedRequest;
}

const textOf = (fields: unknown, name: string): string | null => {
  if (typeof fields !== 'object' || fields === null) return null;
  const value = (fields as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** As HipChat writes it, and as some old libraries want it: `JWT token=…`. */
const HEADER = /^JWT +(?:token="?)?([\w.-]+)"?$/i;
const FORM = /^application\/x-www-form-urlencoded\b/i;

/** The token of a request: in the address, in a form, or in the header. */
function tokenIn({ query, headers, body }: FastifyRequest): string {
  const inForm = FORM.test(headers['content-type'] ?? '') ? textOf(body, 'signed_request') : null;
  const found = textOf(query, 'signed_request') ?? inForm ?? HEADER.exec(headers.authorization ?? '')?.[1];
  if (found === undefined) throw notSigned('missing');
  return found;
}

/** Who signed a request. Throws `unauthorized`. */
export async function verify(request: FastifyRequest, tenants: Tenants, now: () => Instant): Promise<Verified> {
  const token = tokenIn(request);
  const record = await tenants.get(issuerOf(token));
  if (record === null) throw notSigned('signature');
  const signed = await verifySigned(token, { oauthId: record.oauthId, secret: record.oauthSecret, now: now() });
  const { room_id } = signed.context;
  if (record.roomId !== null && room_id !== undefined && room_id !== record.roomId) throw notSigned('mismatch');
  return { record, signed };
}

/** Counts a failure where the server does so: many make an address wait. Always throws. */
export async function refuse(request: FastifyRequest, thrown: unknown): Promise<never> {
  if (thrown instanceof AppError && thrown.code === 'unauthorized') await request.server.countFailure?.(request);
  throw thrown;
}

/** Has a request count as one of its installation, not of the address that it shares with others. */
export function letIn(request: FastifyRequest, addon: string, { oauthId }: TenantRecord): void {
  if (!request.server.hasRequestDecorator('actor')) return;
  request.actor = {
    id: `addon:${addon}:${oauthId}`,
    name: 'Add-on',
    scopes: [],
    personId: null,
    createdAt: 0,
    expiresAt: null,
  };
}

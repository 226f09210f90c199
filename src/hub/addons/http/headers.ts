import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Addon } from '../addon.ts';
import { originsOf, type TenantRecord } from '../tenants.ts';

export const newNonce = (): string => randomBytes(16).toString('base64');

const allowedOrigins = (addon: Addon, record: TenantRecord | null): readonly string[] => [
  ...(record === null ? [] : originsOf(record)),
  ...(addon.parts.options.allowOrigins ?? []),
];

/**
 * Where pages of the chat server may read the answer. HipChat's client asks for glances from its own page.
 * @returns whether the origin that asks is one of them
 */
export function allowOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  addon: Addon,
  record: TenantRecord | null,
): boolean {
  reply.header('vary', 'origin');
  const { origin } = request.headers;
  if (origin === undefined || !allowedOrigins(addon, record).includes(origin)) return false;
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-acpt',
    'cross-origin-resource-policy': 'cross-origin',
  });
  return true;
}

/** A page for a frame of the chat client: nobody else may frame it, and only its own scripts run. */
export function allowFraming(reply: FastifyReply, addon: Addon, record: TenantRecord | null, nonce: string): void {
  const origins = allowedOrigins(addon, record).join(' ');
  reply.removeHeader('x-frame-options');
  reply.header(
    'content-security-policy',
    [
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce}' ${origins}`.trim(),
      `style-src 'self' 'unsafe-inline' ${origins}`.trim(),
      "img-src 'self' data: https:",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      `frame-ancestors ${origins === '' ? "'none'" : origins}`,
    ].join('; '),
  );
}

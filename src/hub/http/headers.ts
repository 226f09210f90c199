import type { FastifyInstance } from 'fastify';

/** The page loads its own files only, and nobody may frame it. The other answers are data: for them it forbids everything. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What OWASP's secure headers project asks for, the same on every answer. */
const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Who is where is nothing for caches; what may be kept says so itself.
  'cache-control': 'no-store',
} as const;

const ONE_YEAR = 31_536_000;

/** The security headers; over TLS also the order to use nothing else. */
export const securityHeaders = (isTls: boolean): Readonly<Record<string, string>> =>
  isTls ? { ...SECURITY_HEADERS, 'strict-transport-security': `max-age=${ONE_YEAR}` } : SECURITY_HEADERS;

/** Has every answer carry the security headers; errors, streams and upgrades too. */
export function useSecurityHeaders(app: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

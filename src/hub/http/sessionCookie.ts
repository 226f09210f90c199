import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { HubSettings } from '../settings.ts';

/** Over plain http, which a hub speaks only to its own machine or to a proxy. */
const PLAIN = 'hipstatus_session';
/** Over https: browsers take such a name only with Secure, for the whole host and from nobody but it (RFC 6265bis, 4.1.3.2). */
const SECURE = `__Host-${PLAIN}`;

/** The session that came with a request. Over https the plain name does not count: a neighbouring host could have set it. */
export const sessionOf = ({ cookies, protocol }: FastifyRequest): string | undefined =>
  cookies[SECURE] ?? (protocol === 'http' ? cookies[PLAIN] : undefined);

/** Name and attributes of the cookie for who sent this request. */
export function sessionCookie(
  { protocol }: FastifyRequest,
  { HUB_BASE_URL }: Pick<HubSettings, 'HUB_BASE_URL'>,
): { readonly name: string; readonly options: CookieSerializeOptions } {
  // A proxy that speaks TLS may not say so in X-Forwarded-Proto.
  const secure = protocol === 'https' || (HUB_BASE_URL?.startsWith('https:') ?? false);
  return { name: secure ? SECURE : PLAIN, options: { path: '/', httpOnly: true, sameSite: 'strict', secure } };
}

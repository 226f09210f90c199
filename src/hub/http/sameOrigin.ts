import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/appError.ts';

const hostOf = (origin: string | undefined): string | null =>
  origin !== undefined && URL.canParse(origin) ? new URL(origin).host : null;

/**
 * Throws `forbidden` unless the hub's own page sent this. Browsers say where a request comes from, and let no page say it otherwise:
 * in `Sec-Fetch-Site` over https and on loopback (W3C Fetch Metadata), else in `Origin`, with every POST and DELETE (RFC 6454).
 */
export function checkSameOrigin({ headers, host }: FastifyRequest, baseUrl: string | undefined): void {
  const site = headers['sec-fetch-site'];
  const from = hostOf(headers.origin);
  const isOurs = site === undefined ? from !== null && [host, hostOf(baseUrl)].includes(from) : site === 'same-origin';
  if (!isOurs)
    throw new AppError('forbidden', 'Only the page of this hub may do this. Programs send their token instead.');
}

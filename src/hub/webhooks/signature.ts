import { createHmac, randomBytes } from 'node:crypto';
import { type Instant, SECOND } from '../../core/time.ts';

/** 256 random bits. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64url')}`;

/**
 * `t=<Unix seconds>,v1=<hex>`: HMAC-SHA256 over `t.body`. The time is signed too, so that a receiver can refuse what is old: nobody can
 * send again later what they overheard.
 */
export function signatureOf(secret: string, now: Instant, body: string): string {
  const time = Math.floor(now / SECOND);
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}

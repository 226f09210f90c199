import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, MINUTE, SECOND } from '../../core/time.ts';

// How Slack signs what it sends ("Verifying requests from Slack").

/** A request may be so old, or so far ahead of our clock. */
export const SIGNED_FOR = 5 * MINUTE;

export interface SignedBySlack {
  /** The headers `X-Slack-Signature` and `X-Slack-Request-Timestamp`. */
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  /** As it came, byte for byte. */
  readonly body: Buffer;
}

/** Whether Slack has sent it, and why not. */
export function judgeSlack(
  { signature, timestamp, body }: SignedBySlack,
  secret: string,
  now: Instant,
): 'good' | 'missing' | 'old' | 'wrong' {
  if (signature === undefined || timestamp === undefined) return 'missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'wrong';
  if (Math.abs(now - Number(timestamp) * SECOND) > SIGNED_FOR) return 'old';
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  const [, hex = ''] = /^v0=([\da-f]{64})$/.exec(signature) ?? [];
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? 'good' : 'wrong';
}

import { createHmac } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { ChatRecord } from '../../../core/claim.ts';
import type { ChatCapabilities, Presence } from '../../../core/presence.ts';
import { type Instant, SECOND } from '../../../core/time.ts';
import type { WebhookBody } from './schema.ts';

/**
 * All there is can be told. It is told until when, so `stateExpires`; whether the receiver minds is its own business, and at
 * the end it is told again. It can't be asked what it shows.
 */
export const WEBHOOK_CAPABILITIES: ChatCapabilities = {
  states: ['available', 'busy', 'dnd', 'away'],
  textLimit: 500,
  emoji: true,
  expires: false,
  stateExpires: true,
  oneStatus: false,
  profileTimeZone: false,
};

export const NEUTRAL: Presence = { state: 'available', text: '', emoji: '', until: null };

/**
 * What was told last, as far as the record of the account remembers it: after a restart nothing else does. Where it is not
 * known whether the last word arrived, the one before it, so that it is said again.
 */
export function lastTold(record: ChatRecord | undefined): Presence | null {
  const claim = record?.claim ?? null;
  if (claim === null) return null;
  return claim.written ?? (claim.isAnswered ? claim.asked : (claim.previous ?? claim.snapshot));
}

/** @param person empty for none */
export function toBody(presence: Presence, stateUntil: Instant | undefined, person: string): WebhookBody {
  const until = stateUntil ?? presence.until;
  return {
    version: 1,
    // Nobody is ever said to be offline: it is not among the states.
    state: presence.state === 'offline' ? 'away' : presence.state,
    text: presence.text,
    emoji: presence.emoji,
    until: until === null ? null : new Date(until).toISOString(),
    ...(person === '' ? {} : { person }),
  };
}

/**
 * The headers of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
 * an id that repeats when the same word is sent again, Unix seconds, and HMAC-SHA256 over `id.timestamp.body`.
 * @param secret `whsec_` and base64 as that standard writes it, or any other text, which counts as UTF-8; empty for no signature
 */
export function toHeaders(id: string, now: Instant, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(now / SECOND));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === '') return headers;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}

/** Loopback, private and link-local networks (RFC 1918, 3927, 4193, 4291, 6890). */
function isPrivateIpv4(host: string): boolean {
  const [a = 0, b = 0] = host.split('.').map(Number);
  return (
    a === 127 || a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254)
  );
}

const isPrivateIpv6 = (host: string): boolean => host === '::1' || /^f[cd]/.test(host) || /^fe[89ab]/.test(host);

/** Names that never leave the own machine or network (RFC 6761, 6762, 8375; `.internal` by ICANN's decision). */
const isLocalName = (host: string): boolean => /(^|\.)localhost$|\.local$|\.home\.arpa$|\.internal$/.test(host);

function isNearby(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIPv4(host)) return isPrivateIpv4(host);
  return isIPv6(host) ? isPrivateIpv6(host) : isLocalName(host);
}

/**
 * The address if a presence may be sent there: over https anywhere, over http within the own network only. Null otherwise, and
 * for one with a name and password in it, which would be shown wherever addresses are.
 */
export function usableAddress(address: string): URL | null {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return null;
  }
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isNearby(url.hostname));
  return isAllowed && url.username === '' && url.password === '' ? url : null;
}

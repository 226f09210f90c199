import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { AppError } from '../../../core/appError.ts';

/** A person's address, such as `ada@example.com` (RFC 7622); a resource in it is dropped. */
export interface Address {
  readonly local: string;
  readonly domain: string;
}

/** Where to connect. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (XEP-0368); otherwise STARTTLS. */
  readonly isDirectTls: boolean;
}

const invalid = (message: string): AppError => new AppError('invalidInput', message, { reason: 'address' });

/** Throws `AppError('invalidInput')`. */
export function addressOf(written: string): Address {
  const bare =
    written
      .trim()
      .replace(/^xmpp:/i, '')
      .split('/')[0] ?? '';
  const match = /^([^\s@"&'<>:]+)@([^\s@"&'<>]+)$/.exec(bare);
  const [, local = '', domain = ''] = match ?? [];
  if (match === null || (isIP(domain) === 0 && domainToASCII(domain) === '')) {
    throw invalid('The XMPP address must look like name@example.com. Check it in the preferences.');
  }
  return { local, domain: domain.toLowerCase() };
}

/** The server that was typed: `xmpps://host:port`, `xmpp://host:port` or `host:port`. Throws `AppError('invalidInput')`. */
export function serverOf(written: string): Endpoint {
  const match = /^(?:(xmpps?):\/\/)?(\[[0-9a-f:.]+\]|[^\s:/[\]]+)(?::(\d{1,5}))?\/?$/i.exec(written.trim());
  const [, scheme = 'xmpp', host = '', port] = match ?? [];
  const isDirectTls = scheme.toLowerCase() === 'xmpps';
  const number = port === undefined ? (isDirectTls ? 5223 : 5222) : Number(port);
  if (match === null || number < 1 || number > 65_535) {
    throw invalid('The XMPP server must look like xmpps://example.com:5223. Check it in the preferences.');
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: number, isDirectTls };
}

/** Whether what is sent there never leaves the machine. */
export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** More than these are not tried in one go. */
const MOST_ENDPOINTS = 4;

/** The hosts that a domain names for its clients (RFC 6120 section 3.2, XEP-0368), best first; itself where it names none. */
export async function endpointsOf(domain: string): Promise<readonly Endpoint[]> {
  const name = isIP(domain) === 0 ? domainToASCII(domain) : domain;
  const fallback: Endpoint = { host: name, port: 5222, isDirectTls: false };
  if (isIP(name) !== 0 || isLoopback(name)) return [fallback];
  const resolver = new dns.Resolver({ timeout: 3_000, tries: 2 });
  const records = async (service: string, isDirectTls: boolean) => {
    const found = await resolver.resolveSrv(`_${service}._tcp.${name}`).catch(() => []);
    return found.map((record) => ({ ...record, isDirectTls }));
  };
  const found = (await Promise.all([records('xmpps-client', true), records('xmpp-client', false)])).flat();
  const named = found
    // A single dot says that there is no such service.
    .filter((record) => record.name !== '' && record.name !== '.')
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    .map(({ name: host, port, isDirectTls }) => ({ host, port, isDirectTls }));
  return named.length === 0 ? [fallback] : named.slice(0, MOST_ENDPOINTS);
}

import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import * as tls from 'node:tls';
import { Agent, fetch } from 'undici';
import { AppError } from '../../core/appError.ts';
import type { Fetch } from '../http.ts';
import { bytesIfThere } from './atomicFile.ts';
import { createConnector } from './connector.ts';

/** Where Linux distributions keep the system's trusted authorities as one PEM file (the list of Go's crypto/x509). */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** An idle connection is kept for the next call of the same sync, not for the next sync; milliseconds. */
const KEEP_ALIVE = 4_000;

export interface NodeFetchOptions {
  /** Trusted beyond the system's: PEM texts of authorities, or of one server. */
  readonly trustedCertificates: readonly string[];
  /** The texts of the system's trust files. Default: read from this machine. */
  readonly systemCertificates?: () => readonly string[];
}

/**
 * undici's own `fetch`, because its agents fit only the version that they came with. Both follow the fetch standard; the
 * types differ only in which package declares them.
 */
const send = fetch as unknown as (
  url: string,
  init: Omit<RequestInit, 'dispatcher'> & { readonly dispatcher: Agent },
) => Promise<Response>;

/**
 * What the machine trusts: its own store, which Node reads by itself from 22.15 on; before that the bundle file of Linux
 * and the file that Node's own NODE_EXTRA_CA_CERTS names (given certificates replace Node's default ones, that file's too).
 */
export function systemCertificates(): readonly string[] {
  const { getCACertificates } = tls as typeof tls & { getCACertificates?: (store: 'default' | 'system') => string[] };
  if (getCACertificates !== undefined) return [...getCACertificates('default'), ...getCACertificates('system')];
  const files = [process.env['NODE_EXTRA_CA_CERTS'] ?? '', SYSTEM_BUNDLES.find((file) => fs.existsSync(file)) ?? ''];
  return [...tls.rootCertificates, ...files.flatMap(textOf)];
}

/** Nothing for a file that can't be read: what it would have vouched for is then not trusted, as in Node itself. */
function textOf(file: string): readonly string[] {
  try {
    const bytes = file === '' ? null : bytesIfThere(file);
    return bytes === null ? [] : [bytes.toString('utf8')];
  } catch {
    return [];
  }
}

/** TLS takes in silence what is no certificate, and then fails at each call: say so at once instead. */
function checkCertificate(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new AppError('invalidInput', 'A trusted certificate file holds no PEM certificate. Check the setting.', {
      cause,
      reason: 'trustedCertificates',
    });
  }
}

/**
 * Node's `fetch` as a `Fetch`: by the proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name, trusting the system and
 * `trustedCertificates`. Idle connections do not keep the process alive.
 * Throws `AppError('invalidInput')` when one of `trustedCertificates` is none.
 */
export function nodeFetch(options: NodeFetchOptions): Fetch {
  options.trustedCertificates.forEach(checkCertificate);
  let agent: Agent | undefined;
  const open = (): Agent => {
    const system = (options.systemCertificates ?? systemCertificates)();
    // Built once: reading some 150 certificates for each connection would cost more than the connection.
    const secureContext = tls.createSecureContext({ ca: [...new Set([...system, ...options.trustedCertificates])] });
    return new Agent({
      connect: createConnector({ secureContext, env: process.env }),
      keepAliveTimeout: KEEP_ALIVE,
      keepAliveMaxTimeout: KEEP_ALIVE,
    });
  };
  return (url, init) => {
    agent ??= open();
    return send(url, { ...init, dispatcher: agent });
  };
}

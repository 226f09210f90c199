import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Session } from 'electron';
import { AppError } from '../../core/appError.ts';

/** A PEM file may hold several. */
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** A chain longer than this is no chain. */
const MAX_CHAIN = 8;

/** The certificates of PEM files. Throws `AppError('invalidInput')` naming a file that can't be read. */
export function readCertificates(files: readonly string[]): readonly X509Certificate[] {
  return files.flatMap((file) => {
    try {
      const found = [...readFileSync(file, 'utf8').matchAll(PEM)].map(([pem]) => new X509Certificate(pem));
      if (found.length === 0) throw new Error('No certificate in it');
      return found;
    } catch (cause) {
      throw new AppError('invalidInput', `The certificate file ${file} can't be used.`, { cause });
    }
  });
}

/**
 * Whether a server's certificate is one of `trusted`, or was issued under one of them, for this host and this moment.
 * @param chain the server's own certificate first, then those it has sent with it
 * @param now milliseconds since the epoch
 */
export function isPinned(
  hostname: string,
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  now: number,
): boolean {
  const [leaf, ...others] = chain;
  const isInTime = ({ validFrom, validTo }: X509Certificate) =>
    Date.parse(validFrom) <= now && now <= Date.parse(validTo);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isFor = (certificate: X509Certificate) =>
    (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
  if (leaf === undefined || !isInTime(leaf) || !isFor(leaf)) return false;
  const isTrusted = (certificate: X509Certificate) =>
    trusted.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256);
  const hasIssued = (issuer: X509Certificate, certificate: X509Certificate) =>
    issuer.ca && isInTime(issuer) && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  let at = leaf;
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    if (isTrusted(at)) return true;
    const current = at;
    if (trusted.some((authority) => hasIssued(authority, current))) return true;
    const issuer = others.find((candidate) => hasIssued(candidate, current));
    if (issuer === undefined || issuer === at) return false;
    at = issuer;
  }
  return false;
}

/** Chromium's certificate with what it was sent with, leaf first. */
function chainOf(certificate: Electron.Certificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let at: Electron.Certificate | undefined = certificate;
  while (at?.data && !seen.has(at.fingerprint) && chain.length < MAX_CHAIN) {
    seen.add(at.fingerprint);
    chain.push(new X509Certificate(at.data));
    at = at.issuerCert;
  }
  return chain;
}

/** Chromium's own verdict stays. */
const USE_CHROMIUM = -3;

/** Has the session trust `trusted` beyond what the system trusts. What the system refuses otherwise stays refused. */
export function trustCertificates(session: Session, trusted: readonly X509Certificate[], now: () => number): void {
  session.setCertificateVerifyProc(({ hostname, certificate, errorCode }, answer) => {
    const pinned = errorCode !== 0 && isPinned(hostname, chainOf(certificate), trusted, now());
    answer(pinned ? 0 : USE_CHROMIUM);
  });
}

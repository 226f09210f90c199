import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Session } from 'electron';

/** A chain longer than this is no chain. */
const MAX_CHAIN = 8;

/** What our trusted certificates say of a server's: it is theirs, is theirs but for its dates or host name, or is not. */
export type PinVerdict = 'trusted' | 'dates' | 'host' | 'unknown';

/**
 * Whether a server's certificate is one of `trusted`, or was issued under one of them, for this host and this moment.
 * @param chain the server's own certificate first, then those it has sent with it
 * @param now milliseconds since the epoch
 */
export function pinVerdict(
  hostname: string,
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  now: number,
): PinVerdict {
  const [leaf, ...others] = chain;
  const isInTime = ({ validFrom, validTo }: X509Certificate) =>
    Date.parse(validFrom) <= now && now <= Date.parse(validTo);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isFor = (certificate: X509Certificate) =>
    (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
  const isTrusted = (certificate: X509Certificate) =>
    trusted.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256);
  const hasIssued = (issuer: X509Certificate, certificate: X509Certificate) =>
    issuer.ca && isInTime(issuer) && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  const isOurs = (certificate: X509Certificate) => {
    let at = certificate;
    for (let step = 0; step < MAX_CHAIN; step += 1) {
      if (isTrusted(at)) return true;
      const current = at;
      if (trusted.some((authority) => hasIssued(authority, current))) return true;
      const issuer = others.find((candidate) => hasIssued(candidate, current));
      if (issuer === undefined || issuer === at) return false;
      at = issuer;
    }
    return false;
  };
  if (leaf === undefined || !isOurs(leaf)) return 'unknown';
  if (!isInTime(leaf)) return 'dates';
  return isFor(leaf) ? 'trusted' : 'host';
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

/**
 * What Chromium is told (net/base/net_error_list.h): taken, its own verdict, or what is wrong with a certificate of ours, which
 * Chromium would call an unknown authority.
 */
const ANSWERS: Readonly<Record<PinVerdict, number>> = { trusted: 0, unknown: -3, host: -200, dates: -201 };

/** Has the session trust `trusted` beyond what the system trusts. What the system refuses otherwise stays refused. */
export function trustCertificates(session: Session, trusted: readonly X509Certificate[], now: () => number): void {
  session.setCertificateVerifyProc(({ hostname, certificate, errorCode }, answer) => {
    const verdict = errorCode === 0 ? 'unknown' : pinVerdict(hostname, chainOf(certificate), trusted, now());
    answer(ANSWERS[verdict]);
  });
}

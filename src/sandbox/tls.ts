import { createHash, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate made for this run, valid for localhost, 127.0.0.1 and ::1. Nothing is written to disk. */
export interface SandboxCertificate {
  /** PKCS #8 private key, PEM. */
  key: string;
  /** The certificate itself, PEM; it is its own issuer, so it is also what a client pins or passes as `ca`. */
  cert: string;
  /** `sha256/<base64>` of the DER certificate: the form Electron's `setCertificateVerifyProc` reports. */
  fingerprint256: string;
}

/** `sha256/<base64 of SHA-256 of the DER certificate>` of a PEM certificate. */
export function certificateFingerprint(pem: string): string {
  return `sha256/${createHash('sha256').update(new X509Certificate(pem).raw).digest('base64')}`;
}

/** Makes the sandbox's own certificate: one day long, server use only. */
export async function makeCertificate(now: Date = new Date()): Promise<SandboxCertificate> {
  const pems = await generate([{ name: 'commonName', value: 'HipStatus sandbox' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A clock that is a little behind must not refuse it.
    notBeforeDate: new Date(now.getTime() - 3_600_000),
    notAfterDate: new Date(now.getTime() + 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert, fingerprint256: certificateFingerprint(pems.cert) };
}

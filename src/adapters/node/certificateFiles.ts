import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../../core/appError.ts';
import type { Logger } from '../../ports/logger.ts';

/** A PEM file may hold several. */
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What came of one file of `organisation.trustedCertificateFiles`. */
export interface CertificateFile {
  readonly file: string;
  /** Empty when the file can't be used. */
  readonly certificates: readonly X509Certificate[];
  /** `invalidInput`, reason `certificateFile`; null when all is well. */
  readonly error: AppError | null;
}

function readOne(file: string): CertificateFile {
  try {
    const certificates = [...readFileSync(file, 'utf8').matchAll(PEM)].map(([pem]) => new X509Certificate(pem));
    if (certificates.length === 0) throw new Error('No certificate in it');
    return { file, certificates, error: null };
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = isAbsent ? 'is not there' : "can't be read as PEM certificates";
    const message = `The certificate file ${file} ${why}.`;
    return {
      file,
      certificates: [],
      error: new AppError('invalidInput', message, { reason: 'certificateFile', cause }),
    };
  }
}

/**
 * Reads PEM files. One that can't be used costs nobody the others: it is logged, and the self-test names it. What it would have
 * vouched for is not trusted.
 */
export function readCertificateFiles(files: readonly string[], logger: Logger): readonly CertificateFile[] {
  const read = files.map(readOne);
  for (const { error } of read) if (error !== null) logger.error(error.message);
  return read;
}

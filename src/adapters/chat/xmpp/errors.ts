import { AppError, type ErrorCode } from '../../../core/appError.ts';
import { serviceMessage } from '../../http.ts';

export const SERVICE = 'XMPP';

type Code = Exclude<ErrorCode, 'locked' | 'conflict' | 'cancelled'>;

/** Conditions by what they mean here: SASL (RFC 6120 section 6.5), streams (4.9.3) and stanzas (8.3.3). */
const CODES: Readonly<Record<string, Code>> = {
  'not-authorized': 'unauthorized',
  'credentials-expired': 'unauthorized',
  'invalid-authzid': 'unauthorized',
  'account-disabled': 'forbidden',
  'encryption-required': 'forbidden',
  'mechanism-too-weak': 'forbidden',
  'invalid-mechanism': 'forbidden',
  'temporary-auth-failure': 'unavailable',
  'policy-violation': 'forbidden',
  forbidden: 'forbidden',
  'not-allowed': 'forbidden',
  'host-unknown': 'network',
  'host-gone': 'network',
  'see-other-host': 'network',
  'remote-connection-failed': 'network',
  'connection-timeout': 'timeout',
  'resource-constraint': 'rateLimited',
  'system-shutdown': 'unavailable',
  reset: 'unavailable',
  'internal-server-error': 'serverError',
  'undefined-condition': 'serverError',
};

const MESSAGES: Readonly<Record<string, string>> = {
  'not-authorized': 'The XMPP server did not accept the password. Update it in the preferences.',
  'credentials-expired': 'The password of your XMPP account has run out. Set a new one, then update it here.',
  'account-disabled': 'Your XMPP account is switched off. Ask the administrator of the server.',
  'policy-violation': 'The XMPP server refuses this by its own rules. Ask its administrator.',
  'host-unknown': 'The XMPP server does not serve the domain of your address. Check the address and the server.',
};

/** The error of a condition. The server's own text is not taken over: it may name the person. */
export function conditionError(condition: string): AppError {
  if (condition === 'conflict') {
    const message = 'Another HipStatus of this machine has signed in to your XMPP account.';
    return new AppError('conflict', message, { reason: 'replaced' });
  }
  const code = CODES[condition] ?? 'badResponse';
  const reason = /^[a-z][a-z-]{1,60}$/.test(condition) ? condition : 'condition';
  return new AppError(code, MESSAGES[condition] ?? serviceMessage(SERVICE, code), { reason });
}

/** A server without TLS that is not on this machine. */
export const noTls = (): AppError =>
  new AppError(
    'forbidden',
    'The XMPP server offers no encryption, so the password was not sent. Ask its administrator.',
    {
      reason: 'noTls',
    },
  );

export const cancelled = (): AppError => new AppError('cancelled', `The call to ${SERVICE} was given up.`);
export const timedOut = (): AppError => new AppError('timeout', serviceMessage(SERVICE, 'timeout'));
export const connectionLost = (): AppError => new AppError('network', serviceMessage(SERVICE, 'network'));

/** OpenSSL's and Node's names of what is wrong with a certificate. */
const isCertificateCode = (code: string): boolean =>
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|INVALID_CA|HOSTNAME_MISMATCH)/.test(code);

/** Whatever a connection failed with, as an AppError; the system's own message may name the host and is dropped. */
export function xmppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const has = (name: 'condition' | 'code'): string => {
    const value = typeof thrown === 'object' && thrown !== null ? (thrown as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? value : '';
  };
  if (has('condition') !== '') {
    if (has('condition').startsWith('SASL: No compatible')) {
      const message = 'The XMPP server offers no way to sign in that HipStatus knows (SCRAM-SHA-1, PLAIN).';
      return new AppError('forbidden', message, { reason: 'mechanisms' });
    }
    return conditionError(has('condition'));
  }
  const code = has('code');
  if (isCertificateCode(code)) {
    const message = 'The certificate of the XMPP server is not trusted on this machine. Ask its administrator.';
    return new AppError('network', message, { reason: 'certificate', cause: new Error(code) });
  }
  if (thrown instanceof Error && thrown.name === 'XMLError') {
    return new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'));
  }
  if (thrown instanceof Error && thrown.name === 'TimeoutError') return timedOut();
  return new AppError('network', serviceMessage(SERVICE, 'network'), code === '' ? {} : { cause: new Error(code) });
}

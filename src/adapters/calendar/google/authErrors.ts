import { AppError, type ErrorCode } from '../../../core/appError.ts';
import { serviceMessage } from '../../http.ts';
import { cancelled } from '../../loopback.ts';

export const SIGN_IN_SERVICE = 'Google sign-in';

const MESSAGES = {
  signInAgain: 'Google wants you to sign in again.',
  scopesMissing:
    'Google was not told to let HipStatus in everywhere it needs to. Sign in again and leave all boxes ticked.',
  blocked: 'Your organisation does not let HipStatus use your Google account. Ask your administrator to allow it.',
  registration:
    'The Google client that HipStatus signs in with is not set up for this. Ask your administrator to check its id, secret and kind (Desktop app).',
  missing: 'Signing in to Google is not set up: the client id is missing.',
  unexpected: 'The sign-in to Google failed. Try again; if it keeps failing, ask your administrator.',
};

/** Errors of Google's authorize and token endpoints (RFC 6749 sections 4.1.2.1 and 5.2, and Google's own), by what helps. */
const BLOCKED = ['admin_policy_enforced', 'org_internal', 'disallowed_useragent'];
const REGISTRATION = [
  'invalid_client',
  'unauthorized_client',
  'deleted_client',
  'redirect_uri_mismatch',
  'invalid_scope',
  'invalid_request',
  'unsupported_response_type',
  'unsupported_grant_type',
];
const SIGN_IN_AGAIN = ['invalid_grant', 'interaction_required', 'login_required', 'consent_required'];
const BUSY = ['temporarily_unavailable', 'server_error'];

const because = (message: string, code: ErrorCode, reason: string, cause?: unknown) =>
  new AppError(code, message, { reason, ...(cause === undefined ? {} : { cause }) });

export const notConfigured = (cause?: unknown): AppError =>
  because(cause === undefined ? MESSAGES.missing : MESSAGES.registration, 'invalidInput', 'notConfigured', cause);

export const signInAgain = (cause?: unknown): AppError =>
  because(MESSAGES.signInAgain, 'unauthorized', 'interactionRequired', cause);

/** The person, or a former sign-in, left out something that is asked for now. */
export const scopesMissing = (cause?: unknown): AppError =>
  because(MESSAGES.scopesMissing, 'forbidden', 'scopesMissing', cause);

const textOf = (thrown: unknown, name: 'error' | 'code'): string => {
  const value = typeof thrown === 'object' && thrown !== null ? (thrown as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/**
 * Whatever oauth4webapi threw, as an `AppError`; classified by the service's error names, never by its sentences. What it
 * threw may hold tokens and goes no further.
 */
export function signInError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = textOf(thrown, 'error');
  const code = textOf(thrown, 'code');
  const cause = new Error([code, error].filter((name) => name !== '').join(' '));
  if (error === 'access_denied') return cancelled();
  if (BLOCKED.includes(error)) return because(MESSAGES.blocked, 'forbidden', 'consentRequired', cause);
  if (SIGN_IN_AGAIN.includes(error)) return signInAgain(cause);
  if (REGISTRATION.includes(error)) return notConfigured(cause);
  if (BUSY.includes(error))
    return new AppError('unavailable', serviceMessage(SIGN_IN_SERVICE, 'unavailable'), { cause });
  if (error === '' && code !== '') {
    return because(serviceMessage(SIGN_IN_SERVICE, 'badResponse'), 'badResponse', code, cause);
  }
  return because(MESSAGES.unexpected, 'serverError', 'unexpected', cause);
}

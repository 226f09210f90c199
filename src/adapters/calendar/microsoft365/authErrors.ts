import { AppError } from '../../../core/appError.ts';
import { serviceMessage } from '../../http.ts';
import { cancelled } from '../../loopback.ts';

export const SIGN_IN_SERVICE = 'Microsoft sign-in';

/** What the sign-in service refused last, as its token endpoint words it. */
export interface Refusal {
  readonly error: string;
  readonly suberror: string;
  /** AADSTS numbers. */
  readonly numbers: readonly number[];
}

/** What passed on the wire before MSAL threw. */
export interface Seen {
  readonly refusal: Refusal | null;
  /** No usable answer: network, timeout, throttling, outage. */
  readonly failure: AppError | null;
}

const fields = (thrown: unknown): Readonly<Record<string, unknown>> =>
  typeof thrown === 'object' && thrown !== null ? (thrown as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * The AADSTS numbers of an error. Token answers carry them in `error_codes`; an answer that came through the browser has
 * them at the start of its description only, where MSAL puts the error's name before it.
 */
function numbersOf(thrown: unknown): number[] {
  const { errorNo, errorMessage } = fields(thrown);
  const listed = Number(errorNo);
  const described = Number(/^(?:\w+: )?AADSTS(\d+)\b/.exec(text(errorMessage))?.[1]);
  return [listed, described].filter((number) => Number.isInteger(number) && number > 0);
}

/** Microsoft Entra authentication and authorization error codes, by what the person can do about them. */
const NUMBERS = {
  consent: [65001, 90094, 90095],
  declined: [65004],
  notAssigned: [50105],
  /** Unknown app, unknown tenant, wrong kind of client, redirect or permission not registered. */
  registration: [700016, 90002, 7000218, 50011, 65005, 500011, 700054],
  codeExpired: [70019, 70020],
} as const;

const CANCELLED = ['access_denied', 'authorization_declined', 'device_code_polling_cancelled', 'user_canceled'];
const EXPIRED = ['expired_token', 'code_expired', 'device_code_expired', 'user_timeout_reached'];
const BUSY = ['temporarily_unavailable', 'server_error'];
const SIGN_IN_AGAIN = [
  'invalid_grant',
  'interaction_required',
  'login_required',
  'bad_token',
  'no_tokens_found',
  'no_account_found',
  'refresh_token_expired',
  'token_refresh_required',
  'native_account_unavailable',
  'interrupted_user',
  'ui_not_allowed',
];

const MESSAGES = {
  consent: 'Your organisation has not allowed HipStatus to do this yet. Ask your administrator for consent.',
  conditionalAccess:
    'A rule of your organisation (Conditional Access) blocks this sign-in here. Try on a managed device or network, or ask your administrator.',
  notAssigned: 'Your organisation has not assigned HipStatus to you. Ask your administrator.',
  registration:
    'The Entra app that HipStatus signs in with is not set up for this. Ask your administrator to check its client id, tenant and redirect.',
  codeExpired: 'The code was not entered in time. Start the sign-in again.',
  signInAgain: 'Microsoft wants you to sign in again.',
  unexpected: 'The sign-in to Microsoft failed. Try again; if it keeps failing, ask your administrator.',
};

export const notConfigured = (message: string = MESSAGES.registration): AppError =>
  new AppError('invalidInput', message, { reason: 'notConfigured' });

export const signInAgain = (cause?: unknown): AppError =>
  new AppError('unauthorized', MESSAGES.signInAgain, {
    reason: 'interactionRequired',
    ...(cause === undefined ? {} : { cause }),
  });

/** Whatever MSAL threw, as an `AppError`; classified by the service's numbers and names, never by its sentences. */
export function signInError(thrown: unknown, seen: Seen): AppError {
  if (thrown instanceof AppError) return thrown;
  const { errorCode, subError } = fields(thrown);
  const refusal = seen.refusal;
  const names = [text(errorCode), text(subError), refusal?.error ?? '', refusal?.suberror ?? ''];
  const numbers = [...numbersOf(thrown), ...(refusal?.numbers ?? [])];
  const has = (list: readonly (number | string)[]) =>
    numbers.some((number) => list.includes(number)) || names.some((name) => name !== '' && list.includes(name));
  // MSAL's own message may name the person; the numbers are enough.
  const cause = new Error([...names.filter((name) => name !== ''), ...numbers.map((n) => `AADSTS${n}`)].join(' '));
  const refused = (message: string, reason: string) => new AppError('forbidden', message, { reason, cause });

  if (has(NUMBERS.declined)) return cancelled();
  if (numbers.some((number) => String(number).startsWith('530'))) {
    return refused(MESSAGES.conditionalAccess, 'conditionalAccess');
  }
  if (has(NUMBERS.consent) || has(['consent_required'])) return refused(MESSAGES.consent, 'consentRequired');
  if (has(NUMBERS.notAssigned)) return refused(MESSAGES.notAssigned, 'notAssigned');
  if (has(NUMBERS.registration) || has(['unauthorized_client', 'invalid_client'])) {
    return new AppError('invalidInput', MESSAGES.registration, { reason: 'notConfigured', cause });
  }
  if (has(NUMBERS.codeExpired) || has(EXPIRED)) {
    return new AppError('timeout', MESSAGES.codeExpired, { reason: 'codeExpired', cause });
  }
  if (has(CANCELLED)) return cancelled();
  if (has(BUSY)) return new AppError('unavailable', serviceMessage(SIGN_IN_SERVICE, 'unavailable'), { cause });
  if (has(SIGN_IN_AGAIN)) return signInAgain(cause);
  if (seen.failure !== null) return seen.failure;
  return new AppError('serverError', MESSAGES.unexpected, { reason: text(errorCode) || 'unexpected', cause });
}

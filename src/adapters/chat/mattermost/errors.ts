import { AppError, type AppErrorOptions } from '../../../core/appError.ts';
import { errorOfResponse } from '../../http.ts';
import { errorAnswer } from './schema.ts';

export const SERVICE = 'Mattermost';

type Refusal = readonly [code: 'unauthorized' | 'forbidden' | 'conflict' | 'notFound', reason: string, message: string];

/** What the ids of Mattermost's `AppError` mean to a person (i18n/en.json of the server names them all). */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  'api.custom_status.disabled': [
    'conflict',
    'customStatusOff',
    'This Mattermost server has custom statuses switched off. HipStatus sets only online, away and do not disturb there.',
  ],
  'api.status.user_not_found.app_error': [
    'notFound',
    'statusesOff',
    'This Mattermost server shows no online, away or do not disturb.',
  ],
  'mfa.validate_token.authenticate.app_error': [
    'unauthorized',
    'mfaRequired',
    'Mattermost asks for a second factor, which HipStatus cannot give. Make a personal access token in Mattermost under ' +
      'Profile, Security, and enter it in place of the password.',
  ],
  'api.context.mfa_required.app_error': [
    'unauthorized',
    'mfaRequired',
    'Your Mattermost server requires multi-factor authentication. Set it up in Mattermost under Profile, Security first.',
  ],
  'api.user.check_user_login_attempts.too_many.app_error': [
    'unauthorized',
    'accountLocked',
    'Mattermost has locked your account after too many wrong passwords. Ask your administrator to unlock it, or reset ' +
      'your password.',
  ],
  'api.user.login.inactive.app_error': [
    'unauthorized',
    'accountInactive',
    'Your Mattermost account is deactivated. Ask your administrator.',
  ],
  'api.context.permissions.app_error': [
    'forbidden',
    'noPermission',
    'Your Mattermost account may not change its own status. Ask your administrator for the permission.',
  ],
};

const REFUSED_TOKEN =
  'Mattermost did not accept the token. It was revoked, or personal access tokens are switched off. Make a new one in ' +
  'Mattermost under Profile, Security, or sign in with your password.';
const REFUSED_PASSWORD = 'Mattermost did not accept the user name or the password. Enter them again.';
const ENDED_SESSION = 'Mattermost ended the session again and again. Sign in again, or use a personal access token.';

/** The error of an answer that is not a success: by the id in its body, else by its status. Nothing else of the body is used. */
export async function mattermostError(response: Response, now: number, by: 'token' | 'session'): Promise<AppError> {
  const known = REFUSALS[await errorId(response)];
  if (known !== undefined) return refusal(known);
  const error = errorOfResponse(SERVICE, response, now);
  if (error.code === 'unauthorized') {
    return by === 'token'
      ? refusal(['unauthorized', 'tokenRefused', REFUSED_TOKEN])
      : refusal(['unauthorized', 'sessionEnded', ENDED_SESSION]);
  }
  return withReset(error, response);
}

/** The error of a sign-in with a password that failed. The server names many a reason by 400, 401 and 403 alike. */
export async function signInError(response: Response, now: number): Promise<AppError> {
  const known = REFUSALS[await errorId(response)];
  if (known !== undefined) return refusal(known);
  const error = errorOfResponse(SERVICE, response, now);
  const isRefused = ['unauthorized', 'forbidden', 'invalidInput'].includes(error.code);
  return isRefused ? refusal(['unauthorized', 'passwordRefused', REFUSED_PASSWORD]) : withReset(error, response);
}

const refusal = ([code, reason, message]: Refusal): AppError => new AppError(code, message, { reason });

/** Where there is no Retry-After, `X-Ratelimit-Reset` says how many seconds are left. */
function withReset(error: AppError, response: Response): AppError {
  const header = response.headers.get('x-ratelimit-reset') ?? '';
  if (error.code !== 'rateLimited' || error.retryAfter !== null || !/^\d{1,5}$/.test(header)) return error;
  const options: AppErrorOptions = { retryAfter: Number(header) * 1_000 };
  return new AppError(error.code, error.message, options);
}

async function errorId(response: Response): Promise<string> {
  try {
    return errorAnswer.parse(await response.json()).id;
  } catch {
    // A proxy's page, or cut off: the status says enough.
    return '';
  }
}

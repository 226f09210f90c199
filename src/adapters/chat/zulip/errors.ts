import { AppError } from '../../../core/appError.ts';
import { errorOfResponse } from '../../http.ts';
import { errorAnswer } from './schema.ts';

export const SERVICE = 'Zulip';

/** What Zulip's own codes mean to a person. */
const REFUSALS: Readonly<Record<string, readonly [reason: string, message: string]>> = {
  USER_DEACTIVATED: ['accountInactive', 'Your Zulip account is deactivated. Ask your administrator.'],
  REALM_DEACTIVATED: ['accountInactive', 'Your Zulip organization is deactivated. Ask your administrator.'],
};

const REFUSED_KEY =
  'Zulip did not accept the email address or the API key. Show your key in Zulip under Personal settings, Account & ' +
  'privacy, and enter it again.';

/** The error of an answer that is not a success, by its status and its `code`. Nothing else of the body is used. */
export async function zulipError(response: Response, now: number): Promise<AppError> {
  const { code, wait } = await bodyOf(response);
  const known = REFUSALS[code];
  if (known !== undefined) return new AppError('unauthorized', known[1], { reason: known[0] });
  const error = errorOfResponse(SERVICE, response, now);
  if (error.code === 'unauthorized') return new AppError(error.code, REFUSED_KEY, { reason: 'keyRefused' });
  if (error.code !== 'rateLimited' || error.retryAfter !== null || wait === null) return error;
  return new AppError(error.code, error.message, { retryAfter: wait });
}

async function bodyOf(response: Response): Promise<{ readonly code: string; readonly wait: number | null }> {
  try {
    const body = errorAnswer.parse(await response.json());
    const seconds = body['retry-after'];
    return { code: body.code ?? '', wait: seconds === undefined ? null : Math.ceil(seconds * 1_000) };
  } catch {
    // A proxy's page, or cut off: the status says enough.
    return { code: '', wait: null };
  }
}

/** The feature level of Zulip 9.0, the first to tell a person's status by itself. */
export const NEEDED_LEVEL = 262;

export const tooOld = (): AppError =>
  new AppError(
    'forbidden',
    'This Zulip server is older than Zulip 9.0 and cannot say what your status is, so HipStatus leaves it alone. Ask your ' +
      'administrator to update the server.',
    { reason: 'serverTooOld' },
  );

export const isBot = (): AppError =>
  new AppError(
    'forbidden',
    'This is the API key of a Zulip bot, which has no status. Enter your own: it is in Zulip under Personal settings, ' +
      'Account & privacy.',
    { reason: 'isBot' },
  );

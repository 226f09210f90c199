import { AppError } from '../../../core/appError.ts';
import { errorOfResponse, serviceMessage } from '../../http.ts';
import { errorAnswer } from './schema.ts';

export const SERVICE = 'Rocket.Chat';

/** What Rocket.Chat's own error types mean to a person, by the call that was answered so. */
const REFUSALS: Readonly<Record<string, readonly [reason: string, message: string]>> = {
  'error-not-allowed': [
    'statusChangeOff',
    'Your Rocket.Chat workspace does not let people change their status. Ask your administrator to switch on "Allow Custom ' +
      'Status Messages" under Workspace, Settings, Accounts.',
  ],
  'error-status-not-allowed': [
    'statusNotAllowed',
    'Your Rocket.Chat workspace does not allow this status. Ask your administrator about Workspace, Settings, Accounts.',
  ],
  'error-presence-disabled': [
    'presenceDisabled',
    'Your Rocket.Chat administrator has switched off the status of your account. Ask them to switch it on.',
  ],
};

const REFUSED_TOKEN =
  'Rocket.Chat did not accept the token or the user ID. Make a new personal access token in Rocket.Chat under My account, ' +
  'and enter it with the user ID that is shown beside it.';

/** Longer than any limit's window is set to; a longer wait is a wrong clock. */
const LONGEST_WAIT = 10 * 60_000;

/** The error of an answer that is not a success, by its status and its `errorType`. Nothing else of the body is used. */
export async function rocketchatError(response: Response, now: number): Promise<AppError> {
  const { errorType, details } = await bodyOf(response);
  const known = REFUSALS[errorType ?? ''];
  if (known !== undefined) return new AppError('forbidden', known[1], { reason: known[0] });
  const error = errorOfResponse(SERVICE, response, now);
  if (error.code === 'unauthorized') return new AppError(error.code, REFUSED_TOKEN, { reason: 'tokenRefused' });
  // Servers before 3.0 answer 400 to too many requests.
  if (error.code !== 'rateLimited' && errorType !== 'error-too-many-requests') return error;
  const wait = error.retryAfter ?? details?.timeToReset ?? untilReset(response, now);
  return new AppError(
    'rateLimited',
    serviceMessage(SERVICE, 'rateLimited'),
    wait === null ? {} : { retryAfter: Math.ceil(wait) },
  );
}

/** `X-RateLimit-Reset` is a time in milliseconds since the epoch. */
function untilReset(response: Response, now: number): number | null {
  const reset = Number(response.headers.get('x-ratelimit-reset') || Number.NaN);
  return Number.isFinite(reset) ? Math.min(Math.max(0, reset - now), LONGEST_WAIT) : null;
}

async function bodyOf(response: Response): Promise<ReturnType<typeof errorAnswer.parse>> {
  try {
    return errorAnswer.parse(await response.json());
  } catch {
    // A proxy's page, or cut off: the status says enough.
    return {};
  }
}

import { AppError } from '../../../core/appError.ts';
import { errorOfResponse } from '../../http.ts';
import { errorAnswer } from './schema.ts';

export const SERVICE = 'Google Chat';

export const notConfigured = (): AppError =>
  new AppError('invalidInput', 'The address of Google Chat must begin with https://.', { reason: 'notConfigured' });

interface Words {
  readonly message: string;
  readonly reason: string;
}

const SIGN_IN_AGAIN: Words = {
  message: 'Google does not accept the saved sign-in any more. Sign in again.',
  reason: 'interactionRequired',
};
const NO_CHAT: Words = {
  message: 'Google Chat knows no status for this account. It needs a work account with Google Chat switched on.',
  reason: 'noChat',
};
const NOT_ALLOWED: Words = {
  message:
    'Google Chat does not let HipStatus set your status. It needs a work account, and your administrator may have to allow the app.',
  reason: 'notAllowed',
};

/** What a 403 is about, by the `reason` of its ErrorInfo (https://cloud.google.com/apis/design/errors). */
const FORBIDDEN: Readonly<Record<string, Words>> = {
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: {
    message: 'Sign in to Google again and allow HipStatus to set your Chat status.',
    reason: 'consentRequired',
  },
  SERVICE_DISABLED: {
    message:
      'The Google Chat API is switched off in the Google Cloud project that HipStatus signs in with. Ask your administrator.',
    reason: 'serviceDisabled',
  },
};

/** The error of an answer, by its status and Google's own reason; its sentences are not read. */
export async function googleChatError(response: Response, now: number): Promise<AppError> {
  const error = errorOfResponse(SERVICE, response, now);
  const name = await reasonOf(response);
  const words: Words | undefined = {
    unauthorized: SIGN_IN_AGAIN,
    notFound: NO_CHAT,
    forbidden: FORBIDDEN[name] ?? NOT_ALLOWED,
  }[error.code as string];
  return words === undefined ? error : new AppError(error.code, words.message, { reason: words.reason });
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const parsed = errorAnswer.safeParse(await response.json());
    const details = parsed.success ? parsed.data.error.details : [];
    return details.find((detail) => detail['@type'].endsWith('/google.rpc.ErrorInfo'))?.reason ?? '';
  } catch {
    // No JSON, or cut off: the status says enough.
    return '';
  }
}

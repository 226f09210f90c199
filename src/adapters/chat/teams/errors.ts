import { AppError } from '../../../core/appError.ts';
import { errorOfResponse } from '../../http.ts';

export const SERVICE = 'Microsoft Teams';

/** The directory that all personal Microsoft accounts are in (Microsoft identity platform, "ID token claims", `tid`). */
const PERSONAL_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** @param homeAccountId MSAL's `<object id>.<tenant id>` */
export const isPersonalAccount = (homeAccountId: string): boolean =>
  homeAccountId.toLowerCase().endsWith(`.${PERSONAL_TENANT}`);

export const personalAccount = (): AppError =>
  new AppError(
    'forbidden',
    'Teams statuses can be set for work and school accounts only, not for a personal Microsoft account. Sign in with your work account.',
    { reason: 'personalAccount' },
  );

export const notConfigured = (): AppError =>
  new AppError('invalidInput', 'The address of Microsoft Graph must begin with https://.', { reason: 'notConfigured' });

export const offline = (): AppError =>
  new AppError('conflict', 'You are offline in Microsoft Teams, so nothing was changed.', { reason: 'offline' });

type Words = Partial<Record<AppError['code'], { readonly message: string; readonly reason: string }>>;

const WORDS: Words = {
  unauthorized: {
    message: 'Microsoft Teams does not accept the saved sign-in any more. Sign in again.',
    reason: 'interactionRequired',
  },
  forbidden: {
    message:
      'Microsoft Teams does not let HipStatus set your status. Sign in again to allow it, or ask your administrator to allow Presence.ReadWrite.',
    reason: 'consentRequired',
  },
  notFound: {
    message: 'Microsoft Teams has no presence for this account. Ask your administrator whether Teams is on for you.',
    reason: 'noTeams',
  },
};

/** The error of an answer, by its status; what Graph words in the body is not read. */
export function teamsError(response: Response, now: number): AppError {
  const error = errorOfResponse(SERVICE, response, now);
  const words = WORDS[error.code];
  return words === undefined ? error : new AppError(error.code, words.message, { reason: words.reason });
}

import { type ErrorCode, isDiskTrouble } from './appError.ts';
import { isNetworkReason, SIGN_IN_PAGE } from './networkErrors.ts';
import type { NoticeAction } from './notice.ts';
import type { Prompt } from './prompt.ts';
import { entryOf } from './providerCatalogue.ts';
import { isForOthers, isRefusal } from './refusals.ts';
import type { Settings } from './settings.ts';
import type { CalendarState, ChatState } from './syncState.ts';

type Failing = Pick<ChatState | CalendarState, 'id' | 'provider' | 'error'>;

/**
 * Whose trouble an error is, and so who can mend it.
 * - `email`: the service does not know the person's address
 * - `refused`: the account's own prompt mends it: a new token, sign-in or address
 * - `others`: the service has turned the person away, and only their administrator or the service can change that
 * - `service`: the service's own trouble
 * - `network`: the way there
 * - `keychain`, `disk`, `settings`: this computer's
 * - `request`: we have asked for what the service does not take
 * - `passing`: it is tried again, and that is all there is to do
 */
export type Trouble =
  | 'email'
  | 'refused'
  | 'others'
  | 'service'
  | 'network'
  | 'keychain'
  | 'disk'
  | 'settings'
  | 'request'
  | 'passing';

const BY_CODE: Readonly<Record<ErrorCode, Trouble>> = {
  unauthorized: 'refused',
  forbidden: 'refused',
  notFound: 'refused',
  rateLimited: 'passing',
  serverError: 'service',
  unavailable: 'service',
  network: 'network',
  timeout: 'network',
  badResponse: 'service',
  invalidInput: 'request',
  locked: 'keychain',
  conflict: 'passing',
  cancelled: 'passing',
};

/** The trouble of one account; null when there is none. */
export function troubleOf({ provider, error }: Failing): Trouble | null {
  if (error === null) return null;
  if (isDiskTrouble(error)) return 'disk';
  const { byEmail, renews } = entryOf(provider);
  if (error.code === 'notFound' && byEmail === true) return 'email';
  if (isForOthers(error)) return 'others';
  if (isRefusal(error) || (error.code === 'invalidInput' && renews === 'address')) return 'refused';
  // A sign-in page is the network's, not the service's.
  if (error.reason === SIGN_IN_PAGE || isNetworkReason(error.reason)) return 'network';
  return BY_CODE[error.code];
}

/**
 * The one next step that the person has.
 * - `prompt`: something has to be typed, or signed in to
 * - `openAddress`: the help desk
 * - `checks`: the self-test says what is in the way
 * - `openLog`: the message says what to do, and the log has the details
 * - `ask`: the message says whom to ask; there is nothing here to open
 * - `waits`: nothing: it passes, and is tried again
 */
export type Remedy =
  | { readonly kind: 'prompt'; readonly prompt: Prompt }
  | { readonly kind: 'openAddress'; readonly url: string }
  | { readonly kind: 'checks' | 'openLog' | 'ask' | 'waits' };

/** What the person can do about an account's error; null when it has none. */
export function remedyOf(account: Failing, settings: Settings): Remedy | null {
  const trouble = troubleOf(account);
  if (trouble === 'refused') return { kind: 'prompt', prompt: { kind: 'renew', account: account.id } };
  return trouble === null ? null : remedyFor(trouble, settings);
}

/** What the person can do about what is wrong on this computer: with the keychain, the disk or the settings file. */
export const localRemedy = (trouble: 'keychain' | 'disk' | 'settings', settings: Settings): Remedy =>
  remedyFor(trouble, settings);

function remedyFor(trouble: Exclude<Trouble, 'refused'>, { organisation }: Settings): Remedy {
  const url = organisation.helpDeskUrl;
  switch (trouble) {
    case 'email':
      return { kind: 'prompt', prompt: { kind: 'email' } };
    case 'others':
      return url === '' ? { kind: 'ask' } : { kind: 'openAddress', url };
    case 'service':
      return url === '' ? { kind: 'openLog' } : { kind: 'openAddress', url };
    case 'network':
    case 'request':
      return { kind: 'checks' };
    case 'keychain':
    case 'disk':
    case 'settings':
      return { kind: 'openLog' };
    case 'passing':
      return { kind: 'waits' };
  }
}

/** What a click on a notice about it does. */
export function actionOf(remedy: Remedy | null): NoticeAction {
  switch (remedy?.kind) {
    case 'prompt':
    case 'openAddress':
      return remedy;
    case 'openLog':
    case 'checks':
      return { kind: remedy.kind };
    default:
      return { kind: 'none' };
  }
}

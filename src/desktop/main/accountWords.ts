import type { ProviderName } from '../../core/accounts.ts';
import type { ErrorCode, ErrorInfo } from '../../core/appError.ts';
import { shortNetworkReason } from '../../core/networkErrors.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import { refusalWords } from '../../core/refusals.ts';
import type { CalendarState, ChatState } from '../../core/syncState.ts';

/** A line in a menu has little room; the whole message is in the notification and the log. */
const PROBLEMS: Readonly<Record<ErrorCode, string>> = {
  unauthorized: 'sign-in not accepted',
  forbidden: 'not allowed',
  notFound: 'address not known',
  rateLimited: 'asked to wait',
  serverError: 'trouble on its side',
  unavailable: 'not available',
  network: 'not reachable',
  timeout: 'no answer',
  badResponse: 'answer not understood',
  invalidInput: 'request not accepted',
  locked: 'keychain not available',
  conflict: 'changed meanwhile',
  cancelled: 'stopped',
};

/** What went wrong, in a few words: the service's own where it has said more than the code. */
export const problemWords = (error: ErrorInfo): string =>
  refusalWords(error) ?? shortNetworkReason(error.reason) ?? PROBLEMS[error.code];

/** How an account stands. Without times: a menu that changes closes or flickers when it is open. */
export function accountState(state: ChatState | CalendarState | undefined): string {
  if (state === undefined) return 'not tried yet';
  if (state.error !== null) return problemWords(state.error);
  if ('health' in state) return state.health === 'ok' ? 'is read' : 'not read yet';
  switch (state.status) {
    case 'handsOff':
      return 'left as you set it';
    case 'offline':
      return 'you are offline there';
    default:
      return state.claimed ? 'shows what HipStatus set' : 'shows your own status';
  }
}

/** The menu item in an account's own submenu. */
export function renewLabel(provider: ProviderName): string {
  const { renews } = entryOf(provider);
  return renews === 'sign-in' ? 'Sign in again…' : `Update ${renews}…`;
}

/** The menu item that stands by itself, where it has to say which account it means. */
export function fixLabel(provider: ProviderName, label: string): string {
  const { renews } = entryOf(provider);
  if (renews === 'sign-in') return `Sign in to ${label} again…`;
  return renews === 'address' ? `Update ${label}…` : `Update ${label} ${renews}…`;
}

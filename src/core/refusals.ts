import type { ErrorCode, ErrorInfo } from './appError.ts';

/** What the person can usually put right in the account's own prompt: a new token or sign-in, or another address. */
const REFUSED: ReadonlySet<ErrorCode> = new Set(['unauthorized', 'forbidden', 'notFound']);

/**
 * Reasons that the services' own errors carry (`errors.ts` of each provider), in the few words a menu has room for.
 * `others`: no token, sign-in or address of the person's mends it, only their administrator or the service.
 */
const REASONS: Readonly<Record<string, { readonly words: string; readonly others?: true }>> = {
  accesslimited: { words: 'your organisation does not allow it', others: true },
  access_denied: { words: 'your organisation does not allow it', others: true },
  account_inactive: { words: 'your account is deactivated', others: true },
  accountInactive: { words: 'your account is deactivated', others: true },
  accountLocked: { words: 'your account is locked' },
  conditionalAccess: { words: 'your organisation does not allow it here', others: true },
  consentRequired: { words: 'a permission is missing' },
  ekm_access_denied: { words: 'your organisation does not allow it', others: true },
  enterprise_is_restricted: { words: 'your organisation does not allow it', others: true },
  isBot: { words: 'the key is that of a bot' },
  mfaRequired: { words: 'wants a second factor' },
  missing_scope: { words: 'the token lacks a permission' },
  noChat: { words: 'not switched on for you', others: true },
  noPermission: { words: 'your account may not change it', others: true },
  noTeams: { words: 'not switched on for you', others: true },
  nobodysToken: { words: 'the token belongs to nobody' },
  not_allowed_token_type: { words: 'not the token of a person' },
  notAllowed: { words: 'your organisation does not allow it', others: true },
  notAssigned: { words: 'not assigned to you', others: true },
  notConfigured: { words: 'not set up by your organisation', others: true },
  personalAccount: { words: 'not for personal accounts' },
  presenceDisabled: { words: 'switched off there', others: true },
  scopesMissing: { words: 'a permission is missing' },
  serverTooOld: { words: 'the server is too old', others: true },
  serviceDisabled: { words: 'switched off by your organisation', others: true },
  statusChangeOff: { words: 'switched off there', others: true },
  statusNotAllowed: { words: 'this status is not allowed there', others: true },
  team_access_not_granted: { words: 'your organisation does not allow it', others: true },
  user_is_bot: { words: 'not the token of a person' },
  user_is_restricted: { words: 'your organisation does not allow it', others: true },
};

const reasonOf = ({ reason }: Pick<ErrorInfo, 'reason'>) =>
  reason !== null && Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;

/** What the service has said in its own words; null where there are only the usual ones for the code. */
export const refusalWords = (error: Pick<ErrorInfo, 'code' | 'reason'>): string | null =>
  isRefusal(error) ? (reasonOf(error)?.words ?? null) : null;

/** Whether the service has turned the person away. */
export const isRefusal = ({ code, reason }: Pick<ErrorInfo, 'code' | 'reason'>): boolean =>
  REFUSED.has(code) || (code === 'invalidInput' && reason === 'notConfigured');

/** Whether the account's own prompt is of no use: only others can mend it. */
export const isForOthers = (error: Pick<ErrorInfo, 'code' | 'reason'>): boolean =>
  isRefusal(error) && reasonOf(error)?.others === true;

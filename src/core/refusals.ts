import type { ErrorCode, ErrorInfo } from './appError.ts';
import type { TextKey } from './texts.ts';

/** What the person can usually put right in the account's own prompt: a new token or sign-in, or another address. */
const REFUSED: ReadonlySet<ErrorCode> = new Set(['unauthorized', 'forbidden', 'notFound']);

/**
 * Reasons that the services' own errors carry (`errors.ts` of each provider), in the few words a menu has room for.
 * `others`: no token, sign-in or address of the person's mends it, only their administrator or the service.
 */
const REASONS: Readonly<Record<string, { readonly words: TextKey; readonly others?: true }>> = {
  accesslimited: { words: 'refusal.notAllowed', others: true },
  access_denied: { words: 'refusal.notAllowed', others: true },
  account_inactive: { words: 'refusal.deactivated', others: true },
  accountInactive: { words: 'refusal.deactivated', others: true },
  accountLocked: { words: 'refusal.locked' },
  conditionalAccess: { words: 'refusal.notAllowedHere', others: true },
  consentRequired: { words: 'refusal.permission' },
  ekm_access_denied: { words: 'refusal.notAllowed', others: true },
  enterprise_is_restricted: { words: 'refusal.notAllowed', others: true },
  isBot: { words: 'refusal.botKey' },
  mfaRequired: { words: 'refusal.secondFactor' },
  missing_scope: { words: 'refusal.tokenPermission' },
  noChat: { words: 'refusal.notForYou', others: true },
  noPermission: { words: 'refusal.mayNotChange', others: true },
  noTeams: { words: 'refusal.notForYou', others: true },
  nobodysToken: { words: 'refusal.nobodys' },
  not_allowed_token_type: { words: 'refusal.notPersons' },
  notAllowed: { words: 'refusal.notAllowed', others: true },
  notAssigned: { words: 'refusal.notAssigned', others: true },
  notConfigured: { words: 'refusal.notSetUp', others: true },
  personalAccount: { words: 'refusal.personal' },
  presenceDisabled: { words: 'refusal.off', others: true },
  scopesMissing: { words: 'refusal.permission' },
  serverTooOld: { words: 'refusal.tooOld', others: true },
  serviceDisabled: { words: 'refusal.offByOrganisation', others: true },
  statusChangeOff: { words: 'refusal.off', others: true },
  statusNotAllowed: { words: 'refusal.status', others: true },
  team_access_not_granted: { words: 'refusal.notAllowed', others: true },
  user_is_bot: { words: 'refusal.notPersons' },
  user_is_restricted: { words: 'refusal.notAllowed', others: true },
};

const reasonOf = ({ reason }: Pick<ErrorInfo, 'reason'>) =>
  reason !== null && Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;

/** What the service has said more than the code; null where it has not. */
export const refusalKey = (error: Pick<ErrorInfo, 'code' | 'reason'>): TextKey | null =>
  isRefusal(error) ? (reasonOf(error)?.words ?? null) : null;

/** Whether the service has turned the person away. */
export const isRefusal = ({ code, reason }: Pick<ErrorInfo, 'code' | 'reason'>): boolean =>
  REFUSED.has(code) || (code === 'invalidInput' && reason === 'notConfigured');

/** Whether the account's own prompt is of no use: only others can mend it. */
export const isForOthers = (error: Pick<ErrorInfo, 'code' | 'reason'>): boolean =>
  isRefusal(error) && reasonOf(error)?.others === true;

import { AppError } from '../../../core/appError.ts';
import { networkError, serviceMessage } from '../../http.ts';

export const SERVICE = 'Slack';

type Code = Parameters<typeof serviceMessage>[1];

/** Slack's `error` names by what they mean here (the "Errors" tables of its method pages). */
const NAMES: Readonly<Partial<Record<Code, readonly string[]>>> = {
  unauthorized: ['not_authed', 'invalid_auth', 'account_inactive', 'token_revoked', 'token_expired'],
  forbidden: [
    'access_denied',
    'accesslimited',
    'cannot_update_admin_user',
    'ekm_access_denied',
    'enterprise_is_restricted',
    'missing_scope',
    'no_permission',
    'not_admin',
    'not_allowed_token_type',
    'not_app_admin',
    'team_access_not_granted',
    'two_factor_setup_required',
    'user_is_bot',
    'user_is_restricted',
  ],
  notFound: ['unknown_method', 'user_not_found', 'user_not_visible', 'users_not_found'],
  rateLimited: ['rate_limited', 'ratelimited'],
  serverError: ['fatal_error', 'internal_error', 'profile_set_failed', 'snooze_end_failed', 'snooze_failed'],
  unavailable: ['org_login_required', 'service_unavailable', 'team_added_to_org'],
  timeout: ['request_timeout'],
  invalidInput: ['missing_duration', 'profile_status_set_failed', 'reserved_name', 'snooze_not_active', 'too_long'],
};

const CODES: ReadonlyMap<string, Code> = new Map(
  Object.entries(NAMES).flatMap(([code, names]) => names.map((name) => [name, code as Code] as const)),
);

/** The names with which Slack refuses an emoji that the workspace does not have, or that is none. */
const EMOJI_NAMES: ReadonlySet<string | null> = new Set([
  'invalid_emoji',
  'invalid_emoji_not_allowed',
  'profile_status_set_failed_not_emoji_syntax',
  'profile_status_set_failed_not_valid_emoji',
]);

const reasonOf = (thrown: unknown): string | null => (thrown instanceof AppError ? thrown.reason : null);

/** Notifications were not paused any more when that was to be ended. */
export const isNotSnoozing = (thrown: unknown): boolean => reasonOf(thrown) === 'snooze_not_active';

/** Slack pauses notifications for a limited time only. */
export const isTooLong = (thrown: unknown): boolean => reasonOf(thrown) === 'too_long';

/** The token, the organisation or the server does not let this call be made, whatever is sent. */
export const isNotForUs = (thrown: unknown): boolean =>
  thrown instanceof AppError && (thrown.code === 'forbidden' || thrown.reason === 'unknown_method');

export const isEmojiRefused = (thrown: unknown): boolean =>
  thrown instanceof AppError && EMOJI_NAMES.has(thrown.reason);

const RESTRICTED =
  'Your organisation does not let HipStatus set your Slack status. Ask your Slack administrator to allow the app.';
const NOT_A_PERSON =
  'This token does not belong to a person, and Slack shows the status of people only. Enter a user token (xoxp-…).';

/** What a person can do about some of the names; the others have the usual words of their code. */
const NEXT_STEPS: ReadonlyMap<string, string> = new Map([
  ['token_revoked', 'Slack has taken back the token of HipStatus. Enter a new one.'],
  ['token_expired', 'The Slack token has expired. Enter a new one.'],
  ['account_inactive', 'Your account in this Slack workspace is deactivated. Ask your Slack administrator.'],
  [
    'missing_scope',
    'The Slack token lacks a permission. Make one with users.profile:read, users.profile:write, users:read and users:write; for do not disturb also dnd:read and dnd:write.',
  ],
  ['not_allowed_token_type', NOT_A_PERSON],
  ['user_is_bot', NOT_A_PERSON],
  ['access_denied', RESTRICTED],
  ['accesslimited', RESTRICTED],
  ['ekm_access_denied', RESTRICTED],
  ['enterprise_is_restricted', RESTRICTED],
  ['team_access_not_granted', RESTRICTED],
  ['user_is_restricted', RESTRICTED],
]);

/** The error of `{ok: false, error}`. The SDK puts a body that is not JSON in `error` too, so only names are taken over. */
export function errorOfName(name: unknown): AppError {
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{2,79}$/.test(name)) {
    return new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'));
  }
  const code =
    CODES.get(name) ?? (EMOJI_NAMES.has(name) || name.startsWith('invalid_') ? 'invalidInput' : 'badResponse');
  return new AppError(code, NEXT_STEPS.get(name) ?? serviceMessage(SERVICE, code), { reason: name });
}

/** Whatever a call through the SDK threw, as an AppError. The SDK's own errors hold answers, so none is kept as a cause. */
export function slackError(thrown: unknown, signal: AbortSignal): AppError {
  if (thrown instanceof AppError) return thrown;
  if (signal.aborted) return new AppError('cancelled', `The call to ${SERVICE} was given up.`);
  if (!(thrown instanceof Error)) return new AppError('network', serviceMessage(SERVICE, 'network'));
  // WebAPIRequestError: what our own fetch threw.
  if ('original' in thrown && thrown.original instanceof AppError) return thrown.original;
  // WebAPIPlatformError.
  if ('code' in thrown && thrown.code === 'slack_webapi_platform_error' && 'data' in thrown) {
    const { data } = thrown;
    return errorOfName(typeof data === 'object' && data !== null && 'error' in data ? data.error : undefined);
  }
  // The connection broke within an answer.
  if (thrown.name === 'TimeoutError') {
    return new AppError('timeout', serviceMessage(SERVICE, 'timeout'), { cause: thrown });
  }
  return networkError(SERVICE, thrown);
}

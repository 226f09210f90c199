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
  notFound: ['user_not_found', 'user_not_visible', 'users_not_found'],
  rateLimited: ['rate_limited', 'ratelimited'],
  serverError: ['fatal_error', 'internal_error', 'profile_set_failed'],
  unavailable: ['org_login_required', 'service_unavailable', 'team_added_to_org'],
  timeout: ['request_timeout'],
  invalidInput: ['profile_status_set_failed', 'reserved_name', 'too_long'],
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

export const isEmojiRefused = (thrown: unknown): boolean =>
  thrown instanceof AppError && EMOJI_NAMES.has(thrown.reason);

/** The error of `{ok: false, error}`. The SDK puts a body that is not JSON in `error` too, so only names are taken over. */
export function errorOfName(name: unknown): AppError {
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{2,79}$/.test(name)) {
    return new AppError('badResponse', serviceMessage(SERVICE, 'badResponse'));
  }
  const code =
    CODES.get(name) ?? (EMOJI_NAMES.has(name) || name.startsWith('invalid_') ? 'invalidInput' : 'badResponse');
  return new AppError(code, serviceMessage(SERVICE, code), { reason: name });
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

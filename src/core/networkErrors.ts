import { type Speech, type TextKey, text } from './texts.ts';

/**
 * Why a service could not be reached: the finer reasons of the codes `network` and `timeout`. Stable, for programs; the
 * words for people are `networkText`.
 */
export type NetworkReason =
  | 'offline'
  | 'dns'
  | 'refused'
  | 'dropped'
  | 'timeout'
  | 'certificateAuthority'
  | 'certificateDates'
  | 'certificateHost'
  | 'tls'
  | 'proxyAuth'
  | 'proxyUnreachable'
  | 'proxyRefused'
  | 'proxyCertificate'
  | 'proxySettings';

/** Why it is known that an answer came from the network between, and not from the service. */
export const SIGN_IN_PAGE = 'signInPage';

/** What is wrong, and what a person can do about it; `{service}` stands for whose it is. */
export interface NetworkText {
  readonly what: string;
  readonly next: string;
}

export const networkText = (reason: NetworkReason | typeof SIGN_IN_PAGE, speech: Speech): NetworkText => ({
  what: text(`network.${reason}.what`, speech),
  next: text(`network.${reason}.next`, speech),
});

/** System calls (errno), Node's TLS (OpenSSL's verify codes), undici and Chromium's `net::` names, without that prefix. */
const CODES: Readonly<Record<NetworkReason, readonly string[]>> = {
  offline: ['ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'ERR_INTERNET_DISCONNECTED', 'ERR_ADDRESS_UNREACHABLE'],
  dns: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ERR_NAME_NOT_RESOLVED'],
  refused: ['ECONNREFUSED', 'ERR_CONNECTION_REFUSED'],
  dropped: [
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'UND_ERR_SOCKET',
    'ERR_CONNECTION_RESET',
    'ERR_CONNECTION_CLOSED',
    'ERR_CONNECTION_ABORTED',
    'ERR_CONNECTION_FAILED',
    'ERR_EMPTY_RESPONSE',
    'ERR_NETWORK_CHANGED',
    'ERR_NETWORK_IO_SUSPENDED',
    'ERR_CONTENT_LENGTH_MISMATCH',
    'ERR_INCOMPLETE_CHUNKED_ENCODING',
  ],
  timeout: [
    'ETIMEDOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'ERR_TIMED_OUT',
    'ERR_CONNECTION_TIMED_OUT',
  ],
  certificateAuthority: [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_UNTRUSTED',
    'CERT_CHAIN_TOO_LONG',
    'INVALID_CA',
    'ERR_CERT_AUTHORITY_INVALID',
  ],
  certificateDates: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_CERT_DATE_INVALID'],
  certificateHost: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'ERR_CERT_COMMON_NAME_INVALID'],
  tls: ['EPROTO', 'CERT_REVOKED', 'CERT_REJECTED', 'CERT_SIGNATURE_FAILURE', 'ERR_BAD_SSL_CLIENT_AUTH_CERT'],
  proxyAuth: ['ERR_PROXY_AUTH_REQUESTED', 'ERR_PROXY_AUTH_UNSUPPORTED', 'ERR_PROXY_AUTH_REQUESTED_WITH_NO_CONNECTION'],
  proxyUnreachable: ['ERR_PROXY_CONNECTION_FAILED', 'ERR_SOCKS_CONNECTION_FAILED'],
  proxyRefused: ['ERR_TUNNEL_CONNECTION_FAILED', 'ERR_SOCKS_CONNECTION_HOST_UNREACHABLE'],
  proxyCertificate: ['ERR_PROXY_CERTIFICATE_INVALID'],
  proxySettings: ['ERR_NO_SUPPORTED_PROXIES', 'ERR_MANDATORY_PROXY_CONFIGURATION_FAILED', 'ERR_PAC_SCRIPT_FAILED'],
};

const REASONS: ReadonlyMap<string, NetworkReason> = new Map(
  Object.entries(CODES).flatMap(([reason, codes]) => codes.map((code) => [code, reason as NetworkReason] as const)),
);

/** Families with too many members to list. */
const FAMILIES: readonly (readonly [RegExp, NetworkReason])[] = [
  [/^ERR_(SSL|CERT|TLS)_/, 'tls'],
  [/^ERR_(NAME_RESOLUTION|DNS)_/, 'dns'],
  [/^ERR_PROXY_AUTH/, 'proxyAuth'],
  [/^ERR_PAC_/, 'proxySettings'],
];

/** Causes deeper than this are none. */
const DEEPEST = 8;

/** The code of one error. Electron's has Chromium's name nowhere but as its whole message. */
function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return /^net::(ERR_[A-Z0-9_]+)$/.exec(message)?.[1] ?? null;
}

const reasonOfCode = (code: string): NetworkReason | null =>
  REASONS.get(code) ?? FAMILIES.find(([family]) => family.test(code))?.[1] ?? null;

/** Why a call got no answer, by the codes of what was thrown and of its causes, the outermost first; null when none is known. */
export function networkReason(thrown: unknown, depth = 0): NetworkReason | null {
  if (typeof thrown !== 'object' || thrown === null || depth > DEEPEST) return null;
  const code = codeOf(thrown);
  const own = code === null ? null : reasonOfCode(code);
  if (own !== null) return own;
  const cause = 'cause' in thrown ? networkReason(thrown.cause, depth + 1) : null;
  if (cause !== null) return cause;
  // Every address of a host was tried (AggregateError).
  const tried: readonly unknown[] = 'errors' in thrown && Array.isArray(thrown.errors) ? thrown.errors : [];
  return tried.map((error) => networkReason(error, depth + 1)).find((reason) => reason !== null) ?? null;
}

export const isNetworkReason = (reason: string | null): reason is NetworkReason =>
  reason !== null && Object.hasOwn(CODES, reason);

/** Does not pass by itself: somebody has to do something. */
export const needsSomebody = (reason: string | null): boolean =>
  isNetworkReason(reason) && /^(certificate|proxy|tls)/.test(reason);

/** A few words for a line in a menu; null where the error's code says as much. */
export function shortNetworkReason(reason: string | null): TextKey | null {
  if (reason === SIGN_IN_PAGE) return 'problem.signInPage';
  if (!isNetworkReason(reason)) return null;
  if (reason === 'proxyAuth') return 'problem.proxyAuth';
  if (reason.startsWith('proxy')) return 'problem.proxy';
  if (reason.startsWith('certificate')) return 'problem.certificate';
  return reason === 'tls' ? 'problem.tls' : null;
}

/** The whole message about `service`. */
export const networkMessage = (service: string, { what, next }: NetworkText): string =>
  `${what} ${next}`.replaceAll('{service}', service);

import type { ZodType } from 'zod';
import { AppError, type AppErrorOptions, type ErrorCode } from '../core/appError.ts';
import { networkMessage, networkReason, networkText, SIGN_IN_PAGE } from '../core/networkErrors.ts';
import { ENGLISH } from '../core/texts.ts';
import type { SeenCall } from '../ports/networkProbe.ts';

/** The one way out: Electron's `net.fetch` in the app, Node's in the hub and the command line. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** What every adapter that speaks HTTP is given. */
export interface HttpDeps {
  readonly fetch: Fetch;
  /** Milliseconds since the epoch; for Retry-After given as a date. */
  readonly now: () => number;
}

/** A service that says nothing for this long is taken as not answering; milliseconds. */
const TIMEOUT = 15_000;

const MESSAGES: Readonly<Record<Exclude<ErrorCode, 'locked' | 'conflict' | 'cancelled'>, string>> = {
  unauthorized: '{service} did not accept the sign-in. Sign in again or update the token.',
  forbidden: '{service} does not allow this. Ask your administrator for the permission.',
  notFound: '{service} does not know this address.',
  rateLimited: '{service} asks to be called less often. HipStatus waits as long as it was told to.',
  serverError: '{service} reports an error on its own side. HipStatus tries again by itself.',
  unavailable: '{service} is not available at the moment. HipStatus tries again by itself.',
  network: '{service} could not be reached. Check the network connection, proxy and VPN.',
  timeout: '{service} did not answer in time. HipStatus tries again by itself.',
  badResponse: '{service} gave an answer that HipStatus does not understand.',
  invalidInput: '{service} did not accept what was sent.',
};

/** What a proxy answers that wants a user name and password (RFC 9110 section 15.5.8). */
const PROXY_AUTH_REQUIRED = 407;

/** The message a person reads for `code`. */
export const serviceMessage = (service: string, code: keyof typeof MESSAGES): string =>
  MESSAGES[code].replace('{service}', service);

/** Milliseconds of a Retry-After header (RFC 9110 section 10.2.3: seconds, which Graph gives with a fraction, or a date). */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined;
}

/** The code of an HTTP status that is not a success. */
export function codeOfStatus(status: number): keyof typeof MESSAGES {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'notFound';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 429) return 'rateLimited';
  if (status === 502 || status === 503) return 'unavailable';
  if (status >= 500) return 'serverError';
  return status >= 400 ? 'invalidInput' : 'badResponse';
}

const proxyAuthError = (service: string, options: AppErrorOptions = {}): AppError =>
  new AppError('network', networkMessage(service, networkText('proxyAuth', ENGLISH)), {
    ...options,
    reason: 'proxyAuth',
  });

/** The error of a call that got no answer, or whose answer broke off; its reason by the codes of `cause` (`networkReason`). */
export function networkError(service: string, cause: unknown): AppError {
  const reason = networkReason(cause);
  if (reason === null) return new AppError('network', serviceMessage(service, 'network'), { cause });
  const code = reason === 'timeout' ? 'timeout' : 'network';
  return new AppError(code, networkMessage(service, networkText(reason, ENGLISH)), { cause, reason });
}

/** The error of a web page where data was expected: a network's sign-in page ("captive portal") answers in the service's place. */
export const signInPageError = (service: string): AppError =>
  new AppError('badResponse', networkMessage(service, networkText(SIGN_IN_PAGE, ENGLISH)), { reason: SIGN_IN_PAGE });

/** Whether an answer says of itself that it is a web page. */
export const isWebPage = (response: Response): boolean =>
  /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(response.headers.get('content-type') ?? '');

/** The error of an answer that is not a success. Its body is not read: it may hold what must not be logged. */
export function errorOfResponse(service: string, response: Response, now: number): AppError {
  if (response.status === PROXY_AUTH_REQUIRED) return proxyAuthError(service);
  const code = codeOfStatus(response.status);
  const retryAfter = retryAfterOf(response.headers.get('retry-after'), now);
  return new AppError(code, serviceMessage(service, code), retryAfter === undefined ? {} : { retryAfter });
}

/**
 * A signal that aborts with `signal`, or after the time limit of a call, its body included. Our timer holds on to the time
 * limit: in Node 20 an `AbortSignal.timeout` that is part of `AbortSignal.any` can be collected as garbage before its time,
 * and a body that stops coming is waited for for ever.
 */
function limited(signal: AbortSignal): AbortSignal {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException('No answer in time', 'TimeoutError')), TIMEOUT);
  timer.unref();
  return AbortSignal.any([signal, limit.signal]);
}

/** One call. Throws `AppError` for no answer (network, timeout, cancelled); an HTTP error status is the caller's to judge. */
export async function call(
  deps: HttpDeps,
  service: string,
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<Response> {
  const signal = limited(init.signal);
  let response: Response;
  try {
    response = await deps.fetch(url, { ...init, signal });
  } catch (cause) {
    if (init.signal.aborted) throw new AppError('cancelled', `The call to ${service} was given up.`, { cause });
    if (signal.aborted) throw new AppError('timeout', serviceMessage(service, 'timeout'), { cause });
    throw networkError(service, cause);
  }
  if (response.status !== PROXY_AUTH_REQUIRED) return response;
  // Never the service's own word: no service of ours is a proxy.
  await response.body?.cancel().catch(() => undefined);
  throw proxyAuthError(service);
}

/**
 * A call whose answer is a stream without an end: nothing but `signal` ends it, and there is no time limit. Throws as `call` does.
 * An answer's status is the caller's to judge.
 */
export async function openStream(
  deps: HttpDeps,
  service: string,
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<Response> {
  try {
    return await deps.fetch(url, init);
  } catch (cause) {
    if (init.signal.aborted) throw new AppError('cancelled', `The call to ${service} was given up.`, { cause });
    throw networkError(service, cause);
  }
}

/** Parses what came from outside; what does not parse is `badResponse`, naming the field but not its value. */
export function parseAnswer<T>(service: string, schema: ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || '(whole answer)';
  throw new AppError('badResponse', `${serviceMessage(service, 'badResponse')} Field: ${field}.`, { reason: field });
}

/** The error of a body that could not be read: cut off, given up, or not JSON. A parser's message quotes the body and is dropped. */
export function bodyError(service: string, cause: unknown): AppError {
  if (cause instanceof SyntaxError) return new AppError('badResponse', serviceMessage(service, 'badResponse'));
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'AbortError') return new AppError('cancelled', `The call to ${service} was given up.`, { cause });
  if (name === 'TimeoutError') return new AppError('timeout', serviceMessage(service, 'timeout'), { cause });
  return networkError(service, cause);
}

/** The JSON of a successful answer, parsed; otherwise the answer's error. */
export async function jsonOf<T>(service: string, response: Response, schema: ZodType<T>, now: number): Promise<T> {
  if (!response.ok) throw errorOfResponse(service, response, now);
  let text = '';
  let body: unknown;
  try {
    text = await response.text();
    body = JSON.parse(text);
  } catch (cause) {
    const isPage = cause instanceof SyntaxError && (isWebPage(response) || /^\s*<(!doctype html|html)\b/i.test(text));
    throw isPage ? signInPageError(service) : bodyError(service, cause);
  }
  return parseAnswer(service, schema, body);
}

/** The service's clock (Date, RFC 9110 section 6.6.1), milliseconds since the epoch; null when it did not say. */
const dateOf = (response: Response): number | null => {
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isFinite(date) ? date : null;
};

/** `fetch` that tells where it goes, and when there is an answer from there. */
export function watchFetch(fetch: Fetch, onCall: (call: SeenCall) => void): Fetch {
  return async (url, init) => {
    const { origin } = new URL(url);
    onCall({ origin, hasAnswered: false, date: null });
    const response = await fetch(url, init);
    // A proxy's refusal is no answer from there.
    if (response.status !== PROXY_AUTH_REQUIRED) onCall({ origin, hasAnswered: true, date: dateOf(response) });
    return response;
  };
}

/** Asks a server for nothing in particular: any answer of it will do. Throws `AppError` when there is none. */
export async function reach(
  deps: HttpDeps,
  url: string,
  signal: AbortSignal,
): Promise<{ readonly date: number | null }> {
  const { origin, host } = new URL(url);
  const response = await call(deps, host, `${origin}/`, { redirect: 'manual', signal });
  await response.body?.cancel().catch(() => undefined);
  return { date: dateOf(response) };
}

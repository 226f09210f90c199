import type { ZodType } from 'zod';
import { AppError, type ErrorCode } from '../core/appError.ts';

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

/** The error of an answer that is not a success. Its body is not read: it may hold what must not be logged. */
export function errorOfResponse(service: string, response: Response, now: number): AppError {
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
  try {
    return await deps.fetch(url, { ...init, signal });
  } catch (cause) {
    if (init.signal.aborted) throw new AppError('cancelled', `The call to ${service} was given up.`, { cause });
    const code = signal.aborted ? 'timeout' : 'network';
    throw new AppError(code, serviceMessage(service, code), { cause });
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
  const code = name === 'TimeoutError' ? 'timeout' : 'network';
  return new AppError(code, serviceMessage(service, code), { cause });
}

/** The JSON of a successful answer, parsed; otherwise the answer's error. */
export async function jsonOf<T>(service: string, response: Response, schema: ZodType<T>, now: number): Promise<T> {
  if (!response.ok) throw errorOfResponse(service, response, now);
  let body: unknown;
  try {
    body = await response.json();
  } catch (cause) {
    throw bodyError(service, cause);
  }
  return parseAnswer(service, schema, body);
}

import { request } from 'node:http';
import { AppError } from '../../../core/appError.ts';
import { cancelled } from './authErrors.ts';

/**
 * Ends MSAL's wait for the browser. Its loopback has neither a timeout nor a way to close it from outside (msal-node 7,
 * LoopbackClient), but it stops at an answer with the right state: so it gets the answer of somebody who refused.
 */
function refuseAt(authorizeUrl: string): void {
  const query = new URL(authorizeUrl).searchParams;
  const redirect = new URL(query.get('redirect_uri') ?? '');
  const body = new URLSearchParams({ error: 'access_denied', state: query.get('state') ?? '' }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = request({ host: '127.0.0.1', port: redirect.port, method: 'POST', path: '/', headers });
  // Already closed: nothing is left to end.
  post.on('error', () => undefined);
  post.on('response', (answer) => answer.resume());
  post.end(body);
}

/** The promise's outcome, or `cancelled` as soon as the signal aborts. */
export async function orCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(cancelled());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
    // The one that lost the race may still fail; nobody waits for it.
    promise.catch(() => undefined);
  }
}

function noBrowser(cause: unknown): never {
  throw new AppError('serverError', 'Your browser could not be opened. Sign in with a code instead.', {
    reason: 'noBrowser',
    cause,
  });
}

/**
 * MSAL's `openBrowser`, which an abort ends at any moment: before, while and after the browser opens.
 * @param done aborts when the sign-in is over, so that nothing is sent to a port that is somebody else's by then
 */
export function abortableBrowser(
  openAddress: (url: string) => Promise<void>,
  signal: AbortSignal,
  done: AbortSignal,
): (url: string) => Promise<void> {
  return async (url) => {
    await orCancelled(signal.aborted ? Promise.resolve() : openAddress(url).catch(noBrowser), signal);
    signal.addEventListener('abort', () => refuseAt(url), { once: true, signal: done });
  };
}

import { request } from 'node:http';
import { cancelled, noBrowser, orCancelled } from '../../loopback.ts';

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
    if (signal.aborted) throw cancelled();
    const opening = openAddress(url).catch((cause: unknown) => {
      throw noBrowser(cause, 'Sign in with a code instead.');
    });
    await orCancelled(opening, signal);
    signal.addEventListener('abort', () => refuseAt(url), { once: true, signal: done });
  };
}

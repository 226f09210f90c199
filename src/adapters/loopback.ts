import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../core/appError.ts';
import { MINUTE } from '../core/time.ts';

/** A person who has not come back from the browser by then has closed it; milliseconds. */
const PATIENCE = 10 * MINUTE;

export const cancelled = (): AppError => new AppError('cancelled', 'The sign-in was cancelled.');

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

/** The error of a browser that could not be opened. `instead` is what the person can do. */
export const noBrowser = (cause: unknown, instead = 'Check which browser is your default and try again.'): AppError =>
  new AppError('serverError', `Your browser could not be opened. ${instead}`, { reason: 'noBrowser', cause });

/** What the browser shows after a sign-in; it needs nothing from anywhere. */
export const signInPage = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:30em;margin:20vh auto;padding:0 1em}h1{font-size:1.3em}</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`;

const UNEXPECTED_PAGE = signInPage('Nothing is waiting here', 'HipStatus waits for another sign-in. Close this page.');

export interface LoopbackSignIn<T> {
  /** Where the browser is sent; the service brings it back to `redirectUri` with an answer. */
  readonly authorizeUrl: (redirectUri: string) => string;
  /** What the answer must carry: anything else that calls is turned away and waited past. */
  readonly state: string;
  /** Opens an address in the person's browser. */
  readonly openAddress: (url: string) => Promise<void>;
  /** Makes something of the answer. The browser is shown the page of its outcome. */
  readonly finish: (answer: URLSearchParams, redirectUri: string) => Promise<T>;
  readonly pages: { readonly success: string; readonly failure: string };
  /** Milliseconds to wait for the person. */
  readonly patience?: number;
}

interface Answer {
  readonly query: URLSearchParams;
  readonly page: (status: number, html: string) => Promise<void>;
}

/** Sends a page; settles when it is out, or the browser gone. */
function send(response: ServerResponse, status: number, html: string): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(html);
  });
}

/** The query of the answer that is waited for; null for any other call. */
function answerOf(request: IncomingMessage, port: number, state: string): URLSearchParams | null {
  // A page of elsewhere that reaches us by a name of its own is nobody we sent away.
  if (request.method !== 'GET' || request.headers.host !== `127.0.0.1:${port}`) return null;
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  return url.pathname === '/' && url.searchParams.get('state') === state ? url.searchParams : null;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Signing in with the system browser and a loopback redirect (RFC 8252 sections 4.1 and 7.3): listens on a free port of
 * 127.0.0.1 for as long as the sign-in takes. Throws `AppError`: `cancelled`, `timeout` with reason `signInTimeout`,
 * `serverError` with reason `noBrowser`, and what `finish` throws.
 */
export async function signInAtLoopback<T>(wish: LoopbackSignIn<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled();
  let take: (answer: Answer) => void = () => undefined;
  const answered = new Promise<Answer>((resolve) => {
    take = resolve;
  });
  let port = 0;
  let isAnswered = false;
  const server = createServer((request, response) => {
    const query = isAnswered ? null : answerOf(request, port, wish.state);
    if (query === null) return void send(response, 404, UNEXPECTED_PAGE);
    isAnswered = true;
    take({ query, page: (status, html) => send(response, status, html) });
  });
  const timeout = AbortSignal.timeout(wish.patience ?? PATIENCE);
  const given = AbortSignal.any([signal, timeout]);
  try {
    port = await listen(server);
    const redirectUri = `http://127.0.0.1:${port}`;
    const opening = wish.openAddress(wish.authorizeUrl(redirectUri)).catch((cause: unknown) => {
      throw noBrowser(cause);
    });
    // A browser may answer before the call that opened it returns.
    const { query, page } = await orCancelled(Promise.race([answered, opening.then(() => answered)]), given);
    try {
      const result = await orCancelled(wish.finish(query, redirectUri), given);
      await page(200, wish.pages.success);
      return result;
    } catch (error) {
      await page(400, wish.pages.failure);
      throw error;
    }
  } catch (error) {
    if (timeout.aborted && !signal.aborted) {
      const message = 'The sign-in was not finished in time. Start it again.';
      throw new AppError('timeout', message, { reason: 'signInTimeout' });
    }
    throw error;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

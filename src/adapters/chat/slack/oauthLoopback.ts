import { createServer, type ServerResponse } from 'node:http';
import { AppError } from '../../../core/appError.ts';

/** What the browser brought back. */
export type Redirect = URLSearchParams;

const page = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:30em;margin:20vh auto;padding:0 1em}h1{font-size:1.3em}</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`;
const DONE = page('Back to HipStatus', 'You can close this page.');
const NOT_OURS = page('This is not the sign-in that HipStatus waits for', 'Start it again from HipStatus.');

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
};

/** Whether we can wait at this redirect ourselves: Slack takes http for localhost of apps that have PKCE on. */
export function isLoopback(redirectUri: string): boolean {
  const { protocol, hostname } = new URL(redirectUri);
  return protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);
}

/**
 * Waits at a loopback redirect for the browser. Whatever comes without the right state is answered and not believed.
 * @param onListening is called once the address is ours, so that the browser never finds nobody there
 */
export function awaitLoopback(
  redirectUri: string,
  state: string,
  onListening: () => Promise<void>,
  signal: AbortSignal,
): Promise<Redirect> {
  const { port, pathname } = new URL(redirectUri);
  return new Promise((resolve, reject) => {
    const answer = (response: ServerResponse, status: number, body: string) => {
      response.writeHead(status, HEADERS);
      response.end(body);
    };
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (request.method !== 'GET' || url.pathname !== pathname) return answer(response, 404, NOT_OURS);
      if (url.searchParams.get('state') !== state) return answer(response, 400, NOT_OURS);
      answer(response, 200, DONE);
      response.once('close', () => settle(() => resolve(url.searchParams)));
      return undefined;
    });
    let isSettled = false;
    const onAbort = () => settle(() => reject(signal.reason));
    const settle = (how: () => void) => {
      if (isSettled) return;
      isSettled = true;
      signal.removeEventListener('abort', onAbort);
      server.close();
      server.closeAllConnections();
      how();
    };
    server.once('error', (cause) => {
      const busy = 'The port that Slack sends you back to is used by another program. Close that and sign in again.';
      settle(() => reject(new AppError('conflict', busy, { reason: 'portBusy', cause })));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    server.listen(Number(port || 80), '127.0.0.1', () => {
      onListening().catch((error: unknown) => settle(() => reject(error)));
    });
  });
}

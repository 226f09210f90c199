import { Readable } from 'node:stream';
import { type IncomingMessage, net, type Session } from 'electron';
import type { Fetch } from '../http.ts';

/** Statuses that carry no body (Fetch standard, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Headers that Chromium sets by itself and refuses from others. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['content-length', 'host', 'connection', 'transfer-encoding']);

/** Electron's message is a Node stream; its type says less than it is. */
const streamOf = (message: IncomingMessage): Readable => message as unknown as Readable;

function toResponse(message: IncomingMessage): Response {
  const { statusCode: status, statusMessage: statusText, rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  if (BODILESS.has(status)) return new Response(null, { status, statusText, headers });
  const body = Readable.toWeb(streamOf(message)) as ReadableStream;
  return new Response(body, { status, statusText, headers });
}

/** Where a redirect may take a token: to the same place only. */
const sameOrigin = (a: string, b: string): boolean => new URL(a).origin === new URL(b).origin;

/** `asked` for another address, without what is meant for the first one alone. */
function elsewhere(asked: Request, location: string): Request {
  const headers = new Headers(asked.headers);
  headers.delete('authorization');
  return new Request(location, { method: asked.method, headers, signal: asked.signal, redirect: asked.redirect });
}

/** User name and password for a proxy that asks for them; null when there are none. */
export type ProxyLogin = (
  host: string,
  port: number,
) => { readonly username: string; readonly password: string } | null;

const NO_LOGIN: ProxyLogin = () => null;

function send(session: Session, asked: Request, body: Buffer | null, proxyLogin: ProxyLogin): Promise<Response> {
  const { method, signal } = asked;
  const redirect = asked.redirect === 'error' ? 'error' : 'manual';
  return new Promise((resolve, reject) => {
    const request = net.request({ session, url: asked.url, method, redirect, cache: 'no-store' });
    let answer: Readable | null = null;
    const onAbort = (): void => {
      request.abort();
      // Whoever reads the body learns the reason too.
      answer?.destroy(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const done = (): void => signal.removeEventListener('abort', onAbort);
    const settle = (answer: Response | Promise<Response>): void => {
      done();
      resolve(answer);
      request.abort();
    };
    for (const [name, value] of asked.headers) if (!OWN_HEADERS.has(name)) request.setHeader(name, value);
    request.on('response', (message) => {
      // The signal goes on to watch over the body, which may come slowly.
      answer = streamOf(message);
      answer.on('close', done);
      resolve(toResponse(message));
    });
    request.on('redirect', (status, _method, location) => {
      if (asked.redirect === 'manual') settle(new Response(null, { status, headers: { location } }));
      else if (sameOrigin(asked.url, location) || !asked.headers.has('authorization')) request.followRedirect();
      else if (body === null) settle(send(session, elsewhere(asked, location), null, proxyLogin));
      else settle(Promise.reject(new TypeError('Redirected to another host.')));
    });
    let hasLoggedIn = false;
    request.on('login', ({ isProxy, host, port }, answer) => {
      // Asked again, it was wrong. Without credentials the 407 comes as the answer.
      const login = isProxy && !hasLoggedIn ? proxyLogin(host, port) : null;
      hasLoggedIn = true;
      if (login === null) answer();
      else answer(login.username, login.password);
    });
    request.on('error', (cause) => {
      done();
      reject(new TypeError('fetch failed', { cause }));
    });
    if (body === null) request.end();
    else request.end(body);
  });
}

/**
 * Chromium's network stack as `fetch`: the system's proxy settings and PAC, its trust store, its client certificates.
 *
 * Not `net.fetch`: that either keeps and sends cookies, with which a service could take a revoked token for a valid session,
 * or leaves out client certificates too. `net.request` blocks the cookies alone. Like `fetch`, it does not take a token
 * along to another host, which Chromium would.
 */
export function createElectronFetch(session: Session, proxyLogin: ProxyLogin = NO_LOGIN): Fetch {
  return async (url, init = {}) => {
    const asked = new Request(url, init);
    if (!/^https?:/.test(asked.url)) throw new TypeError('Only http and https can be fetched.');
    const body = asked.body === null ? null : Buffer.from(await asked.arrayBuffer());
    asked.signal.throwIfAborted();
    return await send(session, asked, body, proxyLogin);
  };
}

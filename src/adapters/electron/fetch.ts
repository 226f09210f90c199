import type { Session } from 'electron';
import type { Fetch } from '../http.ts';

/**
 * Chromium's network stack as `fetch`: the system's proxy settings and PAC, its trust store, its client certificates.
 * Tokens are sent by header, so no answer may leave a cookie, and none is sent.
 */
export function createElectronFetch(session: Session): Fetch {
  session.webRequest.onHeadersReceived(({ responseHeaders = {} }, answer) => {
    const kept = Object.entries(responseHeaders).filter(([name]) => name.toLowerCase() !== 'set-cookie');
    answer({ responseHeaders: Object.fromEntries(kept) });
  });
  return (url, init = {}) =>
    session.fetch(url, { ...init, credentials: 'include', bypassCustomProtocolHandlers: true });
}

import { net, type Session } from 'electron';
import type { NetworkProbe, Route, TrustedFile } from '../../ports/networkProbe.ts';
import { type HttpDeps, networkError, reach } from '../http.ts';

export interface ElectronProbeDeps extends HttpDeps {
  /** The session that the calls go through. */
  readonly session: Session;
  readonly trustedFiles: () => readonly TrustedFile[];
}

/**
 * What Chromium would try first, of a PAC result such as `PROXY proxy.example:8080; DIRECT`; the others are for when that
 * fails.
 */
export function routeOf(pacResult: string): Route {
  const [kind = 'DIRECT', address = ''] = (pacResult.split(';')[0] ?? '').trim().split(/\s+/);
  const isDirect = kind.toUpperCase() === 'DIRECT' || address === '';
  return { proxy: isDirect ? null : address, from: 'system' };
}

/** The app's network: the system's proxy settings and PAC, as Chromium resolves them. */
export function electronNetworkProbe({ session, trustedFiles, ...http }: ElectronProbeDeps): NetworkProbe {
  return {
    isOnline: () => net.isOnline(),
    async route(origin) {
      try {
        return routeOf(await session.resolveProxy(`${origin}/`));
      } catch (cause) {
        throw networkError(new URL(origin).host, cause);
      }
    },
    reach: async (origin, signal) => (await reach(http, origin, signal)).date,
    trustedFiles,
  };
}

import { networkInterfaces } from 'node:os';
import type { NetworkProbe, Route, TrustedFile } from '../../ports/networkProbe.ts';
import { type HttpDeps, networkError, reach } from '../http.ts';
import type { CertificateFile } from './certificateFiles.ts';
import { proxyFor } from './proxyEnvironment.ts';

/** The files as the self-test tells of them. */
export const trustedFiles = (files: readonly CertificateFile[], now: number): readonly TrustedFile[] =>
  files.map(({ file, certificates, error }) => ({
    file,
    count: certificates.length,
    outdated: certificates.filter(({ validFrom, validTo }) => now < Date.parse(validFrom) || Date.parse(validTo) < now)
      .length,
    error,
  }));

const isOnline = (): boolean =>
  Object.values(networkInterfaces())
    .flat()
    .some((address) => address !== undefined && !address.internal && !/^(169\.254\.|fe80:)/i.test(address.address));

export interface NodeProbeDeps extends HttpDeps {
  readonly files: readonly CertificateFile[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command line's network: proxies by the environment. */
export function nodeNetworkProbe({ files, env, ...http }: NodeProbeDeps): NetworkProbe {
  return {
    isOnline,
    async route(origin): Promise<Route> {
      try {
        const proxy = proxyFor(origin, env);
        if (proxy === null) return { proxy: null, from: 'environment' };
        return { proxy: `${proxy.host}:${proxy.port}`, from: proxy.variable };
      } catch (cause) {
        throw networkError(new URL(origin).host, cause);
      }
    },
    reach: async (origin, signal) => (await reach(http, origin, signal)).date,
    trustedFiles: () => trustedFiles(files, http.now()),
  };
}

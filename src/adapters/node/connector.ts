import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { networkReason } from '../../core/networkErrors.ts';
import { type HttpProxy, ProxyError, proxyFor } from './proxyEnvironment.ts';

export interface ConnectorOptions {
  /** What servers, and a proxy that is spoken to over TLS, are checked by. */
  readonly secureContext: SecureContext;
  /** Read anew for each connection, so that a test can change it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How long a proxy may take to open a tunnel; milliseconds. */
const PATIENCE = 10_000;

const PROXY_AUTH_REQUIRED = 407;

const basic = ({ username, password }: NonNullable<HttpProxy['credentials']>): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

/** What went wrong on the way to the proxy, under Chromium's names. */
function toProxyError(cause: unknown): ProxyError {
  const reason = networkReason(cause);
  const isCertificate = reason?.startsWith('certificate') === true;
  return new ProxyError(isCertificate ? 'ERR_PROXY_CERTIFICATE_INVALID' : 'ERR_PROXY_CONNECTION_FAILED', cause);
}

/** A tunnel to `target` (host:port) through a proxy (CONNECT, RFC 9110 section 9.3.6). */
function openTunnel(proxy: HttpProxy, target: string, secureContext: SecureContext): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const options: https.RequestOptions = {
      host: proxy.host,
      port: proxy.port,
      method: 'CONNECT',
      path: target,
      agent: false,
      timeout: PATIENCE,
      headers: {
        host: target,
        ...(proxy.credentials === null ? {} : { 'proxy-authorization': basic(proxy.credentials) }),
      },
    };
    // Node hands it on to tls.connect; its types do not know that.
    const secure: https.RequestOptions & { readonly secureContext: SecureContext } = { ...options, secureContext };
    const request = proxy.isSecure ? https.request(secure) : http.request(options);
    request.once('connect', (answer: http.IncomingMessage, socket: Socket, head: Buffer) => {
      if (answer.statusCode !== undefined && answer.statusCode >= 200 && answer.statusCode < 300) {
        socket.setTimeout(0);
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined).destroy();
      const isAuth = answer.statusCode === PROXY_AUTH_REQUIRED;
      reject(new ProxyError(isAuth ? 'ERR_PROXY_AUTH_REQUESTED' : 'ERR_TUNNEL_CONNECTION_FAILED'));
    });
    request.once('timeout', () => request.destroy(new ProxyError('ERR_PROXY_CONNECTION_FAILED')));
    request.once('error', (cause) => reject(cause instanceof ProxyError ? cause : toProxyError(cause)));
    request.end();
  });
}

/**
 * Connects undici's agent, directly or through the proxy of the environment. Not undici's own ProxyAgent: that tells a proxy's
 * refusal by the text of a message only, and asks a proxy that hangs up again and again without a pause.
 */
export function createConnector({ secureContext, env }: ConnectorOptions): buildConnector.connector {
  const connect = buildConnector({ secureContext });
  return (options, callback) => {
    const { protocol, hostname, port } = options;
    const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
    // A literal IPv6 address comes in its brackets.
    const target = `${hostname}:${number}`;
    const open = async (): Promise<void> => {
      const proxy = proxyFor(`${protocol}//${target}/`, env);
      if (proxy === null) {
        connect(options, callback);
        return;
      }
      const socket = await openTunnel(proxy, target, secureContext);
      if (protocol === 'https:') connect({ ...options, httpSocket: socket }, callback);
      else callback(null, socket);
    };
    open().catch((thrown: unknown) => callback(thrown instanceof Error ? thrown : new Error('connect'), null));
  };
}

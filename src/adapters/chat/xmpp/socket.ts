import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type PeerCertificate, type SecureContext } from 'node:tls';
import { domainToASCII } from 'node:url';
import type { Element, Xml } from '@xmpp/client';
import { type Endpoint, isLoopback } from './address.ts';
import { cancelled, conditionError, connectionLost, noTls, xmppError } from './errors.ts';

export interface SocketOptions {
  /** The domain of the person's address: what the certificate must be for (RFC 6120 section 13.7.2). */
  readonly domain: string;
  readonly secureContext: SecureContext | undefined;
  readonly xml: Xml;
  /** Gives up, by the caller or by time. */
  readonly signal: AbortSignal;
}

/** A connected socket on which a stream can be opened. */
export interface Opened {
  readonly socket: Socket;
  readonly isSecure: boolean;
}

const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
const STREAMS = 'http://etherx.jabber.org/streams';

/** Resolves at `event`; the socket is destroyed and the promise rejected at an error, an end or the signal. */
function until(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off(event, onEvent).off('error', onError).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const fail = (error: unknown) =>
      settle(() => {
        socket.on('error', () => undefined).destroy();
        reject(xmppError(error));
      });
    const onEvent = () => settle(resolve);
    const onError = (error: unknown) => fail(error);
    const onClose = () => fail(connectionLost());
    const onAbort = () => fail(cancelled());
    if (signal.aborted) return onAbort();
    socket.on(event, onEvent).on('error', onError).on('close', onClose);
    signal.addEventListener('abort', onAbort);
  });
}

function tlsOptions({ domain, secureContext }: SocketOptions) {
  const host = isIP(domain) === 0 ? domainToASCII(domain) : domain;
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(secureContext === undefined ? {} : { secureContext }),
    ALPNProtocols: ['xmpp-client'],
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
  };
}

async function tcp({ host, port }: Endpoint, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host, port });
  await until(socket, 'connect', signal);
  return socket.setNoDelay(true);
}

/** Asks for STARTTLS (RFC 6120 section 5.4); false when the server does not offer it. */
async function startTls(socket: Socket, { domain, xml, signal }: SocketOptions): Promise<boolean> {
  const parser = new xml.Parser();
  let outcome: boolean | Error | null = null;
  const settle = (found: boolean | Error) => {
    outcome = found;
    socket.emit('negotiated');
  };
  parser.on('error', settle);
  parser.on('element', (element: Element) => {
    if (element.is('error', STREAMS)) return settle(conditionError(element.getChildElements()[0]?.name ?? ''));
    if (element.is('proceed', TLS)) return settle(true);
    if (element.is('failure', TLS)) return settle(noTls());
    if (!element.is('features', STREAMS)) return;
    if (element.getChild('starttls', TLS) === undefined) return settle(false);
    socket.write(xml('starttls', { xmlns: TLS }).toString());
  });
  const onData = (data: Buffer) => parser.write(data.toString('utf8'));
  socket.on('data', onData);
  const to = xml('stream:stream', {
    to: domain,
    version: '1.0',
    xmlns: 'jabber:client',
    'xmlns:stream': STREAMS,
  }).toString();
  socket.write(`<?xml version='1.0'?>${to.slice(0, -2)}>`);
  await until(socket, 'negotiated', signal);
  socket.off('data', onData);
  if (typeof outcome === 'boolean') return outcome;
  socket.destroy();
  throw xmppError(outcome);
}

/**
 * Connects and encrypts. Done here and not by @xmpp/client, which takes no certificate authorities, checks the
 * certificate of `xmpps:` against the host instead of the person's domain, and goes on in plain text where STARTTLS is
 * not offered. Throws `AppError`.
 */
export async function openSocket(endpoint: Endpoint, options: SocketOptions): Promise<Opened> {
  const { signal } = options;
  if (endpoint.isDirectTls) {
    const socket = connectTls({ ...tlsOptions(options), host: endpoint.host, port: endpoint.port });
    await until(socket, 'secureConnect', signal);
    return { socket, isSecure: true };
  }
  const plain = await tcp(endpoint, signal);
  if (await startTls(plain, options)) {
    const socket = connectTls({ ...tlsOptions(options), socket: plain });
    await until(socket, 'secureConnect', signal);
    return { socket, isSecure: true };
  }
  plain.destroy();
  if (!isLoopback(endpoint.host)) throw noTls();
  return { socket: await tcp(endpoint, signal), isSecure: false };
}

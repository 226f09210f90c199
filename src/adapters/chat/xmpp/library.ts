import { EventEmitter } from 'node:events';
import type { Element, Entity, Transport } from '@xmpp/client';
import type { Opened } from './socket.ts';

/** Where @xmpp/client believes to connect to. */
export const OPENED = 'xmpp://opened';

/** What @xmpp/client takes for a socket, around one that is connected already. */
const facade = ({ socket, isSecure }: Opened) =>
  class extends EventEmitter {
    readonly secure = isSecure;
    connect(): void {
      socket.on('data', (data: Buffer) => this.emit('data', data));
      socket.on('error', (error) => this.emit('error', error));
      socket.on('close', () => this.emit('close'));
      setImmediate(() => this.emit('connect'));
    }
    write(text: string, done: (error?: Error | null) => void): void {
      socket.write(text, done);
    }
    end(): void {
      socket.end();
    }
  };

/** Of its transports (WebSocket, TCP, TLS) the one that takes `xmpp:` addresses. */
function isTcp({ prototype }: Transport): boolean {
  const { socketParameters } = prototype as { socketParameters(service: string): unknown };
  try {
    return socketParameters.call(prototype, OPENED) !== undefined;
  } catch {
    return false;
  }
}

/** The transport of @xmpp/client for plain TCP, with our socket in it. */
function transportOver(base: Transport, opened: Opened): Transport {
  abstract class Ours extends base {}
  Object.assign(Ours.prototype, { Socket: facade(opened), socketParameters: () => ({}) });
  return Ours;
}

/** Opens the stream and signs in. Its own `start` leaves a rejected promise behind when the stream can't be opened. */
export async function start(entity: Entity, domain: string): Promise<void> {
  const online = new Promise<void>((resolve, reject) => {
    entity.once('online', () => resolve());
    entity.once('error', reject);
  });
  online.catch(() => undefined);
  await entity.connect(OPENED);
  await entity.open({ domain });
  await online;
}

/** Dropped from what the server offers: resumption would let our words outlive us, and SASL2 renames the resource. */
const DECLINED = [
  ['sm', 'urn:xmpp:sm:3'],
  ['sm', 'urn:xmpp:sm:2'],
  ['authentication', 'urn:xmpp:sasl:2'],
] as const;

/** Makes an entity use `opened`, and only what we want of it. */
export function tame(entity: Entity, opened: Opened): void {
  // We decide ourselves when to connect again.
  entity.reconnect.stop();
  entity.transports = entity.transports.filter(isTcp).map((base) => transportOver(base, opened));
  entity.prependListener('element', (element: Element) => {
    if (!element.is('features', 'http://etherx.jabber.org/streams')) return;
    for (const [name, xmlns] of DECLINED)
      for (const feature of element.getChildren(name, xmlns)) element.remove(feature);
  });
}

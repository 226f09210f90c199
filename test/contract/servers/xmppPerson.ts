import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { type Element, xml } from '@xmpp/client';
import type { Prosody } from './prosody.ts';

/** One presence as somebody sees it. */
export interface Seen {
  readonly show: string;
  readonly status: string;
  readonly priority: number;
}

export interface SaidPresence {
  readonly show?: 'away' | 'chat' | 'dnd' | 'xa' | undefined;
  readonly status?: string;
  readonly priority?: number;
  /** Nobody touches the machine (XEP-0319). */
  readonly isIdle?: boolean;
}

const PATIENCE = 10_000;

/** A person with a chat client of their own: the protocol by hand (RFC 6120, 6121), nothing of the adapter. */
export class XmppPerson {
  /** Available resources of people, by full address. */
  readonly seen = new Map<string, Seen>();
  /** All presences of others that came, in order. */
  readonly told: { readonly from: string; readonly type: string; readonly show: string; readonly status: string }[] =
    [];
  /** What they said themselves. */
  readonly said: SaidPresence[] = [];
  readonly #socket: TLSSocket;
  readonly #domain: string;
  readonly #waiting = new Set<{
    readonly wants: (element: Element) => boolean;
    readonly give: (found: Element) => void;
  }>();
  #ids = 0;

  private constructor(socket: TLSSocket, domain: string) {
    this.#socket = socket;
    this.#domain = domain;
    socket.on('error', () => socket.destroy());
  }

  /** Signs in and says nothing yet. */
  static async connect(server: Prosody, name: string, password: string, resource: string): Promise<XmppPerson> {
    const socket = connect({
      host: '127.0.0.1',
      port: server.directPort,
      servername: server.domain,
      ca: server.certificate,
      ALPNProtocols: ['xmpp-client'],
    });
    await once(socket, 'secureConnect');
    const person = new XmppPerson(socket, server.domain);
    await person.#open();
    const plain = Buffer.from(`\0${name}\0${password}`).toString('base64');
    person.#send(xml('auth', { xmlns: 'urn:ietf:params:xml:ns:xmpp-sasl', mechanism: 'PLAIN' }, plain));
    await person.#next(({ name: found }) => found === 'success');
    await person.#open();
    const bind = xml('bind', { xmlns: 'urn:ietf:params:xml:ns:xmpp-bind' }, xml('resource', {}, resource));
    await person.ask('set', bind);
    return person;
  }

  say(saying: SaidPresence = {}): Promise<void> {
    const { show, status, priority = 5, isIdle = false } = saying;
    this.said.push(saying);
    const parts = [
      ...(show === undefined ? [] : [xml('show', {}, show)]),
      ...(status === undefined ? [] : [xml('status', {}, status)]),
      xml('priority', {}, String(priority)),
      ...(isIdle ? [xml('idle', { xmlns: 'urn:xmpp:idle:1', since: '2026-01-05T08:00:00Z' })] : []),
    ];
    this.#send(xml('presence', {}, ...parts));
    return this.settle();
  }

  leave(): Promise<void> {
    this.#send(xml('presence', { type: 'unavailable' }));
    return this.settle();
  }

  /** Resolves when the server has dealt with all that was sent before. */
  async settle(): Promise<void> {
    await this.ask('get', xml('ping', { xmlns: 'urn:xmpp:ping' }), this.#domain);
  }

  /** The whole answer, as text. */
  async ask(type: 'get' | 'set', child: Element, to?: string): Promise<string> {
    this.#ids += 1;
    const id = `person-${this.#ids}`;
    const answer = this.#next(({ attrs }) => attrs['id'] === id);
    this.#send(xml('iq', { type, id, ...(to === undefined ? {} : { to }) }, child));
    return (await answer).toString().replaceAll(/ id="[^"]*"/g, '');
  }

  /** Waits until what is seen is so. */
  async sees(isSo: (seen: ReadonlyMap<string, Seen>) => boolean): Promise<void> {
    while (!isSo(this.seen)) await this.#next(({ name }) => name === 'presence');
  }

  close(): void {
    this.#socket.destroy();
  }

  /** The presences of our own kind that somebody sees. */
  get hipstatus(): Seen | undefined {
    return [...this.seen].find(([from]) => from.includes('/hipstatus-'))?.[1];
  }

  async #open(): Promise<void> {
    const parser = new xml.Parser();
    parser.on('element', (element: Element) => this.#heard(element));
    this.#socket.removeAllListeners('data').on('data', (data: Buffer) => parser.write(data.toString('utf8')));
    const features = this.#next(({ name }) => name === 'stream:features');
    this.#socket.write(
      `<?xml version='1.0'?><stream:stream to='${this.#domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
    );
    await features;
  }

  #heard(element: Element): void {
    const { name, attrs } = element;
    if (name === 'presence' && attrs['from'] !== undefined) {
      const { from, type = '' } = attrs;
      const text = (child: string) => element.getChild(child)?.text() ?? '';
      this.told.push({ from, type, show: text('show'), status: text('status') });
      if (type === 'unavailable') this.seen.delete(from);
      if (type === '')
        this.seen.set(from, { show: text('show'), status: text('status'), priority: Number(text('priority') || 0) });
    }
    for (const waiting of this.#waiting) {
      if (!waiting.wants(element)) continue;
      this.#waiting.delete(waiting);
      waiting.give(element);
    }
  }

  #next(wants: (element: Element) => boolean): Promise<Element> {
    return new Promise((resolve, reject) => {
      const onClose = () => reject(new Error('The person lost their connection.'));
      const timer = setTimeout(() => reject(new Error('The person waited in vain.')), PATIENCE);
      this.#socket.once('close', onClose);
      this.#waiting.add({
        wants,
        give: (found) => {
          clearTimeout(timer);
          this.#socket.off('close', onClose);
          resolve(found);
        },
      });
    });
  }

  #send(element: Element): void {
    this.#socket.write(element.toString());
  }
}

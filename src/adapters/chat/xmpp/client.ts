import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Element, Entity, Xml } from '@xmpp/client';
import { parseAnswer } from '../../http.ts';
import { type Address, addressOf, type Endpoint, endpointsOf, serverOf } from './address.ts';
import { cancelled, connectionLost, SERVICE, timedOut, xmppError } from './errors.ts';
import { OPENED, start, tame } from './library.ts';
import { type PresenceStanza, presenceStanza } from './schema.ts';
import { openSocket } from './socket.ts';
import { RESOURCE_PREFIX, type Saying } from './transform.ts';

export interface XmppDeps {
  /** The person's address (JID), such as `ada@example.com`. */
  readonly address: string;
  /** `xmpps://host:port` or `xmpp://host:port`; empty to ask the domain's DNS. */
  readonly server: string;
  /** Throws `AppError('unauthorized')` when there is none. */
  readonly password: () => Promise<string>;
  readonly now: () => number;
  /** Uniform in [0, 1): spreads new tries. Default `Math.random`. */
  readonly random?: () => number;
  /** Every authority that is trusted, as PEM; absent: Node's own list. Read at each connection. */
  readonly certificates?: () => readonly string[];
}

/** What a connection tells. */
export interface ConnectionEvents {
  /** One of the person's clients said something; never ours. */
  readonly onPresence: (resource: string, stanza: PresenceStanza) => void;
  /** It is over, by whatever cause but our own `close`. */
  readonly onLost: (error: unknown) => void;
}

/** To one server until signed in; milliseconds. */
const CONNECT_TIMEOUT = 12_000;
/** One answer of a server that was just there. */
const ANSWER_TIMEOUT = 5_000;
/** For the last words. */
const CLOSE_TIMEOUT = 1_500;
/** Below everything a server would send messages to (RFC 6121 section 4.7.2.3): the resource is there for the status only. */
const PRIORITY = '-1';

/** A signed-in connection. Nothing is said on it until `announce`. Throws `AppError` only. */
export class XmppConnection {
  readonly #entity: Entity;
  readonly #xml: Xml;
  readonly #socket: Socket;
  readonly #domain: string;
  readonly #waiting = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();
  #isOver = false;
  #pings = 0;

  private constructor(entity: Entity, xml: Xml, socket: Socket, domain: string) {
    this.#entity = entity;
    this.#xml = xml;
    this.#socket = socket;
    this.#domain = domain;
  }

  /** @param resource the last part of our own address on this connection */
  static async open(
    deps: XmppDeps,
    resource: string,
    events: ConnectionEvents,
    signal: AbortSignal,
  ): Promise<XmppConnection> {
    const address = addressOf(deps.address);
    const endpoints = deps.server.trim() === '' ? await endpointsOf(address.domain) : [serverOf(deps.server)];
    const password = await deps.password();
    const certificates = deps.certificates?.();
    const secureContext = certificates === undefined ? undefined : createSecureContext({ ca: [...certificates] });
    let failure: unknown = connectionLost();
    for (const endpoint of endpoints) {
      const timeout = AbortSignal.timeout(CONNECT_TIMEOUT);
      try {
        const given = AbortSignal.any([signal, timeout]);
        return await XmppConnection.#signIn(endpoint, address, password, resource, secureContext, events, given);
      } catch (thrown) {
        if (signal.aborted) throw cancelled();
        failure = timeout.aborted ? timedOut() : xmppError(thrown);
        // Only where a host is not there another one of the domain may be.
        if ((failure as { code: string }).code !== 'network' && !timeout.aborted) throw failure;
      }
    }
    throw failure;
  }

  static async #signIn(
    endpoint: Endpoint,
    { local, domain }: Address,
    password: string,
    resource: string,
    secureContext: SecureContext | undefined,
    events: ConnectionEvents,
    signal: AbortSignal,
  ): Promise<XmppConnection> {
    const { client, xml } = await import('@xmpp/client');
    const opened = await openSocket(endpoint, { domain, secureContext, xml, signal });
    const entity = client({
      service: OPENED,
      domain,
      resource,
      timeout: CONNECT_TIMEOUT,
      credentials: async (authenticate, mechanisms) => {
        // In plain text only on this machine (see openSocket), and even there the password itself is not sent.
        const mechanism = mechanisms.find((name) => name !== 'ANONYMOUS' && (opened.isSecure || name !== 'PLAIN'));
        if (mechanism === undefined) throw Object.assign(new Error(), { condition: 'SASL: No compatible' });
        await authenticate({ username: local, password }, mechanism);
      },
    });
    tame(entity, opened);
    const connection = new XmppConnection(entity, xml, opened.socket, domain);
    connection.#listen(events);
    const onAbort = () => connection.#end(cancelled());
    signal.addEventListener('abort', onAbort);
    try {
      await start(entity, domain);
      if (signal.aborted) throw cancelled();
      return connection;
    } catch (thrown) {
      connection.#end(thrown);
      throw xmppError(thrown);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Says it to everyone who may see the person's presence; from the first time on the person's clients are told of. */
  async announce({ show, text }: Saying): Promise<void> {
    const xml = this.#xml;
    await this.#send(
      xml(
        'presence',
        {},
        ...(show === null ? [] : [xml('show', {}, show)]),
        ...(text === '' ? [] : [xml('status', {}, text)]),
        xml('priority', {}, PRIORITY),
      ),
    );
  }

  /** Resolves when the server has dealt with all that was sent before (XEP-0199; any answer is one). */
  async ping(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    this.#pings += 1;
    const id = `ping-${this.#pings}`;
    const xml = this.#xml;
    let settle = (_error: unknown): void => undefined;
    const answer = new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      settle = reject;
    });
    const onAbort = () => settle(cancelled());
    const timer = setTimeout(() => settle(timedOut()), ANSWER_TIMEOUT);
    signal.addEventListener('abort', onAbort);
    try {
      const sent = this.#send(
        xml('iq', { type: 'get', id, to: this.#domain }, xml('ping', { xmlns: 'urn:xmpp:ping' })),
      );
      await Promise.all([sent, answer]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      this.#waiting.delete(id);
    }
  }

  /** Ends it in good order, or after a moment anyhow. Never throws. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    this.#isOver = true;
    this.#entity.write('</stream:stream>').then(
      () => this.#socket.end(),
      () => this.#socket.destroy(),
    );
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_TIMEOUT);
    await closed;
    clearTimeout(timer);
    this.#end(connectionLost());
  }

  /** Ends it at once. */
  drop(): void {
    this.#isOver = true;
    this.#end(connectionLost());
  }

  async #send(stanza: Element): Promise<void> {
    if (this.#isOver) throw connectionLost();
    try {
      await this.#entity.send(stanza);
    } catch (thrown) {
      throw xmppError(thrown);
    }
  }

  #listen({ onPresence, onLost }: ConnectionEvents): void {
    let cause: unknown = null;
    this.#entity.on('error', (error: unknown) => {
      cause ??= error;
    });
    this.#entity.on('disconnect', () => {
      const wasOver = this.#isOver;
      this.#end(cause ?? connectionLost());
      if (!wasOver) onLost(cause ?? connectionLost());
    });
    this.#entity.on('stanza', (stanza: Element) => {
      if (stanza.name === 'iq') this.#waiting.get(stanza.attrs['id'] ?? '')?.resolve();
      if (stanza.name !== 'presence') return;
      const [bare, resource = ''] = splitAddress(stanza.attrs['from'] ?? '');
      const isOwn = bare === this.#entity.jid?.bare().toString() && !resource.startsWith(RESOURCE_PREFIX);
      if (isOwn && resource !== '') onPresence(resource, parseAnswer(SERVICE, presenceStanza, fieldsOf(stanza)));
    });
  }

  /** Ends the socket and everything that waits for it, the library's own waiting and timers too. */
  #end(cause: unknown): void {
    this.#isOver = true;
    this.#socket.destroy();
    const error = xmppError(cause);
    for (const { reject } of this.#waiting.values()) reject(error);
    for (const { reject } of this.#entity.iqCaller.handlers.values()) reject(error);
    this.#entity.emit('error', error);
  }
}

/** The bare address and the resource, which may hold slashes itself. */
function splitAddress(full: string): [string, string] {
  const at = full.indexOf('/');
  return at < 0 ? [full, ''] : [full.slice(0, at), full.slice(at + 1)];
}

function fieldsOf(stanza: Element): unknown {
  const statuses = stanza.getChildren('status');
  // One may come in several languages; the one without a language is the server's default.
  const status = statuses.find(({ attrs }) => attrs['xml:lang'] === undefined) ?? statuses[0];
  return {
    from: stanza.attrs['from'],
    type: stanza.attrs['type'],
    show: stanza.getChild('show')?.text(),
    status: status?.text(),
    priority: stanza.getChild('priority')?.text(),
    isIdle:
      stanza.getChild('idle', 'urn:xmpp:idle:1') !== undefined ||
      stanza.getChild('query', 'jabber:iq:last') !== undefined,
  };
}

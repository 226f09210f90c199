import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { AppError, type ErrorCode } from '../../../core/appError.ts';
import type { ChatReading, Presence } from '../../../core/presence.ts';
import { XmppConnection, type XmppDeps } from './client.ts';
import { cancelled, connectionLost, xmppError } from './errors.ts';
import type { PresenceStanza } from './schema.ts';
import {
  type ClientPresence,
  type Clients,
  isPersonsWord,
  ownReading,
  RESOURCE_PREFIX,
  resting,
  type Saying,
  saidBy,
  toClient,
  toReading,
  toSay,
  toSaying,
} from './transform.ts';

/** How often a silent connection is asked whether it is still there; milliseconds. */
const PING_EVERY = 60_000;
/** How long clients have to answer the question who is there; servers hand these answers on from elsewhere. */
const LOOK_PATIENCE = 500;
/** A client that comes back within this time was only reconnecting: what we say is not taken back. */
const ABSENCE_PATIENCE = 60_000;
/** Waiting before new tries: doubled from the first to the longest. */
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 60_000;

/** What a new try by ourselves can't mend. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set(['unauthorized', 'forbidden', 'invalidInput', 'conflict', 'locked']);

/**
 * Our resource of one account: the same on this machine each time, so that a server that still keeps a dead connection of
 * ours replaces it.
 */
const resourceOf = (accountId: string): string =>
  RESOURCE_PREFIX + createHash('sha256').update(`${hostname()}\n${accountId}`).digest('hex').slice(0, 8);

interface Said {
  readonly presence: Presence;
  /** What the person's clients had said then. */
  readonly over: Clients;
}

/** The one connection of an account, and what we say on it. Throws `AppError` only. */
export class XmppSession {
  readonly #deps: XmppDeps;
  readonly #resource: string;
  readonly #stop = new AbortController();
  #connection: XmppConnection | null = null;
  #connecting: Promise<XmppConnection> | null = null;
  #clients = new Map<string, ClientPresence>();
  #onClient = (): void => undefined;
  /** What we say over the person's clients; null for nothing: then we say what they do. */
  #said: Said | null = null;
  /** What went out last on this connection. */
  #last: Saying | null = null;
  #tries = 0;
  #pingTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #absenceTimer: NodeJS.Timeout | undefined;

  constructor(accountId: string, deps: XmppDeps) {
    this.#deps = deps;
    this.#resource = resourceOf(accountId);
  }

  /** What the person shows: by their clients, and over them what we say. */
  async read(signal: AbortSignal): Promise<ChatReading> {
    const known = this.#connection;
    const connection = await this.#connected(signal);
    try {
      await connection.ping(signal);
    } catch (thrown) {
      // Sleep and dead networks tell nobody: a connection of before that is silent or gone is replaced at once.
      const { code } = xmppError(thrown);
      const isDead = connection === known && (code === 'timeout' || code === 'network');
      if (!isDead) throw thrown;
      this.#lose(connection);
      await (await this.#connected(signal)).ping(signal);
    }
    return this.#said === null ? toReading(this.#clients) : ownReading(this.#said.presence);
  }

  /** Says `wanted` over the person's clients, or nothing any more where they say so by themselves. */
  async write(wanted: Presence, before: ChatReading, signal: AbortSignal): Promise<void> {
    const connection = await this.#connected(signal);
    if (this.#clients.size === 0) {
      throw new AppError('conflict', 'You are offline in XMPP, so nothing was changed.', { reason: 'offline' });
    }
    const presence = toSay(wanted, before.presence.state, this.#clients);
    // Before it is sent: it may land and its answer be lost.
    this.#said = presence === null ? null : { presence, over: saidBy(this.#clients) };
    await this.#speak(connection);
    await connection.ping(signal);
  }

  /** Ends the connection, and with it what we said; never throws. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#said = null;
    this.#clearTimers();
    await this.#connecting?.catch(() => undefined);
    const connection = this.#connection;
    this.#connection = null;
    await connection?.close();
  }

  async #connected(signal: AbortSignal): Promise<XmppConnection> {
    if (signal.aborted) throw cancelled();
    if (this.#stop.signal.aborted) throw connectionLost();
    if (this.#connection !== null) return this.#connection;
    this.#connecting ??= this.#connect()
      .catch((thrown: unknown) => {
        this.#retryLater(thrown);
        throw thrown;
      })
      .finally(() => {
        this.#connecting = null;
      });
    const connecting = this.#connecting;
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(cancelled());
      signal.addEventListener('abort', onAbort);
      connecting.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  async #connect(): Promise<XmppConnection> {
    clearTimeout(this.#retryTimer);
    const { signal } = this.#stop;
    let opened: XmppConnection | null = null;
    let isLost = false;
    this.#clients = new Map();
    this.#last = null;
    const connection = await XmppConnection.open(
      this.#deps,
      this.#resource,
      {
        onPresence: (resource, stanza) => this.#heard(resource, stanza),
        // While signing in, what goes wrong is thrown below.
        onLost: (error) => {
          isLost = true;
          if (opened !== null) this.#lose(opened, error);
        },
      },
      signal,
    );
    try {
      await this.#arrive(connection);
      if (signal.aborted || isLost) throw connectionLost();
    } catch (thrown) {
      connection.drop();
      throw thrown;
    }
    opened = connection;
    this.#connection = connection;
    this.#tries = 0;
    this.#schedulePing();
    await this.#speak(connection);
    return connection;
  }

  /**
   * Says again what we said on the connection before, unless the person has said something since. Their clients are told
   * of in answer to the first thing that is said.
   */
  async #arrive(connection: XmppConnection): Promise<void> {
    const { signal } = this.#stop;
    await connection.announce(this.#said === null ? resting(this.#clients) : toSaying(this.#said.presence));
    await connection.ping(signal);
    if (this.#clients.size === 0) await this.#someClient();
    if (this.#said !== null && isPersonsWord(this.#said.over, this.#clients)) this.#said = null;
    this.#watchAbsence();
  }

  #someClient(): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#onClient = () => undefined;
        resolve();
      };
      const timer = setTimeout(settle, LOOK_PATIENCE);
      this.#onClient = settle;
    });
  }

  #heard(resource: string, stanza: PresenceStanza): void {
    if (stanza.type === undefined) this.#clients.set(resource, toClient(stanza));
    else if (stanza.type === 'unavailable') this.#clients.delete(resource);
    else return;
    this.#onClient();
    if (this.#connection === null) return;
    // The person has the last word: they must not be talked over.
    if (this.#said !== null && isPersonsWord(this.#said.over, this.#clients)) this.#said = null;
    this.#watchAbsence();
    this.#speakSoon();
  }

  /** What we say goes with the person, but not for a client that only reconnects. */
  #watchAbsence(): void {
    clearTimeout(this.#absenceTimer);
    if (this.#clients.size > 0 || this.#said === null) return;
    this.#absenceTimer = setTimeout(() => {
      this.#said = null;
      this.#speakSoon();
    }, ABSENCE_PATIENCE);
  }

  /** Makes sure that what is said is what should be. */
  async #speak(connection: XmppConnection): Promise<void> {
    const saying = this.#said === null ? resting(this.#clients) : toSaying(this.#said.presence);
    if (this.#last?.show === saying.show && this.#last.text === saying.text) return;
    this.#last = saying;
    await connection.announce(saying);
  }

  /** A connection that fails tells so itself. */
  #speakSoon(): void {
    if (this.#connection !== null) void this.#speak(this.#connection).catch(() => undefined);
  }

  #lose(connection: XmppConnection, error: unknown = connectionLost()): void {
    connection.drop();
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.#clearTimers();
    this.#retryLater(error);
  }

  /** While we say something, nobody hears it until we are back: so not only at the engine's next call. */
  #retryLater(error: unknown): void {
    if (this.#said === null || this.#stop.signal.aborted) return;
    if (HOPELESS.has(xmppError(error).code)) return;
    clearTimeout(this.#retryTimer);
    const wait = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#tries);
    this.#tries += 1;
    const delay = wait * (0.5 + (this.#deps.random ?? Math.random)());
    this.#retryTimer = setTimeout(() => {
      // When it fails the next one is planned already.
      this.#connected(this.#stop.signal).catch(() => undefined);
    }, delay);
  }

  #schedulePing(): void {
    clearTimeout(this.#pingTimer);
    this.#pingTimer = setTimeout(() => void this.#pingOnce(), PING_EVERY);
  }

  async #pingOnce(): Promise<void> {
    const connection = this.#connection;
    if (connection === null) return;
    try {
      await connection.ping(this.#stop.signal);
      if (this.#connection === connection) this.#schedulePing();
    } catch (thrown) {
      if (!this.#stop.signal.aborted) this.#lose(connection, thrown);
    }
  }

  #clearTimers(): void {
    clearTimeout(this.#pingTimer);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#absenceTimer);
  }
}

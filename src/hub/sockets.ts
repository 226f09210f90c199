import type { WebSocket } from 'ws';
import { SECOND } from '../core/time.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** RFC 6455 section 7.4.1 and the IANA registry. */
export const CLOSE = { restart: 1012, tryLater: 1013, policy: 1008, revoked: 4401 } as const;

const PING_EVERY = 30 * SECOND;

export interface SocketPoolOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Bytes that may wait for one socket. */
  readonly queueLimit: number;
}

/**
 * Sockets that are sent the same. What is sent to one waits in that socket's own queue; a socket whose queue grows too long, or that
 * answers no ping, is dropped, and the others notice nothing.
 */
export class SocketPool {
  readonly #options: SocketPoolOptions;
  /** Sockets, and whether each has given a sign of life since the last ping. */
  readonly #sockets = new Map<WebSocket, boolean>();
  #ping: Timer | null = null;
  #dropped = 0;

  constructor(options: SocketPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** Sockets that were too slow or silent so far. */
  get dropped(): number {
    return this.#dropped;
  }

  add(socket: WebSocket): void {
    const { logger, name } = this.#options;
    this.#sockets.set(socket, true);
    socket.on('ping', (data) => this.#answer(socket, data));
    socket.on('pong', () => this.#sockets.has(socket) && this.#sockets.set(socket, true));
    // A broken connection closes next; without a listener it would end the process.
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      if (!this.#sockets.delete(socket)) return;
      logger.info('Client disconnected', { pool: name, size: this.size });
    });
    logger.info('Client connected', { pool: name, size: this.size });
    this.#ping ??= this.#pingLater();
  }

  /** Sends to all, in the form that is prepared once. */
  broadcast(message: Buffer): void {
    for (const socket of this.#sockets.keys()) this.send(socket, message);
  }

  /** Sends to one, or drops it when it is too far behind. */
  send(socket: WebSocket, message: Buffer): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > this.#options.queueLimit) this.#drop(socket, 'slow');
    else socket.send(message, SEND_TEXT);
  }

  /** Whether half of what may wait for this one does. */
  isFull(socket: WebSocket): boolean {
    return socket.bufferedAmount > this.#options.queueLimit / 2;
  }

  /** Resolves when all that was sent to this one has gone out, or it is closed. */
  flushed(socket: WebSocket): Promise<void> {
    return new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      const done = (): void => {
        socket.off('close', done);
        resolve();
      };
      socket.once('close', done);
      // Frames go out in order: when the ping has, so has everything before it.
      socket.ping('', false, done);
    });
  }

  /** Asks all to come back later: they are told why, and whoever does not close is cut off. */
  async close(patience: number): Promise<void> {
    this.#ping?.stop();
    const open = [...this.#sockets.keys()];
    const closed = open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
    for (const socket of open) socket.close(CLOSE.restart, 'The hub restarts: please reconnect.');
    const timer = this.#options.clock.after(patience, () => {
      for (const socket of open) socket.terminate();
    });
    await Promise.all(closed);
    timer.stop();
  }

  #pingLater(): Timer {
    return this.#options.clock.after(PING_EVERY, () => {
      for (const [socket, isAlive] of this.#sockets) {
        if (!isAlive) {
          this.#drop(socket, 'silent');
          continue;
        }
        this.#sockets.set(socket, false);
        socket.ping();
      }
      this.#ping = this.#sockets.size > 0 ? this.#pingLater() : null;
    });
  }

  /** Who pings and does not read what comes back fills the queue as well. */
  #answer(socket: WebSocket, data: Buffer): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > this.#options.queueLimit) this.#drop(socket, 'slow');
    else socket.pong(data);
  }

  #drop(socket: WebSocket, why: 'slow' | 'silent'): void {
    this.#dropped += 1;
    this.#options.logger.warn('Client dropped', { pool: this.#options.name, why });
    // It does not read: a closing handshake would wait in the same queue.
    socket.terminate();
  }
}

const SEND_TEXT = { binary: false } as const;

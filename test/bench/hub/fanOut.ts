import { once } from 'node:events';
import { WebSocket } from 'ws';
import { sharedNow } from './protocol.ts';

const PATH = '/plugins/com.mattermost.outlook-presence/api/v1/ws';
/** Connections that are made at once. */
const AT_ONCE = 200;

/** One run of changes to many sockets. */
export interface FanOut {
  /** Milliseconds from the change being asked for to a socket having it, over all changes and sockets. */
  readonly p50: number;
  readonly p99: number;
  /** Changes a second, from the first being asked for to the last socket having the last one. */
  readonly perSecond: number;
}

/** Sockets that only count and note the time. */
export class Sockets {
  readonly #sockets: WebSocket[] = [];
  /** Called with the number of the socket. */
  #onMessage: (socket: number) => void = () => {};

  get size(): number {
    return this.#sockets.length;
  }

  async open(url: string, secret: string, count: number): Promise<void> {
    const address = `${url.replace('http', 'ws')}${PATH}?secret=${secret}`;
    while (this.#sockets.length < count) {
      const from = this.#sockets.length;
      const more = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => {
        const socket = new WebSocket(address, { perMessageDeflate: false, skipUTF8Validation: true });
        socket.on('message', () => this.#onMessage(from + i));
        return socket;
      });
      await Promise.all(more.map((socket) => once(socket, 'open')));
      this.#sockets.push(...more);
    }
  }

  /** Notes from now on when each socket gets each of so many changes; the function waits for all, given when they were asked for. */
  expect(changes: number): (startedAt: readonly number[]) => Promise<FanOut> {
    const expected = changes * this.size;
    // Row by row the arrivals of one change. Each socket gets the changes in order.
    const times = new Float64Array(expected);
    const had = new Uint32Array(this.size);
    let received = 0;
    const all = new Promise<void>((resolve) => {
      this.#onMessage = (socket) => {
        const change = had[socket] ?? 0;
        had[socket] = change + 1;
        times[change * this.size + socket] = sharedNow();
        received += 1;
        if (received === expected) resolve();
      };
    });
    return async (startedAt) => {
      await all;
      const delays = times.map((time, index) => time - (startedAt[Math.floor(index / this.size)] ?? 0)).sort();
      const first = startedAt[0] ?? 0;
      const last = times.reduce((latest, time) => Math.max(latest, time), 0);
      return { p50: at(delays, 0.5), p99: at(delays, 0.99), perSecond: (changes / (last - first)) * 1_000 };
    };
  }
}

const at = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

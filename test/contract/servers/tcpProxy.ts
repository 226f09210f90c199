import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be broken. */
export interface TcpProxy {
  readonly port: number;
  /** Ends the connections there are; new ones are let through. */
  drop(): void;
  /** Ends them and refuses new ones until the returned function is called. */
  cutOff(): () => void;
  /** What is sent next arrives, its answer does not. */
  loseAnswer(): void;
  /** Nothing gets through any more, either way. */
  freeze(): void;
  /** The same for the connections there are; new ones work. */
  stall(): void;
  close(): Promise<void>;
}

/** How long the server has to deal with what arrived before the line is cut. */
const DEAL_WITH = 300;

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const lost = new Set<readonly [Socket, Socket]>();
  const stalled = new WeakSet<readonly [Socket, Socket]>();
  let mode: 'open' | 'cut' | 'frozen' | 'losing' = 'open';
  const drop = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    pairs.clear();
  };
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      client.destroy();
      upstream.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.on('data', (data) => {
      if (mode === 'frozen' || stalled.has(pair)) return;
      upstream.write(data);
      if (mode !== 'losing') return;
      setTimeout(() => {
        mode = 'open';
        end();
        for (const other of lost) for (const socket of other) socket.destroy();
        lost.clear();
      }, DEAL_WITH);
    });
    upstream.on('data', (data) => {
      // No line loses a part and goes on: who has lost an answer gets nothing more.
      if (mode === 'losing') lost.add(pair);
      if (lost.has(pair)) return;
      if (mode === 'open' && !stalled.has(pair)) client.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    drop,
    cutOff() {
      mode = 'cut';
      drop();
      return () => {
        mode = 'open';
      };
    },
    loseAnswer() {
      mode = 'losing';
    },
    freeze() {
      mode = 'frozen';
    },
    stall() {
      for (const pair of pairs) stalled.add(pair);
    },
    async close() {
      drop();
      server.close();
      await once(server, 'close');
    },
  };
}

import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ForwardProxyOptions {
  /** `user:password`; without it the proxy asks for nothing. */
  readonly credentials?: string;
  /** What it does with a request that it lets in. Default: passes it on. */
  readonly manner?: 'pass' | 'refuse' | 'hangUp';
  /** Names that only this proxy knows, as ports of this machine. */
  readonly hosts?: Readonly<Record<string, number>>;
}

/** A real forward proxy on the loopback: CONNECT tunnels, and plain requests in absolute form. */
export interface ForwardProxy {
  readonly port: number;
  readonly url: string;
  /** `CONNECT host:port` or `GET http://…` of every request that it was asked for, in order. */
  readonly asked: readonly string[];
  /** Those that it let through. */
  readonly passed: readonly string[];
  close(): Promise<void>;
}

export async function startForwardProxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  const { credentials, manner = 'pass', hosts = {} } = options;
  const asked: string[] = [];
  const passed: string[] = [];
  const sockets = new Set<Socket>();
  const expected = credentials === undefined ? null : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const challenge = { 'proxy-authenticate': 'Basic realm="contoso"', 'content-length': '0' };

  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    asked.push(line);
    if (expected !== null && incoming.headers['proxy-authorization'] !== expected) {
      outgoing.writeHead(407, challenge).end();
      return;
    }
    if (manner !== 'pass') {
      outgoing.writeHead(403).end();
      return;
    }
    passed.push(line);
    const { 'proxy-authorization': _credentials, 'proxy-connection': _connection, ...headers } = incoming.headers;
    const url = new URL(incoming.url ?? '');
    const own = hosts[url.hostname];
    if (own !== undefined) url.host = `127.0.0.1:${own}`;
    const onward = request(url, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('connect', (incoming, socket, head: Buffer) => {
    const line = `CONNECT ${incoming.url}`;
    asked.push(line);
    if (manner === 'hangUp') {
      socket.destroy();
      return;
    }
    if (expected !== null && incoming.headers['proxy-authorization'] !== expected) {
      const headers = Object.entries(challenge).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${headers.join('')}\r\n`);
      return;
    }
    if (manner === 'refuse') {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    passed.push(line);
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const own = hosts[hostname];
    const onward = connect(own ?? Number(port), own === undefined ? hostname : '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy()).on('close', () => sockets.delete(onward));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${port}`,
    asked,
    passed,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer, request as requestTls } from 'node:https';

/** What passed. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly sent: number;
  readonly received: number;
}

/** Instead of passing a request on. */
export type ProxyFault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  | { readonly kind: 'drop' }
  /** Passed on after so many milliseconds. */
  | { readonly kind: 'late'; readonly milliseconds: number };

/** A host in front of a server: it notes what passes, and can fail. */
export interface HttpsProxy {
  readonly url: string;
  readonly passed: Passed[];
  /** For the next request, or the next that `matches`. */
  fail(fault: ProxyFault, matches?: (method: string, path: string) => boolean): void;
  /** No fault waits, nothing is noted. */
  clear(): void;
  close(): Promise<void>;
}

export interface HttpsProxyOptions {
  readonly key: string;
  readonly cert: string;
  readonly target: { readonly port: number; readonly isTls: boolean; readonly ca?: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
}

export async function startHttpsProxy({
  key,
  cert,
  target,
  host = '127.0.0.1',
}: HttpsProxyOptions): Promise<HttpsProxy> {
  const passed: Passed[] = [];
  let faults: { readonly fault: ProxyFault; readonly matches: (method: string, path: string) => boolean }[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const pass = (asked: IncomingMessage, answer: ServerResponse) => {
    const { method = '', url: path = '' } = asked;
    let [sent, received] = [0, 0];
    const send = target.isTls ? requestTls : request;
    const onward = send(
      {
        host: '127.0.0.1',
        port: target.port,
        method,
        path,
        headers: asked.headers,
        ...(target.ca ? { ca: target.ca } : {}),
      },
      (found) => {
        answer.writeHead(found.statusCode ?? 502, found.headers);
        found.on('data', (part: Buffer) => {
          received += part.length;
        });
        found.on('end', () => passed.push({ method, path, status: found.statusCode ?? 0, sent, received }));
        found.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    asked.on('data', (part: Buffer) => {
      sent += part.length;
    });
    asked.pipe(onward);
  };

  const server = createServer({ key, cert }, (asked, answer) => {
    const { method = '', url: path = '' } = asked;
    const due = faults.find(({ matches }) => matches(method, path));
    faults = faults.filter((fault) => fault !== due);
    switch (due?.fault.kind) {
      case 'drop':
        asked.socket.destroy();
        return;
      case 'answer':
        asked.resume();
        answer.writeHead(due.fault.status, due.fault.headers).end(due.fault.body);
        return;
      case 'late':
        timers.add(setTimeout(() => pass(asked, answer), due.fault.milliseconds));
        return;
      default:
        pass(asked, answer);
    }
  }).listen(0, host);
  await once(server, 'listening');
  return {
    url: `https://${host}:${(server.address() as { port: number }).port}`,
    passed,
    fail: (fault, matches = () => true) => void faults.push({ fault, matches }),
    clear() {
      faults = [];
      passed.length = 0;
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

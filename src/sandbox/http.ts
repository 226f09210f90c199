import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createFaults, type Fault } from './faults.ts';
import { createJournal, type Journal, redact, redactFields, redactHeaders } from './journal.ts';
import type { SandboxCertificate } from './tls.ts';

/** A request as a handler sees it. */
export interface SandboxRequest {
  method: string;
  /** Path as sent, without the query. */
  path: string;
  query: URLSearchParams;
  headers: NodeJS.Dict<string | string[]>;
  /** Form fields; empty when the body is no form. */
  form: URLSearchParams;
  /** The JSON body, or undefined when there is none or it does not parse. */
  json: unknown;
  rawBody: string;
  /** The body as it came; `rawBody` is the same as UTF-8. */
  bytes: Buffer;
  /** A `:name` part of the route's pattern, percent-decoded. */
  param(name: string): string;
  /** The token of `Authorization: Bearer …`. */
  bearer: string | undefined;
}

/** What a handler answers: an object or array becomes JSON, a string goes as it is. */
export interface SandboxAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export type Handler = (request: SandboxRequest) => SandboxAnswer | Promise<SandboxAnswer>;

export interface ServiceOptions {
  name: string;
  /** 0 (the default) takes any free port. */
  port?: number;
  /** With a certificate the service speaks TLS only. */
  tls?: SandboxCertificate;
  journal?: Journal;
  now?: () => number;
  /** Tried in order; `*` as a whole pattern takes everything. Key: `METHOD /path/:part`. */
  routes: Record<string, Handler>;
  notFound: Handler;
  /** Headers on every answer, e.g. a request id. */
  common?: (request: SandboxRequest) => Record<string, string>;
}

/** A running stand-in: its address, what passed through it, and trouble on demand. */
export interface Service {
  readonly name: string;
  /** `http(s)://localhost:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly journal: Journal;
  /** Injects trouble; returns the way to take it back. */
  fail(fault: Fault): () => void;
  clearFaults(): void;
  close(): Promise<void>;
}

export interface Route {
  method: string;
  parts: string[];
  handler: Handler;
}

const MAX_BODY = 1_000_000;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The first route that fits, and its `:name` parts. */
export function matchRoute(routes: readonly Route[], method: string, path: string) {
  const parts = path.split('/').map(decode);
  for (const route of routes) {
    if (route.method !== '*' && route.method !== method) continue;
    if (route.parts[0] === '*') return { route, params: new Map<string, string>() };
    if (route.parts.length !== parts.length) continue;
    const params = new Map<string, string>();
    const same = route.parts.every((pattern, index) => {
      const part = parts[index] ?? '';
      if (!pattern.startsWith(':')) return pattern === part;
      params.set(pattern.slice(1), part);
      return part !== '';
    });
    if (same) return { route, params };
  }
  return undefined;
}

/** Routes as `matchRoute` takes them. */
export const compileRoutes = (routes: Record<string, Handler>): Route[] =>
  Object.entries(routes).map(([key, handler]): Route => {
    const [method = '', pattern = ''] = key.split(' ');
    return { method, parts: pattern.split('/'), handler };
  });

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new Error('body too large for the sandbox');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toRequest(incoming: IncomingMessage, url: URL, bytes: Buffer): Omit<SandboxRequest, 'param'> {
  const rawBody = bytes.toString('utf8');
  const type = incoming.headers['content-type'] ?? '';
  const bearer = /^Bearer\s+(\S+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    form: new URLSearchParams(type.includes('x-www-form-urlencoded') ? rawBody : ''),
    json: type.includes('json') ? parseJson(rawBody) : undefined,
    rawBody,
    bytes,
    bearer,
  };
}

function journalBody(request: Omit<SandboxRequest, 'param'>): unknown {
  if (request.rawBody === '') return undefined;
  if (request.form.size > 0) return redactFields(request.form);
  return request.json === undefined ? request.rawBody : redact(request.json);
}

/** What goes over the wire, and what the journal keeps of it. */
function render(
  answer: SandboxAnswer,
  keeps: boolean,
): { headers: Record<string, string>; text: string; kept: unknown } {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = value;
  if (answer.body === undefined) return { headers, text: '', kept: undefined };
  if (typeof answer.body === 'string') {
    headers['content-type'] ??= 'text/plain; charset=utf-8';
    const title = /<title>(.*?)<\/title>/s.exec(answer.body)?.[1];
    const isPage = headers['content-type'].includes('html');
    const parsed = headers['content-type'].includes('json') ? parseJson(answer.body) : undefined;
    return { headers, text: answer.body, kept: isPage ? `[page] ${title ?? ''}` : (redact(parsed) ?? answer.body) };
  }
  headers['content-type'] ??= 'application/json; charset=utf-8';
  return { headers, text: JSON.stringify(answer.body), kept: keeps ? redact(structuredClone(answer.body)) : undefined };
}

/** Starts a stand-in on the loopback interface. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const journal = options.journal ?? createJournal();
  const now = options.now ?? Date.now;
  const faults = createFaults();
  const waits = new Set<() => void>();
  const routes = compileRoutes(options.routes);
  let closing = false;

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waits.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      waits.add(done);
    });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const at = now();
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const bare = toRequest(incoming, url, await readBody(incoming));
    const found = matchRoute(routes, bare.method, bare.path);
    const request: SandboxRequest = { ...bare, param: (name) => found?.params.get(name) ?? '' };
    const fault = faults.take(bare.method, decode(bare.path));
    if (fault?.delayMs !== undefined) await wait(fault.delayMs);
    if (closing) return void outgoing.destroy();

    const handler = found?.route.handler ?? options.notFound;
    const dropBefore = fault?.drop === true || fault?.drop === 'before';
    const answer: SandboxAnswer = dropBefore
      ? { status: 0 }
      : fault?.status !== undefined && fault.drop !== 'after'
        ? { status: fault.status, headers: fault.headers ?? {}, body: fault.body }
        : await handler(request);
    const dropped = dropBefore || fault?.drop === 'after';
    const whole = { ...answer, headers: { ...options.common?.(request), ...answer.headers } };
    const { headers, text, kept } = render(whole, journal.keeps);
    journal.record({
      service: options.name,
      method: bare.method,
      path: bare.path,
      query: redactFields(bare.query),
      headers: redactHeaders(incoming.headers),
      body: journalBody(bare),
      status: dropped ? 0 : answer.status,
      responseHeaders: dropped ? {} : redactHeaders(headers),
      responseBody: dropped ? undefined : kept,
      at,
      injected: fault?.status !== undefined || dropped,
    });
    if (dropped) return void outgoing.destroy();
    outgoing.writeHead(answer.status, headers);
    outgoing.end(bare.method === 'HEAD' ? '' : text);
  }

  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    handle(incoming, outgoing).catch((error: unknown) => {
      // A fault of the stand-in itself must be loud in a test, not look like the service's own trouble.
      if (outgoing.headersSent) return void outgoing.destroy();
      outgoing.writeHead(599, { 'content-type': 'text/plain' });
      outgoing.end(`sandbox ${options.name} broke: ${String(error)}`);
      return undefined;
    });
  };
  const server = options.tls ? createHttpsServer({ ...options.tls }, listener) : createHttpServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    name: options.name,
    url: `${options.tls ? 'https' : 'http'}://localhost:${port}`,
    port,
    journal,
    fail: faults.add,
    clearFaults: faults.clear,
    async close() {
      if (closing) return;
      closing = true;
      for (const done of [...waits]) done();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

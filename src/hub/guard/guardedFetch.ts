import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { retryAfterOf } from '../../adapters/http.ts';
import { AppError } from '../../core/appError.ts';
import { networkReason } from '../../core/networkErrors.ts';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import { reachOf } from './addresses.ts';

/** All addresses of a host name, as `dns.lookup` with `all` gives them. */
export type Resolve = (
  hostname: string,
  onResolved: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface GuardOptions {
  readonly clock: Clock;
  /** Private and loopback addresses too, and http as well as https. What nobody may reach stays out of reach. */
  readonly allowPrivate: boolean;
  /** Default: as the system resolves names. */
  readonly resolve?: Resolve;
  /** Certificates (PEM) of authorities to trust instead of Node's. */
  readonly ca?: string;
}

export interface GuardedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Milliseconds for everything: names, connection, answer. */
  readonly timeout: number;
  /** Bytes of the answer's body at most; 0: nobody reads it. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface GuardedAnswer {
  /** A redirect (3xx) is an answer like another: it is not followed. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** Milliseconds of Retry-After; null when it was not said. */
  readonly retryAfter: number | null;
}

/** Calls addresses that others chose, and only where such a call may go. */
export interface GuardedFetch {
  /**
   * The address, read as browsers read it, if it may be called as far as can be seen without asking for its name. Throws
   * `AppError('invalidInput')` otherwise.
   */
  check(address: string): URL;
  /**
   * Throws `AppError`: `invalidInput` with reason `refusedAddress` for where no call may go, `network`, `timeout`, `cancelled`,
   * `badResponse` for a body that is too long.
   */
  request(address: string, request: GuardedRequest): Promise<GuardedAnswer>;
  close(): Promise<void>;
}

/** The reason of an address that may not be called. */
export const REFUSED = 'refusedAddress';

const refused = (message: string): AppError => new AppError('invalidInput', message, { reason: REFUSED });

/** What the connector is told when a name leads where no call may go; undici hands it on as the cause. */
class RefusedName extends Error {
  override readonly name = 'RefusedName';
}

const resolveBySystem: Resolve = (hostname, onResolved) =>
  // In the resolver's own order: which family works is found out by connecting.
  systemLookup(hostname, { all: true, verbatim: true }, (error, addresses) => onResolved(error, addresses ?? []));

/** A header of an answer has 16 kB at most (undici's own limit is the same); so have all of them together. */
const MAX_HEADERS = 16_384;
const KEPT_ALIVE = 30 * SECOND;
/** What is read of a body nobody wants, so that the connection can be used again. */
const DRAINED = 16_384;

/**
 * A `GuardedFetch`. A name is resolved once for each connection: every address it has is looked at, one that is out of bounds refuses
 * them all, and the connection goes to those that were looked at. So no second answer of the name server can lead elsewhere. An
 * address without a name is not resolved and is looked at before.
 */
export function createGuardedFetch(options: GuardOptions): GuardedFetch {
  const { clock, allowPrivate, resolve = resolveBySystem, ca } = options;
  const mayReach = (address: string): boolean => {
    const reach = reachOf(address);
    return reach === 'public' || (reach === 'private' && allowPrivate);
  };
  const lookup: LookupFunction = (hostname, { all, family }, callback) => {
    resolve(hostname, (error, found) => {
      if (error !== null) return callback(error, []);
      if (found.length === 0 || !found.every(({ address }) => mayReach(address))) {
        return callback(new RefusedName('The name leads where no call may go.'), []);
      }
      const fitting = family === 4 || family === 6 ? found.filter((one) => one.family === family) : found;
      const [first] = fitting;
      if (first === undefined) return callback(notFound(), []);
      return all ? callback(null, [...fitting]) : callback(null, first.address, first.family);
    });
  };
  const agent = new Agent({
    connect: { lookup, timeout: 10 * SECOND, ...(ca === undefined ? {} : { ca }) },
    // The time limit is the request's, over everything.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEPT_ALIVE,
    keepAliveMaxTimeout: KEPT_ALIVE,
    maxHeaderSize: MAX_HEADERS,
    pipelining: 1,
  });

  const check = (address: string): URL => {
    const url = parse(address);
    if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
      throw refused('The address must begin with https://.');
    }
    if (url.username !== '' || url.password !== '') {
      throw refused('The address may hold no user name or password. Use the signature to know who calls.');
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !mayReach(host))
      throw refused('This address leads where no call may go. Use a public one.');
    return url;
  };

  const request = async (address: string, wanted: GuardedRequest): Promise<GuardedAnswer> => {
    const url = check(address);
    const limit = new AbortController();
    const timer = clock.after(wanted.timeout, () => limit.abort());
    const signal = wanted.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, wanted.signal]);
    try {
      const { statusCode, headers, body } = await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: wanted.method,
        headers: { ...wanted.headers },
        body: wanted.body ?? null,
        signal,
      });
      const read = wanted.maxBytes > 0 ? await readUpTo(body, wanted.maxBytes) : await drain(body, signal);
      const retryAfter = retryAfterOf(single(headers['retry-after']), clock.now()) ?? null;
      return { status: statusCode, headers, body: read, retryAfter };
    } catch (cause) {
      if (wanted.signal?.aborted === true) throw new AppError('cancelled', 'The call was given up.');
      if (limit.signal.aborted) throw new AppError('timeout', 'There was no answer in time.');
      throw errorOf(cause);
    } finally {
      timer.stop();
    }
  };

  return { check, request, close: () => agent.destroy() };
}

function parse(address: string): URL {
  // Control characters and blanks would be dropped silently.
  if (!URL.canParse(address) || /[\p{Cc}\s]/u.test(address))
    throw refused('That is no address. Send one such as https://example.com/hook.');
  return new URL(address);
}

const single = (header: string | readonly string[] | undefined): string | null =>
  (typeof header === 'string' ? header : header?.[0]) ?? null;

const notFound = (): NodeJS.ErrnoException => Object.assign(new Error('No address.'), { code: 'ENOTFOUND' });

type Body = Awaited<ReturnType<Agent['request']>>['body'];

/** Reads a body nobody wants, as far as the connection is worth it. What goes wrong there changes nothing: the status is known. */
async function drain(body: Body, signal: AbortSignal): Promise<Buffer> {
  await body.dump({ limit: DRAINED, signal }).catch(() => undefined);
  return Buffer.alloc(0);
}

async function readUpTo(body: Body, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > limit)
      throw new AppError('badResponse', 'The answer is longer than it may be.', { reason: 'tooLong' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The error of a call, without the address: that may hold a secret. */
function errorOf(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (causes(cause).some((one) => one instanceof RefusedName)) {
    return refused('The name of this address leads where no call may go.');
  }
  const reason = networkReason(cause);
  const code = reason === 'timeout' ? 'timeout' : 'network';
  return new AppError(code, 'There was no answer from this address.', reason === null ? {} : { reason });
}

/** What was thrown and what it says it comes from. */
function causes(thrown: unknown, depth = 0): readonly unknown[] {
  if (!(thrown instanceof Error) || depth > 4) return [];
  const tried = thrown instanceof AggregateError ? thrown.errors : [];
  return [thrown, ...[thrown.cause, ...tried].flatMap((one) => causes(one, depth + 1))];
}

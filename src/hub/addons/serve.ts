import { hostname } from 'node:os';
import formbody from '@fastify/formbody';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createPlainLogger } from '../../adapters/node/plainLogger.ts';
import { systemClock } from '../../adapters/node/systemClock.ts';
import { AppError } from '../../core/appError.ts';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { createGuardedFetch } from '../guard/guardedFetch.ts';
import { sendError, useErrors } from '../http/errors.ts';
import { securityHeaders, useSecurityHeaders } from '../http/headers.ts';
import type { Documents } from '../store/port.ts';
import { createRedisStore } from '../store/redis/store.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { Addon } from './addon.ts';
import { addonRoutes } from './http/routes.ts';
import { memoryDocuments } from './memoryDocuments.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Unlike that of a hub, which may be on the same Redis. */
const REDIS_PREFIX = 'hipstatus-addon';

/** An id of an installation has at most 90 characters, some of them encoded. */
const LONGEST_PARAMETER = 300;

export interface ServeOptions {
  /** Default: `PORT`, else 5000. 0 for any free one. */
  readonly port?: number;
  /** Default: `HOST`, else 127.0.0.1. */
  readonly host?: string;
  /** How chat servers reach it. Default: `AC_BASE_URL`, else this machine's name and the port. */
  readonly baseUrl?: string;
  /** Where installations are kept: a folder, or the address of a Redis (default: `AC_DATA`), or anything with the functions of `Documents`. Default: in memory. */
  readonly store?: string | Documents;
  /** Whether chat servers may have private and loopback addresses, and speak http. Default: whether `AC_ALLOW_PRIVATE` is 1. */
  readonly allowPrivate?: boolean;
  /** Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes of a request's body at most. Default: 65,536. */
  readonly bodyLimit?: number;
  /** Milliseconds until a request has to be there as a whole. Default: 20,000. */
  readonly requestTimeout?: number;
  /** Told where it is once it listens. Default: standard output. */
  readonly say?: (line: string) => void;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

export interface ServedAddon {
  /** Where it listens, such as `http://127.0.0.1:5000`. */
  readonly address: string;
  /** Where chat servers find its descriptor. */
  readonly descriptorUrl: string;
  close(): Promise<void>;
}

/** Serves one add-on by itself. Throws `AppError` when it can't. */
export async function serveAddon(addon: Addon, options: ServeOptions = {}): Promise<ServedAddon> {
  const { env = process.env, clock = systemClock, bodyLimit = 65_536, requestTimeout = 20 * SECOND } = options;
  const logger = options.logger ?? createPlainLogger({ stream: process.stderr, level: 'info', now: () => clock.now() });
  const host = options.host ?? env['HOST'] ?? '127.0.0.1';
  const port = options.port ?? portOf(env['PORT']);
  const given = checkBase(options.baseUrl ?? env['AC_BASE_URL']);
  const allowPrivate = options.allowPrivate ?? env['AC_ALLOW_PRIVATE'] === '1';
  const outbound = createGuardedFetch({ clock, allowPrivate });
  const store = await openDocuments(options.store ?? env['AC_DATA'], clock);
  const headers = securityHeaders(given?.startsWith('https:') ?? false);
  const app = fastify({
    logger: false,
    bodyLimit,
    requestTimeout,
    keepAliveTimeout: 65 * SECOND,
    // Node looks for requests that are late this often.
    http: { connectionsCheckingInterval: Math.min(requestTimeout, 5 * SECOND) },
    forceCloseConnections: true,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // Their own words quote the address, which holds signed requests.
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendError(reply.headers(headers), new AppError('invalidInput', 'This address can not be read.'), logger),
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = Math.min(requestTimeout, 15 * SECOND);
  useErrors(app, logger);
  useSecurityHeaders(app, headers);
  await app.register(formbody, { bodyLimit });
  const name = LOOPBACK.test(host) ? 'localhost' : hostname();
  const baseUrl = (): string => given ?? `http://${name}:${portIn(app) ?? port}`;
  const close = async (): Promise<void> => {
    await app.close();
    await outbound.close();
    await store.close();
  };
  try {
    const routes = addonRoutes(addon, { documents: store.documents, outbound, clock, logger, baseUrl });
    await app.register(async (server) => routes(server));
    const address = await app.listen({ host, port });
    (options.say ?? sayOnOutput)(`Public descriptor base URL: ${baseUrl()}`);
    return { address, descriptorUrl: `${baseUrl()}/capabilities`, close };
  } catch (cause) {
    await close();
    if (cause instanceof AppError) throw cause;
    throw new AppError('unavailable', `The add-on can't listen at ${host}:${port}. Is it taken? Set PORT.`, { cause });
  }
}

const sayOnOutput = (line: string): void => void process.stdout.write(`${line}\n`);

function portIn(app: FastifyInstance): number | null {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return 5_000;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new AppError('invalidInput', 'PORT is a number from 0 to 65535.');
}

function checkBase(given: string | undefined): string | null {
  if (given === undefined || given === '') return null;
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return given.replace(/\/+$/, '');
  throw new AppError('invalidInput', 'AC_BASE_URL is the address of the add-on, such as https://addon.example.com.');
}

async function openDocuments(
  store: string | Documents | undefined,
  clock: Clock,
): Promise<{ readonly documents: Documents; readonly close: () => Promise<void> }> {
  if (store === undefined || store === '') return { documents: memoryDocuments(), close: async () => {} };
  if (typeof store !== 'string') return { documents: store, close: async () => {} };
  if (/^rediss?:\/\//.test(store)) {
    const redis = createRedisStore({ url: store, prefix: REDIS_PREFIX, feedLength: 1_000, clock });
    return { documents: redis.documents, close: () => redis.close() };
  }
  const opened = await openSqliteStore({ folder: store, clock });
  return { documents: opened.documents, close: () => opened.close() };
}

import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestHookHandler,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import { AppError } from '../../core/appError.ts';
import { MINUTE, SECOND } from '../../core/time.ts';
import type { Logger } from '../../ports/logger.ts';
import { measureRequests } from '../metrics.ts';
import type { Sessions } from '../sessions.ts';
import type { HubSettings } from '../settings.ts';
import type { Tokens } from '../tokens.ts';
import { actorOf, checkScopes } from './actor.ts';
import { refuseUnreadable, sendError, useErrors } from './errors.ts';
import { securityHeaders, useSecurityHeaders } from './headers.ts';
import { networkOf } from './network.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts a wrong token or secret of this address; throws `rateLimited` when there were too many. */
    countFailure(request: FastifyRequest): Promise<void>;
  }
}

export interface ServerDeps {
  readonly settings: HubSettings;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly logger: Logger;
  /** Where several hubs count requests together; null: each counts its own. */
  readonly limits: Redis | null;
  readonly metrics: Registry;
  readonly patience?: RequestPatience;
}

/** How long a request may take to come, in milliseconds. */
export interface RequestPatience {
  readonly headers: number;
  /** Headers and body. */
  readonly request: number;
  /** How often it is looked for those that are too late. */
  readonly look: number;
  /** How long a connection may stand still while an answer is sent. */
  readonly stall: number;
}

const PATIENCE: RequestPatience = {
  headers: 15 * SECOND,
  request: 20 * SECOND,
  look: 5 * SECOND,
  stall: 60 * SECOND,
};

/** The parts that make up the hub, each a set of routes. */
export type Routes = (app: FastifyInstance) => void | Promise<void>;

/** An empty server with all that holds for every route: limits, headers, errors, who asks. */
export async function createServer(deps: ServerDeps, routes: readonly Routes[]): Promise<FastifyInstance> {
  const { settings, logger, patience = PATIENCE } = deps;
  const headers = securityHeaders(settings.tls !== null || settings.HUB_BEHIND_PROXY);
  const slow = {
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    connectionsCheckingInterval: patience.look,
  };
  const options = {
    logger: false,
    trustProxy: settings.HUB_BEHIND_PROXY ? settings.HUB_TRUSTED_PROXIES.split(',').map((one) => one.trim()) : false,
    bodyLimit: settings.HUB_BODY_LIMIT,
    requestTimeout: patience.request,
    connectionTimeout: patience.stall,
    keepAliveTimeout: 65 * SECOND,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseUnreadable(headers),
    // Their own words quote the address, which may hold a secret.
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendError(reply.headers(headers), new AppError('invalidInput', 'This address can not be read.'), logger),
  } as const;
  // The type of an instance names its server; the routes need not know which it is.
  const app: FastifyInstance =
    settings.tls === null
      ? fastify({ ...options, http: slow })
      : (fastify({
          ...options,
          https: { ...settings.tls, ...slow, handshakeTimeout: patience.headers },
        }) as unknown as FastifyInstance);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  useErrors(app, logger);
  useSecurityHeaders(app, headers);
  measureRequests(app, deps.metrics, logger);
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: settings.HUB_BODY_LIMIT });
  await app.register(websocket, {
    // The pools answer pings, as far as the answers are read.
    options: {
      maxPayload: settings.HUB_BODY_LIMIT,
      perMessageDeflate: false,
      clientTracking: false,
      autoPong: false,
    },
    // The pools close their sockets, with a code that says reconnect.
    preClose: (done) => done(),
  });
  await useActors(app, deps);
  for (const register of routes) await app.register(register);
  return app;
}

/** An email address has at most 254 characters (RFC 5321), some of them encoded. */
const LONGEST_PARAMETER = 400;

async function useActors(app: FastifyInstance, { settings, tokens, sessions, limits }: ServerDeps): Promise<void> {
  app.decorateRequest('actor', null);
  await app.register(rateLimit, {
    global: false,
    timeWindow: MINUTE,
    cache: 20_000,
    max: (request) => (request.actor === null ? settings.HUB_RATE_ADDRESS : settings.HUB_RATE_TOKEN),
    keyGenerator: (request) => request.actor?.id ?? networkOf(request.ip),
    // Headers on every answer would cost more than the counting. Who is refused is told how long to wait.
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
    ...(limits === null
      ? {}
      : { redis: limits, nameSpace: `{${settings.HUB_REDIS_PREFIX}}:limit:`, skipOnError: true }),
  });
  const failures = app.createRateLimit({
    max: settings.HUB_RATE_FAILURES,
    timeWindow: MINUTE,
    keyGenerator: (request) => `failed:${networkOf(request.ip)}`,
  });
  app.decorate('countFailure', async (request: FastifyRequest) => {
    const limit = await failures(request);
    if (!limit.isAllowed && limit.isExceeded) throw tooMany(limit.ttl);
  });
  app.addHook('onRequest', (request, _reply, done) => {
    // Most requests of Outlook's provider bring neither: they are not made to wait a turn.
    if (request.headers.authorization === undefined && request.headers.cookie === undefined) return done();
    actorOf(request, tokens, sessions)
      .then((actor) => {
        request.actor = actor;
      })
      .catch(async (thrown: unknown) => {
        // A store that is away says nothing about a token.
        if (thrown instanceof AppError && thrown.code === 'unauthorized') await request.server.countFailure(request);
        throw thrown;
      })
      .then(() => done(), done);
  });
  const limit = app.rateLimit();
  app.addHook('onRoute', (route) => {
    const { scopes, rateLimit: limited, isKnownLater = false } = route.config ?? {};
    // Counted first, so that those who may not are counted too; and before a body is read of them.
    const hook = isKnownLater ? 'preHandler' : 'onRequest';
    const own = [route[hook] ?? []].flat() as onRequestHookHandler[];
    const check: onRequestHookHandler = (request, _reply, done) => {
      checkScopes(request.actor, scopes ?? []);
      done();
    };
    route[hook] = [
      ...(limited === undefined ? [limit] : []),
      ...(scopes === undefined ? [] : [check]),
      ...own,
    ] as onRequestHookHandler[];
  });
}

const tooMany = (retryAfter: number): AppError =>
  new AppError('rateLimited', 'Too many requests. Wait as long as Retry-After says.', { retryAfter });

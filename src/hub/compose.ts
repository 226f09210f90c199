import type { FastifyInstance } from 'fastify';
import { systemClock } from '../adapters/node/systemClock.ts';
import { AppError } from '../core/appError.ts';
import { HOUR, SECOND } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ApiDeps } from './api/deps.ts';
import { feedRoutes, type Stream } from './api/feedRoutes.ts';
import { API_BASE, describeApi, descriptionRoutes } from './api/openapi.ts';
import { peopleRoutes } from './api/peopleRoutes.ts';
import { presenceRoutes } from './api/presences.ts';
import { type Commands, openCommands } from './commands/open.ts';
import { commandRoutes } from './commands/routes.ts';
import { storageRoutes } from './commands/storageRoutes.ts';
import { HubFeed } from './feed.ts';
import { operationRoutes } from './http/operations.ts';
import { createServer } from './http/server.ts';
import { createMetrics } from './metrics.ts';
import { outlookRoutes } from './outlook/routes.ts';
import { Presences } from './presences.ts';
import { Roster } from './roster.ts';
import { Sessions } from './sessions.ts';
import type { HubSettings } from './settings.ts';
import { SocketPool } from './sockets.ts';
import { type Opened, openStore } from './store/open.ts';
import type { HubStore } from './store/port.ts';
import { Tokens } from './tokens.ts';

export interface HubOptions {
  readonly settings: HubSettings;
  readonly logger: Logger;
  /** HipStatus's own, such as `2.0.0`. */
  readonly version: string;
  readonly clock?: Clock;
}

/** A running hub. */
export interface Hub {
  /** Where it listens, such as `http://127.0.0.1:8427`. */
  readonly address: string;
  readonly app: FastifyInstance;
  readonly store: HubStore;
  readonly tokens: Tokens;
  readonly presences: Presences;
  readonly roster: Roster;
  readonly feed: HubFeed;
  readonly commands: Commands;
  /** Ends everything in order: no new requests, sockets are asked to reconnect, then the store. */
  close(): Promise<void>;
}

/** Builds a hub and has it listen: the only place that says `new`. Throws `AppError`. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { settings, clock = systemClock } = options;
  const opened = await openStore(settings, clock);
  try {
    return await listen({ ...options, clock }, opened);
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

async function listen(
  { settings, logger, clock, version }: HubOptions & { readonly clock: Clock },
  { store, limits, close: closeStore }: Opened,
): Promise<Hub> {
  const roster = new Roster();
  const feed = new HubFeed({ store, roster, clock, logger: logger.named('feed') });
  const now = () => clock.now();
  const tokens = new Tokens(store.documents, now);
  const sessions = new Sessions(store.documents, tokens, now);
  const presences = new Presences({
    store,
    roster,
    clock,
    logger: logger.named('presences'),
    reportTimeout: settings.HUB_REPORT_TIMEOUT * SECOND,
    keepEvents: settings.HUB_FEED_HOURS * HOUR,
  });
  const poolOf = (name: string) =>
    new SocketPool({ name, clock, logger: logger.named('sockets'), queueLimit: settings.HUB_SOCKET_QUEUE });
  const pools = { outlook: poolOf('outlook'), api: poolOf('api') };
  const streams = new Set<Stream>();
  const checkRoom = (): void => {
    if (pools.outlook.size + pools.api.size + streams.size < settings.HUB_MAX_SOCKETS) return;
    throw new AppError('unavailable', 'This hub has as many sockets as it may. Try again later.', {
      retryAfter: 5 * SECOND,
    });
  };
  let isStopping = false;
  const checkReady = async (): Promise<void> => {
    if (isStopping) throw new AppError('unavailable', 'The hub is stopping.');
    if (!feed.isReady) throw new AppError('unavailable', 'The hub is still reading everybody.');
    await store.check();
  };
  await feed.start();
  const metrics = createMetrics({ roster, feed, pools, streams });
  const commands = await openCommands({ settings, store, metrics, clock, logger: logger.named('commands') }).catch(
    (thrown: unknown) => {
      feed.stop();
      throw thrown;
    },
  );
  const api: ApiDeps = {
    settings,
    roster,
    feed,
    presences,
    store,
    tokens,
    pool: pools.api,
    streams,
    clock,
    logger,
    checkRoom,
  };
  const app = await createServer({ settings, tokens, sessions, logger: logger.named('http'), limits, metrics }, [
    operationRoutes({ checkReady, metrics }),
    commandRoutes({ settings, ...commands, clock, logger: logger.named('commands') }),
    outlookRoutes({ settings, roster, feed, presences, pool: pools.outlook, clock, checkRoom }),
    async (server) => {
      await describeApi(server, version);
      const storageApi = storageRoutes(commands.runStorageCommand);
      for (const routes of [presenceRoutes(api), peopleRoutes(api), feedRoutes(api), storageApi, descriptionRoutes]) {
        await server.register(routes, { prefix: API_BASE });
      }
    },
  ]);
  presences.start();
  const address = await app.listen({ host: settings.HUB_HOST, port: settings.HUB_PORT }).catch((cause: unknown) => {
    throw new AppError(
      'unavailable',
      `The hub can't listen at ${settings.HUB_HOST}:${settings.HUB_PORT}. Is it taken? Set HUB_PORT.`,
      { cause },
    );
  });
  logger.info('Listening', { address });
  return {
    address,
    app,
    store,
    tokens,
    presences,
    roster,
    feed,
    commands,
    close: async () => {
      isStopping = true;
      const patience = settings.HUB_SHUTDOWN_SECONDS * SECOND;
      presences.stop();
      await Promise.all([app.close(), commands.close(), ...Object.values(pools).map((pool) => pool.close(patience))]);
      feed.stop();
      await closeStore();
    },
  };
}

import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '../adapters/node/systemClock.ts';
import { AppError } from '../core/appError.ts';
import { HOUR, SECOND } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Addon } from './addons/addon.ts';
import { createStatusAddon } from './addons/builtin/status/index.ts';
import { checkAddons, loadAddons } from './addons/load.ts';
import { mountAddons } from './addons/mount.ts';
import type { ApiDeps } from './api/deps.ts';
import { feedRoutes, type Stream } from './api/feedRoutes.ts';
import { API_BASE, describeApi, descriptionRoutes } from './api/openapi.ts';
import { peopleRoutes } from './api/peopleRoutes.ts';
import { presenceRoutes } from './api/presences.ts';
import { syncRoutes } from './api/syncRoutes.ts';
import { webhookRoutes } from './api/webhookRoutes.ts';
import { wordRoutes } from './api/words.ts';
import { type Commands, openCommands } from './commands/open.ts';
import { commandRoutes } from './commands/routes.ts';
import { storageRoutes } from './commands/storageRoutes.ts';
import { HubFeed } from './feed.ts';
import { createGuardedFetch } from './guard/guardedFetch.ts';
import { openHosts } from './hosts/open.ts';
import { atMostEvery, operationRoutes } from './http/operations.ts';
import { pageRoutes } from './http/page.ts';
import { createServer, type RequestPatience } from './http/server.ts';
import { sessionRoutes } from './http/session.ts';
import { createMetrics } from './metrics.ts';
import { outlookRoutes } from './outlook/routes.ts';
import { Presences } from './presences.ts';
import { Roster } from './roster.ts';
import { Sessions } from './sessions.ts';
import type { HubSettings } from './settings.ts';
import { SocketPool } from './sockets.ts';
import { type Opened, openStore } from './store/open.ts';
import type { HubStore } from './store/port.ts';
import { openOrgSync } from './sync/open.ts';
import type { OrgSync } from './sync/orgSync.ts';
import { tellProgress } from './sync/progress.ts';
import { registerSyncMetrics } from './sync/prometheus.ts';
import { Tokens } from './tokens.ts';
import { createDelivery } from './webhooks/delivery.ts';
import { WebhookDispatcher } from './webhooks/dispatcher.ts';
import { createWebhookMetrics } from './webhooks/metrics.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import { createWords } from './words.ts';

export interface HubOptions {
  readonly settings: HubSettings;
  readonly logger: Logger;
  /** HipStatus's own, such as `2.0.0`. */
  readonly version: string;
  readonly clock?: Clock;
  /** Served besides those that the settings name. */
  readonly addons?: readonly Addon[];
  /** Default: 20 seconds for a request. */
  readonly patience?: RequestPatience;
}

/** The built page. Two folders above this file is the package, for the sources and for the bundle out/hub/main.js alike. */
const PAGE_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'out', 'hub', 'page');

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
  /** Null where the settings don't want it. */
  readonly orgSync: OrgSync | null;
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
  { settings, logger, clock, version, addons: ownAddons = [], patience }: HubOptions & { readonly clock: Clock },
  { store, limits, close: closeStore }: Opened,
): Promise<Hub> {
  const addons = [...ownAddons, ...(await loadAddons(settings.HUB_ADDONS, process.cwd()))];
  checkAddons(addons);
  // This hub among all on the same store.
  const id = randomUUID().slice(0, 8);
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
  const checkStore = atMostEvery(SECOND, () => store.check(), now);
  const checkReady = async (): Promise<void> => {
    if (isStopping) throw new AppError('unavailable', 'The hub is stopping.');
    if (!feed.isReady) throw new AppError('unavailable', 'The hub is still reading everybody.');
    await checkStore();
  };
  await feed.start();
  const metrics = createMetrics({ roster, feed, pools, streams });
  const commands = await openCommands({ settings, store, metrics, clock, logger: logger.named('commands') }).catch(
    (thrown: unknown) => {
      feed.stop();
      throw thrown;
    },
  );
  const guard = createGuardedFetch({ clock, allowPrivate: settings.HUB_ALLOW_PRIVATE_WEBHOOKS });
  const chatServers = createGuardedFetch({ clock, allowPrivate: settings.HUB_ALLOW_PRIVATE_ADDONS });
  const { observe, onDeadLetter, watch } = createWebhookMetrics(metrics);
  const webhooks = new Webhooks({ store, guard, clock });
  const deliver = createDelivery({ guard, clock, version, observe });
  const dispatcher = new WebhookDispatcher({
    store,
    feed,
    webhooks,
    deliver,
    clock,
    logger: logger.named('webhooks'),
    owner: id,
    onDeadLetter,
  });
  watch(() => dispatcher.stats(), now);
  const status = createStatusAddon({
    roster,
    feed,
    store,
    words: createWords({ presences, store, clock }),
    clock,
    logger: logger.named('status'),
    owner: id,
  });
  const hosts = openHosts({
    settings,
    addons: settings.HUB_STATUS_ADDON === '0' ? addons : [...addons, status],
    commands,
    documents: store.documents,
    clock,
    logger: logger.named('hosts'),
  });
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
  const server = { settings, tokens, sessions, logger: logger.named('http'), limits, metrics };
  const app = await createServer({ ...server, ...(patience === undefined ? {} : { patience }) }, [
    operationRoutes({ checkReady, metrics }),
    commandRoutes({ settings, ...commands, clock, logger: logger.named('commands') }),
    pageRoutes(PAGE_FOLDER),
    sessionRoutes({ settings, roster, tokens, sessions }),
    outlookRoutes({ settings, roster, feed, presences, pool: pools.outlook, clock, checkRoom }),
    async (plain) => {
      await describeApi(plain, version);
      for (const routes of [
        presenceRoutes(api),
        peopleRoutes(api),
        feedRoutes(api),
        wordRoutes(api),
        syncRoutes(api),
        storageRoutes(commands.runStorageCommand),
        webhookRoutes({ webhooks, deliver, refresh: () => dispatcher.refresh() }),
        descriptionRoutes,
      ]) {
        await plain.register(routes, { prefix: API_BASE });
      }
    },
    hosts.routes,
    mountAddons(settings.HUB_STATUS_ADDON === '1' ? [...addons, status] : addons, {
      documents: store.documents,
      outbound: chatServers,
      clock,
      logger: logger.named('addons'),
      hubUrl: settings.HUB_BASE_URL ?? null,
      servers: settings.HUB_ADDON_SERVERS,
      groups: settings.HUB_ADDON_GROUPS,
    }),
  ]);
  const begin = async (): Promise<Pick<Hub, 'address' | 'orgSync'>> => {
    const { HUB_HOST: host, HUB_PORT: port } = settings;
    const address = await app.listen({ host, port }).catch((cause: unknown) => {
      const message = `The hub can't listen at ${host}:${port}. Is it taken? Set HUB_PORT.`;
      throw new AppError('unavailable', message, { cause });
    });
    presences.start();
    dispatcher.start();
    return { address, orgSync: openOrgSync({ settings, store, clock, logger: logger.named('sync') }) };
  };
  const { address, orgSync } = await begin().catch(async (thrown: unknown) => {
    // A hub that did not come up leaves no server and no timer behind.
    feed.stop();
    presences.stop();
    const opened = [app, commands, guard, hosts, chatServers];
    await Promise.all([dispatcher.stop(0), ...opened.map((one) => one.close())]);
    throw thrown;
  });
  if (orgSync !== null) registerSyncMetrics(metrics, orgSync.metrics, clock);
  const stopTelling = orgSync === null ? () => {} : tellProgress(store.documents, orgSync.metrics, clock);
  logger.info('Listening', { address, id });
  return {
    address,
    app,
    store,
    tokens,
    presences,
    roster,
    feed,
    commands,
    orgSync,
    close: async () => {
      isStopping = true;
      const patience = settings.HUB_SHUTDOWN_SECONDS * SECOND;
      presences.stop();
      stopTelling();
      await orgSync?.close();
      // Such as a connection over which nothing was ever asked: nobody would end it.
      const cut = clock.after(patience, () => app.server.closeAllConnections());
      await Promise.all([
        app.close(),
        commands.close(),
        dispatcher.stop(patience),
        ...Object.values(pools).map((pool) => pool.close(patience)),
      ]);
      cut.stop();
      await Promise.all([guard.close(), hosts.close(), chatServers.close()]);
      feed.stop();
      await closeStore();
    },
  };
}

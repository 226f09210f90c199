import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Addon } from '../addons/addon.ts';
import type { Commands } from '../commands/open.ts';
import { createGuardedFetch } from '../guard/guardedFetch.ts';
import type { HubSettings } from '../settings.ts';
import type { Documents } from '../store/port.ts';
import { createHostCommands } from './commands.ts';
import { mattermostRoutes } from './mattermost.ts';
import { Seen } from './seen.ts';
import { slackRoutes } from './slack.ts';
import { slackApi } from './slackApi.ts';

type HostSettings = Pick<
  HubSettings,
  | 'HUB_SLACK_SIGNING_SECRET'
  | 'HUB_SLACK_BOT_TOKEN'
  | 'HUB_SLACK_TEAMS'
  | 'HUB_SLACK_API'
  | 'HUB_MATTERMOST_TOKENS'
  | 'HUB_MATTERMOST_URL'
  | 'HUB_ALLOW_PRIVATE_ADDONS'
>;

export interface HostsDeps {
  readonly settings: HostSettings;
  readonly addons: readonly Addon[];
  readonly commands: Pick<Commands, 'runCommand' | 'names'>;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Serves commands to the chats that the settings name. */
export function openHosts({ settings, addons, commands: scripts, documents, clock, logger }: HostsDeps): {
  readonly routes: (app: FastifyInstance) => Promise<void>;
  readonly close: () => Promise<void>;
} {
  const { HUB_SLACK_SIGNING_SECRET: secret, HUB_SLACK_BOT_TOKEN: token, HUB_MATTERMOST_TOKENS: tokens } = settings;
  const allowLoopback = settings.HUB_ALLOW_PRIVATE_ADDONS;
  const slackGuard = createGuardedFetch({ clock, allowPrivate: allowLoopback });
  // Whoever runs the hub has said where Mattermost is, and nothing goes elsewhere: it may be within the network.
  const mattermostGuard = createGuardedFetch({ clock, allowPrivate: true });
  const seen = new Seen(documents, () => clock.now());
  const commands = createHostCommands({ addons, runCommand: scripts.runCommand, scripts: scripts.names, logger });
  const shared = { commands, seen, clock, logger };
  return {
    routes: async (app) => {
      if (secret !== undefined) {
        const api =
          token === undefined ? null : slackApi({ address: settings.HUB_SLACK_API, token, guard: slackGuard });
        const routes = slackRoutes({
          ...shared,
          secret,
          teams: settings.HUB_SLACK_TEAMS,
          api,
          guard: slackGuard,
          allowLoopback,
        });
        await app.register(async (server) => routes(server));
      }
      if (tokens.length > 0) {
        const routes = mattermostRoutes({
          ...shared,
          tokens,
          url: settings.HUB_MATTERMOST_URL ?? null,
          guard: mattermostGuard,
        });
        await app.register(async (server) => routes(server));
      }
    },
    close: async () => {
      await Promise.all([slackGuard.close(), mattermostGuard.close()]);
    },
  };
}

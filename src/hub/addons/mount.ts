import type { FastifyInstance } from 'fastify';
import type { Addon } from './addon.ts';
import { addonRoutes } from './http/routes.ts';
import type { AddonDeps } from './runtime.ts';

export interface MountDeps extends Omit<AddonDeps, 'baseUrl' | 'groups' | 'servers'> {
  /** How others reach the hub; null: where it listens. */
  readonly hubUrl: string | null;
  /** Only these may install add-ons; empty for all. */
  readonly groups: readonly number[];
  readonly servers: readonly string[];
}

/** Add-ons within a hub, each at `/addons/` and its key. */
export function mountAddons(addons: readonly Addon[], deps: MountDeps): (app: FastifyInstance) => Promise<void> {
  const { hubUrl, groups, servers, ...rest } = deps;
  return async (app) => {
    for (const addon of addons) {
      const prefix = `/addons/${addon.key}`;
      const routes = addonRoutes(addon, {
        ...rest,
        baseUrl: () => `${(hubUrl ?? listeningAt(app)).replace(/\/+$/, '')}${prefix}`,
        groups: groups.length === 0 ? null : groups,
        servers: servers.length === 0 ? null : servers,
      });
      await app.register(async (server) => routes(server), { prefix });
    }
  };
}

/** Before the server listens nobody asks: what is made then is only looked at. */
const listeningAt = (app: FastifyInstance): string => (app.server.listening ? app.listeningOrigin : 'http://localhost');

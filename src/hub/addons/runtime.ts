import { AppError } from '../../core/appError.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Documents } from '../store/port.ts';
import { AccessTokens } from './accessTokens.ts';
import type { Addon } from './addon.ts';
import type { AddonHost } from './calls.ts';
import { type Api, createApi } from './client/api.ts';
import { type AddonClient, createClient } from './client/client.ts';
import { describeAddon } from './describe.ts';
import type { AddonScope, Descriptor } from './descriptor.ts';
import { Installations } from './installation.ts';
import { CHAT, type Outbound } from './outbound.ts';
import { type TenantRecord, Tenants, tenantOf } from './tenants.ts';

export interface AddonDeps {
  /** Where installations are kept. */
  readonly documents: Documents;
  /** The guarded way to chat servers. */
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The add-on's own address as chat servers reach it, without a slash at its end. */
  readonly baseUrl: () => string;
  /** Only these groups and servers may install it; null or absent for all. */
  readonly groups?: readonly number[] | null;
  readonly servers?: readonly string[] | null;
}

/** An add-on with all that it needs to work, but for a server. */
export interface AddonRuntime {
  readonly addon: Addon;
  readonly describe: () => Descriptor;
  readonly tenants: Tenants;
  readonly installations: Installations;
  /** @param roomId the room of the call; null for none */
  readonly client: (tenant: TenantRecord, roomId: number | null) => AddonClient;
  readonly host: AddonHost;
}

export function createRuntime(addon: Addon, deps: AddonDeps): AddonRuntime {
  const { documents, outbound, clock, logger, groups = null, servers = null } = deps;
  const now = () => clock.now();
  const describe = describer(addon, deps.baseUrl);
  const tenants = new Tenants(addon.key, documents, now);
  const tokens = new AccessTokens({
    outbound,
    now,
    onGone: async ({ oauthId }) => {
      logger.warn('A chat server knows an installation no more: it is removed', { addon: addon.key });
      await installations.uninstall(oauthId);
    },
  });
  const scopesOr = (scopes: readonly AddonScope[] | null) =>
    scopes ?? describe().capabilities.hipchatApiConsumer?.scopes ?? [];
  const client = (tenant: TenantRecord, roomId: number | null): AddonClient =>
    createClient((scopes) => createApi({ tenant, scopes: scopesOr(scopes), tokens, outbound, now }), roomId);
  /** What works by itself keeps a tenant for long: its installation is read for each call. */
  const lateApi = (oauthId: string, scopes: readonly AddonScope[] | null): Api => {
    const api = async () => {
      const tenant = await tenants.get(oauthId);
      if (tenant !== null) return createApi({ tenant, scopes: scopesOr(scopes), tokens, outbound, now });
      throw new AppError('notFound', `${CHAT} has uninstalled this add-on.`, { reason: 'uninstalled' });
    };
    return {
      get: async (path, schema) => (await api()).get(path, schema),
      send: async (method, path, body) => (await api()).send(method, path, body),
    };
  };
  const lifeCall = (record: TenantRecord) => ({
    tenant: tenantOf(record, now),
    client: client(record, record.roomId),
  });
  const note = (what: string, { groupId, roomId }: TenantRecord): void =>
    logger.info(what, { addon: addon.key, group: groupId, isGlobal: roomId === null });
  const { install, uninstall } = addon.parts.handlers;
  const installations = new Installations({
    addon,
    describe,
    groups,
    servers,
    tenants,
    tokens,
    outbound,
    now,
    onInstall: async (record) => {
      for (const handler of install) await handler(lifeCall(record));
      note('Installed', record);
    },
    onUninstall: async (record) => {
      note('Uninstalled', record);
      for (const handler of uninstall) {
        // It is gone, whatever a handler makes of it.
        await Promise.resolve(lifeCall(record))
          .then(handler)
          .catch(() => logger.warn('A handler of "uninstall" failed', { addon: addon.key }));
      }
    },
  });
  const host: AddonHost = {
    tenants: async () => (await tenants.list()).map((record) => tenantOf(record, now)),
    client: ({ oauthId, roomId: own }, roomId) => createClient((scopes) => lateApi(oauthId, scopes), roomId ?? own),
  };
  return { addon, describe, tenants, installations, client, host };
}

/** The descriptor is made once for an address. */
function describer(addon: Addon, baseUrl: () => string): () => Descriptor {
  let made: { readonly base: string; readonly descriptor: Descriptor } | null = null;
  return () => {
    const base = baseUrl();
    if (made?.base !== base) made = { base, descriptor: describeAddon(addon, base) };
    return made.descriptor;
  };
}

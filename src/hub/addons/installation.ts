import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { parseAnswer } from '../../adapters/http.ts';
import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import type { AccessTokens } from './accessTokens.ts';
import type { Addon } from './addon.ts';
import type { AddonScope, Descriptor } from './descriptor.ts';
import { CALL_TIMEOUT, CHAT, errorOf, jsonOf, MAX_ANSWER, type Outbound } from './outbound.ts';
import { oauthIdSchema, originsOf, type TenantRecord, type Tenants } from './tenants.ts';

const numberSchema = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/** What a chat server sends to install an add-on ("Server-side installation"). */
const installationSchema = z.object({
  capabilitiesUrl: z.string().min(1).max(2_000),
  oauthId: oauthIdSchema,
  // HMAC takes any length; one that can be guessed lets anybody sign.
  oauthSecret: z.string().min(8).max(500),
  groupId: numberSchema,
  roomId: numberSchema.nullish(),
});
type Installation = z.output<typeof installationSchema>;

/** The capabilities document of a chat server (specs/hipchat.yaml, `Capabilities`). */
const hostSchema = z.object({
  links: z.object({ self: z.string(), api: z.url().optional(), homepage: z.url().optional() }),
  capabilities: z.object({
    oauth2Provider: z.object({ tokenUrl: z.url() }),
    hipchatApiProvider: z.object({ url: z.url().optional() }).optional(),
  }),
});

export interface InstallationDeps {
  readonly addon: Addon;
  readonly describe: () => Descriptor;
  /** Restrictions of who serves the add-on, besides the add-on's own; null for none. */
  readonly groups: readonly number[] | null;
  readonly servers: readonly string[] | null;
  readonly tenants: Tenants;
  readonly tokens: AccessTokens;
  readonly outbound: Outbound;
  readonly now: () => Instant;
  /** Before an installation is accepted; throws to refuse it. */
  readonly onInstall: (tenant: TenantRecord) => Promise<void>;
  readonly onUninstall: (tenant: TenantRecord) => Promise<void>;
}

/** The comings and goings of an add-on's installations. */
export class Installations {
  readonly #deps: InstallationDeps;

  constructor(deps: InstallationDeps) {
    this.#deps = deps;
  }

  /** Checks an installation and keeps it. Throws `AppError` when it is not accepted; then nothing is kept. */
  async install(body: unknown): Promise<TenantRecord> {
    const { tenants, tokens, now } = this.#deps;
    const installation = this.#read(body);
    const before = await tenants.find(installation.oauthId);
    if (before !== null) checkSame(before.record, installation);
    const record = await this.#tenant(installation);
    const scopes = this.#scopes();
    const token = scopes.length === 0 ? null : await tokens.request(record, scopes);
    if (token !== null && token.groupId !== null && token.groupId !== record.groupId) {
      throw new AppError('forbidden', `${CHAT} says that this installation is of another group.`, { reason: 'group' });
    }
    await tenants.put({ ...record, installedAt: before?.record.installedAt ?? now() }, before?.version ?? 0);
    if (token !== null) tokens.keep(record, scopes, token);
    try {
      await this.#deps.onInstall(record);
    } catch (thrown) {
      if (before === null) {
        await tenants.delete(record.oauthId);
        tokens.forget(record);
      }
      throw thrown;
    }
    return record;
  }

  /** The other way to install: the document is behind an address that can be read once. */
  async installFrom(address: string): Promise<TenantRecord> {
    return this.install(await this.#fetch(address));
  }

  /** @returns what was removed; null when there was nothing */
  async uninstall(oauthId: string): Promise<TenantRecord | null> {
    const { tenants, tokens, onUninstall } = this.#deps;
    const record = await tenants.get(oauthId);
    if (record === null || !(await tenants.delete(oauthId))) return null;
    tokens.forget(record);
    await onUninstall(record);
    return record;
  }

  /**
   * The other way to uninstall: which installation it is says a document of its chat server. Throws `forbidden` for a document that
   * lies elsewhere.
   */
  async uninstallFrom(address: string): Promise<TenantRecord | null> {
    const { tenants } = this.#deps;
    const fetched = parseAnswer(CHAT, installationSchema.pick({ oauthId: true }), await this.#fetch(address));
    const record = await tenants.get(fetched.oauthId);
    if (record === null) return null;
    if (!originsOf(record).includes(new URL(address).origin)) {
      throw new AppError('forbidden', 'Only the chat server that installed an add-on can uninstall it.');
    }
    return this.uninstall(record.oauthId);
  }

  #read(body: unknown): Installation {
    const parsed = installationSchema.safeParse(body);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join('.') || 'the body';
      throw new AppError('invalidInput', `The installation is not right in ${field}.`, { reason: field });
    }
    const { groupId, roomId, capabilitiesUrl } = parsed.data;
    const { groups, servers, addon } = this.#deps;
    const { installable } = this.#deps.describe().capabilities;
    if (roomId == null ? installable?.allowGlobal === false : installable?.allowRoom === false) {
      const how = roomId == null ? 'in a single room' : 'for all rooms';
      throw new AppError('forbidden', `This add-on can only be installed ${how}.`, { reason: 'place' });
    }
    for (const allowed of [groups, addon.parts.options.groups]) {
      if (allowed != null && !allowed.includes(groupId)) {
        throw new AppError('forbidden', 'This add-on is not for this group.', { reason: 'group' });
      }
    }
    for (const allowed of [servers, addon.parts.options.servers]) {
      if (allowed == null || (URL.canParse(capabilitiesUrl) && allowed.includes(new URL(capabilitiesUrl).origin)))
        continue;
      throw new AppError('forbidden', 'This add-on is not for this chat server.', { reason: 'server' });
    }
    return parsed.data;
  }

  async #tenant({ capabilitiesUrl, oauthId, oauthSecret, groupId, roomId }: Installation): Promise<TenantRecord> {
    const { links, capabilities } = parseAnswer(CHAT, hostSchema, await this.#fetch(capabilitiesUrl));
    if (links.self !== capabilitiesUrl) {
      throw new AppError('invalidInput', 'The document at capabilitiesUrl names another address as its own.', {
        reason: 'selfLink',
      });
    }
    const api = capabilities.hipchatApiProvider?.url ?? links.api;
    if (api === undefined) {
      throw new AppError('badResponse', `${CHAT} does not say where its API is.`, { reason: 'links.api' });
    }
    return {
      oauthId,
      oauthSecret,
      groupId,
      roomId: roomId ?? null,
      capabilitiesUrl,
      tokenUrl: capabilities.oauth2Provider.tokenUrl,
      apiUrl: api.replace(/\/+$/, ''),
      homepage: links.homepage ?? null,
      installedAt: this.#deps.now(),
    };
  }

  #scopes(): readonly AddonScope[] {
    return this.#deps.describe().capabilities.hipchatApiConsumer?.scopes ?? [];
  }

  async #fetch(address: string): Promise<unknown> {
    const { outbound, now } = this.#deps;
    const answer = await outbound.request(address, {
      method: 'GET',
      headers: { accept: 'application/json' },
      timeout: CALL_TIMEOUT,
      maxBytes: MAX_ANSWER,
    });
    if (answer.status !== 200) throw errorOf(answer, now());
    return jsonOf(answer);
  }
}

/** Ids are given once. Who says the id of another must know its secret and come from the same server: else they would take it over. */
function checkSame(before: TenantRecord, { oauthSecret, capabilitiesUrl }: Installation): void {
  const [known, given] = [Buffer.from(before.oauthSecret), Buffer.from(oauthSecret)];
  const isSame = known.length === given.length && timingSafeEqual(known, given);
  if (isSame && before.capabilitiesUrl === capabilitiesUrl) return;
  throw new AppError('conflict', 'There is an installation of this id already. Uninstall it first.');
}

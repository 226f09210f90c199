import { AppError } from '../../core/appError.ts';
import type {
  AnonymousHandler,
  CommandHandler,
  GlanceHandler,
  LifeHandler,
  PageHandler,
  RouteHandler,
  RouteMethod,
  StartHandler,
  WebhookHandler,
} from './calls.ts';
import { COMMAND, commandPattern, overWebhook } from './command.ts';
import {
  type AddonScope,
  type Icon,
  type PartialDescriptor,
  partialDescriptorSchema,
  type WebhookEvent,
} from './descriptor.ts';
import { checked } from './messages.ts';
import { patternText } from './pattern.ts';

export interface AddonOptions extends PartialDescriptor {
  /** What it asks of the chat server. */
  readonly scopes?: readonly AddonScope[];
  /** The name that its notifications carry. Default: `name`. */
  readonly fromName?: string;
  readonly avatar?: string | Icon;
  /** Whether it may be installed in one room. Default: yes. */
  readonly allowRoom?: boolean;
  /** Whether it may be installed for all rooms at once. Default: yes. */
  readonly allowGlobal?: boolean;
  /** Only these groups (HipChat's ids) may install it. Default: all. */
  readonly groups?: readonly number[];
  /** Only these chat servers, by the origin of their capabilities, such as `https://chat.example.com`. Default: all. */
  readonly servers?: readonly string[];
  /** Origins whose pages may read the add-on's answers, besides the chat server's own. */
  readonly allowOrigins?: readonly string[];
}

export interface WebhookOptions {
  readonly event: WebhookEvent;
  /** Which messages are meant. Chat servers know no flags; `i` is written out. */
  readonly pattern?: RegExp | string;
  /** Below the add-on's address. Default: `/webhook/` and the key. */
  readonly path?: string;
  /** Whether the server signs what it sends. `none`: whoever knows the installation's id can send. Default: jwt. */
  readonly auth?: 'jwt' | 'none';
  /** Default: the event, with a number from the second on. */
  readonly key?: string;
  readonly name?: string;
}

export interface PageOptions {
  readonly key: string;
  readonly name: string;
  /** Below the add-on's address. Default: from the key. */
  readonly path?: string;
}
export interface WebPanelOptions extends PageOptions {
  /** Default: `hipchat.sidebar.right`. */
  readonly location?: string;
  readonly icon?: string | Icon;
}
export interface DialogOptions extends PageOptions {
  /** HipChat's `options`, such as `{size: {width: '400px', height: '200px'}}`. */
  readonly options?: Readonly<Record<string, unknown>>;
}
export interface GlanceOptions extends PageOptions {
  readonly icon: string | Icon;
  /** The key of the web panel, dialog or external page that a click opens. */
  readonly target: string;
  readonly conditions?: readonly { readonly condition: string }[];
}
export interface ConfigureOptions {
  /** Default: `/configure`. */
  readonly path?: string;
  readonly allowAccessToRoomAdmins?: boolean;
}
export interface RouteOptions {
  readonly path: string;
  /** Default: GET. */
  readonly method?: RouteMethod;
}

export type Webhook = Required<Pick<WebhookOptions, 'event' | 'path' | 'auth' | 'key'>> & {
  readonly pattern: string | null;
  readonly name: string;
  readonly handler: WebhookHandler;
};
export type Page = Readonly<{ path: string; handler: PageHandler }> &
  (
    | ({ readonly kind: 'webPanel' } & WebPanelOptions)
    | ({ readonly kind: 'dialog' } & DialogOptions)
    | ({ readonly kind: 'configurable' } & ConfigureOptions)
  );
export type Glance = GlanceOptions & { readonly path: string; readonly handler: GlanceHandler | null };
export type Route = Required<RouteOptions> &
  (
    | { readonly anonymous: false; readonly handler: RouteHandler }
    | { readonly anonymous: true; readonly handler: AnonymousHandler }
  );

/** A command, and the webhook that HipChat gives it with. */
export type AddonCommand = Readonly<{ name: string; webhook: string; handler: CommandHandler }>;

/** What has been said of an add-on, for those who serve it. */
export interface AddonParts {
  readonly options: AddonOptions;
  readonly webhooks: Webhook[];
  readonly commands: AddonCommand[];
  readonly pages: Page[];
  readonly glances: Glance[];
  readonly routes: Route[];
  readonly handlers: {
    readonly install: LifeHandler[];
    readonly uninstall: LifeHandler[];
    readonly start: StartHandler[];
  };
}

/** An add-on: a description and its handlers, without a server. */
export interface Addon {
  readonly key: string;
  readonly parts: AddonParts;
  webhook(options: WebhookOptions, handler: WebhookHandler): Addon;
  /** `/name …` in any chat: for HipChat a webhook, in Slack and Mattermost where the hub serves them. */
  command(name: string, handler: CommandHandler): Addon;
  configurePage(handler: PageHandler, options?: ConfigureOptions): Addon;
  webPanel(options: WebPanelOptions, handler: PageHandler): Addon;
  dialog(options: DialogOptions, handler: PageHandler): Addon;
  /** Without a handler it shows only what is pushed. */
  glance(options: GlanceOptions, handler?: GlanceHandler): Addon;
  route(options: RouteOptions & { readonly anonymous: true }, handler: AnonymousHandler): Addon;
  route(options: RouteOptions & { readonly anonymous?: false }, handler: RouteHandler): Addon;
  /** `install`: before it is accepted; throw to refuse it. */
  on(event: 'install' | 'uninstall', handler: LifeHandler): Addon;
  /** When the server is up. */
  on(event: 'start', handler: StartHandler): Addon;
}

const PATH = /^\/[\w./:~-]*$/;
const pathOf = (path: string): string => {
  if (PATH.test(path) && !path.includes('..') && !path.includes('//')) return path;
  throw new AppError(
    'invalidInput',
    `The path "${path}" is none: it begins with / and has letters, digits, _ . ~ - and :name.`,
  );
};

/**
 * Makes an add-on: a plain value that `serveAddon` or a hub serves. The options may be, or hold, a whole HipChat descriptor. Throws
 * `invalidInput` that names what is wrong.
 */
export function createAddon(options: AddonOptions): Addon {
  checked(partialDescriptorSchema, options, 'The add-on');
  if (options.allowRoom === false && options.allowGlobal === false) {
    throw new AppError('invalidInput', 'The add-on can be installed nowhere: set allowRoom or allowGlobal.');
  }
  const parts: AddonParts = {
    options,
    webhooks: [],
    commands: [],
    pages: [],
    glances: [],
    routes: [],
    handlers: { install: [], uninstall: [], start: [] },
  };
  const { handlers } = parts;
  const page = (one: Page): Addon => {
    parts.pages.push({ ...one, path: pathOf(one.path) });
    return addon;
  };
  const addon: Addon = {
    key: options.key,
    parts,
    webhook(wanted, handler) {
      const { event, pattern, auth = 'jwt', key = freeKey(parts, event), name = key } = wanted;
      const path = pathOf(wanted.path ?? `/webhook/${key}`);
      const text = pattern === undefined ? null : patternText(pattern);
      parts.webhooks.push({ event, pattern: text, path, auth, key, name, handler });
      return addon;
    },
    command(given, handler) {
      const name = given.toLowerCase();
      if (!COMMAND.test(name)) {
        throw new AppError(
          'invalidInput',
          `A command is not called "${given}": letters, digits, - and _, without a slash.`,
        );
      }
      const key = `command-${name}`;
      parts.commands.push({ name, webhook: key, handler });
      return addon.webhook(
        { event: 'room_message', pattern: commandPattern(name), path: `/command/${name}`, key },
        overWebhook(name, handler),
      );
    },
    configurePage: (handler, wanted = {}) =>
      page({ kind: 'configurable', ...wanted, path: wanted.path ?? '/configure', handler }),
    webPanel: (wanted, handler) =>
      page({ kind: 'webPanel', ...wanted, path: wanted.path ?? `/panel/${wanted.key}`, handler }),
    dialog: (wanted, handler) =>
      page({ kind: 'dialog', ...wanted, path: wanted.path ?? `/dialog/${wanted.key}`, handler }),
    glance(wanted, handler) {
      const path = pathOf(wanted.path ?? `/glance/${wanted.key}`);
      parts.glances.push({ ...wanted, path, handler: handler ?? null });
      return addon;
    },
    route(
      { path, method = 'GET', anonymous = false }: RouteOptions & { readonly anonymous?: boolean },
      handler: RouteHandler | AnonymousHandler,
    ) {
      // The overloads say which handler belongs to which.
      parts.routes.push({ path: pathOf(path), method, anonymous, handler } as Route);
      return addon;
    },
    on(event: 'install' | 'uninstall' | 'start', handler: LifeHandler | StartHandler) {
      if (event === 'start') handlers.start.push(handler as StartHandler);
      else handlers[event].push(handler as LifeHandler);
      return addon;
    },
  };
  return addon;
}

function freeKey({ webhooks }: AddonParts, event: WebhookEvent): string {
  const taken = new Set(webhooks.map(({ key }) => key));
  if (!taken.has(event)) return event;
  for (let number = 2; ; number += 1) if (!taken.has(`${event}-${number}`)) return `${event}-${number}`;
}

/** Whether a module's export is an add-on, whichever copy of this file made it. */
export const isAddon = (value: unknown): value is Addon =>
  typeof value === 'object' &&
  value !== null &&
  'parts' in value &&
  typeof value.parts === 'object' &&
  value.parts !== null &&
  'webhooks' in value.parts &&
  'handlers' in value.parts;

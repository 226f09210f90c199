import { AppError } from '../../core/appError.ts';
import type { Addon, Glance, Page } from './addon.ts';
import { type Capabilities, type Descriptor, descriptorSchema, type Icon } from './descriptor.ts';
import { checked } from './messages.ts';

/** Where an add-on is called, all below its base address. */
export interface AddonPaths {
  readonly installed: string;
  readonly uninstalled: string;
}

const DEFAULT_PATHS: AddonPaths = { installed: '/installed', uninstalled: '/uninstalled' };

/** The path below `base` of an address or path; null when it is elsewhere. */
function pathBelow(base: string, address: string | undefined): string | null {
  if (address === undefined) return null;
  const path = address.startsWith(`${base}/`) ? address.slice(base.length) : address;
  return path.startsWith('/') ? path : null;
}

/** Where installations are told. A descriptor that an add-on brought along may name paths of its own. */
export function pathsOf({ parts }: Addon, base: string): AddonPaths {
  const { installable } = parts.options.capabilities ?? {};
  return {
    installed: pathBelow(base, installable?.callbackUrl) ?? DEFAULT_PATHS.installed,
    uninstalled: pathBelow(base, installable?.uninstalledUrl) ?? DEFAULT_PATHS.uninstalled,
  };
}

const nameOf = (name: string) => ({ value: name });
const iconOf = (icon: string | Icon) => (typeof icon === 'string' ? { url: icon, 'url@2x': icon } : icon);

/** Paths become addresses below `base`, wherever they are; patterns and texts stay. */
function absolute(value: unknown, base: string, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => absolute(one, base, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, absolute(one, base, name)]));
  }
  const isAddress = /url(@2x)?$/i.test(key) || key === 'self' || key === 'homepage';
  return isAddress && typeof value === 'string' && value.startsWith('/') ? `${base}${value}` : value;
}

/** Ours over theirs, by key; what has no key is told apart by its address. */
function merged<T extends { readonly key?: string | undefined }>(
  theirs: readonly T[] | undefined,
  ours: readonly T[],
): readonly T[] {
  const keys = new Set(ours.map(({ key }) => key));
  return [...(theirs ?? []).filter(({ key }) => key === undefined || !keys.has(key)), ...ours];
}

const pagesOf = <K extends Page['kind']>(pages: readonly Page[], kind: K): readonly Extract<Page, { kind: K }>[] =>
  pages.filter((page): page is Extract<Page, { kind: K }> => page.kind === kind);

const glanceEntry = ({ key, name, icon, target, conditions, path, handler }: Glance) => ({
  key,
  name: nameOf(name),
  target,
  icon: iconOf(icon),
  ...(handler === null ? {} : { queryUrl: path }),
  ...(conditions === undefined ? {} : { conditions: [...conditions] }),
});

function capabilitiesOf({ parts }: Addon, given: Capabilities): Record<string, unknown> {
  const { options, webhooks, pages, glances } = parts;
  const consumer = given.hipchatApiConsumer;
  const scopes = [...new Set([...(consumer?.scopes ?? []), ...(options.scopes ?? [])])];
  const [configure] = pagesOf(pages, 'configurable');
  const lists = {
    webhook: merged(
      given.webhook,
      webhooks.map(({ path, event, pattern, key, name, auth }) => ({
        url: path,
        event,
        ...(pattern === null ? {} : { pattern }),
        key,
        name,
        authentication: auth,
      })),
    ),
    glance: merged(given.glance, glances.map(glanceEntry)),
    webPanel: merged(
      given.webPanel,
      pagesOf(pages, 'webPanel').map(({ key, name, path, icon, location = 'hipchat.sidebar.right' }) => ({
        key,
        name: nameOf(name),
        url: path,
        location,
        ...(icon === undefined ? {} : { icon: iconOf(icon) }),
      })),
    ),
    dialog: merged(
      given.dialog,
      pagesOf(pages, 'dialog').map(({ key, name, path, options: wanted }) => ({
        key,
        title: nameOf(name),
        url: path,
        ...(wanted === undefined ? {} : { options: { ...wanted } }),
      })),
    ),
  };
  return {
    ...given,
    ...(scopes.length === 0
      ? {}
      : {
          hipchatApiConsumer: {
            ...consumer,
            scopes,
            fromName: options.fromName ?? consumer?.fromName ?? options.name,
            ...(options.avatar === undefined ? {} : { avatar: iconOf(options.avatar) }),
          },
        }),
    installable: {
      callbackUrl: DEFAULT_PATHS.installed,
      uninstalledUrl: DEFAULT_PATHS.uninstalled,
      ...given.installable,
      allowRoom: options.allowRoom ?? given.installable?.allowRoom ?? true,
      allowGlobal: options.allowGlobal ?? given.installable?.allowGlobal ?? true,
    },
    ...(configure === undefined
      ? {}
      : {
          configurable: {
            url: configure.path,
            ...(configure.allowAccessToRoomAdmins === undefined
              ? {}
              : { allowAccessToRoomAdmins: configure.allowAccessToRoomAdmins }),
          },
        }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
  };
}

/** Ours, which are not the descriptor's. */
const OURS = ['scopes', 'fromName', 'avatar', 'allowRoom', 'allowGlobal', 'groups', 'servers', 'allowOrigins'];

/**
 * The descriptor of an add-on that is served at `base` (an address without a slash at its end). Throws `invalidInput` for one that
 * would not be valid.
 */
export function describeAddon(addon: Addon, base: string): Descriptor {
  const { options } = addon.parts;
  const given = checked(descriptorSchema.shape.capabilities, options.capabilities ?? {}, 'The add-on');
  const plain = Object.fromEntries(Object.entries(options).filter(([name]) => !OURS.includes(name)));
  const whole = {
    ...plain,
    links: { homepage: base, self: '/capabilities', ...options.links },
    capabilities: capabilitiesOf(addon, given),
  };
  const descriptor = checked(descriptorSchema, absolute(whole, base), 'The descriptor');
  checkKeys(descriptor);
  return descriptor;
}

function checkKeys({ capabilities }: Descriptor): void {
  for (const kind of ['webhook', 'glance', 'webPanel', 'dialog', 'externalPage', 'action'] as const) {
    const keys = (capabilities[kind] ?? []).flatMap(({ key }) => key ?? []);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined)
      throw new AppError('invalidInput', `Two elements of ${kind} have the key ${twice}. Name one anew.`);
  }
  const targets = [
    ...(capabilities.webPanel ?? []),
    ...(capabilities.dialog ?? []),
    ...(capabilities.externalPage ?? []),
  ];
  for (const { key, target } of [...(capabilities.glance ?? []), ...(capabilities.action ?? [])]) {
    if (targets.some((one) => one.key === target)) continue;
    throw new AppError(
      'invalidInput',
      `${key} opens ${target}, and there is no web panel, dialog or page of that key.`,
    );
  }
}

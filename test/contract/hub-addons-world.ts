// What the tests of add-ons share: an add-on served on a real port, and the stand-in of a HipChat server.
import { createPlainLogger } from '../../src/adapters/node/plainLogger.ts';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import type { Addon } from '../../src/hub/addons/addon.ts';
import {
  type AddonOptions,
  createAddon,
  memoryDocuments,
  type ServeOptions,
  serveAddon,
} from '../../src/hub/addons/index.ts';
import type { Documents } from '../../src/hub/store/port.ts';
import type { Clock } from '../../src/ports/clock.ts';
import {
  type HipchatConnectOptions,
  type HipchatConnectSandbox,
  startHipchatConnect,
} from '../../src/sandbox/hipchatConnect/index.ts';

export const ADA = 42;
export const BOB = 43;
export const LAB = 7;
export const YARD = 8;

/** An add-on with all scopes that the tests need. */
export const newAddon = (options: Partial<AddonOptions> = {}): Addon =>
  createAddon({
    key: 'com.example.greeter',
    name: 'Greeter',
    description: 'Says hello',
    vendor: { name: 'Example', url: 'https://example.com' },
    scopes: ['send_notification', 'send_message', 'view_group', 'admin_group', 'admin_room', 'view_room'],
    ...options,
  });

export interface AddonWorld extends AsyncDisposable {
  readonly chat: HipchatConnectSandbox;
  readonly documents: Documents;
  /** The address of the add-on. */
  readonly url: string;
  readonly descriptorUrl: string;
  readonly log: string[];
  /** How many installations are kept. */
  tenants(): Promise<number>;
  close(): Promise<void>;
}

/** The clock of the process, set forward or back. */
export function shiftedClock(): Clock & { shift: number } {
  const clock = { ...systemClock, shift: 0, now: () => Date.now() + clock.shift };
  return clock;
}

export async function openAddon(
  addon: Addon,
  options: ServeOptions & { readonly chat?: Partial<HipchatConnectOptions>; readonly documents?: Documents } = {},
): Promise<AddonWorld> {
  const { chat: chatOptions, documents = memoryDocuments(), ...serve } = options;
  const log: string[] = [];
  const now = serve.clock === undefined ? {} : { now: () => serve.clock?.now() ?? 0 };
  const chat = await startHipchatConnect({
    users: [
      { id: ADA, name: 'Ada Lovelace', email: 'ada@example.com' },
      { id: BOB, name: 'Bob', email: 'bob@example.com' },
    ],
    rooms: [
      { id: LAB, name: 'Lab' },
      { id: YARD, name: 'Yard' },
    ],
    ...now,
    ...chatOptions,
  });
  const served = await serveAddon(addon, {
    port: 0,
    env: {},
    store: documents,
    allowPrivate: true,
    say: (line) => log.push(line),
    logger: createPlainLogger({
      stream: { write: (line: string) => log.push(line) },
      level: 'debug',
      now: () => Date.now(),
    }),
    ...serve,
  });
  const close = async (): Promise<void> => {
    await served.close();
    await chat.close();
  };
  return {
    chat,
    documents,
    url: served.descriptorUrl.replace(/\/capabilities$/, ''),
    descriptorUrl: served.descriptorUrl,
    log,
    tenants: async () => (await documents.list('tenants', { limit: 100 }, Date.now())).length,
    close,
    [Symbol.asyncDispose]: close,
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlainLogger } from '../../src/adapters/node/plainLogger.ts';
import { type Hub, type HubOptions, startHub } from '../../src/hub/compose.ts';
import { newId } from '../../src/hub/ids.ts';
import type { Scope } from '../../src/hub/model.ts';
import { readHubSettings } from '../../src/hub/settings.ts';
import type { Clock } from '../../src/ports/clock.ts';

export const OUTLOOK_SECRET = 'outlook secret +/%&=';

/** A real hub on a port of its own, and what has been logged. */
export interface HubWorld {
  readonly hub: Hub;
  readonly url: string;
  readonly folder: string;
  readonly log: string[];
  /** A person of that name, `<name>@example.com`. @returns the id */
  person(name: string): Promise<string>;
  /** A token; of a person where one is named. */
  token(scopes: readonly Scope[], personId?: string): Promise<string>;
  /** A request with a token. */
  ask(path: string, token: string | null, init?: RequestInit): Promise<Response>;
  /** Stops the hub and starts it again on the same data, at another port. */
  again(): Promise<HubWorld>;
  close(): Promise<void>;
}

export interface HubWorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly patience?: HubOptions['patience'];
  readonly addons?: HubOptions['addons'];
  /** Taken over from a world before. */
  readonly folder?: string;
}

export async function openHub(options: HubWorldOptions = {}): Promise<HubWorld> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'hipstatus-hub-'));
  const log: string[] = [];
  const hub = await startHub({
    settings: readHubSettings({
      HUB_PORT: '0',
      HUB_DATA: folder,
      HUB_OUTLOOK_SECRET: OUTLOOK_SECRET,
      HUB_SHUTDOWN_SECONDS: '1',
      ...options.env,
    }),
    logger: createPlainLogger({
      stream: { write: (line: string) => log.push(line) },
      level: 'debug',
      now: () => Date.now(),
    }),
    version: '0.0.0-test',
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...(options.addons === undefined ? {} : { addons: options.addons }),
  });
  return {
    hub,
    url: hub.address,
    folder,
    log,
    async person(name) {
      const id = newId(Date.now());
      await hub.presences.putPerson({ id, email: `${name.toLowerCase()}@example.com`, name, identities: [] });
      return id;
    },
    async token(scopes, personId) {
      const issued = await hub.tokens.issue({ name: 'test', scopes, personId: personId ?? null, expiresAt: null });
      return issued.token;
    },
    ask: (path, token, init = {}) =>
      fetch(`${hub.address}${path}`, {
        ...init,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...init.headers,
        },
      }),
    async again() {
      await hub.close();
      return openHub({ ...options, folder });
    },
    async close() {
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

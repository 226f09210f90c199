import { join, resolve } from 'node:path';
import type { Registry } from 'prom-client';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HubSettings } from '../settings.ts';
import type { HubStore } from '../store/port.ts';
import { readIntegrationTokens } from './integrationTokens.ts';
import { createCommandMetrics } from './metrics.ts';
import { ScriptPool } from './pool.ts';
import { ScriptRegistry } from './registry.ts';
import { createRunCommand, type RunCommand } from './runCommand.ts';
import { IntegrationStorage } from './storage.ts';
import { createStorageCommands, type RunStorageCommand } from './storageCommands.ts';
import { StorageFiles } from './storageFiles.ts';
import { workerEntry } from './workerEntry.ts';

export interface CommandsDeps {
  readonly settings: HubSettings;
  readonly store: HubStore;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The scripts of a hub, for every way a command comes in. */
export interface Commands {
  /** Null when the hub has no integrations. */
  readonly runCommand: RunCommand | null;
  readonly runStorageCommand: RunStorageCommand;
  /** Of all scripts, as they are now. Throws when the folder can't be read. */
  readonly names: () => Promise<readonly string[]>;
  /** Stops what runs. */
  close(): Promise<void>;
}

const FILES = 'storage-files';

/** Throws `invalidInput` when the folder is not there or a token is not right. */
export async function openCommands({ settings, store, metrics, clock, logger }: CommandsDeps): Promise<Commands> {
  const storage = new IntegrationStorage(store.documents, () => clock.now());
  const files = new StorageFiles(join(settings.HUB_DATA, FILES));
  const runStorageCommand = createStorageCommands({ storage, files, logger });
  const folder = settings.HUB_INTEGRATIONS;
  if (folder === undefined) {
    return { runCommand: null, runStorageCommand, names: async () => [], close: async () => {} };
  }

  const registry = new ScriptRegistry(resolve(folder));
  await registry.check();
  const tokens = readIntegrationTokens(settings.HUB_INTEGRATION_TOKENS ?? '');
  const seconds = settings.HUB_INTEGRATION_SECONDS;
  const pool = new ScriptPool({
    entry: await workerEntry(),
    parallel: settings.HUB_INTEGRATION_PARALLEL,
    memory: settings.HUB_INTEGRATION_MEMORY,
    time: seconds * SECOND,
    clock,
  });
  const { observe, watch } = createCommandMetrics(metrics);
  watch(pool);
  const runCommand = createRunCommand({ registry, pool, tokens, storage, clock, logger, seconds, observe });
  logger.info('Runs integrations', { names: (await registry.names()).join(' ') });
  return { runCommand, runStorageCommand, names: () => registry.names(), close: () => pool.close() };
}

import { AppError } from '../../core/appError.ts';
import type { Logger } from '../../ports/logger.ts';
import type { IntegrationStorage } from './storage.ts';
import type { StorageFiles } from './storageFiles.ts';

export type StorageCommand = { readonly action: 'save' | 'load'; readonly file: string } | { readonly action: 'erase' };

/** How many integrations it was about. */
export type RunStorageCommand = (command: StorageCommand) => Promise<number>;

/** Reads `save FILE`, `load FILE` or `erase`. Null for something else. Throws `invalidInput` when the file is missing. */
export function storageCommandOf(text: string): StorageCommand | null {
  const [action = '', ...rest] = text.trim().split(/\s+/);
  if (action === 'erase' && rest.length === 0) return { action };
  if (action !== 'save' && action !== 'load') return null;
  const [file, ...more] = rest;
  if (file === undefined || more.length > 0) {
    throw new AppError('invalidInput', `Say which file, such as: ${action} storage.txt`);
  }
  return { action, file };
}

export interface StorageCommandDeps {
  readonly storage: IntegrationStorage;
  readonly files: StorageFiles;
  readonly logger: Logger;
}

/** Saves, loads or erases what all integrations keep. */
export function createStorageCommands({ storage, files, logger }: StorageCommandDeps): RunStorageCommand {
  const run = async (command: StorageCommand): Promise<number> => {
    switch (command.action) {
      case 'save': {
        const all = await storage.all();
        await files.save(command.file, all);
        return Object.keys(all).length;
      }
      case 'load': {
        const all = await files.load(command.file);
        await storage.replace(all);
        return Object.keys(all).length;
      }
      case 'erase':
        return storage.erase();
    }
  };
  return async (command) => {
    const integrations = await run(command);
    logger.info('Did what was asked with the storage', { action: command.action, integrations });
    return integrations;
  };
}

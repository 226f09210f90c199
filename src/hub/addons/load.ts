import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../core/appError.ts';
import { type Addon, isAddon } from './addon.ts';

/** The add-ons in modules that a person wrote, each the module's default export. Throws `invalidInput` that names the file. */
export async function loadAddons(files: readonly string[], folder: string): Promise<readonly Addon[]> {
  const addons: Addon[] = [];
  for (const file of files) {
    const module: unknown = await import(/* @vite-ignore */ pathToFileURL(resolve(folder, file)).href).catch(
      (cause: unknown) => {
        throw new AppError(
          'invalidInput',
          `HUB_ADDONS names ${file}, which can't be loaded. Run it with node to see why.`,
          {
            cause,
          },
        );
      },
    );
    const addon = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
    if (!isAddon(addon)) {
      throw new AppError('invalidInput', `${file} has no add-on: end it with "export default createAddon({…})".`);
    }
    addons.push(addon);
  }
  return addons;
}

/** Throws `invalidInput` where two have one key. */
export function checkAddons(addons: readonly Addon[]): void {
  const keys = addons.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new AppError('invalidInput', `Two add-ons have the key ${twice}. Take one out.`);
}

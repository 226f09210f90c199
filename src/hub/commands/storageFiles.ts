import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/appError.ts';
import { type AllStorage, allStorage } from './storage.ts';

/** A file's name and nothing else: no folder, no way up, no hidden file. */
const FILE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const LARGEST = 67_108_864;
/** `save` writes beside the file first. */
const PART = '.part';

/** Files of what integrations keep, all in one folder. */
export class StorageFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws `invalidInput` for a name that is more than a name, and what the disk says. */
  async save(name: string, all: AllStorage): Promise<void> {
    const file = await this.#path(name);
    const part = join(this.#folder, `.${randomUUID()}${PART}`);
    try {
      // A new file, and then in the place of the old one: a link there is replaced, never followed.
      const handle = await open(part, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(all, null, 4)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(part, file);
    } catch (cause) {
      await rm(part, { force: true });
      throw new AppError(
        'unavailable',
        `The file ${name} can't be written. Is the disk full, or is a folder of that name there?`,
        { cause },
      );
    }
  }

  /** Throws `invalidInput` and `notFound`, also for links and what was not saved by `save`. */
  async load(name: string): Promise<AllStorage> {
    const parsed = allStorage.safeParse(parseJson(await this.#read(await this.#path(name), name)));
    if (parsed.success) return parsed.data;
    throw new AppError('invalidInput', `The file ${name} holds no storage: it has to be {"integration": {"key": …}}.`);
  }

  async #read(file: string, name: string): Promise<string> {
    let handle: Awaited<ReturnType<typeof open>>;
    try {
      handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw new AppError('notFound', `There is no file ${name} among the storage files.`);
      throw new AppError('invalidInput', `The file ${name} can't be read. A link is not followed.`, { cause });
    }
    try {
      const { size } = await handle
        .stat()
        .then((found) => (found.isFile() ? found : { size: Number.POSITIVE_INFINITY }));
      if (size > LARGEST) throw new AppError('invalidInput', `The file ${name} is no file of storage.`);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  }

  async #path(name: string): Promise<string> {
    if (!FILE.test(name)) {
      throw new AppError(
        'invalidInput',
        'A storage file has a plain name, such as storage.txt: letters, digits, "_", "." and "-", and no folder.',
      );
    }
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    if (!(await lstat(this.#folder)).isDirectory()) {
      throw new AppError('invalidInput', 'The folder of the storage files is a link. Put a folder there.');
    }
    return join(this.#folder, name);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError, asAppError } from '../../core/appError.ts';
import { type Compiled, compile, hashOf, readScript } from './compile.ts';
import { COMMAND_NAME } from './names.ts';

/** A script that is there; `broken` when it can't be made to run, in the words of the compiler. */
export type Found =
  | { readonly kind: 'script'; readonly script: Compiled }
  | { readonly kind: 'broken'; readonly why: string };

/** Of two files of one name the first of these counts. */
const ENDINGS = ['.ts', '.mjs', '.js'] as const;

/**
 * The scripts of a folder. Nothing is remembered of the folder itself: each call looks, so that a file counts from when it is there, as it
 * is now, until it is gone.
 */
export class ScriptRegistry {
  readonly #folder: string;
  readonly #compiled = new Map<string, Compiled>();
  readonly #compiling = new Map<string, Promise<Compiled>>();

  /** @param folder an absolute path */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws `invalidInput` when there is no such folder. */
  async check(): Promise<void> {
    const found = await stat(this.#folder).catch(() => null);
    if (found?.isDirectory() === true) return;
    throw new AppError(
      'invalidInput',
      'The folder of the integrations is not there. Check HUB_INTEGRATIONS or --integrations.',
    );
  }

  /** The names of all scripts, in order. */
  async names(): Promise<readonly string[]> {
    const names = (await this.#files()).map((file) => file.slice(0, file.lastIndexOf('.')).toLowerCase());
    return [...new Set(names)].filter((name) => COMMAND_NAME.test(name)).sort();
  }

  /** Null when there is none of that name, which may be in any case. Throws when the folder can't be read. */
  async find(name: string): Promise<Found | null> {
    const wanted = name.toLowerCase();
    if (!COMMAND_NAME.test(wanted)) return null;
    const files = await this.#files();
    const candidates = ENDINGS.flatMap((ending) =>
      files.filter((file) => file.toLowerCase() === `${wanted}${ending}`).sort(),
    );
    for (const candidate of candidates) {
      const file = await this.#within(candidate);
      if (file !== null) return this.#load(wanted, file);
    }
    this.#compiled.delete(wanted);
    return null;
  }

  #files(): Promise<readonly string[]> {
    return readdir(this.#folder).then((files) =>
      files.filter((file) => !file.startsWith('.') && /\.(ts|mjs|js)$/i.test(file)),
    );
  }

  /** The file itself, links followed; null when it lies elsewhere or is no file. */
  async #within(name: string): Promise<string | null> {
    try {
      const folder = await realpath(this.#folder);
      const file = await realpath(join(folder, name));
      const way = relative(folder, file);
      const isInside = way !== '' && way !== '..' && !way.startsWith(`..${sep}`);
      return isInside && (await stat(file)).isFile() ? file : null;
    } catch {
      return null;
    }
  }

  async #load(name: string, file: string): Promise<Found> {
    try {
      const source = await readScript(file);
      const known = this.#compiled.get(name);
      if (known?.file === file && (await isSame(known, source))) return { kind: 'script', script: known };
      return { kind: 'script', script: await this.#compile(name, file, source) };
    } catch (thrown) {
      return { kind: 'broken', why: asAppError(thrown).message };
    }
  }

  /** Calls that come while one compiles wait for it. */
  #compile(name: string, file: string, source: string): Promise<Compiled> {
    const key = `${file}\n${hashOf(source)}`;
    const running = this.#compiling.get(key);
    if (running !== undefined) return running;
    const started = compile(file, source)
      .then((compiled) => {
        this.#compiled.set(name, compiled);
        return compiled;
      })
      .finally(() => this.#compiling.delete(key));
    this.#compiling.set(key, started);
    return started;
  }
}

async function isSame({ file, inputs }: Compiled, source: string): Promise<boolean> {
  for (const [path, hash] of inputs) {
    const content = path === file ? source : await readScript(path).catch(() => null);
    if (content === null || hashOf(content) !== hash) return false;
  }
  return true;
}

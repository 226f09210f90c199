import { existsSync, readFileSync, renameSync, unwatchFile, watch, watchFile } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import ElectronStore from 'electron-store';
import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import type { SettingsFile } from '../../ports/settingsFile.ts';

type Tree = Record<string, unknown>;

export interface ElectronSettingsFileDeps {
  /** `settings.json` in the app's folder. */
  readonly file: string;
  readonly now: () => Instant;
}

const SETTLE = 50;
const POLL = 2_000;

/** electron-store would take any JSON, a list too, for an object. */
function parse(text: string): Tree {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('Not an object');
  return value as Tree;
}

/** `settings.json` kept by electron-store: written whole and atomically, readable by the person alone. */
export class ElectronSettingsFile implements SettingsFile {
  readonly #deps: ElectronSettingsFileDeps;
  #store: ElectronStore<Tree> | null = null;
  /** The last text that is no news: ours, or the one reported before. */
  #known: string | null = null;

  constructor(deps: ElectronSettingsFileDeps) {
    this.#deps = deps;
  }

  read(): unknown {
    const { file } = this.#deps;
    if (!existsSync(file)) return undefined;
    try {
      return { ...this.#opened().store };
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new AppError('badResponse', `The settings file ${file} is not valid JSON.`, { cause, reason: 'settings' });
    }
  }

  write(value: Readonly<Record<string, unknown>>): void {
    this.#opened().store = { ...value };
    this.#known = this.#text();
  }

  setAside(): string {
    const { file, now } = this.#deps;
    const stamp = new Date(now()).toISOString().replaceAll(/[:.]/g, '-');
    const extension = extname(file);
    const aside = join(dirname(file), `${basename(file, extension)}.broken-${stamp}${extension}`);
    renameSync(file, aside);
    this.#store = null;
    return aside;
  }

  /**
   * electron-store's own watching also tells of our writes, and makes a file where there is none; so the folder is watched
   * here, as editors and atomic writes replace the file.
   */
  watch(onChange: () => void): () => void {
    const { file } = this.#deps;
    this.#known = this.#text();
    let settling: NodeJS.Timeout | undefined;
    const look = (): void => {
      const text = this.#text();
      if (text === this.#known) return;
      this.#known = text;
      onChange();
    };
    const poll = (): void => {
      watchFile(file, { persistent: false, interval: POLL }, look);
    };
    const stopWatching = watchFolder(dirname(file), poll, (name) => {
      if (name !== null && name !== basename(file)) return;
      clearTimeout(settling);
      settling = setTimeout(look, SETTLE);
    });
    return () => {
      clearTimeout(settling);
      stopWatching();
      unwatchFile(file, look);
    };
  }

  #opened(): ElectronStore<Tree> {
    const { file } = this.#deps;
    const extension = extname(file);
    this.#store ??= new ElectronStore<Tree>({
      cwd: dirname(file),
      name: basename(file, extension),
      fileExtension: extension.slice(1),
      configFileMode: 0o600,
      clearInvalidConfig: false,
      accessPropertiesByDotNotation: false,
      deserialize: parse,
    });
    return this.#store;
  }

  /** Null when the file is not there, or is held by its writer for the moment. */
  #text(): string | null {
    try {
      return readFileSync(this.#deps.file, 'utf8');
    } catch {
      return null;
    }
  }
}

/** Calls `fallBack` where the system can't watch: no more watchers, or some network folders. */
function watchFolder(folder: string, fallBack: () => void, onEvent: (name: string | null) => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => onEvent(name));
    watcher.on('error', () => {
      watcher.close();
      fallBack();
    });
    return () => watcher.close();
  } catch {
    fallBack();
    return () => {};
  }
}

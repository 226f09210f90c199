import { AppError } from '../core/appError.ts';
import { DEFAULT_BUNDLE_ID } from '../core/secretNames.ts';
import {
  isTree,
  type LayeredSettings,
  layerSettings,
  overlaySettings,
  type Settings,
  type SettingsProblem,
  settingsFault,
  type Tree,
} from '../core/settings.ts';
import type { Logger } from '../ports/logger.ts';
import type { SettingsFile } from '../ports/settingsFile.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';

/** What the organisation has set, as raw JSON, and what was wrong with reading it. */
export interface ManagedSettings {
  readonly value: unknown;
  readonly problems: readonly SettingsProblem[];
}

export interface LayeredSettingsDeps {
  readonly file: SettingsFile;
  readonly readManaged: () => ManagedSettings;
  readonly logger: Logger;
  /** What HipStatus kept on this machine before; asked once, when there is no settings file yet. */
  readonly readLegacy: () => Readonly<Record<string, unknown>> | null;
}

/**
 * The person's settings file under the organisation's values.
 * The only writer of the file. A value that does not hold is named and not used, but stays in the file; a file that is no
 * JSON is set aside.
 */
export class LayeredSettingsStore implements SettingsStore {
  readonly #deps: LayeredSettingsDeps;
  readonly #listeners = new Set<(settings: Settings) => void>();
  #user: Tree = {};
  #setAside: readonly SettingsProblem[] = [];
  #layered: LayeredSettings;
  #managedProblems: readonly SettingsProblem[] = [];

  constructor(deps: LayeredSettingsDeps) {
    this.#deps = deps;
    this.#user = this.#read();
    this.#layered = this.#layer();
  }

  get(): Settings {
    return this.#layered.settings;
  }

  locked(): ReadonlySet<string> {
    return this.#layered.locked;
  }

  problems(): readonly SettingsProblem[] {
    return [...this.#setAside, ...this.#managedProblems, ...this.#layered.problems];
  }

  update(change: Partial<Settings>): void {
    for (const path of this.locked()) {
      const [top = ''] = path.split('.');
      if (top in change && this.#reaches(change, path)) {
        throw new AppError('forbidden', `"${path}" is set by your organisation and can't be changed here.`);
      }
    }
    const next = overlaySettings(this.#user, change);
    const fault = settingsFault(overlaySettings(this.#layered.settings, change));
    if (fault !== null) throw new AppError('invalidInput', `${fault.path}: ${fault.message}`);
    this.#deps.file.write(next);
    this.#user = next;
    this.#changed();
  }

  subscribe(onChange: (settings: Settings) => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  /** Reads everything again: another program, or the organisation, has changed it. */
  reload(): void {
    const before = JSON.stringify([this.#layered.settings, [...this.locked()]]);
    this.#user = this.#read();
    this.#layered = this.#layer();
    if (JSON.stringify([this.#layered.settings, [...this.locked()]]) !== before) this.#tell();
  }

  #changed(): void {
    this.#layered = this.#layer();
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#layered.settings);
  }

  #read(): Tree {
    const { file, readLegacy, logger } = this.#deps;
    try {
      const value = file.read();
      if (isTree(value)) return value;
      if (value !== undefined) return this.#keepBroken('It is not a JSON object');
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'badResponse') throw thrown;
      return this.#keepBroken('It is not JSON');
    }
    const legacy = readLegacy();
    if (legacy === null) return {};
    logger.info('Preferences of the former HipStatus taken over', { keys: Object.keys(legacy).length });
    file.write({ version: 1, ...legacy });
    return { version: 1, ...legacy };
  }

  #keepBroken(why: string): Tree {
    const place = this.#deps.file.setAside();
    this.#deps.logger.warn('Settings file set aside', { place });
    this.#setAside = [{ path: '', message: `${why}. The settings file was kept as ${place}; defaults are used.` }];
    return {};
  }

  #layer(): LayeredSettings {
    const managed = this.#deps.readManaged();
    this.#managedProblems = managed.problems;
    return layerSettings(this.#user, managed.value);
  }

  /** Whether the change gives the locked leaf another value. */
  #reaches(change: Partial<Settings>, path: string): boolean {
    let wanted: unknown = change;
    let present: unknown = this.#layered.settings;
    for (const key of path.split('.')) {
      if (!isTree(wanted) || !(key in wanted)) return false;
      wanted = wanted[key];
      present = isTree(present) ? present[key] : undefined;
    }
    return JSON.stringify(wanted) !== JSON.stringify(present);
  }
}

/** The bundle id that holds where the organisation sets no other, and how it lies beneath the managed settings. */
export function withBundleId(packaged: string | undefined) {
  const id = packaged ?? DEFAULT_BUNDLE_ID;
  return {
    id,
    beneath: (managed: ManagedSettings): ManagedSettings => ({
      ...managed,
      value: isTree(managed.value)
        ? overlaySettings({ recommended: { organisation: { bundleId: id } } }, managed.value)
        : managed.value,
    }),
  };
}

import * as fs from 'node:fs';
import path from 'node:path';
import type { SettingsProblem } from '../../core/settings.ts';
import { bytesIfThere } from './atomicFile.ts';
import type { Machine } from './paths.ts';
import { parsePropertyList } from './propertyList.ts';

export interface ManagedOptions extends Omit<Machine, 'homedir'> {
  /** Names the macOS preference domain. */
  readonly bundleId: string;
  /** The person's login name, for macOS' managed preferences of one person. */
  readonly user: string;
  /** The bytes of a file, null when it is not there. Default: from the disk. */
  readonly read?: (file: string) => Buffer | null;
}

/** What the organisation has set. */
export interface ManagedSettings {
  /** To be parsed by `layerSettings`; an empty object where nothing is set or the file is broken. */
  readonly value: unknown;
  /** The file it came from; null when there is none. */
  readonly source: string | null;
  readonly problems: readonly SettingsProblem[];
}

const POLL = 5_000;

/** The places in the order of their rank; the first file that is there counts, and only that one. */
export function managedPlaces({ platform, env, bundleId, user }: ManagedOptions): readonly string[] {
  const named = env['HIPSTATUS_MANAGED'];
  if (named !== undefined && named !== '') return [path.resolve(named)];
  if (platform === 'darwin') {
    return [
      `/Library/Managed Preferences/${user}/${bundleId}.plist`,
      `/Library/Managed Preferences/${bundleId}.plist`,
      '/Library/Application Support/HipStatus/managed.json',
    ];
  }
  if (platform === 'win32') {
    return [path.win32.join(env['ProgramData'] || 'C:\\ProgramData', 'HipStatus', 'managed.json')];
  }
  return ['/etc/hipstatus/managed.json'];
}

const parseFile = async (file: string, bytes: Buffer): Promise<unknown> =>
  file.endsWith('.plist') ? parsePropertyList(bytes) : JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));

/**
 * The organisation's settings: the file that `HIPSTATUS_MANAGED` names, or else macOS' managed preferences (a configuration
 * profile's `com.apple.ManagedClient.preferences` or custom settings payload ends up there as a property list), or else
 * `managed.json` in the platform's place for all users. A file that can't be used is a problem that names it, never a crash.
 */
export async function readManaged(options: ManagedOptions): Promise<ManagedSettings> {
  const read = options.read ?? bytesIfThere;
  const broken = (source: string, what: string): ManagedSettings => ({
    value: {},
    source,
    problems: [{ path: '', message: `The managed settings file ${source} ${what} Ask your administrator to mend it.` }],
  });
  for (const file of managedPlaces(options)) {
    let bytes: Buffer | null;
    try {
      bytes = read(file);
    } catch {
      return broken(file, 'cannot be read.');
    }
    if (bytes === null) continue;
    try {
      return { value: await parseFile(file, bytes), source: file, problems: [] };
    } catch {
      return broken(file, `is not a valid ${file.endsWith('.plist') ? 'property list' : 'JSON file'}.`);
    }
  }
  const named = options.env['HIPSTATUS_MANAGED'];
  return named === undefined || named === ''
    ? { value: {}, source: null, problems: [] }
    : broken(path.resolve(named), 'that HIPSTATUS_MANAGED names is not there.');
}

/** By then the watch has had its first look; milliseconds. */
const SETTLED = 1_000;

/** The organisation's settings as last read. */
export interface ManagedSource {
  read(): ManagedSettings;
  /**
   * Calls `onChange` when one of the places changed, came or went, with the new values at hand. The folders are often
   * missing until a profile arrives, so this looks at them (every 5 s) instead of watching. Does not keep the process alive.
   * @returns the stop
   */
  watch(onChange: () => void): () => void;
}

export async function openManaged(options: ManagedOptions, interval = POLL): Promise<ManagedSource> {
  const places = managedPlaces(options);
  let current = await readManaged(options);
  return {
    read: () => current,
    watch(onChange) {
      let reads = 0;
      const listener = async (): Promise<void> => {
        reads += 1;
        const read = reads;
        const next = await readManaged(options);
        if (read !== reads) return;
        current = next;
        onChange();
      };
      for (const file of places) fs.watchFile(file, { persistent: false, interval }, listener);
      // What came between our reading and the first look of the watch is part of what it compares with: one look of our own.
      const settled = setTimeout(async () => {
        const next = await readManaged(options);
        if (reads === 0 && JSON.stringify(next) !== JSON.stringify(current)) await listener();
      }, SETTLED);
      settled.unref();
      return () => {
        clearTimeout(settled);
        reads += 1;
        for (const file of places) fs.unwatchFile(file, listener);
      };
    },
  };
}

/** Settings of an organisation that come from nowhere and never change, for an app that is not the person's own. */
export const fixedManaged = (value: unknown): ManagedSource => ({
  read: () => ({ value, source: null, problems: [] }),
  watch: () => () => undefined,
});

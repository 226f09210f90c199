import { AppError } from '../../core/appError.ts';
import type { Instant } from '../../core/time.ts';
import type { SettingsFile } from '../../ports/settingsFile.ts';
import { readIfThere, setAside, writeAtomic } from './atomicFile.ts';
import { watchFile } from './watchFile.ts';

/**
 * `settings.json` without a window: the same file and form that electron-store writes in the app (JSON with tabs), so that
 * the app and the command line share it.
 */
export function createSettingsFile(file: string, now: () => Instant): SettingsFile {
  /** The last text that is no news to us; undefined until something was written or a watch began. */
  let known: string | null | undefined;
  return {
    read() {
      const text = readIfThere(file);
      if (text === null) return undefined;
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new AppError('badResponse', `The settings file ${file} is not valid JSON.`, {
          cause,
          reason: 'settings',
        });
      }
    },
    write(value) {
      const text = JSON.stringify(value, undefined, '\t');
      writeAtomic(file, text);
      known = text;
    },
    setAside: () => setAside(file, now()),
    watch(onChange) {
      known = readIfThere(file);
      return watchFile(file, () => {
        let text: string | null;
        try {
          text = readIfThere(file);
        } catch {
          // Held by its writer or out of reach for the moment: the next event tells.
          return;
        }
        if (text === known) return;
        known = text;
        onChange();
      });
    },
  };
}

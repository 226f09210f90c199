import path from 'node:path';
import { z } from 'zod';
import { bytesIfThere } from './atomicFile.ts';
import { parsePropertyList } from './propertyList.ts';

/** What HipStatus 1 kept, under the settings' own keys; what it did not keep is absent. */
export type LegacyPreferences = Readonly<{ email?: string; statusMessage?: string }>;

/** HipStatus 1 wrote strings; a value of another kind is as good as none. */
const text = z.string().optional().catch(undefined);
const preferences = z.object({ email: text, default_message: text });

export const legacyPreferencesFile = (homedir: string, bundleId: string): string =>
  path.posix.join(homedir, 'Library', 'Preferences', `${bundleId}.plist`);

/**
 * The preferences of HipStatus 1 (written by Python's biplist: a binary property list). It is read once, on the first start;
 * null when there is none or it can't be used. The file stays as it is.
 */
export async function readLegacyPreferences(options: {
  readonly homedir: string;
  readonly bundleId: string;
  readonly read?: (file: string) => Buffer | null;
}): Promise<LegacyPreferences | null> {
  try {
    const bytes = (options.read ?? bytesIfThere)(legacyPreferencesFile(options.homedir, options.bundleId));
    if (bytes === null) return null;
    const { email, default_message: statusMessage } = preferences.parse(await parsePropertyList(bytes));
    if (email === undefined && statusMessage === undefined) return null;
    return { ...(email === undefined ? {} : { email }), ...(statusMessage === undefined ? {} : { statusMessage }) };
  } catch {
    // An old file that can't be read must not keep the new version from starting; the person is asked instead.
    return null;
  }
}

import type { PREFERENCES } from '../en/preferences.ts';

/** The texts of the Preferences window. */
export const PREFERENCES_DE = {
  'preferences.title': 'Einstellungen',
} as const satisfies Record<keyof typeof PREFERENCES, string>;

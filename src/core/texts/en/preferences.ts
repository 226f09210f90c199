/** The texts of the Preferences window. */
export const PREFERENCES = {
  'preferences.title': 'Preferences',
} as const;

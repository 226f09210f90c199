/** The tabs of the Preferences window, in their order. */
export const PREFERENCES_TABS = ['accounts', 'rules', 'messages', 'notifications', 'general', 'managed'] as const;
export type PreferencesTab = (typeof PREFERENCES_TABS)[number];

/** The tabs of the Preferences window, in their order. */
export const PREFERENCES_TABS = ['accounts', 'rules', 'messages', 'notifications', 'general', 'managed'] as const;
export type PreferencesTab = (typeof PREFERENCES_TABS)[number];

/** Where a field of the draft is. @param path dotted, in the draft */
export const tabOfField = (path: string): 'rules' | 'messages' =>
  /^(?:statusMessage|statusEmoji|oofMessage|oofEmoji|privacy|words)\b|\.words\.|^categories\.\d+\.(?:text|emoji)/.test(
    path,
  )
    ? 'messages'
    : 'rules';

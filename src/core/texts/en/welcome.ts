/** The texts of the Welcome window. */
export const WELCOME = {
  'welcome.title': 'Welcome to HipStatus',
} as const;

/** The texts of updates. */
export const UPDATES = {
  'update.title': 'Updates',
} as const;

/** The texts of the window with Why and Activity. */
export const ACTIVITY = {
  'activity.title': 'Why and activity',
} as const;

/** The texts of the Today window. */
export const TODAY = {
  'today.title': 'Today',
} as const;

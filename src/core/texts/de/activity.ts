import type { ACTIVITY } from '../en/activity.ts';

/** The texts of the window with Why and Activity. */
export const ACTIVITY_DE = {
  'activity.title': 'Warum und Aktivität',
} as const satisfies Record<keyof typeof ACTIVITY, string>;

import type { UPDATES } from '../en/updates.ts';

/** The texts of updates. */
export const UPDATES_DE = {
  'update.title': 'Updates',
} as const satisfies Record<keyof typeof UPDATES, string>;

import type { TODAY } from '../en/today.ts';

/** The texts of the Today window. */
export const TODAY_DE = {
  'today.title': 'Heute',
} as const satisfies Record<keyof typeof TODAY, string>;

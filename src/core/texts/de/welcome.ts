import type { WELCOME } from '../en/welcome.ts';

/** The texts of the Welcome window. */
export const WELCOME_DE = {
  'welcome.title': 'Willkommen bei HipStatus',
} as const satisfies Record<keyof typeof WELCOME, string>;

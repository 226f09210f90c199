import type { SAMPLE } from '../en/sample.ts';

/** The texts of the sample data. */
export const SAMPLE_DE = {
  'sample.headline': 'Beispieldaten',
} as const satisfies Record<keyof typeof SAMPLE, string>;

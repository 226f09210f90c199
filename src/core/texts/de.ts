import { COMMON_DE } from './de/common.ts';
import { DAY_DE } from './de/day.ts';
import { TODAY_DE } from './de/today.ts';
import type { EN } from './en.ts';

/** German. */
export const DE: Partial<Record<keyof typeof EN, string>> = {
  ...COMMON_DE,
  ...DAY_DE,
  ...TODAY_DE,
};

import { DAY_DE } from './de/day.ts';
import type { EN } from './en.ts';

/** German. */
export const DE: Partial<Record<keyof typeof EN, string>> = {
  ...DAY_DE,
  'state.available': 'Verfügbar',
  'state.busy': 'Beschäftigt',
  'state.dnd': 'Nicht stören',
  'state.away': 'Abwesend',
  'state.offline': 'Offline',
};

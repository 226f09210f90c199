import { DAY_DE } from './de/day.ts';
import { TODAY_DE } from './de/today.ts';
import { WELCOME_DE } from './de/welcome.ts';
import type { EN } from './en.ts';

/** German. */
export const DE: Partial<Record<keyof typeof EN, string>> = {
  ...WELCOME_DE,
  ...DAY_DE,
  ...TODAY_DE,
  'state.available': 'Verfügbar',
  'state.busy': 'Beschäftigt',
  'state.dnd': 'Nicht stören',
  'state.away': 'Abwesend',
  'state.offline': 'Offline',
};

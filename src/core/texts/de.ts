import { DAY_DE } from './de/day.ts';
import { SAMPLE_DE } from './de/sample.ts';
import { TODAY_DE } from './de/today.ts';
import type { EN } from './en.ts';

/** German. */
export const DE: Partial<Record<keyof typeof EN, string>> = {
  ...DAY_DE,
  ...SAMPLE_DE,
  ...TODAY_DE,
  'state.available': 'Verfügbar',
  'state.busy': 'Beschäftigt',
  'state.dnd': 'Nicht stören',
  'state.away': 'Abwesend',
  'state.offline': 'Offline',
  'common.banner': '',
  'menu.locked': ' (von der Organisation festgelegt)',
};

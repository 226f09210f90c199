/** What several windows, the menu and the command line say. */
export const COMMON = {
  'state.available': 'Available',
  'state.busy': 'Busy',
  'state.dnd': 'Do not disturb',
  'state.away': 'Away',
  'state.offline': 'Offline',
  'common.banner': '',
  'menu.locked': ' (set by your organisation)',
  'common.close': 'Close',
} as const;

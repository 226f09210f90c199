/** What several windows, the menu and the command line say. */
export const COMMON = {
  'state.available': 'Available',
  'state.busy': 'Busy',
  'state.dnd': 'Do not disturb',
  'state.away': 'Away',
  'state.offline': 'Offline',
  'common.banner': '',
  'fix.renew': 'Renew…',
  'fix.email': 'Correct your address…',
  'fix.helpDesk': 'Contact the help desk…',
  'fix.checks': 'Check the connections…',
  'fix.openLog': 'Open log',
} as const;

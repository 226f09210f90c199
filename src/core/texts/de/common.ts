import type { COMMON } from '../en/common.ts';

/** What several windows, the menu and the command line say. */
export const COMMON_DE = {
  'state.available': 'Verfügbar',
  'state.busy': 'Beschäftigt',
  'state.dnd': 'Nicht stören',
  'state.away': 'Abwesend',
  'state.offline': 'Offline',
  'common.banner': '',
  'fix.renew': 'Erneuern …',
  'fix.email': 'Adresse berichtigen …',
  'fix.helpDesk': 'Helpdesk fragen …',
  'fix.checks': 'Verbindungen prüfen …',
  'fix.openLog': 'Protokoll öffnen',
} as const satisfies Record<keyof typeof COMMON, string>;

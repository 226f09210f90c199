import type { CHECKS } from '../en/checks.ts';

/** The texts of the self-test. */
export const CHECKS_DE = {
  'checks.menu': 'Verbindungen prüfen …',
  'checks.title': 'Prüfung der Verbindungen',
  'checks.running': 'Alles, was HipStatus braucht, wird geprüft …',
  'checks.well': 'Alles funktioniert.',
  'checks.failed': 'Funktioniert nicht: {names}.',
  'checks.again': 'Erneut prüfen',
  'checks.copy': 'Kopieren',
  'checks.copied': 'Kopiert',
  'checks.close': 'Schließen',
  'checks.ok': 'funktioniert',
  'checks.bad': 'funktioniert nicht',
  'checks.unknown': 'nicht bekannt',
} as const satisfies Record<keyof typeof CHECKS, string>;

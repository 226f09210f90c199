/** The texts of the self-test. */
export const CHECKS = {
  'checks.menu': 'Check the connections…',
  'checks.title': 'Check of the connections',
  'checks.running': 'Trying everything that HipStatus needs…',
  'checks.well': 'All is well.',
  'checks.failed': 'Does not work: {names}.',
  'checks.again': 'Check again',
  'checks.copy': 'Copy',
  'checks.copied': 'Copied',
  'checks.close': 'Close',
  'checks.ok': 'works',
  'checks.bad': 'does not work',
  'checks.unknown': 'not known',
} as const;

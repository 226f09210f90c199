import { PROVIDER_NAMES } from '../core/accounts.ts';
import type { Prompt } from '../core/prompt.ts';
import { entryOf } from '../core/providerCatalogue.ts';

/** What to do about something that is missing, on the command line. */
export function setupHint(missing: Prompt, settingsFile: string): string {
  if (missing.kind === 'email') {
    return `Your email address is missing. Start HipStatus, which asks for it, or set "email" in ${settingsFile}.`;
  }
  if (missing.kind !== 'add') return 'Start HipStatus, which asks for what is missing.';
  const { kind } = entryOf(missing.provider);
  const what = `hipstatus accounts add ${missing.provider}`;
  return `No ${kind} is set up yet. For ${PROVIDER_NAMES[missing.provider]} run: ${what}. For others see: hipstatus accounts --help`;
}

import type { PromptKind } from '../core/prompt.ts';

/** What to do about something that is missing, on the command line. */
export function setupHint(missing: PromptKind, settingsFile: string): string {
  switch (missing) {
    case 'email':
      return `Your email address is missing. Start HipStatus, which asks for it, or set "email" in ${settingsFile}.`;
    case 'signIn':
      return 'No calendar is set up yet. Run: hipstatus sign-in';
    case 'hipchatToken':
    case 'slackToken':
      return `No chat is set up yet. Start HipStatus, which asks for it, or add one to "chats" in ${settingsFile} and its token with: hipstatus secret set hctoken`;
    case 'icsAddress':
    case 'icsPassword':
    case 'statusMessage':
      return 'Start HipStatus, which asks for what is missing.';
  }
}

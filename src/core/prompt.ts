import type { CalendarAccount, ChatAccount } from './accounts.ts';
import type { Settings } from './settings.ts';

/** The windows that ask for something. */
export const PROMPT_KINDS = [
  'email',
  'statusMessage',
  'signIn',
  'icsAddress',
  'icsPassword',
  'hipchatToken',
  'slackToken',
] as const;

export type PromptKind = (typeof PROMPT_KINDS)[number];

/** The prompt that renews an account's sign-in. */
export function accountPrompt(
  settings: Settings,
  accountId: string,
  provider: CalendarAccount['provider'] | ChatAccount['provider'],
): PromptKind {
  switch (provider) {
    case 'microsoft365':
      return 'signIn';
    case 'hipchat':
      return 'hipchatToken';
    case 'slack':
      return 'slackToken';
    case 'ics': {
      const account = settings.calendars.find(({ id }) => id === accountId);
      return account?.provider === 'ics' && account.username !== '' ? 'icsPassword' : 'icsAddress';
    }
  }
}

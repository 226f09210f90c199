import type { Settings } from './settings.ts';

/**
 * Addresses that the settings name for the accounts in use, and for updates. The self-test tries them even where no call was made, as without a
 * token; what other services are called at is seen when they are called.
 */
export function knownAddresses({ calendars, chats, organisation, updates }: Settings): readonly string[] {
  const uses = (provider: string) => [...calendars, ...chats].some((account) => account.provider === provider);
  return [
    // The first calendar that is asked for.
    ...(uses('microsoft365') || calendars.length === 0 ? [organisation.graphAuthority, organisation.graphBaseUrl] : []),
    ...(uses('hipchat') ? [organisation.hipchatServer] : []),
    ...(uses('slack') ? [organisation.slackApiUrl] : []),
    ...(organisation.updateFeedUrl !== '' && updates.mode !== 'off' ? [organisation.updateFeedUrl] : []),
  ];
}

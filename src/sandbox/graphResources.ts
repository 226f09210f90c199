import type { SandboxAccount } from './entraTokens.ts';

/** Graph's `user` with the properties it answers by default. */
export function userResource(account: SandboxAccount): Record<string, unknown> {
  const [givenName = '', ...rest] = account.name.split(' ');
  return {
    id: account.oid,
    displayName: account.name,
    givenName,
    surname: rest.join(' '),
    mail: account.username,
    userPrincipalName: account.username,
    businessPhones: [],
    jobTitle: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
  };
}

/** Graph's `calendar`. */
export function calendarResource(
  calendar: { id: string; name: string; owner?: { name: string; address: string } },
  account: SandboxAccount,
  isDefault: boolean,
): Record<string, unknown> {
  return {
    ...calendar,
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: isDefault,
    changeKey: 'nfZyf7VcrEKLNoU37KWlkQAAA0x0+w==',
    canShare: true,
    canViewPrivateItems: true,
    canEdit: true,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    isTallyingResponses: isDefault,
    isRemovable: !isDefault,
    owner: calendar.owner ?? { name: account.name, address: account.username },
  };
}

/** Graph's `mailboxSettings` of somebody who works eight to five, Monday to Friday, in the zone. */
export function mailboxResource(zone: string): Record<string, unknown> {
  const midnight = { dateTime: '2026-01-05T00:00:00.0000000', timeZone: 'UTC' };
  return {
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'all',
      internalReplyMessage: '',
      externalReplyMessage: '',
      scheduledStartDateTime: midnight,
      scheduledEndDateTime: midnight,
    },
    timeZone: zone,
    language: { locale: 'en-GB', displayName: 'English (United Kingdom)' },
    dateFormat: 'dd/MM/yyyy',
    timeFormat: 'HH:mm',
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:00:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: zone },
    },
  };
}

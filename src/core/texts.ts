import { ACCOUNT_TEXTS } from './accountTexts.ts';

/**
 * Every text of notifications and prompts that an organisation may replace (`organisation.texts` in the managed
 * settings). `{name}` marks are filled in.
 */
export const TEXTS = {
  'notice.dnd.title': "You are now set to 'Do not disturb'",
  'notice.away.title': "You are now 'Away'",
  'notice.busy.title': "You are now 'Busy'",
  'notice.available.title': "You are now 'Available'",
  'notice.text.title': 'Your status text is set',
  'notice.restored.title': 'Your own status is back',
  'notice.status.body': 'Your status in {chats} has been updated.',
  'notice.chatAuth.title': 'Authentication error to {chat}',
  'notice.chatAuth.body': 'Something may be wrong with your {chat} token. Click here to update it.',
  'notice.calendarAuth.title': 'Authentication error to {calendar}',
  'notice.calendarAuth.body': 'HipStatus can no longer read your calendar. Click here to sign in again.',
  'notice.refused.body': '{message} Click here to change it.',
  'notice.forOthers.title': 'HipStatus can do nothing in {service} at the moment',
  'notice.forOthers.body': '{message}',
  'notice.userNotFound.title': 'Could not find you in {chat}',
  'notice.userNotFound.body': 'Your saved email address is not known to {chat}. Click here to change it.',
  'notice.service.title': 'There seems to be a problem with {service}',
  'notice.service.body': 'The trouble is on the side of {service}. If it persists, click here for the help desk.',
  'notice.keychain.title': 'HipStatus cannot use your keychain',
  'notice.keychain.body': '{message}',
  'notice.disk.title': 'HipStatus cannot save what it must remember',
  'notice.disk.body': '{message}',
  'notice.settings.title': 'Some settings could not be read',
  'notice.settings.body': '{message}',
  'notice.setup.title': 'HipStatus is not set up yet',
  'notice.setup.body': 'Click here to go on.',
  'prompt.email.title': 'Enter your email address',
  'prompt.email.message': 'The address you use in your calendar and chat.',
  'prompt.statusMessage.title': "Enter a message to display when you are set to 'Do not disturb'",
  'prompt.statusMessage.message': 'Leave blank to not set a status message',
  'prompt.signIn.title': 'Sign in to Microsoft 365',
  'prompt.signIn.message':
    'Your browser opens for the sign-in. What your meetings are about stays on this computer, unless you allow more.',
  'prompt.icsAddress.title': 'Enter the address of your published calendar',
  'prompt.icsAddress.message': 'In Outlook on the web: Settings, Calendar, Shared calendars, Publish a calendar, ICS.',
  'prompt.hipchatToken.title': 'Enter your HipChat API token',
  'prompt.hipchatToken.message': 'Log into HipChat in the browser, copy your token there and paste it here.',
  'prompt.slackToken.title': 'Enter your Slack user token',
  'prompt.slackToken.message':
    'It starts with xoxp- and needs users.profile:read, users.profile:write, users:read and users:write; for do not disturb also dnd:read and dnd:write.',
  'prompt.email.label': 'Email address',
  'prompt.email.placeholder': 'you@example.com',
  'prompt.statusMessage.label': 'Status message',
  'prompt.statusMessage.placeholder': 'None',
  'prompt.signIn.deviceCodeMessage': 'On any device, open {address} and enter this code.',
  'prompt.signIn.submit': 'Sign in',
  'prompt.signIn.again': 'Try again',
  'prompt.signIn.waiting': 'Waiting for you to sign in in your browser…',
  'prompt.signIn.codeWaiting': 'Waiting for you to enter the code…',
  'prompt.signIn.codeLabel': 'Your code',
  'prompt.signIn.copyCode': 'Copy code',
  'prompt.signIn.copied': 'Copied',
  'prompt.signIn.openCodePage': 'Open the page…',
  'prompt.signIn.useDeviceCode': 'Use a code on another device…',
  'prompt.signIn.instead': 'Sign in in your browser instead…',
  'prompt.signIn.useBrowser': 'Use the browser here…',
  'prompt.signIn.useIcs': 'Use a calendar address instead…',
  'prompt.signIn.useOther': 'Use another calendar…',
  'prompt.icsAddress.label': 'Calendar address',
  'prompt.icsAddress.placeholder': 'https://',
  'prompt.icsAddress.usernameLabel': 'User name, if it asks for one',
  'prompt.icsAddress.passwordLabel': 'Password, if it asks for one',
  'prompt.hipchatToken.label': 'HipChat API token',
  'prompt.hipchatToken.get': 'Get HipChat token…',
  'prompt.hipchatToken.useSlack': 'Use Slack instead…',
  'prompt.hipchatToken.useOther': 'Use another chat…',
  'prompt.slackToken.label': 'Slack user token',
  'prompt.slackToken.placeholder': 'xoxp-…',
  'prompt.slackToken.get': 'Get Slack token…',
  'prompt.submit': 'OK',
  'prompt.cancel': 'Cancel',
  'prompt.checking': 'Checking with {service}…',
  'prompt.saving': 'Saving…',
  'prompt.show': 'Show',
  'prompt.hide': 'Hide',
  'prompt.missing': 'Please fill in this field.',
  ...ACCOUNT_TEXTS,
} as const;

export type TextKey = keyof typeof TEXTS;
export type TextOverrides = Readonly<Partial<Record<TextKey, string>>>;

/** The text of `key`, with its `{marks}` filled in. */
export function text(key: TextKey, overrides: TextOverrides, marks: Readonly<Record<string, string>> = {}): string {
  return (overrides[key] ?? TEXTS[key]).replaceAll(/\{(\w+)\}/g, (mark, name: string) => marks[name] ?? mark);
}

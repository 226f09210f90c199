import type { CalendarAccount, ChatAccount } from '../../core/accounts.ts';
import { truncateText } from '../../core/presence.ts';
import type { PromptKind } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import { text } from '../../core/texts.ts';
import type { MenuCommand, MenuItem, SwitchChange } from './trayView.ts';

/** Longest status message that is shown whole in the menu; graphemes. */
const MESSAGE_LIMIT = 40;

const LOCKED = ' (set by your organisation)';

function shownMessage(message: string): string {
  if (message === '') return 'None…';
  const short = truncateText(message, MESSAGE_LIMIT);
  return short === message ? message : `${short}…`;
}

/** The submenu that holds what the person can change. Keys that the organisation has set are shown and can't be clicked. */
export function preferencesMenu(settings: Settings, locked: ReadonlySet<string>): readonly MenuItem[] {
  const command = (id: string, label: string, what: MenuCommand, key?: string): MenuItem => {
    const isLocked = key !== undefined && locked.has(key);
    return { type: 'command', id, label: isLocked ? `${label}${LOCKED}` : label, enabled: !isLocked, command: what };
  };
  const prompt = (kind: PromptKind, label: string, key?: string): MenuItem =>
    command(`prompt.${kind}`, label, { kind: 'prompt', prompt: kind }, key);
  const toggle = (id: string, label: string, checked: boolean, change: SwitchChange, key: string): MenuItem => {
    const isLocked = locked.has(key);
    const what: MenuCommand = { kind: 'set', change };
    return {
      type: 'switch',
      id,
      label: isLocked ? `${label}${LOCKED}` : label,
      enabled: !isLocked,
      checked,
      command: what,
    };
  };

  const { statusMessage, calendars, chats, notifications, launchAtLogin, onQuit, organisation } = settings;
  const hasPassword = calendars.some((account) => account.provider === 'ics' && account.username !== '');
  // Who may not add an account may still renew the sign-in of one that is there.
  const calendarKey = (name: CalendarAccount['provider']) =>
    calendars.some(({ provider }) => provider === name) ? undefined : 'calendars';
  const chatKey = (name: ChatAccount['provider']) =>
    chats.some(({ provider }) => provider === name) ? undefined : 'chats';
  const restores = onQuit === 'restore';
  return [
    prompt('statusMessage', 'Status message…', 'statusMessage'),
    { type: 'info', id: 'status-message', label: shownMessage(statusMessage) },
    { type: 'separator', id: 'after-message' },
    prompt('email', 'Change email address', 'email'),
    prompt('signIn', 'Sign in to Microsoft 365', calendarKey('microsoft365')),
    prompt('icsAddress', 'Use a published calendar…', calendarKey('ics')),
    ...(hasPassword ? [prompt('icsPassword', 'Update saved password')] : []),
    prompt('hipchatToken', 'Update saved HipChat token', chatKey('hipchat')),
    command('get-hipchat-token', 'Get your HipChat token', { kind: 'openAddress', url: organisation.hipchatTokenUrl }),
    prompt('slackToken', 'Update saved Slack token', chatKey('slack')),
    { type: 'separator', id: 'after-accounts' },
    toggle('launch-at-login', 'Launch at login', launchAtLogin, { launchAtLogin: !launchAtLogin }, 'launchAtLogin'),
    toggle(
      'notifications',
      'Notify me when my status changes',
      notifications.status,
      { notifications: { ...notifications, status: !notifications.status } },
      'notifications.status',
    ),
    toggle(
      'restore-on-quit',
      'On quit: restore my status',
      restores,
      { onQuit: restores ? 'leave' : 'restore' },
      'onQuit',
    ),
    { type: 'separator', id: 'after-switches' },
    command('check-connections', text('checks.menu', organisation.texts), { kind: 'checkConnections' }),
    command('open-log', 'Open log', { kind: 'openLog' }),
  ];
}

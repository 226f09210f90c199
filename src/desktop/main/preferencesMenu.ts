import { truncateText } from '../../core/presence.ts';
import type { Prompt } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import type { SyncState } from '../../core/syncState.ts';
import { type Speech, type TextKey, text } from '../../core/texts.ts';
import type { UpdateState } from '../../core/updateState.ts';
import { accountsMenu } from './accountsMenu.ts';
import type { MenuCommand, MenuItem, SwitchChange } from './trayView.ts';
import { lookItems } from './updateItems.ts';

/** Longest status message that is shown whole in the menu; graphemes. */
const MESSAGE_LIMIT = 40;

function shownMessage(message: string, speech: Speech): string {
  if (message === '') return text('menu.noStatusMessage', speech);
  const short = truncateText(message, MESSAGE_LIMIT);
  return short === message ? message : `${short}…`;
}

/** The submenu that holds what the person can change. Keys that the organisation has set are shown and can't be clicked. */
export function preferencesMenu(
  settings: Settings,
  locked: ReadonlySet<string>,
  state: SyncState,
  speech: Speech,
  update: UpdateState,
): readonly MenuItem[] {
  const say = (key: TextKey) => text(key, speech);
  const command = (id: string, label: string, what: MenuCommand, key?: string): MenuItem => {
    const isLocked = key !== undefined && locked.has(key);
    return {
      type: 'command',
      id,
      label: isLocked ? text('menu.locked', speech, { label }) : label,
      enabled: !isLocked,
      command: what,
    };
  };
  const prompt = (kind: 'email' | 'statusMessage', label: string): MenuItem => {
    const asked: Prompt = { kind };
    return command(`prompt.${kind}`, label, { kind: 'prompt', prompt: asked }, kind);
  };
  const toggle = (id: string, label: string, checked: boolean, change: SwitchChange, key: string): MenuItem => {
    const isLocked = locked.has(key);
    const what: MenuCommand = { kind: 'set', change };
    return {
      type: 'switch',
      id,
      label: isLocked ? text('menu.locked', speech, { label }) : label,
      enabled: !isLocked,
      checked,
      command: what,
    };
  };

  const { statusMessage, notifications, launchAtLogin, onQuit } = settings;
  const restores = onQuit === 'restore';
  return [
    command('preferences.open', say('preferences.open'), { kind: 'preferences' }),
    { type: 'separator', id: 'after-open' },
    prompt('statusMessage', say('menu.statusMessage')),
    { type: 'info', id: 'status-message', label: shownMessage(statusMessage, speech) },
    { type: 'separator', id: 'after-message' },
    prompt('email', say('menu.email')),
    {
      type: 'submenu',
      id: 'accounts',
      label: say('menu.accounts'),
      items: accountsMenu(settings, locked, state, speech),
    },
    { type: 'separator', id: 'after-accounts' },
    toggle(
      'launch-at-login',
      say('menu.launchAtLogin'),
      launchAtLogin,
      { launchAtLogin: !launchAtLogin },
      'launchAtLogin',
    ),
    toggle(
      'notifications',
      say('menu.notifications'),
      notifications.status,
      { notifications: { ...notifications, status: !notifications.status } },
      'notifications.status',
    ),
    toggle(
      'restore-on-quit',
      say('menu.restoreOnQuit'),
      restores,
      { onQuit: restores ? 'leave' : 'restore' },
      'onQuit',
    ),
    { type: 'separator', id: 'after-switches' },
    command('check-connections', say('checks.menu'), { kind: 'checkConnections' }),
    ...lookItems(update, speech),
    command('open-log', say('menu.openLog'), { kind: 'openLog' }),
  ];
}

import { type Speech, type TextKey, text } from '../../core/texts.ts';
import type { UpdateState } from '../../core/updateState.ts';
import type { MenuCommand, MenuItem } from './trayView.ts';

const INSTALL: MenuCommand = { kind: 'installUpdate' };

/** What the menu says of a new version; nothing while there is none. */
export function updateItems(state: UpdateState, speech: Speech): readonly MenuItem[] {
  const id = 'update';
  const info = (key: TextKey, version: string): MenuItem[] => [
    { type: 'info', id, label: text(key, speech, { version }) },
  ];
  const install = (key: TextKey, version: string): MenuItem[] => [
    { type: 'command', id, label: text(key, speech, { version }), enabled: true, command: INSTALL },
  ];
  switch (state.kind) {
    case 'available':
      return install('update.menu.install', state.version);
    case 'downloading':
      return info('update.menu.downloading', state.version);
    case 'ready':
      // Nobody can ask for it any sooner.
      return state.waitsFor === 'meeting'
        ? info('update.menu.later', state.version)
        : install('update.menu.restart', state.version);
    case 'installing':
      return info('update.menu.installing', state.version);
    case 'failed':
      // After the restart that brought nothing it has to be looked for first.
      return state.version === null || state.reason === 'notInstalled'
        ? []
        : install('update.menu.install', state.version);
    default:
      return [];
  }
}

/** "Look for updates…", where there is a place to look at. */
export function lookItems(state: UpdateState, speech: Speech): readonly MenuItem[] {
  if (state.kind === 'off') return [];
  const isUnderWay = ['checking', 'downloading', 'installing'].includes(state.kind);
  const label = text(isUnderWay ? 'update.menu.checking' : 'update.menu.look', speech);
  const command: MenuCommand = { kind: 'lookForUpdates' };
  return [{ type: 'command', id: 'look-for-updates', label, enabled: !isUnderWay, command }];
}

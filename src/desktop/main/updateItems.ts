import { type Speech, text } from '../../core/texts.ts';
import type { UpdateState } from '../../core/updateState.ts';
import type { MenuCommand, MenuItem } from './trayView.ts';

const INSTALL: MenuCommand = { kind: 'installUpdate' };

/** What the menu says of a new version; nothing while there is none. */
export function updateItems(state: UpdateState, speech: Speech): readonly MenuItem[] {
  const id = 'update';
  switch (state.kind) {
    case 'available':
      return [
        {
          type: 'command',
          id,
          label: text('update.menu.install', speech, { version: state.version }),
          enabled: true,
          command: INSTALL,
        },
      ];
    case 'downloading':
      return [{ type: 'info', id, label: text('update.menu.downloading', speech, { version: state.version }) }];
    case 'ready': {
      // Asked for in a meeting; what goes by itself can still be asked for.
      const isLater = state.waitsFor === 'meeting';
      const key = isLater ? 'update.menu.later' : 'update.menu.restart';
      const label = text(key, speech, { version: state.version });
      return [isLater ? { type: 'info', id, label } : { type: 'command', id, label, enabled: true, command: INSTALL }];
    }
    default:
      return [];
  }
}

/** "Look for updates…", where there is a place to look at. */
export function lookItems(state: UpdateState, speech: Speech): readonly MenuItem[] {
  if (state.kind === 'off') return [];
  const isUnderWay = state.kind === 'checking' || state.kind === 'downloading';
  const label = text(isUnderWay ? 'update.menu.checking' : 'update.menu.look', speech);
  const command: MenuCommand = { kind: 'lookForUpdates' };
  return [{ type: 'command', id: 'look-for-updates', label, enabled: !isUnderWay, command }];
}

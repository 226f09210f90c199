import { type Speech, text } from '../../core/texts.ts';
import type { MenuItem, TrayView } from './trayView.ts';

export const quitItem = (speech: Speech): MenuItem => {
  return { type: 'command', id: 'quit', label: text('menu.quit', speech), enabled: true, command: { kind: 'quit' } };
};

/** Before anything is known, even the settings. */
export const startingView = (speech: Speech): TrayView => ({
  icon: 'running',
  tooltip: 'HipStatus',
  menu: [
    { type: 'info', id: 'headline', label: text('headline.starting', speech) },
    { type: 'separator', id: 'before-quit' },
    quitItem(speech),
  ],
});

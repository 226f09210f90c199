import type { TrayView } from './trayView.ts';

// Apart from `trayView`, which the start need not wait for.

/** Before anything is known, even the settings. */
export const STARTING_VIEW: TrayView = {
  icon: 'running',
  tooltip: 'HipStatus',
  menu: [
    { type: 'info', id: 'headline', label: 'Starting…' },
    { type: 'separator', id: 'before-quit' },
    { type: 'command', id: 'quit', label: 'Quit HipStatus', enabled: true, command: { kind: 'quit' } },
  ],
};

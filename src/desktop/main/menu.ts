import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand, MenuItem } from './trayView.ts';

/** An `&` in a label would become a keyboard mark on Linux and Windows. */
const plain = (label: string): string => label.replaceAll('&', '&&');

function template(item: MenuItem, onCommand: (command: MenuCommand) => void): MenuItemConstructorOptions {
  const { id } = item;
  switch (item.type) {
    case 'separator':
      return { id, type: 'separator' };
    case 'info':
      return { id, label: plain(item.label), enabled: false };
    case 'command':
      return { id, label: plain(item.label), enabled: item.enabled, click: () => onCommand(item.command) };
    case 'switch':
      return {
        id,
        type: 'checkbox',
        label: plain(item.label),
        enabled: item.enabled,
        checked: item.checked,
        click: () => onCommand(item.command),
      };
    case 'submenu':
      return { id, label: plain(item.label), submenu: buildMenu(item.items, onCommand) };
  }
}

export const buildMenu = (items: readonly MenuItem[], onCommand: (command: MenuCommand) => void): Menu =>
  Menu.buildFromTemplate(items.map((item) => template(item, onCommand)));

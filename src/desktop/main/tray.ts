import { join } from 'node:path';
import { type Menu, type NativeImage, nativeImage, Tray } from 'electron';
import { buildMenu } from './menu.ts';
import type { MenuCommand, TrayIcon, TrayView } from './trayView.ts';

export interface TrayHostDeps {
  /** `assets/generated/tray` */
  readonly iconDir: string;
  readonly platform: NodeJS.Platform;
}

/** The picture files by platform: template images on macOS, `.ico` on Windows, and panel sizes elsewhere (see scripts/icons.mjs). */
function trayImage({ iconDir, platform }: TrayHostDeps, icon: TrayIcon): NativeImage {
  if (platform === 'win32') return nativeImage.createFromPath(join(iconDir, `${icon}.ico`));
  if (platform !== 'darwin') return nativeImage.createFromPath(join(iconDir, `${icon}-24.png`));
  // The file's name ends in `Template`, and its `@2x` is found beside it.
  const image = nativeImage.createFromPath(join(iconDir, `${icon}Template.png`));
  image.setTemplateImage(true);
  return image;
}

/** The icon in the menu bar. Applies only what differs, since a menu that is set anew closes or flickers when it is open. */
export class TrayHost {
  readonly #deps: TrayHostDeps;
  readonly #tray: Tray;
  #shown: TrayView;
  #shownMenu = '';
  #onCommand: (command: MenuCommand) => void = () => {};
  #onClick: () => void = () => {};
  #menu: Menu | null = null;

  constructor(deps: TrayHostDeps, first: TrayView) {
    this.#deps = deps;
    this.#shown = first;
    this.#tray = new Tray(trayImage(deps, first.icon));
    this.#tray.setToolTip(first.tooltip);
    this.#setMenu(first);
    // On Linux the desktop decides which click this is; where it has one click only, it opens the menu, which holds "Show today".
    this.#tray.on('click', () => this.#onClick());
    // Elsewhere than on macOS the desktop opens the menu by itself.
    if (deps.platform === 'darwin')
      this.#tray.on('right-click', () => this.#tray.popUpContextMenu(this.#menu ?? undefined));
  }

  /** Who does what the menu asks for; until then clicks do nothing. */
  onCommand(handler: (command: MenuCommand) => void): void {
    this.#onCommand = handler;
  }

  /** The person has clicked the icon itself; until this is set nothing happens. */
  onClick(handler: () => void): void {
    this.#onClick = handler;
  }

  show(view: TrayView): void {
    if (this.#tray.isDestroyed()) return;
    const before = this.#shown;
    this.#shown = view;
    if (view.icon !== before.icon) this.#tray.setImage(trayImage(this.#deps, view.icon));
    if (view.tooltip !== before.tooltip) this.#tray.setToolTip(view.tooltip);
    if (JSON.stringify(view.menu) !== this.#shownMenu) this.#setMenu(view);
  }

  /** Where the icon is, for windows that open beside it; zeroes where the desktop does not tell. */
  bounds(): Electron.Rectangle {
    return this.#tray.isDestroyed() ? { x: 0, y: 0, width: 0, height: 0 } : this.#tray.getBounds();
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #setMenu(view: TrayView): void {
    this.#shownMenu = JSON.stringify(view.menu);
    this.#menu = buildMenu(view.menu, (command) => this.#clicked(command));
    // On macOS an icon that has a menu opens it at every click, and no click is told.
    if (this.#deps.platform !== 'darwin') this.#tray.setContextMenu(this.#menu);
  }

  #clicked(command: MenuCommand): void {
    this.#onCommand(command);
    // A checkbox flips itself when clicked. When the change was refused, nothing else would flip it back.
    if (command.kind === 'set') setImmediate(() => this.#tray.isDestroyed() || this.#setMenu(this.#shown));
  }
}

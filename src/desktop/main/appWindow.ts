import {
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  Menu,
  type MenuItemConstructorOptions,
  nativeTheme,
  screen,
  systemPreferences,
} from 'electron';
import { accentCss } from './accent.ts';

import { keepOnScreen, placeWindow, type Rectangle } from './placement.ts';

/** CSS pixels. */
const WIDTH = 420;
/** Until the page has measured itself; the window is hidden that long. */
const FIRST_HEIGHT = 200;
const ZOOM_LIMITS = [0.5, 3] as const;

/**
 * How a window behaves.
 * - `prompt`: small, fixed, as high as its content, always in front: with neither dock nor taskbar entry, it could not be found again
 * - `panel`: the same without a frame, by the icon, and gone when the person turns to something else
 * - `window`: an ordinary one, which the person makes as large as they like
 */
export type WindowLook =
  | { readonly kind: 'prompt' | 'panel'; readonly width: number }
  | { readonly kind: 'window'; readonly width: number; readonly height: number };

/** What a prompt looks like. */
export const PROMPT_LOOK: WindowLook = { kind: 'prompt', width: WIDTH };

export interface AppWindowOptions {
  readonly title: string;
  readonly preloadFile: string;
  readonly page: string;
  readonly look: WindowLook;
  /** Where the icon is that the window belongs to. */
  readonly iconBounds: () => Rectangle;
}

/** The person can paste with the mouse too. */
function editMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    const copy: MenuItemConstructorOptions = { role: 'copy', enabled: editFlags.canCopy };
    const edit: MenuItemConstructorOptions[] = [
      { role: 'cut', enabled: editFlags.canCut },
      copy,
      { role: 'paste', enabled: editFlags.canPaste },
      { type: 'separator' },
      { role: 'selectAll', enabled: editFlags.canSelectAll },
    ];
    const template = isEditable ? edit : selectionText === '' ? [] : [copy];
    if (template.length > 0) Menu.buildFromTemplate(template).popup({ window });
  });
}

/** Ctrl or Cmd with plus, minus and zero, as in a browser; there is no menu bar that would do it. */
function zoomKeys(window: BrowserWindow): void {
  const contents = window.webContents;
  contents.on('before-input-event', (event, { type, key, control, meta }) => {
    if (type !== 'keyDown' || !(process.platform === 'darwin' ? meta : control)) return;
    const [low, high] = ZOOM_LIMITS;
    const factors: Readonly<Record<string, number>> = {
      '+': contents.zoomFactor * 1.1,
      '=': contents.zoomFactor * 1.1,
      '-': contents.zoomFactor / 1.1,
      '0': 1,
    };
    const factor = factors[key];
    if (factor === undefined) return;
    event.preventDefault();
    contents.zoomFactor = Math.max(low, Math.min(factor, high));
  });
}

/** Linux tells no accent colour in older Electrons. */
const systemAccent = (): string => systemPreferences.getAccentColor?.() ?? '';

const SMALL = {
  show: false,
  resizable: false,
  minimizable: false,
  maximizable: false,
  fullscreenable: false,
  skipTaskbar: true,
  alwaysOnTop: true,
};

const LOOKS: Readonly<Record<WindowLook['kind'], BrowserWindowConstructorOptions>> = {
  prompt: SMALL,
  panel: { ...SMALL, frame: false, movable: false },
  window: { show: false, minWidth: 480, minHeight: 400 },
};

/** A hidden window that is about to show a page. `fitWindow` shows it, or `focusWindow`. */
export function createWindow({ title, preloadFile, page, look }: AppWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...LOOKS[look.kind],
    title,
    width: look.width,
    height: look.kind === 'window' ? look.height : FIRST_HEIGHT,
    useContentSize: true,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#262629' : '#f4f4f5',
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      webgl: false,
      enableWebSQL: false,
      navigateOnDragDrop: false,
      disableBlinkFeatures: 'Auxclick',
    },
  });
  window.webContents.on('dom-ready', () => {
    const css = accentCss(systemAccent());
    if (css !== '') void window.webContents.insertCSS(css);
  });
  editMenu(window);
  zoomKeys(window);
  void window.loadURL(page);
  return window;
}

/** Shows it in front of all others; an app without dock icon has to ask for that. */
export function focusWindow(window: BrowserWindow, focusApp: () => void): void {
  focusApp();
  window.show();
  window.focus();
}

/**
 * Makes the window as high as its content.
 * @param contentHeight in CSS pixels; the window's are larger when it is zoomed
 */
export function fitWindow(window: BrowserWindow, contentHeight: number, options: AppWindowOptions): void {
  const zoom = window.webContents.zoomFactor;
  const icon = options.iconBounds();
  const display =
    icon.width > 0 ? screen.getDisplayMatching(icon) : screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
  const { workArea } = display;
  const size = {
    width: Math.min(Math.ceil(options.look.width * zoom), workArea.width),
    height: Math.min(Math.ceil(contentHeight * zoom), workArea.height),
  };
  const [left = 0, top = 0] = window.getPosition();
  window.setContentSize(size.width, size.height);
  const [width = size.width, height = size.height] = window.getSize();
  const outer = { width, height };
  const at = window.isVisible()
    ? keepOnScreen({ x: left, y: top }, outer, workArea)
    : placeWindow(outer, icon, workArea);
  window.setPosition(at.x, at.y);
}

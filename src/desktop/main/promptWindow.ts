import { BrowserWindow, Menu, type MenuItemConstructorOptions, screen, systemPreferences } from 'electron';
import { accentCss } from './accent.ts';
import { PROMPT_PAGE } from './pageFiles.ts';
import { keepOnScreen, placeWindow, type Rectangle } from './placement.ts';

/** CSS pixels. */
const WIDTH = 420;
/** Until the page has measured itself; the window is hidden that long. */
const FIRST_HEIGHT = 200;
const ZOOM_LIMITS = [0.5, 3] as const;

export interface PromptWindowOptions {
  readonly title: string;
  readonly preloadFile: string;
  /** Default: the prompts'. */
  readonly page?: string;
  /** Default: the prompts'. */
  readonly width?: number;
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

/** A hidden window that is about to show a prompt. `fitPrompt` shows it. */
export function createPromptWindow(options: PromptWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: options.title,
    width: options.width ?? WIDTH,
    height: FIRST_HEIGHT,
    useContentSize: true,
    show: false,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    // With neither dock nor taskbar entry, a window behind others could not be found again.
    alwaysOnTop: true,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preloadFile,
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
  void window.loadURL(options.page ?? PROMPT_PAGE);
  return window;
}

/** Brings a prompt to the front; an app without dock icon has to ask for that. */
export function focusPrompt(window: BrowserWindow, focusApp: () => void): void {
  focusApp();
  window.show();
  window.focus();
}

/**
 * Makes the window as high as its content.
 * @param contentHeight in CSS pixels; the window's are larger when it is zoomed
 */
export function fitPrompt(window: BrowserWindow, contentHeight: number, options: PromptWindowOptions): void {
  const zoom = window.webContents.zoomFactor;
  const icon = options.iconBounds();
  const display =
    icon.width > 0 ? screen.getDisplayMatching(icon) : screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
  const { workArea } = display;
  const size = {
    width: Math.min(Math.ceil((options.width ?? WIDTH) * zoom), workArea.width),
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

import { app, type BrowserWindow, ipcMain } from 'electron';
import type { Logger } from '../../ports/logger.ts';
import { contract, type EventName, type InvokeName, type Payload } from '../ipc/contract.ts';
import { type AppWindowOptions, createWindow, fitWindow, focusWindow, type WindowLook } from './appWindow.ts';
import { inOrder } from './inOrder.ts';
import { hostIpc, type IpcHandlers } from './ipcHost.ts';
import { type PageName, pageUrl } from './pageFiles.ts';
import { hostPages } from './pageHost.ts';
import type { Rectangle } from './placement.ts';

/** What the windows of the app share. */
export interface WindowShell {
  readonly platform: NodeJS.Platform;
  /** `out/preload/prompt.cjs` */
  readonly preloadFile: string;
  /** `out/renderer` */
  readonly rendererDir: string;
  readonly iconBounds: () => Rectangle;
  readonly logger: Logger;
  /** A window is gone, and its memory can be given back. */
  readonly onClosed: () => void;
}

/** The window, as its session may know it. */
export interface PageHandle {
  /** Tells the page something; nothing happens when it is gone. */
  send<Name extends EventName>(name: Name, payload: Payload<Name>): void;
  /** Closes it, after the answer to the call under way has reached it. */
  close(): void;
  /** Makes it as high as its content, and shows it at the first time. @param height CSS pixels */
  fit(height: number): void;
}

/** What goes on in an open window. Knows nothing of Electron. */
export interface PageSession {
  /** The window is gone. */
  stop(): void;
}

export interface OpenPage<Session> {
  readonly session: Session;
  readonly page: PageHandle;
  readonly window: BrowserWindow;
}

export interface PageWindowDeps<Session extends PageSession, Names extends InvokeName> {
  readonly shell: WindowShell;
  readonly page: PageName;
  readonly look: WindowLook;
  readonly title: () => string;
  readonly make: (page: PageHandle) => Session;
  readonly handlers: IpcHandlers<OpenPage<Session>, Names>;
  /** Asked when the person closes it; with false it stays. Absent: it may. Not asked when the app ends. */
  readonly mayClose?: (open: OpenPage<Session>) => boolean;
}

/** From pressing a mouse button to letting it go; milliseconds. */
const CLICK = 300;

/** One kind of window: made when wanted, at most one, destroyed when it is closed, so that nothing of it stays in memory. */
export class PageWindow<Session extends PageSession, Names extends InvokeName> {
  readonly #deps: PageWindowDeps<Session, Names>;
  #open: OpenPage<Session> | null = null;
  #isHosting = false;
  /** When the person turned away from it, on `performance.now()`'s clock. */
  #leftAt = Number.NEGATIVE_INFINITY;

  constructor(deps: PageWindowDeps<Session, Names>) {
    this.#deps = deps;
  }

  get session(): Session | null {
    return this.#open?.session ?? null;
  }

  /** Opens it, or brings it to the front. */
  open(): void {
    if (this.#open !== null) {
      this.#focus(this.#open.window);
      return;
    }
    this.#host();
    const { shell, page: name, look, title, make } = this.#deps;
    const { preloadFile, iconBounds, logger, onClosed } = shell;
    const options: AppWindowOptions = { title: title(), preloadFile, page: pageUrl(name), look, iconBounds };
    const began = performance.now();
    const window = createWindow(options);
    window.once('show', () => {
      logger.info('Window shown', { page: name, milliseconds: Math.round(performance.now() - began) });
    });
    const page = this.#handle(window, options);
    const session = make(page);
    this.#open = { session, page, window };
    if (look.kind === 'window') window.once('ready-to-show', () => this.#focus(window));
    // Turned to something else: a panel is gone then, as a menu is.
    if (look.kind === 'panel') {
      window.on('blur', () => {
        this.#leftAt = performance.now();
        page.close();
      });
    }
    window.on('close', (event) => {
      if (this.#deps.mayClose?.({ session, page, window }) === false) event.preventDefault();
    });
    window.on('closed', () => {
      session.stop();
      this.#open = null;
      onClosed();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      logger.error('A window has crashed', { page: name, reason });
      if (!window.isDestroyed()) window.destroy();
    });
  }

  /** As a click on the icon does: opens it, or closes it when it is open. */
  toggle(): void {
    if (this.#open !== null) this.close();
    // The click that took the person away from a panel was this one: it has closed it.
    else if (performance.now() - this.#leftAt > CLICK) this.open();
  }

  close(): void {
    this.#open?.page.close();
  }

  #handle(window: BrowserWindow, options: AppWindowOptions): PageHandle {
    const deliver = inOrder<{ readonly channel: string; readonly payload: unknown }>(({ channel, payload }) => {
      if (!window.isDestroyed()) window.webContents.send(channel, payload);
    });
    return {
      send: (name, payload) => deliver({ channel: contract[name].channel, payload }),
      close: () => {
        setImmediate(() => {
          if (!window.isDestroyed()) window.destroy();
        });
      },
      fit: (height) => {
        if (window.isDestroyed()) return;
        const isFirst = !window.isVisible();
        fitWindow(window, height, options);
        if (isFirst) this.#focus(window);
      },
    };
  }

  #focus(window: BrowserWindow): void {
    focusWindow(window, () => app.focus({ steal: true }));
  }

  /** What the windows of this kind may ask, set up when the first one is wanted. */
  #host(): void {
    if (this.#isHosting) return;
    this.#isHosting = true;
    const { shell, page, handlers } = this.#deps;
    hostPages(shell.platform, shell.rendererDir);
    hostIpc<OpenPage<Session>, Names>({
      ipcMain,
      logger: shell.logger,
      pageUrl: pageUrl(page),
      ownerOf: (id) => (this.#open?.window.webContents.id === id ? this.#open : undefined),
      handlers,
    });
  }
}

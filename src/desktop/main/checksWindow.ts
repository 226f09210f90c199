import { app, type BrowserWindow, clipboard, ipcMain } from 'electron';
import type { ChecksInvoke } from '../ipc/contract.ts';
import { contract } from '../ipc/contract.ts';
import { ChecksSession, type ChecksSessionDeps } from './checksSession.ts';
import { hostIpc } from './ipcHost.ts';
import { CHECKS_PAGE } from './pageFiles.ts';
import { hostPages } from './pageHost.ts';
import type { Rectangle } from './placement.ts';
import { createPromptWindow, fitPrompt, focusPrompt, type PromptWindowOptions } from './promptWindow.ts';

/** Wider than a prompt: there is more to read. */
const WIDTH = 560;

export interface ChecksWindowDeps extends Omit<ChecksSessionDeps, 'copy' | 'onView' | 'onEnd'> {
  readonly platform: NodeJS.Platform;
  /** `out/preload/prompt.cjs` */
  readonly preloadFile: string;
  /** `out/renderer` */
  readonly rendererDir: string;
  readonly iconBounds: () => Rectangle;
  readonly onClosed: () => void;
}

interface Open {
  readonly session: ChecksSession;
  readonly window: BrowserWindow;
  readonly options: PromptWindowOptions;
}

/** The self-test as a window: made when wanted, at most one, destroyed after. */
export class ChecksWindow {
  readonly #deps: ChecksWindowDeps;
  #open: Open | null = null;
  #isHosting = false;

  constructor(deps: ChecksWindowDeps) {
    this.#deps = deps;
  }

  /** Opens it and begins, or brings it to the front. */
  open(): void {
    if (this.#open !== null) {
      this.#focus(this.#open.window);
      return;
    }
    this.#host();
    const { preloadFile, iconBounds, logger, onClosed } = this.#deps;
    const session = new ChecksSession({
      ...this.#deps,
      copy: (text) => clipboard.writeText(text),
      onView: (view) => {
        if (this.#open !== null && !this.#open.window.isDestroyed()) {
          this.#open.window.webContents.send(contract.checksChanged.channel, view);
        }
      },
      // Later, so that the answer to the call that ended it still reaches the window.
      onEnd: () => setImmediate(() => window.destroy()),
    });
    const options: PromptWindowOptions = {
      title: session.view().title,
      preloadFile,
      iconBounds,
      page: CHECKS_PAGE,
      width: WIDTH,
    };
    const window = createPromptWindow(options);
    this.#open = { session, window, options };
    window.on('closed', () => {
      session.stop();
      this.#open = null;
      onClosed();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      logger.error('The window of the checks has crashed', { reason });
      window.destroy();
    });
    void session.run();
  }

  #focus(window: BrowserWindow): void {
    focusPrompt(window, () => app.focus({ steal: true }));
  }

  #host(): void {
    if (this.#isHosting) return;
    this.#isHosting = true;
    const { platform, rendererDir, logger } = this.#deps;
    hostPages(platform, rendererDir);
    hostIpc<Open, ChecksInvoke>({
      ipcMain,
      logger,
      pageUrl: CHECKS_PAGE,
      ownerOf: (id) => (this.#open?.window.webContents.id === id ? this.#open : undefined),
      handlers: {
        checks: ({ session }) => session.view(),
        checksAct: ({ session }, action) => {
          session.act(action);
          return null;
        },
        checksFit: ({ window, options }, height) => {
          const isFirst = !window.isVisible();
          fitPrompt(window, height, options);
          if (isFirst) this.#focus(window);
          return null;
        },
      },
    });
  }
}

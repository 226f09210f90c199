import { app, type BrowserWindow, clipboard, ipcMain } from 'electron';
import type { ProviderName } from '../../core/accounts.ts';
import { type Prompt, promptId } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import { lacksAddress } from '../../core/setup.ts';
import type { Speech } from '../../core/texts.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Opener, Prompter } from '../../ports/prompter.ts';
import { contract, type PromptInvoke } from '../ipc/contract.ts';
import type { PromptView } from '../ipc/promptView.ts';
import { type AppWindowOptions, createWindow, fitWindow, focusWindow, PROMPT_LOOK } from './appWindow.ts';
import { inOrder } from './inOrder.ts';
import { hostIpc } from './ipcHost.ts';
import { pageUrl } from './pageFiles.ts';
import { hostPages } from './pageHost.ts';
import type { Rectangle } from './placement.ts';
import { accountOfPrompt } from './promptAccounts.ts';
import { PromptSession, type PromptWork } from './promptSession.ts';

export interface PromptWindowsDeps {
  readonly work: PromptWork;
  readonly settings: () => Settings;
  /** Dotted paths of the keys that the organisation has set. */
  readonly locked: () => ReadonlySet<string>;
  readonly speech: () => Speech;
  /** Whether a browser's sign-in is set up. */
  readonly canSignIn: (provider: ProviderName) => boolean;
  readonly opener: Opener;
  readonly logger: Logger;
  readonly platform: NodeJS.Platform;
  /** `out/preload/prompt.cjs` */
  readonly preloadFile: string;
  /** `out/renderer` */
  readonly rendererDir: string;
  readonly iconBounds: () => Rectangle;
  /** A prompt is over. `kept` when its answer was taken, so that the next step of the set-up can follow. */
  readonly onEnd: (prompt: Prompt, kept: boolean) => void;
}

interface OpenPrompt {
  readonly session: PromptSession;
  readonly window: BrowserWindow;
  readonly options: AppWindowOptions;
}

/** The prompts as windows: made when wanted, one of each (`promptId`), destroyed after. */
export class PromptWindows implements Prompter {
  readonly #deps: PromptWindowsDeps;
  readonly #open = new Map<string, OpenPrompt>();
  /** By `webContents.id`, until the window is gone: a prompt that is over may still be asked something. */
  readonly #owners = new Map<number, OpenPrompt>();
  /** What is opened once the person's address is known. */
  #waiting: Prompt | null = null;
  #isHosting = false;

  constructor(deps: PromptWindowsDeps) {
    this.#deps = deps;
  }

  open(wanted: Prompt): void {
    // Somebody who is to be found by their address is asked for it first.
    const isEarly = wanted.kind === 'add' && lacksAddress(wanted.provider, this.#deps.settings());
    if (isEarly) this.#waiting = wanted;
    const asked: Prompt = isEarly ? { kind: 'email' } : wanted;
    const name = promptId(asked);
    const open = this.#open.get(name);
    if (open !== undefined) {
      this.#focus(open.window);
      return;
    }
    const { work, settings, locked, speech, canSignIn, opener, logger, preloadFile, iconBounds } = this.#deps;
    // A notice may outlive the account that it is about.
    if ('account' in asked && accountOfPrompt(asked, settings()) === null) return;
    this.#host();
    const promptSession = new PromptSession(asked, {
      work,
      settings,
      locked,
      speech,
      canSignIn,
      opener,
      logger,
      prompter: this,
      copy: (code) => clipboard.writeText(code),
      onView: (view) => tell(view),
      onEnd: (ended, kept) => this.#ended(ended, kept),
    });
    const options: AppWindowOptions = {
      title: promptSession.view().title,
      preloadFile,
      page: pageUrl('prompt'),
      look: PROMPT_LOOK,
      iconBounds,
    };
    const window = createWindow(options);
    const tell = inOrder<PromptView>((view) => {
      if (!window.isDestroyed()) window.webContents.send(contract.changed.channel, view);
    });
    const prompt = { session: promptSession, window, options };
    const { id } = window.webContents;
    this.#open.set(name, prompt);
    this.#owners.set(id, prompt);
    void promptSession.load();
    window.on('closed', () => {
      this.#owners.delete(id);
      promptSession.cancel();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      logger.error('A prompt window has crashed', { prompt: name, reason });
      promptSession.cancel();
    });
  }

  /** Brings the newest open prompt to the front; false when there is none. */
  focusOpen(): boolean {
    const newest = [...this.#open.values()].at(-1);
    if (newest !== undefined) this.#focus(newest.window);
    return newest !== undefined;
  }

  #ended(ended: Prompt, kept: boolean): void {
    const name = promptId(ended);
    const open = this.#open.get(name);
    this.#open.delete(name);
    // Later, so that the answer to the call that ended it still reaches the window.
    setImmediate(() => open?.window.destroy());
    const waiting = ended.kind === 'email' ? this.#waiting : null;
    if (ended.kind === 'email') this.#waiting = null;
    this.#deps.onEnd(ended, kept);
    if (kept && waiting !== null) this.open(waiting);
  }

  #focus(window: BrowserWindow): void {
    focusWindow(window, () => app.focus({ steal: true }));
  }

  /** What windows need, set up when the first one is wanted. */
  #host(): void {
    if (this.#isHosting) return;
    this.#isHosting = true;
    const { platform, rendererDir, logger } = this.#deps;
    hostPages(platform, rendererDir);
    hostIpc<OpenPrompt, PromptInvoke>({
      ipcMain,
      logger,
      pageUrl: pageUrl('prompt'),
      ownerOf: (id) => this.#owners.get(id),
      handlers: {
        view: (open) => open.session.view(),
        submit: (open, answer) => {
          void open.session.submit(answer);
          return null;
        },
        act: (open, action) => {
          void open.session.act(action);
          return null;
        },
        cancel: (open) => {
          open.session.cancel();
          return null;
        },
        fit: (open, height) => {
          const isFirst = !open.window.isVisible();
          fitWindow(open.window, height, open.options);
          if (isFirst) this.#focus(open.window);
          return null;
        },
      },
    });
  }
}

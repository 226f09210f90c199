import { type BrowserWindow, dialog } from 'electron';
import { asAppError } from '../../core/appError.ts';
import { text } from '../../core/texts.ts';
import type { PageInvoke } from '../ipc/contract.ts';
import type { PreferencesTab } from '../ipc/preferencesTabs.ts';
import type { PreferencesDraft } from '../ipc/preferencesView.ts';
import { type OpenPage, PageWindow, type WindowShell } from './pageWindow.ts';
import { PreferencesSession, type PreferencesSessionDeps } from './preferencesSession.ts';

const SIZE = { width: 880, height: 680 };
const [SAVE, , CANCEL] = [0, 1, 2];

/** The Preferences as a window. Closed with something unsaved, it asks what is to become of that. */
export class PreferencesWindow {
  readonly #page: PageWindow<PreferencesSession, PageInvoke<'preferences'>>;
  readonly #deps: Omit<PreferencesSessionDeps, 'onView'>;
  readonly #shell: WindowShell;
  #tab: PreferencesTab = 'accounts';
  #isAsking = false;

  constructor(shell: WindowShell, deps: Omit<PreferencesSessionDeps, 'onView'>) {
    this.#shell = shell;
    this.#deps = deps;
    this.#page = new PageWindow<PreferencesSession, PageInvoke<'preferences'>>({
      shell,
      page: 'preferences',
      look: { kind: 'window', ...SIZE },
      title: () => text('preferences.title', deps.speech()),
      make: (page) =>
        new PreferencesSession({ ...deps, onView: (view) => page.send('preferencesChanged', view) }, this.#tab),
      handlers: {
        preferences: ({ session }) => session.view(),
        preferencesAct: async ({ session, window }, action) => {
          // Not by the page's `window.close()`: Electron asks nobody then, and a draft would be lost.
          if (action.kind === 'close') setImmediate(() => window.isDestroyed() || window.close());
          else await session.act(action);
          return null;
        },
        preferencesDraft: ({ session }): PreferencesDraft | null => session.draft,
        preferencesTry: ({ session }, wanted) => session.try(wanted),
      },
      mayClose: (open) => {
        if (!open.session.isDirty) return true;
        if (!this.#isAsking) void this.#ask(open);
        return false;
      },
    });
  }

  /** Opens it, or brings it to the front; with a tab's name, at that tab. */
  open(tab?: PreferencesTab): void {
    const { session } = this.#page;
    if (tab !== undefined) {
      this.#tab = tab;
      session?.select(tab);
    }
    this.#page.open();
  }

  async #ask({ session, page, window }: OpenPage<PreferencesSession>): Promise<void> {
    this.#isAsking = true;
    const response = await this.#answerOf(window).finally(() => {
      this.#isAsking = false;
    });
    if (response === CANCEL) return;
    try {
      if (response === SAVE) session.save();
      page.close();
    } catch (thrown) {
      // The field says what is wrong.
      this.#shell.logger.info('Preferences could not be saved', { code: asAppError(thrown).code });
      session.select(session.faultTab ?? 'rules');
    }
  }

  async #answerOf(window: BrowserWindow): Promise<number> {
    const speech = this.#deps.speech();
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: text('preferences.unsaved.title', speech),
      detail: text('preferences.unsaved.message', speech),
      buttons: [
        text('preferences.save', speech),
        text('preferences.unsaved.discard', speech),
        text('preferences.unsaved.cancel', speech),
      ],
      defaultId: SAVE,
      cancelId: CANCEL,
      noLink: true,
    });
    return response;
  }
}

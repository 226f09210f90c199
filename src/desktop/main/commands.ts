import { openFile } from '../../adapters/electron/opener.ts';
import { asAppError } from '../../core/appError.ts';
import type { NoticeAction } from '../../core/notice.ts';
import type { PersonsWord } from '../../engine/personsWord.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Updates } from '../../engine/updates.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Opener, Prompter } from '../../ports/prompter.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import type { ActivityTab } from '../ipc/activityView.ts';
import type { PreferencesTab } from '../ipc/preferencesTabs.ts';
import type { MenuCommand } from './trayView.ts';

export interface CommandsDeps {
  readonly engine: SyncEngine;
  readonly settings: SettingsStore;
  readonly word: PersonsWord;
  readonly prompter: Prompter;
  readonly opener: Opener;
  readonly logFile: string;
  readonly checkConnections: () => void;
  /** Opens the Preferences; with a tab's name, at that tab. */
  readonly preferences: (tab?: PreferencesTab) => void;
  /** Opens the Welcome window. */
  readonly setUp: () => void;
  readonly updates: () => Pick<Updates, 'look' | 'install'>;
  /** Starts the app anew, without sample data. */
  readonly endSample: () => void;
  readonly showToday: () => void;
  readonly showActivity: (tab: ActivityTab) => void;
  readonly quit: () => void;
  readonly logger: Logger;
}

/** What menu items and clicked notices ask for: a setting, a prompt or a run; never a chat call. */
export class Commands {
  readonly #deps: CommandsDeps;

  constructor(deps: CommandsDeps) {
    this.#deps = deps;
  }

  run(command: MenuCommand): void {
    const { engine, settings, word, prompter, quit, logger } = this.#deps;
    logger.info('Menu', { command: command.kind });
    this.attempt(() => {
      switch (command.kind) {
        case 'syncNow':
          return engine.refresh();
        case 'pause':
          return word.pause(command.howLong);
        case 'resume':
          return word.resume();
        case 'notForThisMeeting':
          return word.notForThisMeeting();
        case 'busy':
          return word.busy(command.howLong);
        case 'notBusy':
          return word.notBusy();
        case 'set':
          return settings.update(command.change);
        case 'prompt':
          return prompter.open(command.prompt);
        case 'openAddress':
          return this.act({ kind: 'openAddress', url: command.url });
        case 'today':
          return this.#deps.showToday();
        case 'why':
        case 'activity':
          return this.#deps.showActivity(command.kind);
        case 'checkConnections':
          return this.#deps.checkConnections();
        case 'preferences':
          return this.#deps.preferences();
        case 'setUp':
          return this.#deps.setUp();
        case 'lookForUpdates':
          return this.#deps.updates().look();
        case 'installUpdate':
          return this.#deps.updates().install();
        case 'openLog':
          return this.act({ kind: 'openLog' });
        case 'endSample':
          return this.#deps.endSample();
        case 'quit':
          return quit();
      }
    });
  }

  act(action: NoticeAction): void {
    const { prompter, opener, logFile } = this.#deps;
    this.attempt(() => {
      switch (action.kind) {
        case 'prompt':
          return prompter.open(action.prompt);
        case 'openAddress':
          return opener.openAddress(action.url);
        case 'openLog':
          return openFile(logFile);
        case 'checks':
          return this.#deps.checkConnections();
        case 'update':
          return this.#deps.preferences('general');
        case 'none':
          return undefined;
      }
    });
  }

  /** What goes wrong is logged: there is no window to say it in. */
  attempt(work: () => void | Promise<void>): void {
    const failed = (thrown: unknown) => {
      const { code, reason } = asAppError(thrown);
      this.#deps.logger.warn('Could not be done', { code, reason });
    };
    try {
      void Promise.resolve(work()).catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }
}

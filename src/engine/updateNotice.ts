import type { NoticeAction } from '../core/notice.ts';
import { type Speech, type TextKey, text } from '../core/texts.ts';
import type { UpdateState } from '../core/updateState.ts';
import { failureText } from '../core/updateWords.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { Updates } from './updates.ts';

export interface UpdateNoticeDeps {
  readonly updates: Pick<Updates, 'state' | 'onState'>;
  readonly settings: SettingsStore;
  readonly speech: () => Speech;
  readonly notifier: Notifier;
  /** What a click asks for. */
  readonly onAction: (action: NoticeAction) => void;
  /** The one that runs. */
  readonly version: string;
}

const ID = 'update';

/** The version that waits for the person, and for nothing else; null for none. */
function waiting(state: UpdateState): string | null {
  const waits = state.kind === 'available' || (state.kind === 'ready' && state.waitsFor === null);
  return waits ? state.version : null;
}

/** Says once of each version that it waits for the person's word. What goes by itself is not announced. */
export class UpdateNotice {
  readonly #deps: UpdateNoticeDeps;
  #said: string | null = null;
  #isShown = false;
  #stop: () => void = () => {};

  constructor(deps: UpdateNoticeDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stop = this.#deps.updates.onState((state) => this.#follow(state));
    this.#follow(this.#deps.updates.state());
  }

  stop(): void {
    this.#stop();
    this.#close();
  }

  /** The person has looked for updates from the menu: what came of it, where no version says so itself. */
  answer(): void {
    const state = this.#deps.updates.state();
    if (state.kind === 'idle') this.#show('update.notice.none.title', 'update.running', this.#deps.version);
    if (state.kind !== 'failed') return;
    const said = failureText(state);
    const kind = said === 'update.failed.network' ? 'checks' : 'update';
    this.#show('update.notice.failed.title', said, state.version ?? '', { kind });
  }

  #follow(state: UpdateState): void {
    const version = waiting(state);
    // A look in between says nothing new of what was found before.
    if (version === null) {
      if (state.kind !== 'checking') this.#close();
      return;
    }
    if (version === this.#said || !this.#deps.settings.get().notifications.problems) return;
    this.#said = version;
    const key = state.kind === 'ready' ? 'ready' : 'available';
    this.#show(`update.notice.${key}.title`, `update.notice.${key}.body`, version, { kind: 'update' });
  }

  #show(title: TextKey, body: TextKey, version: string, action: NoticeAction = { kind: 'none' }): void {
    const { speech, notifier, onAction } = this.#deps;
    const marks = { version };
    this.#isShown = true;
    notifier.show(
      { id: ID, title: text(title, speech(), marks), body: text(body, speech(), marks), silent: true, action },
      () => onAction(action),
    );
  }

  #close(): void {
    if (this.#isShown) this.#deps.notifier.close(ID);
    this.#isShown = false;
  }
}

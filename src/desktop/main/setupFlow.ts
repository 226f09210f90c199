import type { Prompt } from '../../core/prompt.ts';
import { isSetupLeft, missingStep } from '../../core/setup.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';

export interface SetupFlowDeps {
  readonly engine: Pick<SyncEngine, 'state' | 'settled'>;
  readonly settings: SettingsStore;
  /** Opens the Welcome window, or brings it to the front. */
  readonly open: () => void;
}

/** Opens the Welcome window by itself while something is left to do there. */
export class SetupFlow {
  readonly #deps: SetupFlowDeps;

  constructor(deps: SetupFlowDeps) {
    this.#deps = deps;
  }

  /** Opens it if it is needed; false when it is not. */
  begin(): boolean {
    const { settings, engine, open } = this.#deps;
    const isLeft = isSetupLeft(settings.get(), settings.locked(), engine.state());
    if (isLeft) open();
    return isLeft;
  }

  /** At the start of the app. What is configured without a token shows only once it was tried; what is not there at all, at once. */
  async start(): Promise<void> {
    if (missingStep(this.#deps.settings.get())?.kind === 'add') this.#deps.open();
    else await this.#deps.engine.settled();
    this.begin();
  }

  /** A prompt is over: somebody who has begun in the menu goes on in the window, unless they have closed the prompt. */
  ended({ kind }: Prompt, kept: boolean): void {
    if (!kept || kind === 'statusMessage' || kind === 'remove') return;
    if (missingStep(this.#deps.settings.get()) !== null) this.#deps.open();
  }
}

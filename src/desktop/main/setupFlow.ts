import type { PromptKind } from '../../core/prompt.ts';
import { nextSetupPrompt } from '../../core/setup.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Prompter } from '../../ports/prompter.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';

export interface SetupFlowDeps {
  readonly engine: SyncEngine;
  readonly settings: SettingsStore;
  readonly prompter: Prompter;
}

/** Leads a person who starts HipStatus for the first time from prompt to prompt, until all is there or they stop. */
export class SetupFlow {
  readonly #deps: SetupFlowDeps;
  #isUnderWay = false;

  constructor(deps: SetupFlowDeps) {
    this.#deps = deps;
  }

  /** Opens the first prompt that is needed; false when none is. */
  begin(): boolean {
    const next = this.#next();
    this.#isUnderWay = next !== null;
    if (next !== null) this.#deps.prompter.open(next);
    return next !== null;
  }

  /** A prompt is over: the next one follows, unless the person has closed it. */
  ended(_kind: PromptKind, kept: boolean): void {
    if (!kept) this.#isUnderWay = false;
    if (!this.#isUnderWay) return;
    // What is configured without a token shows only once it was tried.
    void this.#deps.engine.settled().then(() => this.begin());
  }

  #next(): PromptKind | null {
    return nextSetupPrompt(this.#deps.settings.get(), this.#deps.engine.state());
  }
}

import type { Prompt } from '../../core/prompt.ts';
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

  constructor(deps: SetupFlowDeps) {
    this.#deps = deps;
  }

  /** Opens the next prompt that is needed; false when none is. */
  begin(): boolean {
    const { settings, engine, prompter } = this.#deps;
    const next = nextSetupPrompt(settings.get(), engine.state());
    if (next !== null) prompter.open(next);
    return next !== null;
  }

  /** A prompt is over: the next one follows, unless the person has closed it. */
  ended({ kind }: Prompt, kept: boolean): void {
    if (!kept || kind === 'statusMessage' || kind === 'remove') return;
    // What is configured without a token shows only once it was tried.
    void this.#deps.engine.settled().then(() => this.begin());
  }
}

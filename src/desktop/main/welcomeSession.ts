import type { ChatName } from '../../core/accounts.ts';
import { asAppError } from '../../core/appError.ts';
import { errorWords } from '../../core/errorWords.ts';
import type { ChatCapabilities } from '../../core/presence.ts';
import type { Settings } from '../../core/settings.ts';
import { nextSetupStep, type SetupStep } from '../../core/setup.ts';
import type { PersonsWord } from '../../engine/personsWord.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import type { WelcomeAction, WelcomeView } from '../ipc/welcomeView.ts';
import { WelcomeChecks, type WelcomeChecksDeps } from './welcomeChecks.ts';
import { type WelcomePrompts, WelcomeStep } from './welcomeStep.ts';
import { type TrialFacts, WelcomeTrial } from './welcomeTrial.ts';
import { welcomeView } from './welcomeViews.ts';

export interface WelcomeSessionDeps {
  readonly prompts: WelcomePrompts;
  readonly settings: SettingsStore;
  readonly engine: Pick<SyncEngine, 'state' | 'onState' | 'settled' | 'day' | 'tellings'>;
  readonly look: WelcomeChecksDeps['look'];
  readonly word: Pick<PersonsWord, 'busy' | 'notBusy'>;
  readonly clock: Clock;
  /** What a chat can do at best, before there is an account. */
  readonly capabilities: Readonly<Record<ChatName, ChatCapabilities>>;
  /** Starts the app anew on sample data; null where it runs on them already. */
  readonly startSample: (() => void) | null;
  readonly checkConnections: () => void;
  /** Something else is to be shown: see `view`. */
  readonly onChange: () => void;
  /** The person is done, or has closed it. */
  readonly onEnd: () => void;
}

/** The first start in its window, from opening to closing. Knows nothing of windows. */
export class WelcomeSession {
  readonly #deps: WelcomeSessionDeps;
  readonly #checks: WelcomeChecks;
  readonly #trial: WelcomeTrial;
  readonly #step: WelcomeStep;
  readonly #stops: readonly (() => void)[];
  #fault: string | null = null;
  /** The person has done something; before, what the engine finds out may still lead to another step. */
  #isTouched = false;
  #isOver = false;

  constructor(deps: WelcomeSessionDeps) {
    this.#deps = deps;
    const { settings, engine, look, word } = deps;
    this.#checks = new WelcomeChecks({
      look,
      settings: () => settings.get(),
      speech: deps.prompts.speech,
      now: () => deps.clock.now(),
      logger: deps.prompts.logger,
      onChange: () => this.#show(),
    });
    this.#trial = new WelcomeTrial(word);
    this.#step = new WelcomeStep(nextSetupStep(settings.get(), engine.state()), {
      prompts: deps.prompts,
      settings,
      engine,
      checks: this.#checks,
      onChange: () => this.#show(),
    });
    this.#remember('begun', 'unseen');
    this.#step.lead();
    this.#stops = [engine.onState(() => this.#changed()), settings.subscribe(() => this.#changed())];
  }

  view(): WelcomeView {
    const { settings, engine, clock, prompts, capabilities, startSample } = this.#deps;
    return welcomeView({
      settings: settings.get(),
      locked: settings.locked(),
      state: engine.state(),
      now: clock.now(),
      zone: clock.zone(),
      speech: prompts.speech(),
      step: this.#step.name,
      isChoosing: this.#step.isChoosing,
      form: this.#step.form,
      check: (accountId) => this.#checks.of(accountId),
      day: () => engine.day(),
      tellings: (chat) => engine.tellings(chat),
      trial: (facts) => this.#trial.view(facts),
      capabilities,
      hasSample: startSample !== null,
      fault: this.#fault,
    });
  }

  /** Resolves when it is done, or on its way. */
  act(action: WelcomeAction): void {
    if (this.#isOver) return;
    this.#isTouched = true;
    this.#fault = null;
    try {
      this.#act(action);
    } catch (thrown) {
      this.#fault = errorWords(asAppError(thrown), this.#deps.prompts.speech());
    }
    this.#show();
  }

  /** The window is gone: what was being tried is dropped. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const stop of this.#stops) stop();
    this.#checks.stop();
    this.#step.stop();
  }

  #act(action: WelcomeAction): void {
    const { settings, startSample, checkConnections, prompts } = this.#deps;
    const step = this.#step;
    switch (action.kind) {
      case 'goTo':
        this.#goTo(action.step);
        break;
      case 'choose':
        step.add(action.provider);
        break;
      case 'another':
        step.another();
        break;
      case 'back':
        step.back();
        break;
      case 'submit':
        void step.form?.prompt.submit(action.answer);
        break;
      case 'prompt':
        void step.form?.prompt.act(action.action);
        break;
      case 'check':
        step.tryAgain(action.account);
        break;
      case 'renew':
        step.renew(action.account);
        break;
      case 'email':
        step.correctAddress();
        break;
      case 'helpDesk':
        this.#openPage(settings.get().organisation.helpDeskUrl);
        break;
      case 'checks':
        checkConnections();
        break;
      case 'tryIt':
        this.#trial.begin(this.#facts);
        break;
      case 'stopTrying':
        this.#trial.stop(this.#facts);
        break;
      case 'launchAtLogin':
        settings.update({ launchAtLogin: action.isOn });
        break;
      case 'notifications':
        settings.update({ notifications: { status: action.isOn } as Settings['notifications'] });
        break;
      case 'sample':
        prompts.logger.info('Sample data asked for', {});
        startSample?.();
        break;
      case 'done':
        this.#remember('done', 'begun');
        this.#close();
        break;
      case 'close':
        this.#close();
    }
  }

  get #facts(): TrialFacts {
    const { settings, engine, clock } = this.#deps;
    return {
      state: engine.state(),
      chats: engine.day().chats,
      settings: settings.get(),
      locked: settings.locked(),
      now: clock.now(),
    };
  }

  #goTo(step: SetupStep): void {
    if (this.view().steps.find((one) => one.step === step)?.canOpen === true) this.#step.enter(step);
  }

  #openPage(url: string): void {
    if (url === '') return;
    void this.#deps.prompts.opener.openAddress(url).catch((thrown: unknown) => {
      this.#fault = errorWords(asAppError(thrown), this.#deps.prompts.speech());
      this.#show();
    });
  }

  /** Where the organisation has set it, or nothing can be written, the window just does not remember. */
  #remember(welcome: Settings['welcome'], from: Settings['welcome']): void {
    const { settings, prompts } = this.#deps;
    if (settings.get().welcome !== from) return;
    try {
      settings.update({ welcome });
    } catch (thrown) {
      const { code, reason } = asAppError(thrown);
      prompts.logger.info('How far the first start has come could not be kept', { code, reason });
    }
  }

  #close(): void {
    this.stop();
    this.#deps.onEnd();
  }

  #changed(): void {
    const { settings, engine } = this.#deps;
    const first = nextSetupStep(settings.get(), engine.state());
    if (!this.#isTouched && first !== this.#step.name) this.#step.enter(first);
    this.#step.lead();
    this.#show();
  }

  #show(): void {
    if (!this.#isOver) this.#deps.onChange();
  }
}

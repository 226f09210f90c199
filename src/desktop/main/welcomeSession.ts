import { type ChatName, isChatName, type ProviderName } from '../../core/accounts.ts';
import { asAppError } from '../../core/appError.ts';
import { errorWords } from '../../core/errorWords.ts';
import type { ChatCapabilities } from '../../core/presence.ts';
import type { Prompt } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import type { SetupStep } from '../../core/setup.ts';
import {
  type AccountStep,
  accountsOf,
  bareAccounts,
  lacksAddress,
  missingStep,
  nextSetupStep,
} from '../../core/setup.ts';
import type { PersonsWord } from '../../engine/personsWord.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import type { WelcomeAction, WelcomeView } from '../ipc/welcomeView.ts';
import { PromptSession, type PromptSessionDeps } from './promptSession.ts';
import { WelcomeChecks, type WelcomeChecksDeps } from './welcomeChecks.ts';
import { type TrialFacts, WelcomeTrial } from './welcomeTrial.ts';
import { welcomeView } from './welcomeViews.ts';

export interface WelcomeSessionDeps {
  /** What its forms need; the same as the prompts'. */
  readonly prompts: Omit<PromptSessionDeps, 'settings' | 'locked' | 'prompter' | 'isPart' | 'onView' | 'onEnd'>;
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

/** An account's form that is open in a step. */
export interface WelcomeForm {
  readonly prompt: PromptSession;
  /** What is added once the person's address is known. */
  readonly then: ProviderName | null;
}

/**
 * What an account step shows while no form is open.
 * - `lead`: what comes next by itself: the sign-in that an account waits for, the accounts, or the choice while there are none
 * - `accounts`, `choice`: what the person has asked for
 */
type Mode = 'lead' | 'accounts' | 'choice';

/** The first start in its window, from opening to closing. Knows nothing of windows. */
export class WelcomeSession {
  readonly #deps: WelcomeSessionDeps;
  readonly #checks: WelcomeChecks;
  readonly #trial: WelcomeTrial;
  readonly #stops: readonly (() => void)[];
  #step: SetupStep;
  #mode: Mode = 'lead';
  #form: WelcomeForm | null = null;
  #fault: string | null = null;
  /** The person has done something; before, what the engine finds out may still lead to another step. */
  #isTouched = false;
  #isOver = false;

  constructor(deps: WelcomeSessionDeps) {
    this.#deps = deps;
    const { settings, engine, look, word } = deps;
    this.#step = nextSetupStep(settings.get(), engine.state());
    this.#checks = new WelcomeChecks({
      look,
      settings: () => settings.get(),
      speech: deps.prompts.speech,
      now: () => deps.clock.now(),
      logger: deps.prompts.logger,
      onChange: () => this.#show(),
    });
    this.#trial = new WelcomeTrial(word);
    this.#remember('begun', 'unseen');
    this.#lead();
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
      step: this.#step,
      isChoosing: this.#isChoosing,
      form: this.#form,
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
    this.#form?.prompt.cancel();
  }

  #act(action: WelcomeAction): void {
    const { settings, startSample, checkConnections, prompts } = this.#deps;
    const form = this.#form;
    switch (action.kind) {
      case 'goTo':
        this.#goTo(action.step);
        break;
      case 'choose':
        this.#add(action.provider);
        break;
      case 'another':
        this.#mode = 'choice';
        break;
      case 'back':
        if (form === null) this.#mode = 'accounts';
        else this.#leaveForm(form);
        break;
      case 'submit':
        void form?.prompt.submit(action.answer);
        break;
      case 'prompt':
        void form?.prompt.act(action.action);
        break;
      case 'check':
        this.#again(action.account);
        break;
      case 'renew':
        this.#openForm({ kind: 'renew', account: action.account });
        break;
      case 'email':
        this.#openForm({ kind: 'email' }, this.#adding);
        break;
      case 'helpDesk':
        this.#open(settings.get().organisation.helpDeskUrl);
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
        settings.update({ notifications: { ...settings.get().notifications, status: action.isOn } });
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

  /** The provider whose account is being added. */
  get #adding(): ProviderName | null {
    const asked = this.#form?.prompt.prompt;
    return asked?.kind === 'add' ? asked.provider : null;
  }

  get #isChoosing(): boolean {
    if (this.#step === 'try') return false;
    return this.#mode === 'choice' || accountsOf(this.#step, this.#deps.settings.get()).length === 0;
  }

  #goTo(step: SetupStep): void {
    if (this.view().steps.find((one) => one.step === step)?.canOpen !== true) return;
    this.#enter(step);
  }

  #enter(step: SetupStep): void {
    this.#form?.prompt.cancel();
    this.#step = step;
    this.#mode = 'lead';
    this.#lead();
  }

  /** While something is waited for, that is given up first. */
  #leaveForm({ prompt, then }: WelcomeForm): void {
    const isBusy = prompt.view().progress !== null;
    prompt.cancel();
    if (isBusy) this.#openForm(prompt.prompt, then);
  }

  /** Opens what comes next by itself, and has the accounts of the step tried. */
  #lead(): void {
    const { settings, engine } = this.#deps;
    const step = this.#step;
    if (step === 'try' || this.#form !== null) return;
    const accounts = accountsOf(step, settings.get());
    const bare = bareAccounts(step, settings.get(), engine.state());
    this.#checks.begin(accounts.filter((account) => !bare.includes(account)));
    if (this.#mode !== 'lead') return;
    const [waiting] = bare;
    if (step === 'chat' && missingStep(settings.get())?.kind === 'email') this.#openForm({ kind: 'email' });
    else if (waiting !== undefined) this.#openForm({ kind: 'renew', account: waiting.id });
  }

  #add(provider: ProviderName): void {
    if (isChatName(provider) !== (this.#step === 'chat') || this.#step === 'try') return;
    if (lacksAddress(provider, this.#deps.settings.get())) this.#openForm({ kind: 'email' }, provider);
    else this.#openForm({ kind: 'add', provider });
  }

  #openForm(asked: Prompt, then: ProviderName | null = null): void {
    const { prompts, settings } = this.#deps;
    this.#form?.prompt.cancel();
    const prompt = new PromptSession(asked, {
      ...prompts,
      settings: () => settings.get(),
      locked: () => settings.locked(),
      isPart: true,
      prompter: { open: (other) => this.#leadTo(other) },
      onView: () => this.#show(),
      onEnd: (_ended, kept) => this.#formEnded(prompt, kept),
    });
    this.#form = { prompt, then };
  }

  /** A form leads to another one: another service is to be added instead. */
  #leadTo(other: Prompt): void {
    if (other.kind === 'add') this.#add(other.provider);
    else this.#mode = 'choice';
    this.#show();
  }

  #formEnded(prompt: PromptSession, kept: boolean): void {
    const form = this.#form;
    if (form?.prompt !== prompt) return;
    this.#form = null;
    const asked = prompt.prompt;
    const isForOne = asked.kind === 'renew' || (asked.kind === 'email' && form.then === null);
    if (kept && form.then === null) this.#kept(asked);
    // The address was corrected, or not, on the way to an account.
    else if (form.then !== null && !lacksAddress(form.then, this.#deps.settings.get())) this.#add(form.then);
    else this.#mode = isForOne ? 'accounts' : 'choice';
    this.#show();
  }

  /** An account is there or works again: it is tried, and what waits next follows once the engine has seen it too. */
  #kept(asked: Prompt): void {
    const { settings, engine } = this.#deps;
    this.#mode = 'accounts';
    if (this.#step === 'try') return;
    const isAbout = (id: string) => asked.kind === 'email' || ('account' in asked && asked.account === id);
    const accounts = accountsOf(this.#step, settings.get());
    for (const account of accounts.filter(({ id }) => isAbout(id))) void this.#checks.again(account);
    this.#checks.begin(accounts);
    void engine.settled().then(() => {
      if (this.#isOver || this.#form !== null || this.#mode !== 'accounts') return;
      this.#mode = 'lead';
      this.#changed();
    });
  }

  #again(accountId: string): void {
    if (this.#step === 'try') return;
    const account = accountsOf(this.#step as AccountStep, this.#deps.settings.get()).find(({ id }) => id === accountId);
    if (account !== undefined) void this.#checks.again(account);
  }

  #open(url: string): void {
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
    if (!this.#isTouched && first !== this.#step) this.#enter(first);
    this.#lead();
    this.#show();
  }

  #show(): void {
    if (!this.#isOver) this.#deps.onChange();
  }
}

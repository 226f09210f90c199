import { isChatName, type ProviderName } from '../../core/accounts.ts';
import type { Prompt } from '../../core/prompt.ts';
import { accountsOf, bareAccounts, lacksAddress, missingStep, type SetupStep } from '../../core/setup.ts';
import type { SyncEngine } from '../../engine/syncEngine.ts';
import type { SettingsStore } from '../../ports/settingsStore.ts';
import { PromptSession, type PromptSessionDeps } from './promptSession.ts';
import type { WelcomeChecks } from './welcomeChecks.ts';

/** What the forms need; the same as the prompts'. */
export type WelcomePrompts = Omit<
  PromptSessionDeps,
  'settings' | 'locked' | 'prompter' | 'isPart' | 'onView' | 'onEnd'
>;

export interface WelcomeStepDeps {
  readonly prompts: WelcomePrompts;
  readonly settings: SettingsStore;
  readonly engine: Pick<SyncEngine, 'state' | 'settled'>;
  readonly checks: WelcomeChecks;
  readonly onChange: () => void;
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

/** Where the person is: in which step, and there at the choice, in a form or with their accounts. */
export class WelcomeStep {
  readonly #deps: WelcomeStepDeps;
  #name: SetupStep;
  #mode: Mode = 'lead';
  #form: WelcomeForm | null = null;
  #isOver = false;

  constructor(first: SetupStep, deps: WelcomeStepDeps) {
    this.#deps = deps;
    this.#name = first;
  }

  get name(): SetupStep {
    return this.#name;
  }

  get form(): WelcomeForm | null {
    return this.#form;
  }

  /** Which service to set up is asked. */
  get isChoosing(): boolean {
    if (this.#name === 'try') return false;
    return this.#mode === 'choice' || accountsOf(this.#name, this.#deps.settings.get()).length === 0;
  }

  enter(step: SetupStep): void {
    this.#form?.prompt.cancel();
    this.#name = step;
    this.#mode = 'lead';
    this.lead();
  }

  /** Opens what comes next by itself, and has the accounts of the step tried. */
  lead(): void {
    const { settings, engine, checks } = this.#deps;
    const step = this.#name;
    if (step === 'try' || this.#form !== null) return;
    const accounts = accountsOf(step, settings.get());
    const bare = bareAccounts(step, settings.get(), engine.state());
    checks.begin(accounts.filter((account) => !bare.includes(account)));
    if (this.#mode !== 'lead') return;
    const [waiting] = bare;
    if (step === 'chat' && missingStep(settings.get())?.kind === 'email') this.#open({ kind: 'email' });
    else if (waiting !== undefined) this.#open({ kind: 'renew', account: waiting.id });
  }

  /** Begins to add an account; where it goes by the person's address, with that. */
  add(provider: ProviderName): void {
    if (this.#name === 'try' || isChatName(provider) !== (this.#name === 'chat')) return;
    if (lacksAddress(provider, this.#deps.settings.get())) this.#open({ kind: 'email' }, provider);
    else this.#open({ kind: 'add', provider });
  }

  renew(account: string): void {
    this.#open({ kind: 'renew', account });
  }

  /** Another address of the person's; what is being added goes on then. */
  correctAddress(): void {
    const asked = this.#form?.prompt.prompt;
    this.#open({ kind: 'email' }, asked?.kind === 'add' ? asked.provider : null);
  }

  another(): void {
    this.#mode = 'choice';
  }

  /** From a form to where it came from, from the choice to the accounts. While something is waited for, that is given up first. */
  back(): void {
    if (this.#form === null) {
      this.#mode = 'accounts';
      return;
    }
    const { prompt, then } = this.#form;
    const isBusy = prompt.view().progress !== null;
    prompt.cancel();
    if (isBusy) this.#open(prompt.prompt, then);
  }

  tryAgain(accountId: string): void {
    if (this.#name === 'try') return;
    const account = accountsOf(this.#name, this.#deps.settings.get()).find(({ id }) => id === accountId);
    if (account !== undefined) void this.#deps.checks.again(account);
  }

  /** The window is gone. */
  stop(): void {
    this.#isOver = true;
    this.#form?.prompt.cancel();
  }

  #open(asked: Prompt, then: ProviderName | null = null): void {
    const { prompts, settings, onChange } = this.#deps;
    this.#form?.prompt.cancel();
    const prompt = new PromptSession(asked, {
      ...prompts,
      settings: () => settings.get(),
      locked: () => settings.locked(),
      isPart: true,
      prompter: { open: (other) => this.#leadTo(other) },
      onView: onChange,
      onEnd: (_ended, kept) => this.#ended(prompt, kept),
    });
    this.#form = { prompt, then };
  }

  /** A form leads to another one: another service is to be added instead. */
  #leadTo(other: Prompt): void {
    if (other.kind === 'add') this.add(other.provider);
    else this.#mode = 'choice';
    this.#deps.onChange();
  }

  #ended(prompt: PromptSession, kept: boolean): void {
    const form = this.#form;
    if (form?.prompt !== prompt) return;
    this.#form = null;
    const asked = prompt.prompt;
    const isForOne = asked.kind === 'renew' || (asked.kind === 'email' && form.then === null);
    if (kept && form.then === null) this.#kept(asked);
    // The address was corrected, or not, on the way to an account.
    else if (form.then !== null && !lacksAddress(form.then, this.#deps.settings.get())) this.add(form.then);
    else this.#mode = isForOne ? 'accounts' : 'choice';
    this.#deps.onChange();
  }

  /** An account is there or works again: it is tried, and what waits next follows once the engine has seen it too. */
  #kept(asked: Prompt): void {
    const { settings, engine, checks, onChange } = this.#deps;
    this.#mode = 'accounts';
    if (this.#name === 'try') return;
    const isAbout = (id: string) => asked.kind === 'email' || ('account' in asked && asked.account === id);
    const accounts = accountsOf(this.#name, settings.get());
    for (const account of accounts.filter(({ id }) => isAbout(id))) void checks.again(account);
    checks.begin(accounts);
    void engine.settled().then(() => {
      if (this.#isOver || this.#form !== null || this.#mode !== 'accounts') return;
      this.#mode = 'lead';
      this.lead();
      onChange();
    });
  }
}

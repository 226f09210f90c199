import type { ProviderName } from '../../core/accounts.ts';
import type { Answers } from '../../core/answers.ts';
import { AppError, asAppError } from '../../core/appError.ts';
import { type Prompt, promptId, promptSchema } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import type { Speech } from '../../core/texts.ts';
import type { Added, BrowserSignIn, Removed } from '../../engine/accounts.ts';
import type { ChoosableCalendar } from '../../engine/calendarChoice.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Opener, Prompter } from '../../ports/prompter.ts';
import type { DeviceCode } from '../../ports/signIn.ts';
import type { PromptAnswer, PromptView } from '../ipc/promptView.ts';
import { calendarFields, chosenCalendars } from './calendarFields.ts';
import { PromptViews } from './promptViews.ts';

/**
 * What the accounts workflow does with the person's answers. Each checks with the service first, keeps what was right, and
 * throws an `AppError` whose message the person reads in the prompt otherwise.
 */
export interface PromptWork {
  email(address: string, signal: AbortSignal): Promise<void>;
  /** Empty sets no message. */
  statusMessage(message: string, signal: AbortSignal): Promise<void>;
  /** @param browser sign in there, instead of by what was typed */
  add(provider: ProviderName, answers: Answers, signal: AbortSignal, browser?: BrowserSignIn): Promise<Added>;
  renew(accountId: string, answers: Answers, signal: AbortSignal, browser?: BrowserSignIn): Promise<void>;
  remove(accountId: string): Promise<Removed>;
  /** The calendars that the person can choose from. */
  calendars(accountId: string, signal: AbortSignal): Promise<readonly ChoosableCalendar[]>;
  /** @param onSignIn called before the browser opens: others' calendars may need a permission more */
  chooseCalendars(
    accountId: string,
    chosen: readonly ChoosableCalendar[],
    signal: AbortSignal,
    onSignIn: () => void,
  ): Promise<void>;
}

export interface PromptSessionDeps {
  readonly work: PromptWork;
  readonly settings: () => Settings;
  /** Dotted paths of the keys that the organisation has set. */
  readonly locked: () => ReadonlySet<string>;
  readonly speech: () => Speech;
  /** Whether a browser's sign-in is set up. */
  readonly canSignIn: (provider: ProviderName) => boolean;
  readonly opener: Opener;
  readonly prompter: Prompter;
  readonly logger: Logger;
  readonly copy: (text: string) => void;
  /** It is part of a larger window, which says itself what came of it. */
  readonly isPart?: true;
  readonly onView: (view: PromptView) => void;
  /** The prompt is over and its window goes. `kept` when the answer was taken, not when the person gave up. */
  readonly onEnd: (prompt: Prompt, kept: boolean) => void;
}

/** One open prompt, from its opening to its end. Knows nothing of windows. */
export class PromptSession {
  readonly prompt: Prompt;
  readonly #deps: PromptSessionDeps;
  readonly #views: PromptViews;
  #view: PromptView;
  #work: AbortController | null = null;
  #code: DeviceCode | null = null;
  /** The answer was taken, and the window says what came of it. */
  #isDone = false;
  /** What there is to choose from; null until it is known. */
  #calendars: readonly ChoosableCalendar[] | null = null;
  #ended = false;

  constructor(prompt: Prompt, deps: PromptSessionDeps) {
    this.prompt = prompt;
    this.#deps = deps;
    this.#views = new PromptViews(prompt, deps.settings(), deps.locked(), deps.canSignIn, deps.speech());
    this.#view = this.#views.first();
  }

  view(): PromptView {
    return this.#view;
  }

  /** Asks for what the window is about, where it is not known yet. */
  async load(): Promise<void> {
    const { prompt } = this;
    if (prompt.kind !== 'calendars') return;
    const ask = async (signal: AbortSignal) => {
      this.#calendars = await this.#deps.work.calendars(prompt.account, signal);
      return { ...this.#views.first(), fields: calendarFields(this.#calendars) };
    };
    await this.#run(this.#views.waiting('prompt.calendars.asking'), ask, (view) => this.#show(view));
  }

  /** Resolves when the answer was dealt with; a second answer while one is checked is not taken. */
  async submit(answer: PromptAnswer): Promise<void> {
    if (this.#ended || this.#view.progress !== null || this.#view.submitLabel === null) return;
    if (this.#isDone) return this.#end(true);
    if (this.#views.isSignIn) return await this.#signInWithBrowser();
    if (this.prompt.kind === 'calendars' && this.#calendars === null) return await this.load();
    const empty = this.#view.fields.find(({ name, required }) => required && (answer[name] ?? '').trim() === '');
    if (empty !== undefined) return this.#show(this.#views.missing(this.#view, empty.name));
    await this.#answer(this.#views.checking(this.#view), (signal) => this.#keep(answer, signal));
  }

  async act(action: string): Promise<void> {
    if (this.#ended || !this.#view.actions.some(({ id }) => id === action)) return;
    const { opener, copy } = this.#deps;
    const [what, which = ''] = action.split(':');
    switch (what) {
      case 'link':
        return await this.#open(opener, this.#linkOf(which));
      case 'use':
        return this.#leaveFor({ kind: 'add', provider: which });
      case 'choose':
        return this.#leaveFor({ kind: 'choose', what: which });
      case 'useDeviceCode':
        return await this.#signInWithDeviceCode();
      case 'useBrowser':
        return await this.#signInWithBrowser();
      case 'openCodePage':
        return this.#code === null ? undefined : await this.#open(opener, this.#code.verificationUri);
      case 'copyCode':
        return this.#code === null ? undefined : copy(this.#code.userCode);
    }
  }

  /** The person gave up, or the window was closed: what was being checked is dropped and nothing of it is kept. */
  cancel(): void {
    this.#end(this.#isDone);
  }

  /** @returns what to show of it; null when the window may go */
  async #keep(answer: PromptAnswer, signal: AbortSignal, browser?: BrowserSignIn): Promise<PromptView | null> {
    const { work } = this.#deps;
    const { prompt } = this;
    switch (prompt.kind) {
      case 'email':
      case 'statusMessage':
        await work[prompt.kind]((answer['value'] ?? '').trim(), signal);
        return null;
      case 'add': {
        const { label, capabilities } = await work.add(prompt.provider, answer, signal, browser);
        return this.#deps.isPart === true ? null : this.#views.added(label, capabilities);
      }
      case 'renew':
        await work.renew(prompt.account, answer, signal, browser);
        return null;
      case 'remove': {
        const { label, gaveBack } = await work.remove(prompt.account);
        return gaveBack ? null : this.#views.notGivenBack(label);
      }
      case 'calendars': {
        const chosen = chosenCalendars(this.#calendars ?? [], answer);
        const onSignIn = () => this.#show(this.#views.waiting('prompt.signIn.waiting', this.#view));
        await work.chooseCalendars(prompt.account, chosen, signal, onSignIn);
        return null;
      }
      case 'choose':
        return null;
    }
  }

  #signInWithBrowser(): Promise<void> {
    return this.#answer(this.#views.waitingForBrowser(), (signal) => this.#keep({}, signal, {}));
  }

  #signInWithDeviceCode(): Promise<void> {
    return this.#answer(this.#views.fetchingCode(), (signal) => {
      const onCode = (code: DeviceCode): void => {
        if (signal.aborted) return;
        this.#code = code;
        this.#show(this.#views.showingCode(code));
      };
      return this.#keep({}, signal, { onCode });
    });
  }

  /** Takes an answer: the window says what came of it, or goes. */
  #answer(busy: PromptView, work: (signal: AbortSignal) => Promise<PromptView | null>): Promise<void> {
    return this.#run(busy, work, (outcome) => {
      if (outcome === null) return this.#end(true);
      this.#isDone = true;
      this.#show(outcome);
    });
  }

  /** One piece of work at a time; a newer one stops the older. */
  async #run<Outcome>(
    busy: PromptView,
    work: (signal: AbortSignal) => Promise<Outcome>,
    take: (outcome: Outcome) => void,
  ): Promise<void> {
    this.#work?.abort();
    const controller = new AbortController();
    this.#work = controller;
    this.#code = null;
    this.#show(busy);
    try {
      const outcome = await work(controller.signal);
      if (controller.signal.aborted) return;
      this.#work = null;
      take(outcome);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const error = asAppError(thrown);
      const { code, reason } = error;
      this.#deps.logger.info('A prompt was not answered well', { prompt: promptId(this.prompt), code });
      if (reason === 'unexpected') this.#deps.logger.error('Defect', { defect: String(error.cause) });
      this.#show(this.#views.failed(this.#view, error));
    }
  }

  /** The page that gives what the field asks for. */
  #linkOf(key: string): string {
    const to = this.#views.asked.find((field) => field.key === key)?.link?.to ?? '';
    const { hipchatTokenUrl, slackTokenUrl } = this.#deps.settings().organisation;
    return to === 'hipchatTokenUrl' ? hipchatTokenUrl : to === 'slackTokenUrl' ? slackTokenUrl : to;
  }

  #leaveFor(other: unknown): void {
    const prompt = promptSchema.safeParse(other);
    if (!prompt.success) return;
    this.#end(false);
    this.#deps.prompter.open(prompt.data);
  }

  async #open(opener: Opener, url: string): Promise<void> {
    try {
      await opener.openAddress(url);
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : asAppError(thrown);
      this.#show({ ...this.#view, error: this.#views.errorWords(error), errorField: null });
    }
  }

  #show(view: PromptView): void {
    if (this.#ended) return;
    this.#view = view;
    this.#deps.onView(view);
  }

  #end(kept: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#work?.abort();
    this.#deps.onEnd(this.prompt, kept);
  }
}

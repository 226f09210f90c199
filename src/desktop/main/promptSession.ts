import { AppError, asAppError } from '../../core/appError.ts';
import type { PromptKind } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Opener, Prompter } from '../../ports/prompter.ts';
import type { DeviceCode } from '../../ports/signIn.ts';
import type { PromptAction, PromptAnswer, PromptView } from '../ipc/promptView.ts';
import { PromptViews } from './promptViews.ts';

/**
 * What the accounts workflow does with the person's answers. Each checks with the service first, keeps what was right, and
 * throws an `AppError` whose message the person reads in the prompt otherwise.
 */
export interface PromptWork {
  email(address: string, signal: AbortSignal): Promise<void>;
  /** Empty sets no message. */
  statusMessage(message: string, signal: AbortSignal): Promise<void>;
  /** A published calendar; user name and password are empty where it asks for none. */
  icsAddress(answer: IcsAnswer, signal: AbortSignal): Promise<void>;
  icsPassword(password: string, signal: AbortSignal): Promise<void>;
  hipchatToken(token: string, signal: AbortSignal): Promise<void>;
  slackToken(token: string, signal: AbortSignal): Promise<void>;
  signInWithBrowser(signal: AbortSignal): Promise<void>;
  signInWithDeviceCode(onCode: (code: DeviceCode) => void, signal: AbortSignal): Promise<void>;
}

export interface IcsAnswer {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

export interface PromptSessionDeps {
  readonly work: PromptWork;
  readonly settings: () => Settings;
  readonly opener: Opener;
  readonly prompter: Prompter;
  readonly logger: Logger;
  readonly copy: (text: string) => void;
  readonly onView: (view: PromptView) => void;
  /** The prompt is over and its window goes. `kept` when the answer was taken, not when the person gave up. */
  readonly onEnd: (kind: PromptKind, kept: boolean) => void;
}

/** One open prompt, from its opening to its end. Knows nothing of windows. */
export class PromptSession {
  readonly kind: PromptKind;
  readonly #deps: PromptSessionDeps;
  readonly #views: PromptViews;
  #view: PromptView;
  #work: AbortController | null = null;
  #code: DeviceCode | null = null;
  #ended = false;

  constructor(kind: PromptKind, deps: PromptSessionDeps) {
    this.kind = kind;
    this.#deps = deps;
    this.#views = new PromptViews(deps.settings());
    this.#view = this.#views.first(kind);
  }

  view(): PromptView {
    return this.#view;
  }

  /** Resolves when the answer was dealt with; a second answer while one is checked is not taken. */
  async submit(answer: PromptAnswer): Promise<void> {
    if (this.#ended || this.#view.progress !== null) return;
    if (this.kind === 'signIn') return await this.#signInWithBrowser();
    const value = this.kind === 'icsPassword' ? answer.value : answer.value.trim();
    if (value === '' && this.#view.fields.some(({ name, required }) => name === 'value' && required)) {
      this.#show(this.#views.missing(this.#view));
      return;
    }
    const view = this.#view;
    await this.#run(this.#views.checking(view), (signal) => this.#keep(value, answer, signal));
  }

  async act(action: PromptAction): Promise<void> {
    if (this.#ended || !this.#view.actions.some(({ id }) => id === action)) return;
    const { opener, prompter, copy } = this.#deps;
    switch (action) {
      case 'getToken': {
        const { hipchatTokenUrl, slackTokenUrl } = this.#deps.settings().organisation;
        return await this.#open(opener, this.kind === 'slackToken' ? slackTokenUrl : hipchatTokenUrl);
      }
      case 'useIcs':
        this.#end(false);
        return prompter.open('icsAddress');
      case 'useSlack':
        this.#end(false);
        return prompter.open('slackToken');
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
    this.#end(false);
  }

  #keep(value: string, { username, password }: PromptAnswer, signal: AbortSignal): Promise<void> {
    const { work } = this.#deps;
    switch (this.kind) {
      case 'icsAddress':
        return work.icsAddress({ address: value, username: username.trim(), password }, signal);
      case 'signIn':
        return work.signInWithBrowser(signal);
      default:
        return work[this.kind](value, signal);
    }
  }

  #signInWithBrowser(): Promise<void> {
    return this.#run(this.#views.waitingForBrowser(), (signal) => this.#deps.work.signInWithBrowser(signal));
  }

  #signInWithDeviceCode(): Promise<void> {
    return this.#run(this.#views.fetchingCode(), (signal) => {
      const onCode = (code: DeviceCode): void => {
        if (signal.aborted) return;
        this.#code = code;
        this.#show(this.#views.showingCode(code));
      };
      return this.#deps.work.signInWithDeviceCode(onCode, signal);
    });
  }

  /** One piece of work at a time; a newer one stops the older. */
  async #run(busy: PromptView, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#work?.abort();
    const controller = new AbortController();
    this.#work = controller;
    this.#code = null;
    this.#show(busy);
    try {
      await work(controller.signal);
      if (controller.signal.aborted) return;
      this.#work = null;
      this.#end(true);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const error = asAppError(thrown);
      this.#deps.logger.info('A prompt was not answered well', { prompt: this.kind, code: error.code });
      if (error.reason === 'unexpected') this.#deps.logger.error('Defect', { defect: String(error.cause) });
      this.#show(this.#views.failed(this.#view, error.message));
    }
  }

  async #open(opener: Opener, url: string): Promise<void> {
    try {
      await opener.openAddress(url);
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : asAppError(thrown);
      this.#show({ ...this.#view, error: error.message });
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
    this.#deps.onEnd(this.kind, kept);
  }
}

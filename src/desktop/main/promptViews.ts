import { abilities } from '../../core/abilities.ts';
import {
  type Account,
  accountLabel,
  CALENDAR_NAMES,
  CHAT_NAMES,
  isChatName,
  PROVIDER_NAMES,
  type ProviderName,
} from '../../core/accounts.ts';
import { fieldsToAdd, fieldsToRenew, startValue } from '../../core/answers.ts';
import type { AppError } from '../../core/appError.ts';
import { type CatalogueEntry, type CatalogueField, isSecretField } from '../../core/catalogueEntry.ts';
import { errorWords, fieldOf } from '../../core/errorWords.ts';
import type { ChatCapabilities } from '../../core/presence.ts';
import type { Prompt } from '../../core/prompt.ts';
import { entryOf } from '../../core/providerCatalogue.ts';
import type { Settings } from '../../core/settings.ts';
import { ENGLISH, type Speech, type TextKey, text } from '../../core/texts.ts';
import type { DeviceCode } from '../../ports/signIn.ts';
import type { PromptField, PromptView } from '../ipc/promptView.ts';
import { accountOfPrompt, addable } from './promptAccounts.ts';

const INPUT_TYPES: Readonly<Record<CatalogueField['kind'], PromptField['inputType']>> = {
  address: 'url',
  text: 'text',
  email: 'email',
  secret: 'password',
  password: 'password',
  secretAddress: 'url',
};

/** Makes what one prompt's window shows, in the organisation's own words where it has some. Secrets are never filled in. */
export class PromptViews {
  readonly #prompt: Prompt;
  readonly #settings: Settings;
  readonly #speech: Speech;
  readonly #account: Account | null;
  /** What is asked for of an account; empty for the other prompts. */
  readonly asked: readonly CatalogueField[];
  /** Whether the person may sign in in their browser instead of typing something. */
  readonly #mayChoose: boolean;

  /**
   * @param locked dotted paths of the keys that the organisation has set
   * @param canSignIn whether a browser's sign-in is set up
   */
  constructor(
    prompt: Prompt,
    settings: Settings,
    locked: ReadonlySet<string>,
    canSignIn: (provider: ProviderName) => boolean = () => false,
    speech: Speech = { ...ENGLISH, overrides: settings.organisation.texts },
  ) {
    this.#speech = speech;
    this.#prompt = prompt;
    this.#settings = settings;
    this.#account = accountOfPrompt(prompt, settings);
    this.asked = this.#asked(locked);
    this.#mayChoose = this.asked.length > 0 && this.provider !== null && canSignIn(this.provider);
  }

  /** The provider of the account that is added, renewed or removed. */
  get provider(): ProviderName | null {
    return this.#prompt.kind === 'add' ? this.#prompt.provider : (this.#account?.provider ?? null);
  }

  get #entry(): CatalogueEntry | null {
    return this.provider === null ? null : entryOf(this.provider);
  }

  /** Whether the person signs in in their browser instead of typing something. */
  get isSignIn(): boolean {
    return (this.#prompt.kind === 'add' || this.#prompt.kind === 'renew') && this.#entry?.signIn === 'browser';
  }

  first(): PromptView {
    const { title, message } = this.#heading();
    return {
      language: this.#speech.language,
      title,
      message,
      fields: this.#fields(),
      submitLabel: this.#submitLabel(),
      cancelLabel: this.#text('prompt.cancel'),
      reveal: { show: this.#text('prompt.show'), hide: this.#text('prompt.hide') },
      actions: this.#actions(),
      progress: null,
      error: null,
      errorField: null,
      outcome: null,
      code: null,
    };
  }

  /** While something else is waited for. */
  waiting(key: TextKey, view: PromptView = this.first()): PromptView {
    return { ...view, progress: this.#text(key), error: null, errorField: null };
  }

  /** While an answer is checked. */
  checking(view: PromptView): PromptView {
    return { ...view, progress: this.#progress(), error: null, errorField: null };
  }

  /**
   * After an answer that was not taken; what was typed is still in the window.
   * The reason of the error may name the field that it is about.
   */
  failed(view: PromptView, failure: AppError): PromptView {
    const error = this.errorWords(failure);
    if (this.isSignIn) return { ...this.first(), submitLabel: this.#text('prompt.signIn.again'), error };
    // The sign-in was the other way: what can be typed is offered again.
    if (this.asked.length > 0 && view.fields.length === 0) return { ...this.first(), error };
    const field = fieldOf(failure.reason);
    const errorField = view.fields.some(({ name }) => name === field) ? field : null;
    return { ...view, progress: null, error, errorField };
  }

  /** What an error says in this prompt. */
  errorWords(error: AppError): string {
    const { provider } = this;
    const service = this.#account !== null ? accountLabel(this.#account) : provider && PROVIDER_NAMES[provider];
    return errorWords(error, this.#speech, service);
  }

  /** After an answer that lacks what is required. */
  missing(view: PromptView, field: string): PromptView {
    return { ...view, progress: null, error: this.#text('prompt.missing'), errorField: field };
  }

  /** After an account was added: what can be done there. */
  added(label: string, capabilities: ChatCapabilities | null): PromptView {
    const { can, cannot } = abilities(capabilities, this.#speech);
    return {
      ...this.#finished(this.#text('prompt.added.title', { account: label }), this.#text('prompt.added.message')),
      outcome: {
        can: [...can],
        cannotLabel: this.#text('prompt.added.cannot'),
        cannot: [...cannot],
      },
    };
  }

  /** After an account was removed without its status being given back. */
  notGivenBack(label: string): PromptView {
    const marks = { account: label };
    return this.#finished(this.#text('prompt.removed.title', marks), this.#text('prompt.removed.notGivenBack', marks));
  }

  /** While the person signs in in the browser. */
  waitingForBrowser(): PromptView {
    const shown = { ...this.first(), fields: [], submitLabel: null, actions: this.#deviceCode() };
    return this.waiting('prompt.signIn.waiting', shown);
  }

  /** While a code is fetched. */
  fetchingCode(): PromptView {
    return { ...this.first(), submitLabel: null, progress: this.#progress(), actions: [] };
  }

  /** While the person types the code on another device. */
  showingCode({ userCode, verificationUri }: DeviceCode): PromptView {
    const address = verificationUri.replace(/^https?:\/\/(www\.)?/, '');
    return {
      ...this.first(),
      message: this.#text('prompt.signIn.deviceCodeMessage', { address }),
      submitLabel: null,
      progress: this.#text('prompt.signIn.codeWaiting'),
      code: { label: this.#text('prompt.signIn.codeLabel'), userCode, copied: this.#text('prompt.signIn.copied') },
      actions: [
        this.#action('copyCode', 'prompt.signIn.copyCode'),
        this.#action('openCodePage', 'prompt.signIn.openCodePage'),
        this.#action('useBrowser', 'prompt.signIn.useBrowser'),
      ],
    };
  }

  #finished(title: string, message: string): PromptView {
    const done = this.#text('prompt.added.done');
    return { ...this.first(), title, message, fields: [], actions: [], submitLabel: done, cancelLabel: null };
  }

  #heading(): { readonly title: string; readonly message: string } {
    const prompt = this.#prompt;
    const say = (title: TextKey, message: TextKey) => ({ title: this.#text(title), message: this.#text(message) });
    const account = this.#account === null ? '' : accountLabel(this.#account);
    switch (prompt.kind) {
      case 'email':
      case 'statusMessage':
        return say(`prompt.${prompt.kind}.title`, `prompt.${prompt.kind}.message`);
      case 'choose':
        return say(`prompt.choose.${prompt.what}.title`, 'prompt.choose.message');
      case 'calendars':
        return {
          title: this.#text('prompt.calendars.title', { account }),
          message: this.#text('prompt.calendars.message'),
        };
      case 'remove': {
        const isChat = this.provider !== null && isChatName(this.provider);
        const message = this.#text(isChat ? 'prompt.remove.chat' : 'prompt.remove.calendar');
        return { title: this.#text('prompt.remove.title', { account }), message };
      }
      case 'add':
      case 'renew': {
        const entry = entryOf(this.provider ?? 'microsoft365');
        const heading = say(entry.title, entry.message);
        const isOneOfMany = prompt.kind === 'renew' && this.#others() > 1;
        return isOneOfMany ? { ...heading, title: this.#text('prompt.renew.title', { account }) } : heading;
      }
    }
  }

  /** How many accounts of the provider there are. */
  #others(): number {
    const { calendars, chats } = this.#settings;
    return [...calendars, ...chats].filter(({ provider }) => provider === this.provider).length;
  }

  #asked(locked: ReadonlySet<string>): readonly CatalogueField[] {
    const { kind } = this.#prompt;
    if (this.provider === null || this.isSignIn || kind === 'remove' || kind === 'calendars') return [];
    if (this.#account === null) return fieldsToAdd(this.provider, this.#others() > 0);
    return fieldsToRenew(this.#account, locked.has(isChatName(this.provider) ? 'chats' : 'calendars'));
  }

  #fields(): PromptField[] {
    const { email, statusMessage } = this.#settings;
    const plain = { name: 'value', placeholder: '', hint: '', required: true } as const;
    switch (this.#prompt.kind) {
      case 'email': {
        const placeholder = this.#text('prompt.email.placeholder');
        return [{ ...plain, label: this.#text('prompt.email.label'), inputType: 'email', value: email, placeholder }];
      }
      case 'statusMessage': {
        const placeholder = this.#text('prompt.statusMessage.placeholder');
        const label = this.#text('prompt.statusMessage.label');
        return [{ ...plain, label, inputType: 'text', value: statusMessage, placeholder, required: false }];
      }
      default:
        return this.asked.map((field) => this.#field(field));
    }
  }

  #field(field: CatalogueField): PromptField {
    const { key, kind, label, placeholder, hint, optional, goesWith } = field;
    const isKept = this.#account !== null && isSecretField(field) && optional === true;
    const shown = isKept ? 'prompt.unchanged' : placeholder;
    return {
      name: key,
      label: this.#text(label),
      inputType: INPUT_TYPES[kind],
      value: startValue(field, this.#account, this.#settings.email),
      placeholder: shown === undefined ? '' : this.#text(shown),
      hint: hint === undefined ? '' : this.#text(hint),
      required: optional !== true && goesWith === undefined,
    };
  }

  #submitLabel(): string | null {
    if (this.#prompt.kind === 'choose') return null;
    if (this.#prompt.kind === 'remove') return this.#text('prompt.remove.submit');
    return this.#text(this.isSignIn ? 'prompt.signIn.submit' : 'prompt.submit');
  }

  #progress(): string {
    const { kind } = this.#prompt;
    if (kind === 'email') return this.#text('prompt.checking.chats');
    if (kind === 'remove' && this.provider !== null && isChatName(this.provider)) {
      return this.#text('prompt.remove.progress');
    }
    const entry = this.#entry;
    if (kind === 'remove' || entry === null) return this.#text('prompt.saving');
    if (this.provider === 'ics') return this.#text('prompt.checking.calendar');
    return this.#text('prompt.checking', { service: entry.name });
  }

  #actions(): PromptView['actions'] {
    const prompt = this.#prompt;
    if (prompt.kind === 'choose') return this.#choices(prompt.what);
    const links = this.asked.flatMap(({ key, link }) =>
      link === undefined ? [] : [this.#action(`link:${key}`, link.label)],
    );
    const browser = this.#mayChoose ? [this.#action('useBrowser', 'prompt.signIn.instead')] : [];
    return [...links, ...browser, ...this.#deviceCode(), ...this.#wayRound()];
  }

  /** While there is none yet: this prompt asks for one of them, and some people have another. */
  #wayRound(): PromptView['actions'] {
    const { calendars, chats } = this.#settings;
    if (this.#prompt.kind !== 'add') return [];
    if (this.provider === 'microsoft365' && calendars.length === 0) {
      const other = this.#action('choose:calendar', 'prompt.signIn.useOther');
      return [this.#action('use:ics', 'prompt.signIn.useIcs'), ...(CALENDAR_NAMES.length > 2 ? [other] : [])];
    }
    if (this.provider === 'hipchat' && chats.length === 0) {
      const other = this.#action('choose:chat', 'prompt.hipchatToken.useOther');
      return [this.#action('use:slack', 'prompt.hipchatToken.useSlack'), ...(CHAT_NAMES.length > 2 ? [other] : [])];
    }
    return [];
  }

  #choices(what: 'calendar' | 'chat'): PromptView['actions'] {
    return addable(this.#settings, what).map((provider) => ({
      id: `use:${provider}`,
      label: PROVIDER_NAMES[provider],
    }));
  }

  #deviceCode(): PromptView['actions'] {
    return this.isSignIn && this.#entry?.deviceCode === true
      ? [this.#action('useDeviceCode', 'prompt.signIn.useDeviceCode')]
      : [];
  }

  #text(key: TextKey, marks: Readonly<Record<string, string>> = {}): string {
    return text(key, this.#speech, marks);
  }

  #action(id: string, key: TextKey) {
    return { id, label: this.#text(key) };
  }
}

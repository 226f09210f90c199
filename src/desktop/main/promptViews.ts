import type { PromptKind } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import { type TextKey, text } from '../../core/texts.ts';
import type { DeviceCode } from '../../ports/signIn.ts';
import type { FieldName, PromptAction, PromptField, PromptView } from '../ipc/promptView.ts';

/** Who checks what is typed; named while the person waits for it. */
const SERVICES: Readonly<Partial<Record<PromptKind, string>>> = {
  email: 'your chats',
  icsAddress: 'the calendar',
  icsPassword: 'the calendar',
  hipchatToken: 'HipChat',
  slackToken: 'Slack',
};

/** Makes what prompt windows show, in the organisation's own words where it has some. Secrets are never filled in. */
export class PromptViews {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  first(kind: PromptKind): PromptView {
    const base: PromptView = {
      kind,
      title: this.#text(`prompt.${kind}.title`),
      message: this.#text(`prompt.${kind}.message`),
      fields: this.#fields(kind),
      submitLabel: this.#text(kind === 'signIn' ? 'prompt.signIn.submit' : 'prompt.submit'),
      cancelLabel: this.#text('prompt.cancel'),
      reveal: { show: this.#text('prompt.show'), hide: this.#text('prompt.hide') },
      actions: [],
      progress: null,
      error: null,
      code: null,
    };
    if (kind === 'hipchatToken') {
      const get = this.#action('getToken', 'prompt.hipchatToken.get');
      // Only while there is no chat yet: then this prompt asks for one of them.
      const isFirst = this.#settings.chats.length === 0;
      return { ...base, actions: isFirst ? [get, this.#action('useSlack', 'prompt.hipchatToken.useSlack')] : [get] };
    }
    if (kind === 'slackToken') return { ...base, actions: [this.#action('getToken', 'prompt.slackToken.get')] };
    return kind === 'signIn' ? { ...base, actions: [this.#useDeviceCode(), this.#useIcs()] } : base;
  }

  /** While an answer is checked. */
  checking(view: PromptView): PromptView {
    const service = SERVICES[view.kind];
    const progress = service === undefined ? this.#text('prompt.saving') : this.#text('prompt.checking', { service });
    return { ...view, progress, error: null };
  }

  /** After an answer that was not taken; what was typed is still in the window. */
  failed(view: PromptView, error: string): PromptView {
    if (view.kind !== 'signIn') return { ...view, progress: null, error };
    return { ...this.first('signIn'), submitLabel: this.#text('prompt.signIn.again'), error };
  }

  /** After an answer that lacks what is required. */
  missing(view: PromptView): PromptView {
    return { ...view, progress: null, error: this.#text('prompt.missing') };
  }

  /** While the person signs in in the browser. */
  waitingForBrowser(): PromptView {
    const progress = this.#text('prompt.signIn.waiting');
    return { ...this.first('signIn'), submitLabel: null, progress, actions: [this.#useDeviceCode()] };
  }

  /** While a code is fetched. */
  fetchingCode(): PromptView {
    const progress = this.#text('prompt.checking', { service: 'Microsoft 365' });
    return { ...this.first('signIn'), submitLabel: null, progress, actions: [] };
  }

  /** While the person types the code on another device. */
  showingCode({ userCode, verificationUri }: DeviceCode): PromptView {
    const address = verificationUri.replace(/^https?:\/\/(www\.)?/, '');
    return {
      ...this.first('signIn'),
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

  #fields(kind: PromptKind): PromptField[] {
    const { email, statusMessage } = this.#settings;
    const field = (name: FieldName, inputType: PromptField['inputType'], label: TextKey): PromptField => ({
      name,
      inputType,
      label: this.#text(label),
      value: '',
      placeholder: '',
      required: name === 'value',
    });
    switch (kind) {
      case 'email': {
        const placeholder = this.#text('prompt.email.placeholder');
        return [{ ...field('value', 'email', 'prompt.email.label'), value: email, placeholder }];
      }
      case 'statusMessage': {
        const placeholder = this.#text('prompt.statusMessage.placeholder');
        const input = field('value', 'text', 'prompt.statusMessage.label');
        return [{ ...input, value: statusMessage, placeholder, required: false }];
      }
      case 'signIn':
        return [];
      case 'icsAddress': {
        const placeholder = this.#text('prompt.icsAddress.placeholder');
        return [
          { ...field('value', 'url', 'prompt.icsAddress.label'), placeholder },
          field('username', 'text', 'prompt.icsAddress.usernameLabel'),
          field('password', 'password', 'prompt.icsAddress.passwordLabel'),
        ];
      }
      case 'icsPassword':
        return [field('value', 'password', 'prompt.icsPassword.label')];
      case 'hipchatToken':
        return [field('value', 'password', 'prompt.hipchatToken.label')];
      case 'slackToken': {
        const placeholder = this.#text('prompt.slackToken.placeholder');
        return [{ ...field('value', 'password', 'prompt.slackToken.label'), placeholder }];
      }
    }
  }

  #text(key: TextKey, marks: Readonly<Record<string, string>> = {}): string {
    return text(key, this.#settings.organisation.texts, marks);
  }

  #action(id: PromptAction, key: TextKey) {
    return { id, label: this.#text(key) };
  }

  readonly #useDeviceCode = () => this.#action('useDeviceCode', 'prompt.signIn.useDeviceCode');
  readonly #useIcs = () => this.#action('useIcs', 'prompt.signIn.useIcs');
}

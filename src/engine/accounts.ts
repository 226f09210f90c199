import type { CalendarAccount, ChatAccount } from '../core/accounts.ts';
import { tokenName, withEmail } from '../core/accounts.ts';
import { AppError } from '../core/appError.ts';
import { HOUR } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { DeviceCode, SignIn } from '../ports/signIn.ts';
import { type Candidate, keepCandidates, withCandidates } from './candidateSecrets.ts';

export interface AccountsDeps {
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly providers: Providers;
  readonly signIn: SignIn;
  readonly clock: Clock;
  /** Called when an account's secret is another one: the engine tries it at once. */
  readonly onRenewed: (accountId: string) => Promise<void>;
}

/** A published calendar, as it was typed. */
export interface IcsInput {
  readonly address: string;
  /** For addresses behind HTTP Basic; both empty for none. */
  readonly username: string;
  readonly password: string;
}

type ChatProviderName = ChatAccount['provider'];
type IcsAccount = Extract<CalendarAccount, { readonly provider: 'ics' }>;

const HIPCHAT: ChatAccount = { id: 'hipchat', provider: 'hipchat', email: '' };
const MICROSOFT_ID = 'microsoft365';
const ICS_ID = 'ics';

/**
 * What the prompts' answers turn into: settings and secrets, never a presence. What is typed is tried against the service
 * before it is kept. Throws `AppError` with a message that says what was wrong.
 */
export class Accounts {
  readonly #deps: AccountsDeps;

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
  }

  /** Takes a new address; tokens kept under the old one move along. */
  async changeEmail(typed: string, signal: AbortSignal): Promise<void> {
    const { settings, secrets, providers } = this.#deps;
    const email = typed.trim();
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
      throw new AppError('invalidInput', 'This does not look like an email address, such as ada@example.com.');
    }
    const before = settings.get();
    const renamed = before.chats.map((chat) => ({ from: withEmail(chat, before.email), to: { ...chat, email } }));
    const moves: Candidate[] = [];
    for (const { from, to } of renamed) {
      const value = await secrets.get(tokenName(from));
      if (value === null) continue;
      const move = { ...tokenName(to), value };
      await providers.chat(to, withCandidates(secrets, [move])).read(signal);
      moves.push(move);
    }
    await keepCandidates(secrets, moves);
    const isOwnEmail = before.chats.some((chat) => chat.email !== '');
    settings.update({ email, ...(isOwnEmail ? { chats: renamed.map(({ to }) => to) } : {}) });
    for (const { from, to } of renamed) {
      // Only now: what was claimed under the old address is given back with the old token.
      await this.#deps.onRenewed(to.id);
      if (from.email !== to.email) await secrets.delete(tokenName(from));
    }
    await this.adoptKnownToken();
  }

  /**
   * A token that is in the keychain already, from JAMF's HipStatus or from before: HipChat is set up by it, without asking.
   */
  async adoptKnownToken(): Promise<void> {
    const { settings, secrets } = this.#deps;
    const { email, chats } = settings.get();
    if (email === '' || chats.length > 0 || settings.locked().has('chats')) return;
    const known = await secrets.get(tokenName({ ...HIPCHAT, email }));
    // Where the person had not typed a token yet, JAMF's HipStatus kept the words "Enter Token".
    if (known !== null && !/\s/.test(known)) settings.update({ chats: [HIPCHAT] });
  }

  changeStatusMessage(message: string): void {
    this.#deps.settings.update({ statusMessage: message.trim() });
  }

  /** Takes a chat token, and adds the chat when it is the first one of its kind. */
  async changeToken(provider: ChatProviderName, typed: string, signal: AbortSignal): Promise<void> {
    const { settings, secrets, providers } = this.#deps;
    const token = required(typed, 'token');
    const current = settings.get();
    const newChat: ChatAccount = { id: provider, provider, email: '' };
    const existing = current.chats.find((chat) => chat.provider === provider);
    const account = withEmail(existing ?? newChat, current.email);
    const candidates = [{ ...tokenName(account), value: token }];
    await providers.chat(account, withCandidates(secrets, candidates)).read(signal);
    await keepCandidates(secrets, candidates);
    if (existing === undefined) settings.update({ chats: [...current.chats, newChat] });
    void this.#deps.onRenewed(account.id);
  }

  /** Takes the address of a published calendar. */
  async changeIcsAddress(input: IcsInput, signal: AbortSignal): Promise<void> {
    const { settings } = this.#deps;
    const address = required(input.address, 'address');
    if (!/^(https?|webcal):\/\/\S+$/i.test(address)) {
      throw new AppError('invalidInput', 'The address must begin with https:// or webcal://.');
    }
    const current = settings.get();
    const existing = current.calendars.find((calendar) => calendar.provider === 'ics');
    const account: IcsAccount = {
      id: existing?.id ?? ICS_ID,
      provider: 'ics',
      name: 'Published calendar',
      username: input.username.trim(),
    };
    const candidates: Candidate[] = [{ kind: 'icsaddress', account: account.id, value: address }];
    if (account.username !== '') {
      candidates.push({ kind: 'icspassword', account: account.id, value: required(input.password, 'password') });
    }
    await this.#keepIcs(account, candidates, signal);
    if (!settings.locked().has('calendars') || existing === undefined) {
      const others = current.calendars.filter(({ id }) => id !== account.id);
      settings.update({ calendars: [...others, account] });
    }
    void this.#deps.onRenewed(account.id);
  }

  /** Takes a new password for the published calendar. */
  async changeIcsPassword(typed: string, signal: AbortSignal): Promise<void> {
    const account = this.#deps.settings.get().calendars.find(({ provider }) => provider === 'ics');
    if (account?.provider !== 'ics') throw new AppError('invalidInput', 'There is no published calendar yet.');
    const value = required(typed, 'password', false);
    await this.#keepIcs(account, [{ kind: 'icspassword', account: account.id, value }], signal);
    void this.#deps.onRenewed(account.id);
  }

  /**
   * Signs in to Microsoft 365 in the system browser or, with `onCode`, by a code that is typed at another device.
   * @param signal aborts the wait when the person gives up
   */
  async signIn(signal: AbortSignal, onCode?: (code: DeviceCode) => void): Promise<void> {
    const { settings, signIn } = this.#deps;
    const existing = settings.get().calendars.find((calendar) => calendar.provider === 'microsoft365');
    const id = existing?.id ?? MICROSOFT_ID;
    const calendars = existing?.calendars ?? [];
    const who =
      onCode === undefined
        ? await signIn.interactive(id, settings.get().email, signal, { calendars })
        : await signIn.deviceCode(id, onCode, signal, { calendars });
    // An account that the organisation has configured names nobody: it goes by the only sign-in.
    if (!settings.locked().has('calendars') || existing === undefined) {
      const others = settings.get().calendars.filter((calendar) => calendar.id !== id);
      settings.update({ calendars: [...others, { id, provider: 'microsoft365', calendars, ...who }] });
    }
    void this.#deps.onRenewed(id);
  }

  async #keepIcs(account: IcsAccount, candidates: readonly Candidate[], signal: AbortSignal): Promise<void> {
    const { secrets, providers, clock } = this.#deps;
    const now = clock.now();
    const provider = providers.calendar(account, withCandidates(secrets, candidates));
    await provider.calendarView({ start: now, end: now + HOUR }, clock.zone(), signal);
    await keepCandidates(secrets, candidates);
  }
}

function required(typed: string, what: string, trim = true): string {
  const value = trim ? typed.trim() : typed;
  if (value === '') throw new AppError('invalidInput', `Enter the ${what}, or press Escape to cancel.`);
  return value;
}

import { accountSecrets, goesByEmail, neededSecrets, secretName } from '../core/accountSecrets.ts';
import { type Account, accountLabel, newAccountId, type ProviderName, textOf, withEmail } from '../core/accounts.ts';
import { type Answers, accountOf, fieldsToAdd, fieldsToRenew, isChat, readAnswers } from '../core/answers.ts';
import { AppError, asAppError, type ErrorCode } from '../core/appError.ts';
import type { ChatCapabilities } from '../core/presence.ts';
import { entryOf } from '../core/providerCatalogue.ts';
import { lacksAddress } from '../core/setup.ts';
import { ENGLISH, text } from '../core/texts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Providers } from '../ports/providers.ts';
import type { SecretStore } from '../ports/secretStore.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';
import type { DeviceCode, SignedIn, SignIn } from '../ports/signIn.ts';
import { AccountList } from './accountList.ts';
import { type AccountLook, knownCapabilities, lookAt, tryAccount } from './accountTrial.ts';
import { type Candidate, keepCandidates, withCandidates } from './candidateSecrets.ts';

export interface AccountsDeps {
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly providers: Providers;
  /** Signing in in the browser; null where that can't be done. */
  readonly signIn: (provider: ProviderName) => SignIn | null;
  readonly clock: Clock;
  /** Called when an account's secret is another one: the engine tries it at once. */
  readonly onRenewed: (accountId: string) => Promise<void>;
  /**
   * Called when an account has left the settings. Resolves when what was claimed there is given back; false when
   * something of ours may still be shown.
   */
  readonly onLeft: (account: Account) => Promise<boolean>;
}

/** An account that was tried and kept. */
export interface Added {
  readonly accountId: string;
  readonly label: string;
  /** What can be done there; null for a calendar. */
  readonly capabilities: ChatCapabilities | null;
}

/** An account that is gone. */
export interface Removed {
  readonly label: string;
  /** Whether all that HipStatus had set there is given back. */
  readonly gaveBack: boolean;
}

/** A sign-in in the browser here or, with `onCode`, by a code that is typed at another device. */
export interface BrowserSignIn {
  readonly onCode?: (code: DeviceCode) => void;
}

const HIPCHAT = { id: 'hipchat', provider: 'hipchat', email: '' } as const;

/** After a sign-in, these mean that it is of no use; other trouble passes. */
const USELESS: ReadonlySet<ErrorCode> = new Set(['unauthorized', 'forbidden', 'notFound']);

/**
 * What the prompts' answers turn into: settings and secrets, never a presence. What is typed is tried against the service
 * before it is kept. Throws `AppError` with a message that says what was wrong.
 */
export class Accounts {
  readonly #deps: AccountsDeps;
  readonly #list: AccountList;

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
    this.#list = new AccountList(deps.settings);
  }

  /**
   * Adds an account: by what was typed, or by a sign-in in the browser.
   * @param answers by the keys of the catalogue's fields
   * @param browser sign in there, instead of by what was typed; for some providers the only way
   */
  async add(provider: ProviderName, answers: Answers, signal: AbortSignal, browser?: BrowserSignIn): Promise<Added> {
    const { name, several, signIn } = entryOf(provider);
    this.#list.assertFree(provider);
    const others = this.#list.of(provider);
    if (lacksAddress(provider, this.#deps.settings.get())) {
      throw new AppError('invalidInput', `${name} finds you by your email address. Enter that first.`, {
        reason: 'noAddress',
      });
    }
    if (!several && others.length > 0)
      throw new AppError('conflict', `${name} is set up already.`, { reason: 'alreadyThere' });
    const id = newAccountId(provider, this.#list.all);
    if (signIn === 'browser' || browser !== undefined) return this.#addSignedIn(provider, id, signal, browser);
    const { values, secrets } = readAnswers(fieldsToAdd(provider, others.length > 0), answers);
    const account = accountOf(provider, id, values);
    const capabilities = await this.#tryAndKeep(account, secrets, signal);
    this.#list.put(account);
    void this.#deps.onRenewed(id);
    return { accountId: id, label: accountLabel(account), capabilities };
  }

  /** Takes a new secret or sign-in of an account, and what else was typed unless the organisation has set the account. */
  async renew(accountId: string, answers: Answers, signal: AbortSignal, browser?: BrowserSignIn): Promise<void> {
    const account = this.#list.get(accountId);
    const { provider } = account;
    const isLocked = this.#list.isLocked(provider);
    let changed: Account;
    if (entryOf(provider).signIn === 'browser' || browser !== undefined) {
      // An account that the organisation has configured names nobody: it goes by the only sign-in.
      const who = await this.#signIn(account, signal, browser);
      changed = signedIn(account, who);
      if (who.secret !== undefined) await this.#deps.secrets.set(secretName(this.#effective(changed)), who.secret);
    } else {
      const { values, secrets } = readAnswers(fieldsToRenew(account, isLocked), answers);
      changed = accountOf(provider, accountId, { ...account, ...values });
      await this.#tryAndKeep(changed, secrets, signal);
    }
    if (!isLocked) this.#list.put(changed);
    await this.#adoptAddress(changed, signal);
    void this.#deps.onRenewed(accountId);
  }

  /** Reads an account as it is kept, for the person to see that it works. Throws `AppError`. */
  look(accountId: string, signal: AbortSignal): Promise<AccountLook> {
    return lookAt(this.#effective(this.#list.get(accountId)), this.#deps, this.#deps.secrets, signal);
  }

  /** Removes an account: what is claimed there is given back, and only then its secrets are deleted. */
  async remove(accountId: string): Promise<Removed> {
    const { secrets, signIn, onLeft } = this.#deps;
    const stored = this.#list.get(accountId);
    this.#list.assertFree(stored.provider);
    const account = this.#effective(stored);
    this.#list.take(stored);
    const gaveBack = await onLeft(account);
    await signIn(account.provider)?.signOut(accountId);
    const used = this.#list.all.flatMap((other) => accountSecrets(this.#effective(other)));
    for (const { name } of accountSecrets(account)) {
      const isShared = used.some(({ name: other }) => other.kind === name.kind && other.account === name.account);
      if (!isShared) await secrets.delete(name);
    }
    return { label: accountLabel(account), gaveBack };
  }

  /** Takes a new address; tokens kept under the old one move along. */
  async changeEmail(typed: string, signal: AbortSignal): Promise<void> {
    const { settings, secrets, providers, clock } = this.#deps;
    const email = typed.trim();
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
      throw new AppError('invalidInput', text('answer.email', ENGLISH), { reason: 'field:value:email' });
    }
    const before = settings.get();
    const renamed = before.chats
      .filter(goesByEmail)
      .map((chat) => ({ from: withEmail(chat, before.email), to: { ...chat, email } }));
    const moves: Candidate[] = [];
    for (const { from, to } of renamed) {
      const value = await secrets.get(secretName(from));
      if (value === null) continue;
      const move = { ...secretName(to), value };
      await tryAccount(to, { providers, clock }, withCandidates(secrets, [move]), signal);
      moves.push(move);
    }
    await keepCandidates(secrets, moves);
    const hasOwn = before.chats.some((chat) => goesByEmail(chat) && textOf(chat, 'email') !== '');
    const chats = before.chats.map((chat) => renamed.find(({ to }) => to.id === chat.id)?.to ?? chat);
    settings.update({ email, ...(hasOwn ? { chats } : {}) });
    for (const { from, to } of renamed) {
      // Only now: what was claimed under the old address is given back with the old token.
      await this.#deps.onRenewed(to.id);
      if (textOf(from, 'email') !== email) await secrets.delete(secretName(from));
    }
    await this.adoptKnownToken();
  }

  /**
   * A token that is in the keychain already, from JAMF's HipStatus or from before: HipChat is set up by it, without asking.
   */
  async adoptKnownToken(): Promise<void> {
    const { settings, secrets } = this.#deps;
    const { email, chats } = settings.get();
    if (email === '' || chats.length > 0 || this.#list.isLocked('hipchat')) return;
    const known = await secrets.get(secretName({ ...HIPCHAT, email }));
    // Where the person had not typed a token yet, JAMF's HipStatus kept the words "Enter Token".
    if (known !== null && !/\s/.test(known)) this.#list.put(HIPCHAT);
  }

  changeStatusMessage(message: string): void {
    this.#deps.settings.update({ statusMessage: message.trim() });
  }

  async #addSignedIn(provider: ProviderName, id: string, signal: AbortSignal, browser?: BrowserSignIn): Promise<Added> {
    const { secrets } = this.#deps;
    const who = await this.#signIn(accountOf(provider, id, {}), signal, browser);
    const fresh = signedIn(accountOf(provider, id, {}), who);
    const name = secretName(this.#effective(fresh));
    const tried = withCandidates(secrets, who.secret === undefined ? [] : [{ ...name, value: who.secret }]);
    const capabilities = await this.#tryOrSignOut(fresh, tried, signal);
    // Somebody who is there already, or whom the organisation's settings wait for, is not added a second time.
    const twin = this.#list.of(provider).find((other) => isSame(other, who));
    const account = twin === undefined ? fresh : signedIn(twin, who);
    const value = await tried.get(name);
    if (value !== null) await secrets.set(secretName(this.#effective(account)), value);
    if (twin !== undefined) await secrets.delete(name);
    this.#list.put(account);
    await this.#adoptAddress(account, signal);
    void this.#deps.onRenewed(account.id);
    return { accountId: account.id, label: accountLabel(account), capabilities };
  }

  /** Who has signed in need not be asked for their address. */
  async #adoptAddress(account: Account, signal: AbortSignal): Promise<void> {
    const { settings } = this.#deps;
    const username = entryOf(account.provider).signIn === 'browser' ? textOf(account, 'username') : '';
    if (username === '' || settings.get().email !== '' || settings.locked().has('email')) return;
    // An address that is no use to a chat is no reason to lose the sign-in: the chat says so by itself.
    await this.changeEmail(username, signal).catch(() => undefined);
  }

  async #signIn({ id, provider, ...more }: Account, signal: AbortSignal, browser?: BrowserSignIn): Promise<SignedIn> {
    const signIn = this.#deps.signIn(provider);
    if (signIn === null) {
      throw new AppError('invalidInput', `Signing in to ${entryOf(provider).name} is not set up.`, {
        reason: 'notConfigured',
      });
    }
    const wish = 'calendars' in more ? { calendars: more.calendars } : {};
    if (browser?.onCode !== undefined) return signIn.deviceCode(id, browser.onCode, signal, wish);
    const known = 'username' in more ? more.username : '';
    const isFirst = !this.#list.of(provider).some((other) => other.id !== id);
    // Whoever adds a second account is somebody else there: the browser asks whom.
    return signIn.interactive(id, known || (isFirst ? this.#deps.settings.get().email : ''), signal, wish);
  }

  async #tryOrSignOut(account: Account, tried: SecretStore, signal: AbortSignal): Promise<ChatCapabilities | null> {
    const effective = this.#effective(account);
    try {
      return await tryAccount(effective, this.#deps, tried, signal);
    } catch (thrown) {
      // A service that can't be asked just now does not cost the person their sign-in.
      if (!signal.aborted && !USELESS.has(asAppError(thrown).code)) {
        return knownCapabilities(effective, this.#deps.providers, tried);
      }
      await this.#deps.signIn(account.provider)?.signOut(account.id);
      throw thrown;
    }
  }

  /** Tries an account with what was typed in place of what is kept, and keeps it then. */
  async #tryAndKeep(account: Account, typed: Answers, signal: AbortSignal): Promise<ChatCapabilities | null> {
    const { secrets } = this.#deps;
    const effective = this.#effective(account);
    const candidates = Object.entries(typed).map(([key, value]) => ({ ...secretName(effective, key), value }));
    const tried = withCandidates(secrets, candidates);
    for (const { key, name } of neededSecrets(effective)) {
      if ((await tried.get(name)) !== null) continue;
      throw new AppError('invalidInput', text('prompt.missing', ENGLISH), { reason: `field:${key}:missing` });
    }
    const able = await tryAccount(effective, this.#deps, tried, signal);
    await keepCandidates(secrets, candidates);
    return able;
  }

  #effective(account: Account): Account {
    return isChat(account) ? withEmail(account, this.#deps.settings.get().email) : account;
  }
}

/** The account with who has signed in; a name of the person's own stays. */
export function signedIn(account: Account, { homeAccountId, username, name = '' }: SignedIn): Account {
  const own = textOf(account, 'name') || name;
  const who = { homeAccountId, username, ...(own === '' ? {} : { name: own }) };
  return accountOf(account.provider, account.id, { ...account, ...who });
}

/** Whether the account is that of who has signed in, or names nobody yet. */
const isSame = (account: Account, { username, name = '' }: SignedIn): boolean =>
  'username' in account ? ['', username].includes(account.username) : name !== '' && textOf(account, 'name') === name;

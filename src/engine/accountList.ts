import {
  type Account,
  type CalendarAccount,
  type ChatAccount,
  isChatName,
  type ProviderName,
} from '../core/accounts.ts';
import { isCalendar, isChat } from '../core/answers.ts';
import { AppError } from '../core/appError.ts';
import type { SettingsStore } from '../ports/settingsStore.ts';

/** The accounts of the settings, calendars and chats together, and the one place where they are changed. */
export class AccountList {
  readonly #settings: SettingsStore;

  constructor(settings: SettingsStore) {
    this.#settings = settings;
  }

  get all(): readonly Account[] {
    const { calendars, chats } = this.#settings.get();
    return [...calendars, ...chats];
  }

  of(provider: ProviderName): readonly Account[] {
    return this.all.filter((account) => account.provider === provider);
  }

  /** Throws `AppError('notFound')`. */
  get(accountId: string): Account {
    const account = this.all.find(({ id }) => id === accountId);
    if (account === undefined)
      throw new AppError('notFound', `There is no account "${accountId}".`, { reason: 'noAccount' });
    return account;
  }

  /** Whether the organisation has set the list that accounts of `provider` are in. */
  isLocked(provider: ProviderName): boolean {
    return this.#settings.locked().has(isChatName(provider) ? 'chats' : 'calendars');
  }

  /** Throws `AppError('forbidden')` where the organisation has set the accounts. */
  assertFree(provider: ProviderName): void {
    if (!this.isLocked(provider)) return;
    const what = isChatName(provider) ? 'chats' : 'calendars';
    throw new AppError('forbidden', `Your ${what} are set by your organisation and can't be changed here.`, {
      reason: 'setByOrganisation',
    });
  }

  /** Adds an account, or puts it in place of the one with its id. */
  put(account: Account): void {
    const { calendars, chats } = this.#settings.get();
    if (isChat(account)) this.#settings.update({ chats: placed<ChatAccount>(chats, account) });
    else if (isCalendar(account)) this.#settings.update({ calendars: placed<CalendarAccount>(calendars, account) });
  }

  take({ id, provider }: Account): void {
    const { calendars, chats } = this.#settings.get();
    const others = (account: Account) => account.id !== id;
    this.#settings.update(
      isChatName(provider) ? { chats: chats.filter(others) } : { calendars: calendars.filter(others) },
    );
  }
}

const placed = <T extends Account>(list: readonly T[], account: T): T[] =>
  list.some(({ id }) => id === account.id)
    ? list.map((other) => (other.id === account.id ? account : other))
    : [...list, account];

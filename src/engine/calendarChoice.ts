import { type Account, accountLabel } from '../core/accounts.ts';
import { isCalendar } from '../core/answers.ts';
import { AppError, asAppError } from '../core/appError.ts';
import { ENGLISH, text } from '../core/texts.ts';
import type { ListedCalendar } from '../ports/calendarProvider.ts';
import { AccountList } from './accountList.ts';
import { type AccountsDeps, signedIn } from './accounts.ts';
import { tryAccount } from './accountTrial.ts';

/** A calendar of an account that the person can choose. */
export interface ChoosableCalendar extends ListedCalendar {
  readonly isChosen: boolean;
}

type Deps = Pick<AccountsDeps, 'settings' | 'secrets' | 'providers' | 'clock' | 'signIn'>;

/** Which calendars of an account are read. */
export class CalendarChoice {
  readonly #deps: Deps;
  readonly #list: AccountList;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#list = new AccountList(deps.settings);
  }

  /** All there are. Throws `AppError`; `invalidInput` where there is no choice. */
  async of(accountId: string, signal: AbortSignal): Promise<readonly ChoosableCalendar[]> {
    const { providers, secrets } = this.#deps;
    const account = this.#list.get(accountId);
    const provider = isCalendar(account) ? providers.calendar(account, secrets) : null;
    if (!('calendars' in account) || provider?.calendars === undefined) throw noChoice(account);
    const listed = await provider.calendars(signal);
    const { calendars } = account;
    // One that is read and not in the list, such as a colleague's that was set by hand, stays to be seen.
    const others = calendars.filter((id) => !listed.some((one) => one.id === id));
    return [
      ...listed.map((one) => ({
        ...one,
        isChosen: calendars.length === 0 ? one.isDefault : calendars.includes(one.id),
      })),
      ...others.map((id) => ({ id, name: id, isDefault: false, isChosen: true })),
    ];
  }

  /**
   * Has these read, and no others, after a first read of them. Calendars of others may need a permission more: then the
   * person signs in once more.
   * @param onSignIn called before the browser opens
   */
  async choose(
    accountId: string,
    chosen: readonly ListedCalendar[],
    signal: AbortSignal,
    onSignIn: () => void = () => {},
  ): Promise<void> {
    const { secrets } = this.#deps;
    const account = this.#list.get(accountId);
    this.#list.assertFree(account.provider);
    if (!('calendars' in account)) throw noChoice(account);
    if (chosen.length === 0) {
      throw new AppError('invalidInput', text('prompt.calendars.none', ENGLISH), { reason: 'noneChosen' });
    }
    // The main one goes without a name, so that it is still the main one when that changes.
    const isMain = chosen.length === 1 && chosen[0]?.isDefault === true;
    let changed: Account = { ...account, calendars: isMain ? [] : chosen.map(({ id }) => id) };
    try {
      await tryAccount(changed, this.#deps, secrets, signal);
    } catch (thrown) {
      const { code, reason } = asAppError(thrown);
      const signIn = this.#deps.signIn(account.provider);
      const isHelped = code === 'unauthorized' || MORE_ALLOWED.has(reason ?? '');
      if (signal.aborted || !isHelped || signIn === null) throw thrown;
      onSignIn();
      const wish = { calendars: changed.calendars };
      changed = signedIn(changed, await signIn.interactive(accountId, account.username, signal, wish));
      await tryAccount(changed, this.#deps, secrets, signal);
    }
    this.#list.put(changed);
  }
}

/** A sign-in for more answers these. */
const MORE_ALLOWED: ReadonlySet<string> = new Set(['consentRequired', 'scopesMissing']);

const noChoice = (account: Account): AppError =>
  new AppError('invalidInput', `${accountLabel(account)} has no calendars to choose from.`, { reason: 'noChoice' });

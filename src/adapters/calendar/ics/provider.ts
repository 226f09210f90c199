import { accountLabel, type CalendarAccount } from '../../../core/accounts.ts';
import { AppError } from '../../../core/appError.ts';
import type { CalendarEvent } from '../../../core/calendarEvent.ts';
import type { Interval, TimeZone } from '../../../core/time.ts';
import type { CalendarProvider } from '../../../ports/calendarProvider.ts';
import type { SecretStore } from '../../../ports/secretStore.ts';
import type { HttpDeps } from '../../http.ts';
import { type IcsCalendar, parseCalendar } from '../icalendar/parse.ts';
import { repaired } from '../icalendar/repair.ts';
import { calendarView } from '../icalendar/series.ts';
import { type IcsAddress, IcsClient } from './client.ts';

export type IcsAccount = Extract<CalendarAccount, { provider: 'ics' }>;

export interface IcsDeps extends HttpDeps {
  readonly secrets: SecretStore;
}

/** A calendar published at an ICS address (RFC 5545). */
export class IcsCalendarProvider implements CalendarProvider {
  readonly accountId: string;
  readonly label: string;
  readonly #account: IcsAccount;
  readonly #secrets: SecretStore;
  readonly #client: IcsClient;
  #read: { readonly text: string; readonly calendar: IcsCalendar } | null = null;
  #skipped = 0;

  constructor(account: IcsAccount, deps: IcsDeps) {
    this.accountId = account.id;
    this.label = accountLabel(account);
    this.#account = account;
    this.#secrets = deps.secrets;
    this.#client = new IcsClient(deps);
  }

  /** Events of the last view that could not be read: unknown zones, broken rules. */
  get skipped(): number {
    return this.#skipped;
  }

  async calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    const calendar = await this.#calendar(signal);
    const { events, skipped } = calendarView(calendar, window, zone);
    this.#skipped = skipped;
    return events;
  }

  async #calendar(signal: AbortSignal): Promise<IcsCalendar> {
    const answer = await this.#client.read(await this.#address(), signal);
    if (this.#read !== null && (answer.kind === 'unchanged' || answer.text === this.#read.text)) {
      return this.#read.calendar;
    }
    if (answer.kind === 'unchanged') throw new AppError('badResponse', 'The published calendar sent nothing.');
    const { default: ical } = await import('ical.js');
    try {
      const calendar = parseCalendar(repaired(answer.text), ical.parse, this.#account.username);
      this.#read = { text: answer.text, calendar };
      return calendar;
    } catch (error) {
      // What could not be read must not count as known.
      this.#client.forget();
      this.#read = null;
      throw error;
    }
  }

  async #address(): Promise<IcsAddress> {
    const { id, username } = this.#account;
    const url = await this.#secrets.get({ kind: 'icsaddress', account: id });
    if (url === null || url === '') {
      const message = 'The address of the published calendar is not in your keychain. Enter it again.';
      throw new AppError('unauthorized', message, { reason: 'noSecret' });
    }
    if (username === '') return { url, credentials: null };
    const password = await this.#secrets.get({ kind: 'icspassword', account: id });
    if (password === null) {
      const message = 'The password of the published calendar is not in your keychain. Enter it again.';
      throw new AppError('unauthorized', message, { reason: 'noSecret' });
    }
    return { url, credentials: { username, password } };
  }
}

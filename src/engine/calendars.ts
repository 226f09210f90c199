import type { CalendarAccount } from '../core/accounts.ts';
import type { CalendarEvent } from '../core/calendarEvent.ts';
import type { CalendarState } from '../core/syncState.ts';
import type { Instant } from '../core/time.ts';
import type { CalendarReader, Reading } from './calendarReader.ts';

/** All calendars of the person: their union, and whether it is whole. */
export class Calendars {
  readonly #make: (account: CalendarAccount) => CalendarReader;
  #readers: readonly CalendarReader[] = [];

  constructor(make: (account: CalendarAccount) => CalendarReader) {
    this.#make = make;
  }

  /** Takes the accounts of the settings; a reader whose account is unchanged goes on with its view. */
  use(accounts: readonly CalendarAccount[]): void {
    this.#readers = accounts.map(
      (account) =>
        this.#readers.find((reader) => JSON.stringify(reader.account) === JSON.stringify(account)) ??
        this.#make(account),
    );
  }

  /** Makes one reader new, with its view lost: its secret has changed. */
  renew(accountId: string): void {
    this.#readers = this.#readers.map((reader) =>
      reader.account.id === accountId ? this.#make(reader.account) : reader,
    );
  }

  /** Reads those whose turn it is; resolves with whether there was any. */
  async read(reading: Reading, signal: AbortSignal): Promise<boolean> {
    const due = this.#readers.filter((reader) => reader.isDue(reading));
    await Promise.all(due.map((reader) => reader.read(signal)));
    return due.length > 0 || reading === 'all';
  }

  /** Every event of every calendar's last good view. */
  get events(): readonly CalendarEvent[] {
    return this.#readers.flatMap((reader) => reader.view ?? []);
  }

  /** Whether every calendar could be read at least once; true when there is none. */
  get isWhole(): boolean {
    return this.#readers.every((reader) => reader.isWhole);
  }

  /** Whether any calendar could be read. */
  get isAnyKnown(): boolean {
    return this.#readers.some((reader) => reader.view !== null);
  }

  get states(): readonly CalendarState[] {
    return this.#readers.map((reader) => reader.state);
  }

  get retryTimes(): readonly Instant[] {
    return this.#readers.flatMap((reader) => reader.retryAt ?? []);
  }
}

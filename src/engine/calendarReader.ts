import type { CalendarAccount } from '../core/accounts.ts';
import { type AppError, asAppError, type ErrorInfo, errorInfo } from '../core/appError.ts';
import type { CalendarEvent } from '../core/calendarEvent.ts';
import { PartialViewError } from '../core/partialView.ts';
import type { CalendarState } from '../core/syncState.ts';
import { HOUR, type Instant } from '../core/time.ts';
import type { CalendarProvider } from '../ports/calendarProvider.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { RetryGate } from './retryGate.ts';

/** What is read: enough behind to see what is under way, enough ahead to live on while the calendar can't be reached. */
const BEHIND = 12 * HOUR;
const AHEAD = 36 * HOUR;

/** Reads one calendar and keeps its last good view: a failed read never means "free". */
export class CalendarReader {
  readonly account: CalendarAccount;
  readonly #provider: CalendarProvider;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #gate: RetryGate;
  #view: readonly CalendarEvent[] | null = null;
  #lastReadAt: Instant | null = null;
  #error: ErrorInfo | null = null;
  #isReading = false;
  #isWhole = false;

  constructor(account: CalendarAccount, provider: CalendarProvider, clock: Clock, logger: Logger) {
    this.account = account;
    this.#provider = provider;
    this.#clock = clock;
    this.#logger = logger;
    this.#gate = new RetryGate(() => clock.random());
  }

  /** The last good view; null when there never was one. */
  get view(): readonly CalendarEvent[] | null {
    return this.#view;
  }

  /** Whether all of its calendars could be read at least once. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** When to try again by ourselves; null while it is being tried. */
  get retryAt(): Instant | null {
    return this.#isReading ? null : this.#gate.retryAt;
  }

  get state(): CalendarState {
    return {
      id: this.account.id,
      provider: this.account.provider,
      label: this.#provider.label,
      health: this.#view === null ? 'unknown' : this.#error === null ? 'ok' : 'stale',
      lastReadAt: this.#lastReadAt,
      error: this.#error,
    };
  }

  /** Reads once, unless the service asked for silence. Never throws. */
  async read(signal: AbortSignal): Promise<void> {
    const asked = this.#clock.now();
    if (!this.#gate.isOpen(asked)) return;
    this.#isReading = true;
    try {
      const window = { start: asked - BEHIND, end: asked + AHEAD };
      const view = await this.#provider.calendarView(window, this.#clock.zone(), signal);
      if (signal.aborted) return;
      this.#view = view;
      this.#isWhole = true;
      this.#lastReadAt = this.#clock.now();
      this.#error = null;
      this.#gate.succeeded();
      this.#logger.info('Calendar read', { calendar: this.account.id, events: view.length });
      const unknown = view.filter((event) => event.showAs === 'unknown').length;
      if (unknown > 0)
        this.#logger.warn('Events with an unknown showAs do not count', { calendar: this.account.id, unknown });
    } catch (thrown) {
      if (!signal.aborted) this.#failed(asAppError(thrown));
    } finally {
      this.#isReading = false;
    }
  }

  #failed(error: AppError): void {
    const now = this.#clock.now();
    // Of an account with several calendars, one may fail: the others are as fresh as ever.
    if (error instanceof PartialViewError) {
      this.#view = error.events;
      this.#isWhole = error.isWhole;
      this.#lastReadAt = now;
    }
    this.#error = errorInfo(error, now, this.#error);
    this.#gate.failed(error, now, this.#view === null);
    this.#logger.warn('Calendar not read', { calendar: this.account.id, code: error.code, reason: error.reason });
  }
}

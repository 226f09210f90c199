import type { CalendarAccount } from '../core/accounts.ts';
import { type AppError, asAppError, type ErrorInfo, errorInfo } from '../core/appError.ts';
import type { CalendarEvent } from '../core/calendarEvent.ts';
import { PartialViewError } from '../core/partialView.ts';
import type { CalendarState } from '../core/syncState.ts';
import { dateAt, HOUR, type Instant, SECOND, startOfDate } from '../core/time.ts';
import type { CalendarProvider } from '../ports/calendarProvider.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { RetryGate } from './retryGate.ts';

/** What is read: enough behind to see what is under way, enough ahead to live on while the calendar can't be reached. And all of today. */
const BEHIND = 12 * HOUR;
const AHEAD = 36 * HOUR;

/** What a refresh reads: every calendar, those whose turn it is at a mark, or those that have to do with an edge. */
export type Reading = 'all' | 'mark' | 'edge';

/** How often a calendar is worth reading, given its last good view. */
export interface Pace {
  readonly isNear: boolean;
  /** It is read at every so many marks. */
  readonly marks: number;
  /** From one mark to the next, milliseconds. */
  readonly distance: number;
}

/** What was read so lately is not read again: an edge and a mark often fall together. */
const JUST_READ = 20 * SECOND;

/** Reads one calendar and keeps its last good view: a failed read never means "free". */
export class CalendarReader {
  readonly account: CalendarAccount;
  readonly #provider: CalendarProvider;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #gate: RetryGate;
  readonly #pace: (view: readonly CalendarEvent[]) => Pace;
  #askedAt: Instant | null = null;
  #view: readonly CalendarEvent[] | null = null;
  #lastReadAt: Instant | null = null;
  #error: ErrorInfo | null = null;
  #isReading = false;
  #isWhole = false;

  constructor(
    account: CalendarAccount,
    provider: CalendarProvider,
    clock: Clock,
    logger: Logger,
    pace: (view: readonly CalendarEvent[]) => Pace,
  ) {
    this.account = account;
    this.#provider = provider;
    this.#clock = clock;
    this.#logger = logger;
    this.#pace = pace;
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

  /** Whether it is this calendar's turn: near its meetings at every mark and edge, else less often (`refreshPlan`). */
  isDue(reading: Reading): boolean {
    if (reading === 'all' || this.#askedAt === null || this.#view === null) return true;
    const now = this.#clock.now();
    // A clock that was set back must not silence a calendar.
    const since = now < this.#askedAt ? Number.POSITIVE_INFINITY : now - this.#askedAt;
    const { retryAt } = this.#gate;
    if (retryAt !== null && now >= retryAt) return true;
    if (since < JUST_READ) return false;
    const { isNear, marks, distance } = this.#pace(this.#view);
    if (reading === 'edge') return isNear;
    const passed = Math.floor(now / distance) - Math.floor(this.#askedAt / distance);
    return this.#error !== null || since === Number.POSITIVE_INFINITY || passed >= marks;
  }

  /** Reads once, unless the service asked for silence. Never throws. */
  async read(signal: AbortSignal): Promise<void> {
    const asked = this.#clock.now();
    this.#askedAt = asked;
    if (!this.#gate.isOpen(asked)) return;
    this.#isReading = true;
    try {
      const zone = this.#clock.zone();
      const today = startOfDate(dateAt(asked, zone), zone);
      const window = { start: Math.min(today, asked - BEHIND), end: asked + AHEAD };
      const view = await this.#provider.calendarView(window, zone, signal);
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

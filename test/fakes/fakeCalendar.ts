import { AppError } from '../../src/core/appError.ts';
import { type CalendarEvent, eventInterval } from '../../src/core/calendarEvent.ts';
import { type Interval, overlaps, type TimeZone } from '../../src/core/time.ts';
import type { CalendarProvider } from '../../src/ports/calendarProvider.ts';

/** A calendar in memory; keeps the contract of `test/contract/calendar-contract.ts`. */
export class FakeCalendar implements CalendarProvider {
  readonly accountId: string;
  readonly label: string;
  readonly #events = new Map<string, CalendarEvent>();
  #faults: AppError[] = [];
  #isHanging = false;
  /** How often it was read. */
  reads = 0;

  constructor(accountId = 'calendar', label = 'Fake calendar') {
    this.accountId = accountId;
    this.label = label;
  }

  /** Adds an event, or replaces the one with its id. */
  put(event: CalendarEvent): void {
    this.#events.set(event.id, event);
  }

  remove(id: string): void {
    this.#events.delete(id);
  }

  /** The next reads throw these, one each. */
  fail(...errors: readonly AppError[]): void {
    this.#faults.push(...errors);
  }

  /** The next read waits until it is given up. */
  hang(): void {
    this.#isHanging = true;
  }

  async calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    this.reads += 1;
    const cancelled = () => new AppError('cancelled', 'The read was given up.');
    if (signal.aborted) throw cancelled();
    if (this.#isHanging) {
      this.#isHanging = false;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(cancelled()), { once: true }));
    }
    const fault = this.#faults.shift();
    if (fault !== undefined) throw fault;
    return [...this.#events.values()].filter((event) => {
      const interval = eventInterval(event, zone);
      return interval.start === interval.end
        ? window.start <= interval.start && interval.start < window.end
        : overlaps(interval, window);
    });
  }
}

import { type CalendarEvent, eventInterval } from '../../../core/calendarEvent.ts';
import { DAY, type Interval, overlaps } from '../../../core/time.ts';
import type { Events, GoogleCalendarClient } from './client.ts';
import type { GoogleEvent } from './schema.ts';
import { toCalendarEvent } from './transform.ts';

interface Held {
  readonly event: CalendarEvent;
  /** The series it is an occurrence of; empty for none. */
  readonly series: string;
}

interface View {
  readonly window: Interval;
  readonly syncToken: string | null;
  readonly events: ReadonlyMap<string, Held>;
}

/**
 * One calendar, read in full once a day and by its changes in between (docs/decisions/google-sync.md): a sync token can't be
 * asked together with a window, and the changes it gives are of the whole calendar.
 */
export class SyncedCalendar {
  readonly #client: GoogleCalendarClient;
  readonly #id: string;
  #view: View | null = null;
  #title = '';

  constructor(client: GoogleCalendarClient, id: string) {
    this.#client = client;
    this.#id = id;
  }

  /** The calendar's title as Google last said it; empty before. */
  get title(): string {
    return this.#title;
  }

  /** What touches the days around `window`, at least. */
  async read(window: Interval, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    const days = daysAround(window);
    this.#view = (await this.#changed(days, signal)) ?? (await this.#full(days, signal));
    return [...this.#view.events.values()].map(({ event }) => event);
  }

  async #full(window: Interval, signal: AbortSignal): Promise<View> {
    return this.#taken(await this.#client.events(this.#id, window, signal), window, new Map());
  }

  /** The view brought up to date; null where it has to be read in full. */
  async #changed(window: Interval, signal: AbortSignal): Promise<View | null> {
    const view = this.#view;
    // The beginning moves on at another hour than the end: what was read from an earlier day on does as well.
    if (view?.syncToken == null || view.window.start > window.start || view.window.end < window.end) return null;
    const changes = await this.#client.changes(this.#id, view.syncToken, signal);
    return changes === null ? null : this.#taken(changes, view.window, new Map(view.events));
  }

  #taken(read: Events, window: Interval, events: Map<string, Held>): View {
    if (read.title !== '') this.#title = read.title;
    for (const found of read.events) take(found, window, events);
    return { window, syncToken: read.syncToken, events };
  }
}

/** Whole UTC days with one more on each side: the same for a day, and wide enough for dates in any zone. */
const daysAround = ({ start, end }: Interval): Interval => ({
  start: Math.floor(start / DAY) * DAY - DAY,
  end: Math.floor(end / DAY) * DAY + 2 * DAY,
});

function take(found: GoogleEvent, window: Interval, events: Map<string, Held>): void {
  events.delete(found.id);
  if (found.status === 'cancelled') {
    // A deleted series takes its occurrences with it, named or not.
    for (const [id, { series }] of events) if (series === found.id) events.delete(id);
    return;
  }
  const event = toCalendarEvent(found);
  // A window is far wider than any zone's offset, so UTC does to place dates in it.
  const interval = eventInterval(event, 'UTC');
  const isInside = interval.start === interval.end ? interval.start < window.end : overlaps(interval, window);
  if (isInside) events.set(found.id, { event, series: found.recurringEventId ?? '' });
}

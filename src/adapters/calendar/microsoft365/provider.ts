import { accountLabel, type CalendarAccount } from '../../../core/accounts.ts';
import { type CalendarEvent, eventInterval } from '../../../core/calendarEvent.ts';
import { DAY, type Interval, overlaps, type TimeZone } from '../../../core/time.ts';
import type { CalendarProvider, ListedCalendar } from '../../../ports/calendarProvider.ts';
import { CalendarParts } from '../../calendarParts.ts';
import { type AuthDeps, MicrosoftAuth } from './auth.ts';
import { namedBy, sharedId } from './calendarPath.ts';
import { GraphClient } from './client.ts';
import { toCalendarEvent } from './transform.ts';

export type Microsoft365Account = Extract<CalendarAccount, { provider: 'microsoft365' }>;

/** The calendars of a Microsoft 365 account, and what others share with it (Microsoft Graph v1.0, `calendarView`). */
export class Microsoft365CalendarProvider implements CalendarProvider {
  readonly accountId: string;
  readonly label: string;
  readonly #client: GraphClient;
  readonly #ids: readonly string[];
  readonly #parts = new CalendarParts();
  /** Of the calendars in the person's list, by their ids; asked for when one has to be named. */
  #names: ReadonlyMap<string, string> | null = null;

  constructor(account: Microsoft365Account, deps: AuthDeps) {
    this.accountId = account.id;
    this.label = accountLabel(account);
    // Empty: the default calendar, which needs no id.
    this.#ids = account.calendars.length > 0 ? account.calendars : [''];
    const auth = new MicrosoftAuth(deps);
    this.#client = new GraphClient({
      ...deps,
      baseUrl: deps.organisation.graphBaseUrl,
      accessToken: (wish, signal) => auth.accessToken(account, wish, signal),
    });
  }

  async calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    return this.#parts.read(
      {
        ids: this.#ids,
        read: (id, given) => this.#view(id, window, zone, given),
        nameOf: async (id, given) => {
          this.#names ??= new Map((await this.calendars(given)).map((calendar) => [calendar.id, calendar.name]));
          return this.#names.get(id) ?? namedBy(id) ?? 'one of those you chose';
        },
      },
      signal,
    );
  }

  async calendars(signal: AbortSignal): Promise<readonly ListedCalendar[]> {
    const listed = await this.#client.calendars(signal);
    const own = listed.find(({ isDefaultCalendar }) => isDefaultCalendar === true)?.owner?.address?.toLowerCase();
    return listed.map(({ id, name, isDefaultCalendar, owner }) => {
      const address = owner?.address?.toLowerCase();
      const isOfOthers = own !== undefined && address !== undefined && address !== own;
      const ofWhom = isOfOthers ? ` (${owner?.name || address})` : '';
      return {
        id: isOfOthers ? sharedId(id) : id,
        name: `${name || 'Calendar'}${ofWhom}`,
        isDefault: isDefaultCalendar === true,
      };
    });
  }

  async #view(id: string, window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    // All-day events may lie up to a zone's offset beside the dates they mean, so a wider window is read.
    const wide = { start: window.start - DAY, end: window.end + DAY };
    const events = await this.#client.calendarView(id, wide, signal);
    return events
      .map((event) => toCalendarEvent(event, zone))
      .filter((event) => {
        const interval = eventInterval(event, zone);
        if (interval.start === interval.end) return window.start <= interval.start && interval.start < window.end;
        return overlaps(interval, window);
      });
  }
}

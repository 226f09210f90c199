import { accountLabel, type CalendarAccount } from '../../../core/accounts.ts';
import { type CalendarEvent, eventInterval } from '../../../core/calendarEvent.ts';
import { DAY, type Interval, overlaps, type TimeZone } from '../../../core/time.ts';
import type { CalendarProvider } from '../../../ports/calendarProvider.ts';
import { type AuthDeps, MicrosoftAuth } from './auth.ts';
import { GraphClient } from './client.ts';
import { toCalendarEvent } from './transform.ts';

export type Microsoft365Account = Extract<CalendarAccount, { provider: 'microsoft365' }>;

/** The calendar of a Microsoft 365 mailbox (Microsoft Graph v1.0, `/me/calendarView`). */
export class Microsoft365CalendarProvider implements CalendarProvider {
  readonly accountId: string;
  readonly label: string;
  readonly #client: GraphClient;

  constructor(account: Microsoft365Account, deps: AuthDeps) {
    this.accountId = account.id;
    this.label = accountLabel(account);
    const auth = new MicrosoftAuth(deps);
    this.#client = new GraphClient({
      ...deps,
      baseUrl: deps.organisation.graphBaseUrl,
      accessToken: (wish, signal) => auth.accessToken(account, wish, signal),
    });
  }

  async calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    // All-day events may lie up to a zone's offset beside the dates they mean, so a wider window is read.
    const wide = { start: window.start - DAY, end: window.end + DAY };
    const events = await this.#client.calendarView(wide, signal);
    return events
      .map((event) => toCalendarEvent(event, zone))
      .filter((event) => {
        const interval = eventInterval(event, zone);
        if (interval.start === interval.end) return window.start <= interval.start && interval.start < window.end;
        return overlaps(interval, window);
      });
  }
}

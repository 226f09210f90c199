import { type CalendarEvent, eventInterval } from '../../../core/calendarEvent.ts';
import { type Interval, overlaps, type TimeZone } from '../../../core/time.ts';
import type { CalendarProvider, ListedCalendar } from '../../../ports/calendarProvider.ts';
import { CalendarParts } from '../../calendarParts.ts';
import { GoogleAuth, type GoogleAuthDeps, type GoogleSignInOrganisation } from './auth.ts';
import { GoogleCalendarClient } from './client.ts';
import { SyncedCalendar } from './synced.ts';

/** A Google account as the settings keep it. */
export interface GoogleCalendarAccount {
  readonly id: string;
  /** The address signed in with; empty while it is not known. */
  readonly username: string;
  /** Ids of the calendars that are read; none for the person's own. */
  readonly calendars: readonly string[];
}

export interface GoogleCalendarDeps extends GoogleAuthDeps {
  readonly organisation: GoogleSignInOrganisation & {
    /** Google's API base, https, without `/calendar/v3`. */
    readonly googleApiUrl: string;
  };
}

/** Least privilege: events to read, and the names of the calendars to choose from. */
export const GOOGLE_CALENDAR_SCOPES = [
  'https://www.googleapis.com/auth/calendar.events.readonly',
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
] as const;

const NAME = 'Google Calendar';
/** Google's own word for the calendar that goes by the person's address. */
const OWN = 'primary';

/** The calendars of a Google account (Google Calendar API v3). */
export class GoogleCalendarProvider implements CalendarProvider {
  readonly accountId: string;
  readonly label: string;
  readonly #ids: readonly string[];
  readonly #client: GoogleCalendarClient;
  readonly #parts = new CalendarParts();
  readonly #synced: ReadonlyMap<string, SyncedCalendar>;

  constructor(account: GoogleCalendarAccount, deps: GoogleCalendarDeps) {
    this.accountId = account.id;
    this.label = account.username ? `${NAME} (${account.username})` : NAME;
    const auth = new GoogleAuth(deps);
    this.#client = new GoogleCalendarClient({
      ...deps,
      baseUrl: deps.organisation.googleApiUrl,
      accessToken: (signal, refused) => auth.accessToken(account.id, GOOGLE_CALENDAR_SCOPES, signal, refused),
    });
    this.#ids = account.calendars.length > 0 ? account.calendars : [OWN];
    this.#synced = new Map(this.#ids.map((id) => [id, new SyncedCalendar(this.#client, id)]));
  }

  async calendarView(window: Interval, zone: TimeZone, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    return this.#parts.read(
      {
        ids: this.#ids,
        read: async (id) => {
          const events = (await this.#synced.get(id)?.read(window, signal)) ?? [];
          return events.filter((event) => {
            const interval = eventInterval(event, zone);
            if (interval.start === interval.end) return window.start <= interval.start && interval.start < window.end;
            return overlaps(interval, window);
          });
        },
        nameOf: async (id) => this.#synced.get(id)?.title || id,
      },
      signal,
    );
  }

  calendars(signal: AbortSignal): Promise<readonly ListedCalendar[]> {
    return this.#client.calendars(signal);
  }
}

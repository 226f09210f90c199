import { AppError } from '../../../core/appError.ts';
import type { Interval } from '../../../core/time.ts';
import type { ListedCalendar } from '../../../ports/calendarProvider.ts';
import { call, errorOfResponse, type HttpDeps, jsonOf, serviceMessage } from '../../http.ts';
import { scopesMissing, signInAgain } from './authErrors.ts';
import {
  calendarListPage,
  EVENT_FIELDS,
  type EventsPage,
  eventsPage,
  type GoogleEvent,
  googleErrors,
  LIST_FIELDS,
} from './schema.ts';

const SERVICE = 'Google Calendar';
/** Google allows 2500; its own default is one page for about everybody and small enough to be quick. */
const PAGE_SIZE = 250;
/** Who is in a meeting counts only as somebody or nobody; of large ones the people are left out. */
const MOST_ATTENDEES = 50;
/** Ten thousand events in one window are no calendar but a loop. */
const MOST_PAGES = 40;
/** Changes that go on for longer (a new series without end comes as years of meetings) cost more than a full read. */
const MOST_CHANGE_PAGES = 3;

export interface GoogleClientDeps extends HttpDeps {
  /** Google's API base, https, without `/calendar/v3`. */
  readonly baseUrl: string;
  /** @param refused the token that was not taken, which is not given again */
  readonly accessToken: (signal: AbortSignal, refused?: string) => Promise<string>;
}

export interface Events {
  readonly events: readonly GoogleEvent[];
  /** The calendar's title; empty where Google does not say. */
  readonly title: string;
  /** For the changes since; null where Google gives none. */
  readonly syncToken: string | null;
}

/** Reasons of a 403 that mean "later" (Google Calendar API, "Handle API errors"). */
const LIMITS = [
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'RATE_LIMIT_EXCEEDED',
];
const SCOPES = ['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'];
const SWITCHED_OFF = ['accessNotConfigured', 'SERVICE_DISABLED'];

async function reasonsOf(response: Response): Promise<readonly string[]> {
  try {
    const parsed = googleErrors.safeParse(await response.json());
    return parsed.success
      ? [...parsed.data.error.errors, ...parsed.data.error.details].map(({ reason }) => reason)
      : [];
  } catch {
    // The status says enough.
    return [];
  }
}

async function errorOf(response: Response, now: number): Promise<AppError> {
  const error = errorOfResponse(SERVICE, response, now);
  if (error.code === 'unauthorized') {
    await response.body?.cancel();
    return signInAgain();
  }
  if (error.code === 'notFound') {
    await response.body?.cancel();
    return new AppError(
      'notFound',
      'Google has no such calendar for this account, or does not show it to you any more.',
    );
  }
  if (error.code !== 'forbidden') {
    await response.body?.cancel();
    return error;
  }
  const reasons = await reasonsOf(response);
  const isAny = (names: readonly string[]) => reasons.some((reason) => names.includes(reason));
  if (isAny(LIMITS)) {
    const { retryAfter } = error;
    return new AppError(
      'rateLimited',
      serviceMessage(SERVICE, 'rateLimited'),
      retryAfter === null ? {} : { retryAfter },
    );
  }
  if (isAny(SCOPES)) return scopesMissing();
  if (isAny(SWITCHED_OFF)) {
    const message =
      'The Google Calendar API is off in the Google Cloud project. Ask your administrator to switch it on.';
    return new AppError('forbidden', message, { reason: 'notConfigured' });
  }
  return error;
}

/** Google answers RFC 3339 without fractions of seconds. */
const rfc3339 = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const endless = () =>
  new AppError('badResponse', 'Google Calendar keeps sending more pages of your calendar.', { reason: 'tooManyPages' });

/** Reads calendars of the signed-in person (Google Calendar API v3). No retries: the engine knows when. */
export class GoogleCalendarClient {
  readonly #deps: GoogleClientDeps;
  readonly #base: string;

  constructor(deps: GoogleClientDeps) {
    this.#deps = deps;
    this.#base = `${deps.baseUrl.replace(/\/+$/, '')}/calendar/v3`;
  }

  /** All single events and occurrences that touch `window` (`events.list`); every page is read. */
  async events(calendarId: string, window: Interval, signal: AbortSignal): Promise<Events> {
    const query = { timeMin: rfc3339(window.start), timeMax: rfc3339(window.end) };
    const found = await this.#pages(calendarId, query, MOST_PAGES, signal);
    if (found === null) throw endless();
    return found;
  }

  /**
   * What has changed in the whole calendar since `syncToken` was given; deleted events have the status `cancelled`. Null where
   * only a full read helps: the token has ended (410), or there is more than a full read would be.
   */
  async changes(calendarId: string, syncToken: string, signal: AbortSignal): Promise<Events | null> {
    return this.#pages(calendarId, { syncToken }, MOST_CHANGE_PAGES, signal);
  }

  /** The calendars in the person's list. */
  async calendars(signal: AbortSignal): Promise<readonly ListedCalendar[]> {
    const calendars: ListedCalendar[] = [];
    let pageToken: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = { fields: LIST_FIELDS, maxResults: '250', ...(pageToken === null ? {} : { pageToken }) };
      const response = await this.#get('/users/me/calendarList', query, signal);
      if (!response.ok) throw await errorOf(response, this.#deps.now());
      const answer = await jsonOf(SERVICE, response, calendarListPage, this.#deps.now());
      for (const { id, summary, summaryOverride, primary } of answer.items) {
        calendars.push({ id, name: summaryOverride || summary || id, isDefault: primary === true });
      }
      pageToken = answer.nextPageToken || null;
      if (pageToken === null) return calendars;
    }
    throw endless();
  }

  /** Null for a token that has ended, and for more than `most` pages. */
  async #pages(
    calendarId: string,
    query: Readonly<Record<string, string>>,
    most: number,
    signal: AbortSignal,
  ): Promise<Events | null> {
    const path = `/calendars/${encodeURIComponent(calendarId)}/events`;
    const always = {
      singleEvents: 'true',
      maxResults: String(PAGE_SIZE),
      maxAttendees: String(MOST_ATTENDEES),
      fields: EVENT_FIELDS,
    };
    const events: GoogleEvent[] = [];
    let pageToken: string | null = null;
    for (let page = 0; page < most; page++) {
      const asked = { ...query, ...always, ...(pageToken === null ? {} : { pageToken }) };
      const response = await this.#get(path, asked, signal);
      if (response.status === 410 && 'syncToken' in query) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) throw await errorOf(response, this.#deps.now());
      const answer: EventsPage = await jsonOf(SERVICE, response, eventsPage, this.#deps.now());
      events.push(...answer.items);
      pageToken = answer.nextPageToken || null;
      if (pageToken === null) return { events, title: answer.summary ?? '', syncToken: answer.nextSyncToken || null };
    }
    return null;
  }

  /** One call; a 401 is answered once with a renewed token. */
  async #get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const url = new URL(`${this.#base}${path}`);
    if (url.protocol !== 'https:') {
      throw new AppError('invalidInput', 'The address of the Google API must begin with https://.', {
        reason: 'notConfigured',
      });
    }
    url.search = new URLSearchParams(query).toString();
    const send = (token: string) =>
      call(this.#deps, SERVICE, url.href, { headers: { authorization: `Bearer ${token}` }, signal });
    const token = await this.#deps.accessToken(signal);
    const first = await send(token);
    if (first.status !== 401) return first;
    await first.body?.cancel();
    return send(await this.#deps.accessToken(signal, token));
  }
}

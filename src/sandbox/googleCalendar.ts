import { randomUUID } from 'node:crypto';
import type { GoogleGrant } from './googleAccounts.ts';
import { type GoogleEventInput, renderGoogleEvent, type StoredGoogleEvent } from './googleEvents.ts';
import { selectFields } from './googleFields.ts';
import { type Handler, type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Journal } from './journal.ts';
import type { SandboxCertificate } from './tls.ts';

export interface GoogleCalendarOptions {
  tls: SandboxCertificate;
  /** Whose calendars these are. */
  owner: string;
  /** What a token opens. */
  inspect: (token: string | undefined) => GoogleGrant | null;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

/** Google Calendar v3 of one person, read only, and what a test may do to it. A calendar is named by its id. */
export interface GoogleCalendarSandbox extends Service {
  /** Adds an event and returns its id. Default: the person's own calendar. */
  addEvent(input: GoogleEventInput, calendar?: string): string;
  updateEvent(id: string, change: Partial<GoogleEventInput>): void;
  removeEvent(id: string): void;
  /** A deleted series is reported by its own id. */
  removeSeries(id: string): void;
  addCalendar(id: string, summary: string): void;
  /** As when sharing ends: 404 from now on. */
  removeCalendar(id: string): void;
  /** 410 for every sync token so far. */
  endSyncTokens(): void;
  /** Deletes every event and forgets every added calendar. */
  clear(): void;
  /** 403 with `rateLimitExceeded`, as Google's Calendar answers. */
  throttle(times?: number, reason?: string): void;
}

interface Calendar {
  id: string;
  summary: string;
  version: number;
  events: Map<string, StoredGoogleEvent>;
}

interface Query {
  readonly timeMin: number;
  readonly timeMax: number;
  /** Version of the calendar from which on changes are told; null in a full read. */
  readonly since: number | null;
}

const READ = ['calendar', 'calendar.readonly', 'calendar.events', 'calendar.events.readonly'];
const LIST = ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'];
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** Parameters that may not come with a sync token. */
const NOT_WITH_TOKEN = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
];

const problem = (status: number, reason: string, message: string, domain = 'global'): SandboxAnswer => ({
  status,
  body: { error: { code: status, message, errors: [{ domain, reason, message }] } },
});

const touches = ({ start, end }: StoredGoogleEvent, { timeMin, timeMax }: Query): boolean =>
  start.getTime() < timeMax &&
  (end.getTime() > timeMin || (start.getTime() === end.getTime() && start.getTime() >= timeMin));

/** Starts the stand-in for www.googleapis.com/calendar/v3, as the OpenAPI file and Google's guide to sync describe it. */
export async function startGoogleCalendar(options: GoogleCalendarOptions): Promise<GoogleCalendarSandbox> {
  const now = options.now ?? Date.now;
  const calendars = new Map<string, Calendar>();
  /** Sync tokens and what they stand for; those that have ended are gone. */
  const syncTokens = new Map<string, { calendar: string; version: number }>();
  /** A traversal is frozen when it begins. */
  const pages = new Map<string, { rest: readonly StoredGoogleEvent[]; syncToken: string }>();

  const made = (id: string, summary: string) => calendars.set(id, { id, summary, version: 1, events: new Map() });
  made(options.owner, options.owner);
  const calendarOf = (id: string) => calendars.get(id === 'primary' ? options.owner : id);

  function known(id: string): Calendar {
    const calendar = calendarOf(id);
    if (!calendar) throw new Error(`the sandbox has no calendar ${id}`);
    return calendar;
  }

  function stored(id: string): { calendar: Calendar; event: StoredGoogleEvent } {
    for (const calendar of calendars.values()) {
      const event = calendar.events.get(id);
      if (event) return { calendar, event };
    }
    throw new Error(`the sandbox has no event ${id}`);
  }

  function change(id: string, what: Partial<StoredGoogleEvent>): void {
    const { calendar, event } = stored(id);
    calendar.version += 1;
    Object.assign(event, what, { id, version: calendar.version, changed: now() });
  }

  function guarded(scopes: readonly string[], handler: Handler): Handler {
    return (request) => {
      const grant = options.inspect(request.bearer);
      if (grant === null) {
        return problem(401, 'authError', 'Request had invalid authentication credentials.');
      }
      const held = grant.scopes.map((scope) => scope.replace('https://www.googleapis.com/auth/', ''));
      if (!scopes.some((scope) => held.includes(scope))) {
        return problem(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.');
      }
      return handler(request);
    };
  }

  function answered(body: Record<string, unknown>, request: SandboxRequest): SandboxAnswer {
    const chosen = selectFields(body, request.query.get('fields'));
    return chosen === null
      ? problem(400, 'invalidParameter', 'Invalid field selection')
      : { status: 200, body: chosen };
  }

  function queryOf({ query }: SandboxRequest, calendar: Calendar): Query | SandboxAnswer {
    const token = query.get('syncToken');
    if (token !== null) {
      if (NOT_WITH_TOKEN.some((name) => query.has(name))) {
        return problem(400, 'badRequest', 'Sync token cannot be used together with these parameters.', 'calendar');
      }
      const found = syncTokens.get(token);
      if (found === undefined || found.calendar !== calendar.id) {
        const message = 'Sync token is no longer valid, a full sync is required.';
        return problem(410, 'fullSyncRequired', message, 'calendar');
      }
      return { timeMin: Number.NEGATIVE_INFINITY, timeMax: Number.POSITIVE_INFINITY, since: found.version };
    }
    for (const name of ['timeMin', 'timeMax']) {
      const given = query.get(name);
      if (given !== null && !RFC3339.test(given)) return problem(400, 'badRequest', 'Bad Request');
    }
    const timeMin = Date.parse(query.get('timeMin') ?? '') || Number.NEGATIVE_INFINITY;
    const timeMax = Date.parse(query.get('timeMax') ?? '') || Number.POSITIVE_INFINITY;
    if (timeMin >= timeMax) return problem(400, 'timeRangeEmpty', 'The specified time range is empty.', 'calendar');
    return { timeMin, timeMax, since: null };
  }

  /** What a request asks for from the start; changes are of the whole calendar, whatever window came before. */
  function found(calendar: Calendar, wanted: Query, showDeleted: boolean): readonly StoredGoogleEvent[] {
    const events = [...calendar.events.values()];
    const { since } = wanted;
    if (since !== null) return events.filter(({ version }) => version > since);
    return events.filter((event) => (showDeleted || !event.isDeleted) && touches(event, wanted));
  }

  function events(request: SandboxRequest): SandboxAnswer {
    const { query } = request;
    const calendar = calendarOf(request.param('calendar'));
    if (!calendar) return problem(404, 'notFound', 'Not Found');
    if (query.get('singleEvents') !== 'true') {
      return problem(501, 'notImplemented', 'this stand-in knows single events only');
    }
    const size = Math.min(Number(query.get('maxResults') ?? 250), 2500);
    const most = Number(query.get('maxAttendees') ?? Number.POSITIVE_INFINITY);
    const pageToken = query.get('pageToken');
    let traversal = pageToken === null ? undefined : pages.get(pageToken);
    if (pageToken !== null && traversal === undefined) return problem(400, 'invalid', 'Invalid page token value.');
    if (traversal === undefined) {
      const wanted = queryOf(request, calendar);
      if ('status' in wanted) return wanted;
      const syncToken = Buffer.from(`${calendar.id}/${calendar.version}/${randomUUID()}`).toString('base64url');
      syncTokens.set(syncToken, { calendar: calendar.id, version: calendar.version });
      traversal = { rest: found(calendar, wanted, query.get('showDeleted') === 'true'), syncToken };
    }
    const { rest, syncToken } = traversal;
    const items = rest.slice(0, size).map((event) => limited(renderGoogleEvent(event, options.owner), most));
    const body: Record<string, unknown> = {
      kind: 'calendar#events',
      etag: `"p${calendar.version}"`,
      summary: calendar.summary,
      description: '',
      updated: new Date(now()).toISOString(),
      timeZone: 'Europe/Berlin',
      accessRole: 'owner',
      defaultReminders: [],
      items,
    };
    if (rest.length > size) {
      const next = randomUUID();
      pages.set(next, { rest: rest.slice(size), syncToken });
      body['nextPageToken'] = next;
    } else {
      body['nextSyncToken'] = syncToken;
    }
    return answered(body, request);
  }

  const calendarList = (request: SandboxRequest): SandboxAnswer => {
    const items = [...calendars.values()].map(({ id, summary }) => ({
      kind: 'calendar#calendarListEntry',
      etag: '"1"',
      id,
      summary,
      timeZone: 'Europe/Berlin',
      accessRole: id === options.owner ? 'owner' : 'reader',
      selected: true,
      ...(id === options.owner ? { primary: true } : {}),
    }));
    const skip = Number(request.query.get('pageToken') ?? 0);
    const size = Number(request.query.get('maxResults') ?? 100);
    const next = skip + size < items.length ? { nextPageToken: String(skip + size) } : { nextSyncToken: 'list' };
    const body = { kind: 'calendar#calendarList', etag: '"1"', items: items.slice(skip, skip + size), ...next };
    return answered(body, request);
  };

  const service = await startService({
    ...options,
    name: 'google',
    routes: {
      'GET /calendar/v3/users/me/calendarList': guarded(LIST, calendarList),
      'GET /calendar/v3/calendars/:calendar/events': guarded(READ, events),
    },
    notFound: () => problem(404, 'notFound', 'Not Found'),
  });

  return {
    ...service,
    addEvent(input, calendarId = 'primary') {
      const calendar = known(calendarId);
      const id = input.id ?? randomUUID().replaceAll('-', '');
      calendar.version += 1;
      calendar.events.set(id, { ...input, id, version: calendar.version, changed: now(), isDeleted: false });
      return id;
    },
    updateEvent: (id, what) => change(id, what),
    removeEvent: (id) => change(id, { isDeleted: true }),
    removeSeries(id) {
      const members = [...calendars.values()].flatMap((calendar) =>
        [...calendar.events.values()]
          .filter((event) => event.recurringEventId === id)
          .map((event) => ({ calendar, event })),
      );
      for (const { calendar, event } of members) {
        calendar.events.delete(event.id);
        calendar.version += 1;
        const { recurringEventId: _series, ...single } = event;
        calendar.events.set(id, { ...single, id, version: calendar.version, isDeleted: true });
      }
    },
    addCalendar: (id, summary) => void made(id, summary),
    removeCalendar: (id) => void calendars.delete(id),
    endSyncTokens: () => syncTokens.clear(),
    clear() {
      for (const [id, calendar] of calendars) {
        if (id !== options.owner) calendars.delete(id);
        else for (const event of calendar.events.values()) if (!event.isDeleted) change(event.id, { isDeleted: true });
      }
    },
    throttle(times = 1, reason = 'rateLimitExceeded') {
      service.fail({ ...problem(403, reason, 'Rate Limit Exceeded', 'usageLimits'), times });
    },
  };
}

/** Google's `maxAttendees`: of a larger meeting only the person is told. */
function limited(event: Record<string, unknown>, most: number): Record<string, unknown> {
  const attendees = event['attendees'] as readonly { self?: boolean }[] | undefined;
  if (attendees === undefined || attendees.length <= most) return event;
  return { ...event, attendees: attendees.filter(({ self }) => self === true), attendeesOmitted: true };
}

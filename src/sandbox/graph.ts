import { randomUUID } from 'node:crypto';
import type { SandboxAccount } from './entraTokens.ts';
import { graphError, graphOk, graphUnauthorized, preferences } from './graphAnswers.ts';
import { batchHandler } from './graphBatch.ts';
import type { GraphOptions, GraphSandbox } from './graphControl.ts';
import { overlaps, renderEvent, type StoredEvent } from './graphEvents.ts';
import { createOrganisation, nobody } from './graphOrganisation.ts';
import { createPresence, PRESENCE_READ, PRESENCE_WRITE } from './graphPresence.ts';
import { calendarResource, mailboxResource, userResource } from './graphResources.ts';
import { isZone, parseEdge } from './graphTime.ts';
import { compileRoutes, type Handler, type SandboxAnswer, type SandboxRequest, startService } from './http.ts';

interface Mailbox {
  zone: string;
  calendars: { id: string; name: string; owner?: { name: string; address: string } }[];
  readers: Set<string>;
}

const DEFAULT_CALENDAR = 'AAMkDefaultCalendar=';
const PAGE = 10;
const MAX_PAGE = 1000;

const SHARED_SCOPES = ['calendars.read.shared', 'calendars.readwrite.shared'];
const CALENDAR_SCOPES = ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'];

function selectOf(query: URLSearchParams): string[] {
  const names = (query.get('$select') ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

function selected(item: Record<string, unknown>, select: readonly string[]): Record<string, unknown> {
  if (select.length === 0) return item;
  return Object.fromEntries(Object.entries(item).filter(([key]) => /^@|^id$/.test(key) || select.includes(key)));
}

/** Starts the stand-in for graph.microsoft.com/v1.0: calendar reading and presence, as the OpenAPI file describes them. */
export async function startGraph(options: GraphOptions): Promise<GraphSandbox> {
  const now = options.now ?? Date.now;
  const first = options.accounts[0]?.username ?? '';
  const events = new Map<string, StoredEvent>();
  const mailboxes = new Map<string, Mailbox>();
  /** How many items a skip token has behind it. */
  const pages = new Map<string, number>();

  function mailbox(account: string): Mailbox {
    const known = mailboxes.get(account);
    if (known) return known;
    const made: Mailbox = { zone: 'UTC', calendars: [{ id: DEFAULT_CALENDAR, name: 'Calendar' }], readers: new Set() };
    mailboxes.set(account, made);
    return made;
  }

  function stored(id: string): StoredEvent {
    const event = events.get(id);
    if (!event) throw new Error(`the sandbox has no event ${id}`);
    return event;
  }

  /** Lets only good tokens with one of the scopes through. */
  function guarded(
    scopes: readonly string[],
    handler: (request: SandboxRequest, account: SandboxAccount, held: readonly string[]) => SandboxAnswer,
  ): Handler {
    return (request) => {
      if (request.bearer === undefined) return graphUnauthorized('Access token is empty.');
      const found = options.tokens.inspect(request.bearer);
      if (found.state === 'challenged') {
        return graphUnauthorized(
          'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
          found.claims,
        );
      }
      if (found.state === 'expired') return graphUnauthorized('Lifetime validation failed, the token is expired.');
      if (found.state !== 'valid') return graphUnauthorized('CompactToken validation failed.');
      const held = found.grant.scopes.map((scope) =>
        scope.replace(/^https:\/\/graph\.microsoft\.com\//, '').toLowerCase(),
      );
      if (!scopes.some((scope) => held.includes(scope.toLowerCase()))) {
        return denied();
      }
      return handler(request, found.grant.account, held);
    };
  }

  /** One page of a collection; the rest hangs on `@odata.nextLink`. */
  function paged(
    request: SandboxRequest,
    items: Record<string, unknown>[],
    headers: Record<string, string>,
  ): SandboxAnswer {
    const select = selectOf(request.query);
    const unknown = select.find((name) => items[0] && !(name in items[0]));
    if (unknown !== undefined) {
      const text = `Could not find a property named '${unknown}' on type 'Microsoft.OutlookServices.Event'.`;
      return graphError(400, 'RequestBroker--ParseUri', text);
    }
    const top = request.query.get('$top');
    const preferred = preferences(request.headers['prefer']).get('odata.maxpagesize');
    const size = Number(top ?? preferred ?? PAGE);
    if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) {
      return graphError(400, 'ErrorInvalidUrlQueryFilter', `The value '${top}' for $top is not valid.`);
    }
    const token = request.query.get('$skiptoken');
    const skip = token === null ? Number(request.query.get('$skip') ?? 0) : pages.get(token);
    if (skip === undefined) return graphError(400, 'ErrorInvalidUrlQuery', 'The skip token is not valid.');
    const value = items.slice(skip, skip + size).map((item) => selected(item, select));
    const body: Record<string, unknown> = {
      '@odata.context': `${service.url}/v1.0/$metadata#users('me')/${request.path.split('/').pop()}`,
      value,
    };
    if (skip + size < items.length) {
      const next = new URL(request.path, service.url);
      for (const [name, text] of request.query) if (name !== '$skip') next.searchParams.set(name, text);
      const made = randomUUID().replaceAll('-', '');
      pages.set(made, skip + size);
      next.searchParams.set('$skiptoken', made);
      body['@odata.nextLink'] = next.href;
    }
    return graphOk(body, headers);
  }

  const denied = () => graphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');

  function calendarView(request: SandboxRequest, reader: SandboxAccount, held: readonly string[]): SandboxAnswer {
    const asked = request.param('user').toLowerCase();
    const account =
      asked === '' ? reader : options.accounts.find(({ username, oid }) => [username, oid].includes(asked));
    if (account === undefined) return graphError(404, 'ErrorInvalidUser', `The requested user '${asked}' is invalid.`);
    const box = mailbox(account.username);
    const calendar = request.param('calendar') || DEFAULT_CALENDAR;
    const found = box.calendars.find(({ id }) => id === calendar);
    if (found === undefined) {
      return graphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
    }
    const isOfOthers = account !== reader || found.owner !== undefined;
    if (isOfOthers && !SHARED_SCOPES.some((scope) => held.includes(scope))) return denied();
    if (account !== reader && !box.readers.has(reader.username)) return denied();
    return viewOf(request, account, box, calendar);
  }

  function viewOf(request: SandboxRequest, account: SandboxAccount, box: Mailbox, calendar: string): SandboxAnswer {
    const from = request.query.get('startDateTime');
    const to = request.query.get('endDateTime');
    if (from === null || to === null) {
      const missing = from === null ? 'StartDateTime' : 'EndDateTime';
      const text = `This request requires a time window specified by the query string parameters StartDateTime and EndDateTime. ${missing} is missing.`;
      return graphError(400, 'ErrorInvalidParameter', text);
    }
    const [start, end] = [parseEdge(from), parseEdge(to)];
    if (start === undefined || end === undefined || end < start) {
      return graphError(400, 'ErrorInvalidParameter', 'The time window is not valid.');
    }
    const wanted = preferences(request.headers['prefer']);
    const zone = wanted.get('outlook.timezone') ?? 'UTC';
    if (!isZone(zone)) {
      const text = `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${zone}'.`;
      return graphError(400, 'TimeZoneNotSupportedException', text);
    }
    const immutableIds = wanted.get('idtype') === 'ImmutableId';
    const applied = [
      wanted.has('outlook.timezone') ? `outlook.timezone="${zone}"` : '',
      immutableIds ? 'IdType="ImmutableId"' : '',
    ].filter((part) => part !== '');
    const owner = { name: account.name, address: account.username };
    const inside = [...events.values()]
      .filter(
        (event) => (event.account ?? first) === account.username && (event.calendar ?? DEFAULT_CALENDAR) === calendar,
      )
      .filter((event) => overlaps(event, start, end))
      .sort((a, b) => a.start.getTime() - b.start.getTime() || a.id.localeCompare(b.id))
      .map((event) => renderEvent(event, { zone, immutableIds, mailboxZone: box.zone, owner }));
    return paged(request, inside, applied.length > 0 ? { 'preference-applied': applied.join(', ') } : {});
  }

  function calendars(request: SandboxRequest, account: SandboxAccount): SandboxAnswer {
    const items = mailbox(account.username).calendars;
    return paged(
      request,
      items.map((calendar) => calendarResource(calendar, account, calendar.id === DEFAULT_CALENDAR)),
      {},
    );
  }

  const me = ({ query }: SandboxRequest, account: SandboxAccount): SandboxAnswer => {
    const user = { '@odata.context': `${service.url}/v1.0/$metadata#users/$entity`, ...userResource(account) };
    return graphOk(selected(user, selectOf(query)));
  };

  const mailboxSettings = (_request: SandboxRequest, account: SandboxAccount): SandboxAnswer => {
    const context = `${service.url}/v1.0/$metadata#users('me')/mailboxSettings`;
    return graphOk({ '@odata.context': context, ...mailboxResource(mailbox(account.username).zone) });
  };

  const view = guarded([...CALENDAR_SCOPES, ...SHARED_SCOPES], calendarView);
  const presence = createPresence(first, now);
  const organisation = createOrganisation(options.organisation ?? nobody(now), () => service.url);
  const notFound: Handler = () => graphError(404, 'ResourceNotFound', 'Resource could not be discovered.');
  const routes: Record<string, Handler> = {
    'GET /v1.0/me': guarded(['User.Read'], me),
    'GET /v1.0/me/calendarView': view,
    'GET /v1.0/me/calendar/calendarView': view,
    'GET /v1.0/users/:user/calendarView': (request) =>
      organisation.isApp(request) ? organisation.calendarView(request) : view(request),
    'GET /v1.0/users/:user/calendars/:calendar/calendarView': view,
    'GET /v1.0/me/calendars': guarded(CALENDAR_SCOPES, calendars),
    'GET /v1.0/me/calendars/:calendar/calendarView': view,
    'GET /v1.0/me/mailboxSettings': guarded(['MailboxSettings.Read', 'MailboxSettings.ReadWrite'], mailboxSettings),
    'GET /v1.0/me/presence': guarded(PRESENCE_READ, presence.handlers.get),
    'POST /v1.0/me/presence/setUserPreferredPresence': guarded(PRESENCE_WRITE, presence.handlers.setPreferred),
    'POST /v1.0/me/presence/clearUserPreferredPresence': guarded(PRESENCE_WRITE, presence.handlers.clearPreferred),
    'POST /v1.0/me/presence/setStatusMessage': guarded(PRESENCE_WRITE, presence.handlers.setMessage),
    ...organisation.routes,
    'POST /v1.0/$batch': organisation.batch(batchHandler(() => compiled, notFound, organisation.beforeStep)),
  };
  const compiled = compileRoutes(routes);
  const service = await startService({
    ...options,
    name: 'graph',
    routes,
    notFound,
    common: ({ headers }) => ({
      'request-id': randomUUID(),
      'client-request-id': String(headers['client-request-id'] ?? randomUUID()),
    }),
  });

  return {
    ...service,
    presence: presence.control,
    organisation: organisation.control,
    addEvent(input) {
      const id = input.id ?? randomUUID();
      if (events.has(id)) throw new Error(`the sandbox already has an event ${id}`);
      const made = { iCalUId: `040000008200E00074C5B7101A82E008-${id}`, moves: 0, created: now(), changed: now() };
      events.set(id, { ...made, ...input, id });
      return id;
    },
    updateEvent: (id, change) => void Object.assign(stored(id), change, { id, changed: now() }),
    removeEvent: (id) => void events.delete(stored(id).id),
    moveEvent(id) {
      stored(id).moves += 1;
    },
    events: () => [...events.values()],
    addCalendar: ({ id, name, account, owner }) =>
      void mailbox(account ?? first).calendars.push({ id, name, ...(owner === undefined ? {} : { owner }) }),
    removeCalendar(id, account) {
      const box = mailbox(account ?? first);
      box.calendars = box.calendars.filter((calendar) => calendar.id !== id);
    },
    share: (account, reader) => void mailbox(account).readers.add(reader),
    clear() {
      events.clear();
      for (const box of mailboxes.values()) {
        box.calendars.length = 1;
        box.readers.clear();
      }
    },
    setMailboxZone(zone, account) {
      mailbox(account ?? first).zone = zone;
    },
    throttle(retryAfterSeconds, times = 1) {
      const answer = graphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.');
      service.fail({ ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterSeconds) }, times });
    },
    outage(times = 1, status = 503) {
      service.fail({ ...graphError(status, 'ServiceUnavailable', 'The service is temporarily unavailable.'), times });
    },
  };
}

import { AppTokens, type SandboxApp } from './entraApps.ts';
import { graphError, graphOk, graphUnauthorized, preferences } from './graphAnswers.ts';
import { type EventInput, overlaps, renderEvent, type StoredEvent } from './graphEvents.ts';
import { OrganisationPeople, type OrganisationPerson } from './graphPeople.ts';
import { mailboxResource, userResource } from './graphResources.ts';
import { scheduleResource } from './graphSchedule.ts';
import { isZone, parseEdge, zonedTime } from './graphTime.ts';
import type { Handler, SandboxAnswer, SandboxRequest } from './http.ts';

export interface OrganisationOptions {
  /** How many people; they are numbered from 0. */
  people: number;
  seed?: number;
  /** Who may read them. */
  app: SandboxApp;
  apps: AppTokens;
}

/** An organisation without people. */
export const nobody = (now: () => number): OrganisationOptions => ({
  people: 0,
  app: { tenantId: '', domain: 'nobody.example', clientId: '', secret: '', roles: [] },
  apps: new AppTokens(now),
});

/** Trouble with one mailbox. */
export interface MailboxFault {
  status: number;
  code?: string;
  retryAfterSeconds?: number;
  /** Default 1; `Infinity` until cleared. */
  times?: number;
}

/** What a test may do to the organisation; people are named by their address. */
export interface OrganisationControl {
  readonly app: SandboxApp;
  readonly group: string;
  address(number: number): string;
  person(address: string): OrganisationPerson;
  /** How many people there are; who is beyond has left. */
  resize(people: number): void;
  /** The group holds the people below this number. */
  resizeGroup(people: number): void;
  /** Instead of what was made up for them. */
  setEvents(address: string, events: readonly EventInput[]): void;
  setZone(address: string, zone: string): void;
  /** The application may read these mailboxes only, as an application access policy says; null for all. */
  limitTo(addresses: readonly string[] | null): void;
  fail(address: string, fault: MailboxFault): void;
  /** Each request of the next batches is answered with 429, though the batch itself is answered well. */
  throttleAll(retryAfterSeconds: number, batches?: number): void;
  /** Undoes all of it, but for the number of people. */
  clear(): void;
}

const CALENDARS = ['Calendars.ReadBasic.All', 'Calendars.Read', 'Calendars.ReadWrite'];
const USERS = ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];
const GROUPS = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];
const SETTINGS = ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'];
const MOST_USERS = 999;
const MOST_EVENTS = 1000;
const MOST_SCHEDULES = 20;
const GROUP = '0a11ce00-0000-4000-9000-000000000001';
/** Requests to one mailbox at the same time ("Microsoft Graph service-specific throttling limits", Outlook). */
const AT_ONCE = 4;

const denied = () => graphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
const throttled = (seconds: number) =>
  graphError(429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', {
    'retry-after': String(seconds),
  });

/** The part of Graph that applications see without anybody signed in. */
export function createOrganisation({ people: count, seed = 1, app, apps }: OrganisationOptions, baseUrl: () => string) {
  const people = new OrganisationPeople(app.domain, seed);
  let size = count;
  let groupSize = count;
  let limited: ReadonlySet<string> | null = null;
  let throttledBatches = { left: 0, seconds: 0 };
  const events = new Map<number, readonly EventInput[]>();
  const zones = new Map<number, string>();
  const faults = new Map<number, MailboxFault & { left: number }>();

  const numberOf = (asked: string): number | null => {
    const number = people.numberOf(asked);
    return number === null || number >= size ? null : number;
  };
  const given = (address: string): number => {
    const number = numberOf(address);
    if (number === null) throw new Error(`the sandbox's organisation has nobody ${address}`);
    return number;
  };
  const zoneOf = (number: number) => zones.get(number) ?? people.person(number).zone;

  /** The application of a good token, or the refusal of another. */
  function signedIn(bearer: string | undefined): SandboxApp | SandboxAnswer {
    if (bearer === undefined) return graphUnauthorized('Access token is empty.');
    const found = apps.inspect(bearer);
    if (found === null) return graphUnauthorized('CompactToken validation failed.');
    return found.isExpired ? graphUnauthorized('Lifetime validation failed, the token is expired.') : found.app;
  }

  function guarded(roles: readonly string[], handler: Handler): Handler {
    return (request) => {
      const found = signedIn(request.bearer);
      if ('status' in found) return found;
      if (found === app && roles.some((role) => app.roles.includes(role))) return handler(request);
      return roles === USERS || roles === GROUPS
        ? graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
        : denied();
    };
  }

  /** Somebody's mailbox: its number, or why it can't be opened. */
  function mailbox(asked: string): number | SandboxAnswer {
    const number = numberOf(asked);
    if (number === null) return graphError(404, 'ErrorInvalidUser', `The requested user '${asked}' is invalid.`);
    if (limited !== null && !limited.has(people.person(number).address)) return denied();
    const fault = faults.get(number);
    if (fault === undefined) return number;
    fault.left -= 1;
    if (fault.left <= 0) faults.delete(number);
    const headers = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
    return graphError(fault.status, fault.code ?? 'ErrorInternalServerError', 'The mailbox is in trouble.', headers);
  }

  function storedEvents(number: number, start: number, end: number): StoredEvent[] {
    return (events.get(number) ?? people.events(number, start, end))
      .filter((event) => overlaps(event, start, end))
      .map((event, place) => {
        const id = event.id ?? `${number}-${place}`;
        return { ...event, id, iCalUId: event.iCalUId ?? `uid-${id}`, moves: 0, changed: 0, created: 0 };
      })
      .sort((a, b) => a.start.getTime() - b.start.getTime() || a.id.localeCompare(b.id));
  }

  /** One page; `$skiptoken` is the number of the first item of the next. */
  function paged(request: SandboxRequest, size: number, most: number, item: (place: number) => object): SandboxAnswer {
    const top = Number(request.query.get('$top') ?? (most === MOST_USERS ? 100 : 10));
    if (!Number.isInteger(top) || top < 1 || top > most) {
      return graphError(400, 'Request_UnsupportedQuery', `Invalid page size specified: the most is ${most}.`);
    }
    const from = Number(request.query.get('$skiptoken') ?? 0);
    const until = Math.min(size, from + top);
    const names = (request.query.get('$select') ?? '').split(',').filter((name) => name !== '');
    const value: unknown[] = [];
    for (let place = from; place < until; place++) {
      const all = Object.entries(item(place));
      value.push(
        Object.fromEntries(all.filter(([key]) => names.length === 0 || /^@|^id$/.test(key) || names.includes(key))),
      );
    }
    const next = new URL(request.path, baseUrl());
    for (const [name, text] of request.query) next.searchParams.set(name, text);
    next.searchParams.set('$skiptoken', String(until));
    return graphOk({
      '@odata.context': `${baseUrl()}/v1.0/$metadata#users`,
      value,
      ...(until < size ? { '@odata.nextLink': next.href } : {}),
    });
  }

  const user = (number: number): object => {
    const { id, address, name } = people.person(number);
    const account = { username: address, name, oid: id, tenantId: app.tenantId };
    return { ...userResource(account), accountEnabled: true, userType: 'Member' };
  };

  const users = guarded(USERS, (request) => {
    const filter = request.query.get('$filter');
    if (filter !== null && filter !== "userType eq 'Member'") {
      return graphError(400, 'Request_UnsupportedQuery', 'The sandbox knows no such filter.');
    }
    return paged(request, size, MOST_USERS, user);
  });

  const members = guarded(GROUPS, (request) => {
    if (request.param('group') !== GROUP) return graphError(404, 'Request_ResourceNotFound', 'There is no such group.');
    const isAdvanced = request.headers['consistencylevel'] === 'eventual' && request.query.get('$count') === 'true';
    if (!isAdvanced)
      return graphError(400, 'Request_UnsupportedQuery', 'This query needs ConsistencyLevel and $count.');
    return paged(request, Math.min(size, groupSize), MOST_USERS, user);
  });

  const calendarView = guarded(CALENDARS, (request) => {
    const number = mailbox(request.param('user'));
    if (typeof number !== 'number') return number;
    const [start, end] = ['startDateTime', 'endDateTime'].map((name) => parseEdge(request.query.get(name) ?? ''));
    if (start === undefined || end === undefined || end < start) {
      return graphError(400, 'ErrorInvalidParameter', 'The time window is not valid.');
    }
    const zone = preferences(request.headers['prefer']).get('outlook.timezone') ?? 'UTC';
    if (!isZone(zone)) return graphError(400, 'TimeZoneNotSupportedException', 'A valid TimeZone must be specified.');
    const found = storedEvents(number, start, end);
    const { name, address } = people.person(number);
    const options = { zone, immutableIds: false, mailboxZone: zoneOf(number), owner: { name, address } };
    return paged(request, found.length, MOST_EVENTS, (place) => renderEvent(found[place] as StoredEvent, options));
  });

  const getSchedule = guarded(CALENDARS, (request) => {
    const caller = mailbox(request.param('user'));
    if (typeof caller !== 'number') return caller;
    const asked = (request.json ?? {}) as Record<string, unknown>;
    const addresses = asked['schedules'];
    const [start, end] = ['startTime', 'endTime'].map((name) => {
      const { dateTime, timeZone } = (asked[name] ?? {}) as { dateTime?: string; timeZone?: string };
      return dateTime !== undefined && isZone(timeZone ?? '') ? zonedTime(dateTime, timeZone ?? '') : Number.NaN;
    }) as [number, number];
    if (!Array.isArray(addresses) || addresses.length === 0 || addresses.length > MOST_SCHEDULES || !(end > start)) {
      return graphError(400, 'ErrorInvalidParameter', 'The schedules or the time window are not valid.');
    }
    const zone = preferences(request.headers['prefer']).get('outlook.timezone') ?? 'UTC';
    const value = addresses.map(String).map((address) => {
      const number = people.numberOf(address) === caller ? caller : mailbox(address);
      if (typeof number === 'number') {
        return scheduleResource(address, storedEvents(number, start, end), { start, end, zone, own: zoneOf(number) });
      }
      const codes: Record<number, string> = { 403: 'ErrorNoFreeBusyAccess', 404: 'ErrorMailRecipientNotFound' };
      const responseCode = codes[number.status] ?? 'ErrorServerBusy';
      return { scheduleId: address, error: { message: 'Unable to resolve the schedule.', responseCode } };
    });
    return graphOk({ '@odata.context': `${baseUrl()}/v1.0/$metadata#Collection(scheduleInformation)`, value });
  });

  const mailboxSettings = guarded(SETTINGS, (request) => {
    const number = numberOf(request.param('user'));
    if (number === null) return graphError(404, 'ErrorInvalidUser', 'The requested user is invalid.');
    const context = `${baseUrl()}/v1.0/$metadata#users('${people.person(number).id}')/mailboxSettings`;
    const all = { '@odata.context': context, ...mailboxResource(zoneOf(number)) };
    const names = request.query.get('$select')?.split(',');
    return graphOk(
      Object.fromEntries(Object.entries(all).filter(([key]) => /^@/.test(key) || (names?.includes(key) ?? true))),
    );
  });

  const userOf = ({ path }: SandboxRequest) => path.split('/')[3] ?? '';

  const control: OrganisationControl = {
    app,
    group: GROUP,
    address: (number) => people.person(number).address,
    person: (address) => ({ ...people.person(given(address)), zone: zoneOf(given(address)) }),
    resize(to) {
      size = to;
    },
    resizeGroup(to) {
      groupSize = to;
    },
    setEvents: (address, own) => void events.set(given(address), own),
    setZone: (address, zone) => void zones.set(given(address), zone),
    limitTo(addresses) {
      limited = addresses === null ? null : new Set(addresses);
    },
    fail: (address, fault) => void faults.set(given(address), { ...fault, left: fault.times ?? 1 }),
    throttleAll(seconds, batches = 1) {
      throttledBatches = { left: batches, seconds };
    },
    clear() {
      for (const kept of [events, zones, faults]) kept.clear();
      limited = null;
      groupSize = size;
      throttledBatches = { left: 0, seconds: 0 };
    },
  };

  return {
    control,
    /** Whether an application asks, and not a person. */
    isApp: ({ bearer }: SandboxRequest): boolean => bearer !== undefined && apps.inspect(bearer) !== null,
    calendarView,
    routes: {
      'GET /v1.0/users': users,
      'GET /v1.0/groups/:group/transitiveMembers/microsoft.graph.user': members,
      'GET /v1.0/users/:user/mailboxSettings': mailboxSettings,
      'POST /v1.0/users/:user/calendar/getSchedule': getSchedule,
    } satisfies Record<string, Handler>,
    /** Before a batch is looked into its token is. */
    batch:
      (handler: Handler): Handler =>
      (request) => {
        const found = signedIn(request.bearer);
        return 'status' in found ? found : handler(request);
      },
    /** What becomes of a step of a batch before it is handled. */
    beforeStep(step: SandboxRequest, earlier: readonly SandboxRequest[]): SandboxAnswer | null {
      if (earlier.length === 0 && throttledBatches.left > 0) throttledBatches.left -= 1;
      else if (earlier.length === 0) throttledBatches.seconds = 0;
      if (throttledBatches.seconds > 0) return throttled(throttledBatches.seconds);
      const same = earlier.filter((other) => userOf(other) === userOf(step)).length;
      return same >= AT_ONCE ? throttled(1) : null;
    },
  };
}

import { Agent, fetch as undiciFetch } from 'undici';
import { CaldavCalendarProvider } from '../../src/adapters/calendar/caldav/provider.ts';
import type { Fetch } from '../../src/adapters/http.ts';
import { buildCalendar, type VEventInput } from '../../src/sandbox/icsText.ts';
import type { CalendarFault, CalendarWorld, PlannedEvent } from './calendar-contract.ts';
import { type HttpsProxy, type ProxyFault, startHttpsProxy } from './servers/httpsProxy.ts';
import { type Radicale, startRadicale } from './servers/radicale.ts';

/** A real Radicale, a host in front of it that can fail, and our provider. */
export interface CaldavWorld {
  readonly radicale: Radicale;
  readonly proxy: HttpsProxy;
  readonly fetch: Fetch;
  /** The clock that the provider has. */
  now: number;
  /** @param calendars chosen; none for all */
  provider(calendars?: readonly string[], more?: { server?: string; password?: string }): CaldavCalendarProvider;
  close(): Promise<void>;
}

export async function caldavServer(): Promise<CaldavWorld> {
  const radicale = await startRadicale();
  const { certificate, key, port, username, password } = radicale;
  const proxy = await startHttpsProxy({ key, cert: certificate, target: { port, isTls: true, ca: certificate } });
  const agent = new Agent({ connect: { ca: certificate } });
  const fetch: Fetch = (url, init) =>
    undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
  const world: CaldavWorld = {
    radicale,
    proxy,
    fetch,
    now: Date.parse('2026-01-05T09:00:00Z'),
    provider: (calendars = [], more = {}) =>
      new CaldavCalendarProvider(
        { id: 'caldav', provider: 'caldav', username, server: more.server ?? proxy.url, calendars: [...calendars] },
        { fetch, now: () => world.now, password: async () => more.password ?? password },
      ),
    async close() {
      await agent.close();
      await proxy.close();
      await radicale.close();
    },
  };
  return world;
}

/** One calendar object, as CalDAV stores it (RFC 4791 section 4.1: no METHOD). */
export const objectOf = (events: readonly VEventInput[], extra: readonly string[] = []): string =>
  buildCalendar(events, extra).replace('METHOD:PUBLISH\r\n', '');

const BUSY_STATUS = {
  free: 'FREE',
  tentative: 'TENTATIVE',
  busy: 'BUSY',
  oof: 'OOF',
  workingElsewhere: 'WORKINGELSEWHERE',
} as const;

const inputOf = (event: PlannedEvent): VEventInput => ({
  uid: event.uid,
  summary: event.subject,
  start: event.start,
  end: event.end,
  isAllDay: event.isAllDay ?? false,
  busyStatus: BUSY_STATUS[event.showAs ?? 'busy'],
  status: event.isCancelled ? 'CANCELLED' : 'CONFIRMED',
  classification: event.isPrivate ? 'PRIVATE' : 'PUBLIC',
  categories: event.categories ?? [],
  attendees: event.others ?? [],
  lines: [
    ...(event.others === undefined ? [] : ['ORGANIZER:mailto:ada@contoso.example']),
    ...(event.location === undefined ? [] : [`LOCATION:${event.location.replaceAll(',', '\\,')}`]),
  ],
});

/** An event as CalDAV clients write it. */
const plannedObject = (event: PlannedEvent): string => objectOf([inputOf(event)]);

/** Putting more than these one by one takes Radicale too long: it flushes each to disk. */
const MANY = 20;

const faultOf = (fault: CalendarFault): ProxyFault => {
  switch (fault.kind) {
    case 'status': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return { kind: 'answer', status: fault.status, headers, body: 'Secret plans' };
    }
    case 'drop':
      return { kind: 'drop' };
    case 'garbage':
      return {
        kind: 'answer',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<html>Secret plans</html>',
      };
    case 'slow':
      return { kind: 'late', milliseconds: fault.milliseconds };
  }
};

export async function caldavContractWorld(): Promise<CalendarWorld> {
  const { radicale, proxy, provider, close } = await caldavServer();
  const calendar = await radicale.makeCalendar('work');
  const held = new Map<string, string>();
  let isBulk = false;
  const empty = async () => {
    await radicale.remove(calendar);
    await radicale.makeCalendar('work');
    held.clear();
    isBulk = false;
  };
  const hold = async (events: readonly PlannedEvent[]) => {
    const wanted = new Map(events.map((event) => [`${calendar}${event.uid}.ics`, plannedObject(event)]));
    if (isBulk) await empty();
    if (wanted.size > MANY) {
      // As an import does it, in one go.
      await radicale.put(calendar, objectOf(events.map(inputOf)));
      held.clear();
      isBulk = true;
      return;
    }
    for (const path of [...held.keys()].filter((known) => !wanted.has(known))) {
      await radicale.remove(path);
      held.delete(path);
    }
    for (const [path, text] of wanted) {
      if (held.get(path) === text) continue;
      await radicale.put(path, text);
      held.set(path, text);
    }
  };
  const { username, password } = radicale;
  return {
    provider: provider(),
    hold,
    fail: (fault) => proxy.fail(faultOf(fault)),
    async clear() {
      proxy.clear();
      await hold([]);
    },
    secrets: () => [password, Buffer.from(`${username}:${password}`).toString('base64')],
    findings: () => [],
    close,
  };
}

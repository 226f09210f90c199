import { Agent, fetch as undiciFetch } from 'undici';
import { type CalendarDeps, calendarProvider, microsoftSignIn } from '../../src/adapters/calendar/registry.ts';
import type { Fetch } from '../../src/adapters/http.ts';
import { AppError, type ErrorCode } from '../../src/core/appError.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import {
  type BrowserPerson,
  browse,
  type Fault,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/index.ts';
import { FakeCalendar } from '../fakes/fakeCalendar.ts';
import { MemorySecrets } from '../fakes/memoryStores.ts';
import type { CalendarFault, CalendarWorld, PlannedEvent } from './calendar-contract.ts';
import { judge, loadContracts } from './specs.ts';

const contracts = loadContracts();

/** The sandbox with what the adapters need to reach it. */
export interface CalendarSandbox {
  readonly sandbox: Sandbox;
  readonly secrets: MemorySecrets;
  readonly deps: CalendarDeps;
  /** Who answers at the browser; replaced by tests. */
  person: BrowserPerson;
  /** Addresses that were opened. */
  readonly opened: string[];
  readonly findings: () => readonly string[];
  close(): Promise<void>;
}

export async function calendarSandbox(options: SandboxOptions = {}): Promise<CalendarSandbox> {
  const sandbox = await startSandbox({ slack: false, ...options });
  sandbox.entra.device.intervalSeconds = 0.02;
  const agent = new Agent({ connect: { ca: sandbox.certificate.cert } });
  const fetch: Fetch = (url, init) =>
    undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
  const secrets = new MemorySecrets();
  const opened: string[] = [];
  const world: CalendarSandbox = {
    sandbox,
    secrets,
    opened,
    person: { account: sandbox.known.account, ca: sandbox.certificate.cert },
    deps: {
      fetch,
      now: Date.now,
      secrets,
      organisation: {
        ...DEFAULT_SETTINGS.organisation,
        graphTenant: 'organizations',
        graphClientId: sandbox.known.clientId,
        graphAuthority: sandbox.urls.entra,
        graphBaseUrl: sandbox.urls.graph.replace(/\/v1\.0$/, ''),
      },
      openAddress: async (url) => {
        opened.push(url);
        await browse(url, world.person);
      },
    },
    findings: () => [
      ...judge(
        contracts,
        sandbox.exchanges.filter(({ injected }) => !injected),
      ),
      // Of injected trouble only our half is judged.
      ...sandbox.exchanges.flatMap((exchange) =>
        exchange.injected && exchange.service === 'graph' ? (contracts?.graph.request(exchange) ?? []) : [],
      ),
    ],
    close: async () => {
      await agent.close();
      await sandbox.close();
    },
  };
  return world;
}

const faultOf = (fault: CalendarFault): Fault => {
  switch (fault.kind) {
    case 'status': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      const body = { error: { code: 'Secret plans', message: 'Secret plans' } };
      return { status: fault.status, headers, body };
    }
    case 'drop':
      return { drop: true };
    case 'garbage':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Secret plans</html>' };
    case 'slow':
      return { delayMs: fault.milliseconds };
  }
};

export async function microsoft365World(): Promise<CalendarWorld> {
  const { sandbox, deps, secrets, findings, close } = await calendarSandbox();
  const signedIn = await microsoftSignIn(deps).interactive('work', sandbox.known.account, new AbortController().signal);
  return {
    provider: calendarProvider({ id: 'work', provider: 'microsoft365', calendars: [], ...signedIn }, deps),
    hold(events) {
      sandbox.graph.clear();
      for (const event of events) {
        sandbox.graph.addEvent({
          id: event.uid,
          subject: event.subject,
          ...(event.location === undefined ? {} : { location: event.location }),
          start: event.start,
          end: event.end,
          isAllDay: event.isAllDay ?? false,
          showAs: event.showAs ?? 'busy',
          isCancelled: event.isCancelled ?? false,
          sensitivity: event.isPrivate ? 'private' : 'normal',
          categories: event.categories ?? [],
          responseStatus: 'organizer',
          attendees: (event.others ?? []).map((email) => ({ email })),
        });
      }
    },
    fail: (fault) => void sandbox.graph.fail(faultOf(fault)),
    clear() {
      sandbox.graph.clear();
      sandbox.graph.clearFaults();
      sandbox.clearExchanges();
    },
    secrets: () => tokensIn([...secrets.values.values()]),
    findings,
    close,
  };
}

/** Every token in the stored caches. */
const tokensIn = (caches: readonly string[]): string[] =>
  caches.flatMap((cache) => [...cache.matchAll(/"secret":"([^"]+)"/g)].map(([, secret = '']) => secret));

const BUSY_STATUS = {
  free: 'FREE',
  tentative: 'TENTATIVE',
  busy: 'BUSY',
  oof: 'OOF',
  workingElsewhere: 'WORKINGELSEWHERE',
} as const;

export async function icsWorld(): Promise<CalendarWorld> {
  const { sandbox, deps, secrets, close } = await calendarSandbox();
  const publish = (events: readonly PlannedEvent[]) =>
    sandbox.ics.publish(
      'mine',
      events.map((event) => ({
        uid: event.uid,
        summary: event.subject,
        ...(event.location === undefined ? {} : { location: event.location }),
        start: event.start,
        end: event.end,
        isAllDay: event.isAllDay ?? false,
        busyStatus: BUSY_STATUS[event.showAs ?? 'busy'],
        status: event.isCancelled ? ('CANCELLED' as const) : ('CONFIRMED' as const),
        classification: event.isPrivate ? ('PRIVATE' as const) : ('PUBLIC' as const),
        categories: event.categories ?? [],
        attendees: event.others ?? [],
        lines: event.others === undefined ? [] : ['ORGANIZER:mailto:ada@contoso.example'],
      })),
    );
  const address = publish([]);
  await secrets.set({ kind: 'icsaddress', account: 'mine' }, address);
  return {
    provider: calendarProvider({ id: 'mine', provider: 'ics', name: 'My calendar', username: '' }, deps),
    hold: (events) => void publish(events),
    fail: (fault) => void sandbox.ics.fail(faultOf(fault)),
    clear() {
      publish([]);
      sandbox.ics.clearFaults();
      sandbox.clearExchanges();
    },
    secrets: () => [new URL(address).pathname.split('/')[2] ?? address],
    findings: () => [],
    close,
  };
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  403: 'forbidden',
  404: 'notFound',
  429: 'rateLimited',
  500: 'serverError',
  503: 'unavailable',
  504: 'timeout',
};

export async function fakeWorld(): Promise<CalendarWorld> {
  let calendar = new FakeCalendar();
  const provider: CalendarWorld['provider'] = {
    accountId: calendar.accountId,
    label: calendar.label,
    calendarView: (window, zone, signal) => calendar.calendarView(window, zone, signal),
  };
  return {
    provider,
    hold(events) {
      calendar = new FakeCalendar();
      for (const event of events) {
        const [start, end] = [event.start.getTime(), event.end.getTime()];
        const date = (at: Date) => at.toISOString().slice(0, 10);
        calendar.put({
          id: event.uid,
          iCalUId: event.uid,
          subject: event.subject,
          location: event.location ?? '',
          time: event.isAllDay
            ? { kind: 'allDay', startDate: date(event.start), endDate: date(event.end) }
            : { kind: 'timed', start, end },
          showAs: event.showAs ?? 'busy',
          isCancelled: event.isCancelled ?? false,
          responseStatus: 'none',
          sensitivity: event.isPrivate ? 'private' : 'normal',
          otherAttendees: event.others?.length ?? 0,
          categories: event.categories ?? [],
        });
      }
    },
    fail(fault) {
      if (fault.kind === 'slow') return calendar.hang();
      const code = fault.kind === 'status' ? CODES[fault.status] : fault.kind === 'drop' ? 'network' : 'badResponse';
      const retryAfter = fault.kind === 'status' ? fault.retryAfter : undefined;
      const options = retryAfter === undefined ? {} : { retryAfter: retryAfter * 1_000 };
      calendar.fail(new AppError(code ?? 'serverError', 'The fake calendar failed.', options));
    },
    clear() {
      calendar = new FakeCalendar();
    },
    secrets: () => [],
    findings: () => [],
    close: async () => {},
  };
}

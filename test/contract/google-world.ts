import { Agent, fetch as undiciFetch } from 'undici';
import type { GoogleAuthDeps } from '../../src/adapters/calendar/google/auth.ts';
import { GoogleAuth } from '../../src/adapters/calendar/google/auth.ts';
import {
  GOOGLE_CALENDAR_SCOPES,
  type GoogleCalendarDeps,
  GoogleCalendarProvider,
} from '../../src/adapters/calendar/google/provider.ts';
import type { Fetch } from '../../src/adapters/http.ts';
import { type EmulatedGoogle, type GoogleSandbox, startGoogle } from '../../src/sandbox/google.ts';
import { type BrowserPerson, browse, type Exchange, type Fault } from '../../src/sandbox/index.ts';
import { MemorySecrets } from '../fakes/memoryStores.ts';
import type { CalendarFault, CalendarWorld, PlannedEvent } from './calendar-contract.ts';
import { judge, loadContracts } from './specs.ts';

const contracts = loadContracts();

/** What the adapters need to reach a Google of the sandbox. */
export interface GoogleDesk {
  readonly secrets: MemorySecrets;
  readonly deps: GoogleCalendarDeps;
  /** Who answers at the browser; replaced by tests. */
  person: BrowserPerson;
  /** Addresses that were opened. */
  readonly opened: string[];
  close(): Promise<void>;
}

export function googleDesk(
  { certificate, known, accounts }: Pick<GoogleSandbox | EmulatedGoogle, 'certificate' | 'known' | 'accounts'>,
  apiUrl: string,
  more: Partial<GoogleAuthDeps> = {},
): GoogleDesk {
  const agent = new Agent({ connect: { ca: certificate.cert } });
  const fetch: Fetch = (url, init) =>
    undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
  const secrets = new MemorySecrets();
  const opened: string[] = [];
  const desk: GoogleDesk = {
    secrets,
    opened,
    person: { account: known.account, ca: certificate.cert },
    deps: {
      fetch,
      now: Date.now,
      secrets,
      openAddress: async (url) => {
        opened.push(url);
        await browse(url, desk.person);
      },
      ...more,
      organisation: {
        googleClientId: known.clientId,
        googleClientSecret: known.clientSecret,
        googleAccountsUrl: accounts.url,
        googleApiUrl: apiUrl,
      },
    },
    close: () => agent.close(),
  };
  return desk;
}

/** What the contract says of the exchanges with the API; of injected trouble only our half is judged. */
export const googleFindings = (exchanges: readonly Exchange[]): readonly string[] => [
  ...judge(
    contracts,
    exchanges.filter(({ injected }) => !injected),
  ),
  ...exchanges.flatMap((exchange) =>
    exchange.injected && exchange.service === 'google' ? (contracts?.google.request(exchange) ?? []) : [],
  ),
];

const faultOf = (fault: CalendarFault): Fault => {
  switch (fault.kind) {
    case 'status': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      const body = { error: { code: fault.status, message: 'Secret plans', errors: [{ reason: 'Secret plans' }] } };
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

/** How Google says what Graph calls `showAs`. */
const SHOW_AS = {
  free: { transparency: 'transparent' },
  tentative: { status: 'tentative' },
  busy: {},
  oof: { eventType: 'outOfOffice' },
  workingElsewhere: { eventType: 'workingLocation', workingLocation: 'homeOffice' },
} as const;

export async function googleWorld(): Promise<CalendarWorld> {
  const google = await startGoogle();
  const desk = googleDesk(google, google.calendar.url);
  const signal = new AbortController().signal;
  const auth = new GoogleAuth(desk.deps);
  const { username } = await auth.signIn('mine', GOOGLE_CALENDAR_SCOPES, google.known.account, signal);
  const { calendar } = google;
  return {
    // One for the whole suite, so that it goes by changes: what they leave behind would show.
    provider: new GoogleCalendarProvider({ id: 'mine', username, calendars: [] }, desk.deps),
    lacks: ['categories', 'cancelled'],
    hold(events: readonly PlannedEvent[]) {
      calendar.clear();
      for (const event of events) {
        const id = calendar.addEvent({
          id: event.uid,
          summary: event.subject,
          ...(event.location === undefined ? {} : { location: event.location }),
          start: event.start,
          end: event.end,
          isAllDay: event.isAllDay ?? false,
          visibility: event.isPrivate ? 'private' : 'default',
          others: event.others ?? [],
          ...SHOW_AS[event.showAs ?? 'busy'],
        });
        if (event.isCancelled) calendar.removeEvent(id);
      }
    },
    fail: (fault) => void calendar.fail(faultOf(fault)),
    clear() {
      calendar.clear();
      calendar.clearFaults();
      calendar.journal.clear();
    },
    secrets: () => [...desk.secrets.values.values()],
    findings: () => googleFindings(calendar.journal.exchanges),
    async close() {
      await desk.close();
      await google.close();
    },
  };
}

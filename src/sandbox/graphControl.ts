import type { SandboxAccount, TokenStore } from './entraTokens.ts';
import type { EventInput, StoredEvent } from './graphEvents.ts';
import type { OrganisationControl, OrganisationOptions } from './graphOrganisation.ts';
import type { PresenceControl } from './graphPresence.ts';
import type { Service } from './http.ts';
import type { Journal } from './journal.ts';
import type { SandboxCertificate } from './tls.ts';

export interface GraphOptions {
  tls: SandboxCertificate;
  /** The sign-in service's tokens: the only ones that open anything here. */
  tokens: TokenStore;
  accounts: readonly SandboxAccount[];
  /** Made-up people, and the application that may read them without anybody signed in; without it there are none. */
  organisation?: OrganisationOptions;
  port?: number;
  journal?: Journal;
  now?: () => number;
}

export interface CalendarInput {
  id: string;
  name: string;
  account?: string;
  /** Somebody else's, which the account has in its list; opens with a permission for shared calendars only. */
  owner?: { name: string; address: string };
}

/** Graph's calendar and presence of some accounts, and what a test may do to them. Accounts are named by their address. */
export interface GraphSandbox extends Service {
  /** Teams as the person uses it. */
  readonly presence: PresenceControl;
  /** The people whom an application reads. */
  readonly organisation: OrganisationControl;
  /** Adds an event and returns its (immutable) id. */
  addEvent(input: EventInput): string;
  updateEvent(id: string, change: Partial<EventInput>): void;
  removeEvent(id: string): void;
  /** The item was moved: ids that are not immutable change. */
  moveEvent(id: string): void;
  events(): readonly StoredEvent[];
  addCalendar(input: CalendarInput): void;
  removeCalendar(id: string, account?: string): void;
  /** Lets somebody read an account's calendars under `/users/{address}`. */
  share(account: string, reader: string): void;
  /** Removes every event and every added calendar. */
  clear(): void;
  /** The mailbox's own zone, Windows or IANA. */
  setMailboxZone(zone: string, account?: string): void;
  /** 429 with `Retry-After`. */
  throttle(retryAfterSeconds: number, times?: number): void;
  /** 503, or another of the service's own troubles. */
  outage(times?: number, status?: number): void;
}

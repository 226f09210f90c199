import type { CalendarName, ChatName } from './accounts.ts';
import type { ErrorInfo } from './appError.ts';
import type { ChatCapabilities, PresenceState } from './presence.ts';
import type { Prompt } from './prompt.ts';
import type { Instant } from './time.ts';

/**
 * What the app as a whole does.
 * - `starting`: nothing is known yet
 * - `setup`: something is missing that only the person can give; `missing` names the prompt for it
 * - `running`: presence follows the calendar
 * - `paused`: the person has switched it off, see `pausedUntil`
 */
export type SyncPhase = 'starting' | 'setup' | 'running' | 'paused';

/**
 * How a chat stands.
 * - `ok`: it shows what it should, or has not been asked yet
 * - `handsOff`: the person changed it during this interval, so it is left alone
 * - `offline`: the person is not online there, so it is left alone
 * - `failing`: the last read or write failed; `error` says how
 */
export type ChatStatus = 'ok' | 'handsOff' | 'offline' | 'failing';

export interface ChatState {
  /** The account's id. */
  readonly id: string;
  readonly provider: ChatName;
  /** What the person knows it by, such as `HipChat`. */
  readonly label: string;
  readonly status: ChatStatus;
  /** Whether it shows what we wrote. */
  readonly claimed: boolean;
  /** What can be done there, as far as it is known: a server may allow less than its kind. */
  readonly capabilities: ChatCapabilities;
  readonly error: ErrorInfo | null;
}

/**
 * How far a calendar's view can be trusted.
 * - `ok`: read at the last try
 * - `stale`: the last try failed, an earlier view is used
 * - `unknown`: it could never be read
 */
export type CalendarHealth = 'ok' | 'stale' | 'unknown';

export interface CalendarState {
  /** The account's id. */
  readonly id: string;
  readonly provider: CalendarName;
  /** What the person knows it by, such as `Microsoft 365 (ada@example.com)`. */
  readonly label: string;
  readonly health: CalendarHealth;
  /** When it was last read; null for never. */
  readonly lastReadAt: Instant | null;
  readonly error: ErrorInfo | null;
}

/** All that the tray, the notices and the command line show of the engine: plain data, a new value for every change. */
export interface SyncState {
  readonly phase: SyncPhase;
  /** In `setup`, the prompt that comes next; otherwise null. */
  readonly missing: Prompt | null;
  /** In `paused`, until when; otherwise null. */
  readonly pausedUntil: Instant | 'forever' | null;
  /** What the calendar makes of the person now; `state` null while no event counts. Null before the first calendar view. */
  readonly now: { readonly state: PresenceState | null; readonly until: Instant | null } | null;
  /** The next change of that, as far as the calendar's view reaches; `state` null when an event ends and none follows. */
  readonly next: { readonly state: PresenceState | null; readonly at: Instant } | null;
  readonly chats: readonly ChatState[];
  readonly calendars: readonly CalendarState[];
  /** Trouble of no single account: the keychain, or the settings file. */
  readonly trouble: ErrorInfo | null;
  /** When the last run ended; null before the first. */
  readonly lastSyncAt: Instant | null;
  /** Whether a run is in flight. */
  readonly syncing: boolean;
}

/** Before anything is known. */
export const STARTING_STATE: SyncState = {
  phase: 'starting',
  missing: null,
  pausedUntil: null,
  now: null,
  next: null,
  chats: [],
  calendars: [],
  trouble: null,
  lastSyncAt: null,
  syncing: false,
};

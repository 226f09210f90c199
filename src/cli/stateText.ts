import type { ErrorInfo } from '../core/appError.ts';
import { headline, STATE_NAMES } from '../core/headline.ts';
import { promptId } from '../core/prompt.ts';
import type { CalendarState, ChatState, SyncState } from '../core/syncState.ts';
import { ENGLISH } from '../core/texts.ts';
import { clockTimeFrom, type Instant, type TimeZone } from '../core/time.ts';
import { section } from './output.ts';

/** When it is, where the person is. */
export interface Here {
  readonly now: Instant;
  readonly zone: TimeZone;
}

const timeOf = (at: Instant, { now, zone }: Here): string => clockTimeFrom(at, now, zone);

function problem({ message, since, tries }: ErrorInfo, here: Here): string {
  const often = tries > 1 ? ` (${tries} tries since ${timeOf(since, here)})` : '';
  return `${message}${often}`;
}

/** One calendar, such as `Microsoft 365 (ada@example.com): read at 10:05`. */
export function calendarLine({ label, health, lastReadAt, error }: CalendarState, here: Here): string {
  const read = lastReadAt === null ? 'not read yet' : `read at ${timeOf(lastReadAt, here)}`;
  if (error === null) return `${label}: ${read}`;
  const kept = health === 'stale' ? `; what was ${read} is used` : '';
  return `${label}: failing${kept}. ${problem(error, here)}`;
}

/** One chat, such as `HipChat: shows what HipStatus wrote`. */
export function chatLine({ label, status, claimed, error }: ChatState, here: Here): string {
  if (error !== null) return `${label}: failing. ${problem(error, here)}`;
  switch (status) {
    case 'handsOff':
      return `${label}: left as you set it`;
    case 'offline':
      return `${label}: you are offline there, so it is left alone`;
    default:
      return `${label}: ${claimed ? 'shows what HipStatus wrote' : 'shows your own status'}`;
  }
}

/** The whole state in a person's words. */
export function stateLines(state: SyncState, here: Here): readonly string[] {
  const { next, lastSyncAt, trouble } = state;
  const change =
    next === null ? 'none in sight' : `${STATE_NAMES[next.state ?? 'available']} at ${timeOf(next.at, here)}`;
  return [
    headline(state, here.now, here.zone, ENGLISH),
    ...(state.phase === 'running' && state.now !== null ? [`Next change: ${change}`] : []),
    ...(lastSyncAt === null ? [] : [`Last sync: ${timeOf(lastSyncAt, here)}`]),
    ...(trouble === null ? [] : [`Trouble: ${trouble.message}`]),
    ...section(
      'Calendars:',
      state.calendars.map((calendar) => calendarLine(calendar, here)),
    ),
    ...section(
      'Chats:',
      state.chats.map((chat) => chatLine(chat, here)),
    ),
  ];
}

/** Whether an account, or the keychain, failed at the last try. */
export const isFailing = ({ calendars, chats, trouble }: SyncState): boolean =>
  trouble !== null || [...calendars, ...chats].some(({ error }) => error !== null);

const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));
const errorOf = (error: ErrorInfo | null) => (error === null ? null : { ...error, since: iso(error.since) });

/** The state with its times as ISO 8601 in UTC. */
export const stateJson = (state: SyncState) => ({
  ...state,
  missing: state.missing === null ? null : promptId(state.missing),
  pausedUntil: typeof state.pausedUntil === 'number' ? iso(state.pausedUntil) : state.pausedUntil,
  now: state.now === null ? null : { state: state.now.state, until: isoOrNull(state.now.until) },
  next: state.next === null ? null : { state: state.next.state, at: iso(state.next.at) },
  calendars: state.calendars.map((calendar) => ({
    ...calendar,
    lastReadAt: isoOrNull(calendar.lastReadAt),
    error: errorOf(calendar.error),
  })),
  chats: state.chats.map((chat) => ({ ...chat, error: errorOf(chat.error) })),
  trouble: errorOf(state.trouble),
  lastSyncAt: isoOrNull(state.lastSyncAt),
});

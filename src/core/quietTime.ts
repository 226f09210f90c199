import type { SyncState } from './syncState.ts';
import { type Instant, MINUTE } from './time.ts';

/** An update that begins within this time before a meeting could end in it. */
const SOON = 5 * MINUTE;

/** Whether the person is in a meeting, or may be: a calendar that could not be read says nothing. */
const isInMeeting = ({ now, calendars }: SyncState): boolean =>
  now === null ? calendars.length > 0 : now.state !== null;

/**
 * What an update that installs itself waits for; null for nothing.
 * - `meeting`: an event that counts, or a time that the person called busy, is on or about to begin
 * - `quiet`: a window of the app is open, or it is about something else
 */
export function waitsBeforeInstall(state: SyncState, now: Instant, isWindowOpen: boolean): 'meeting' | 'quiet' | null {
  const { next } = state;
  const isSoon = next !== null && next.state !== null && next.at - now < SOON;
  if (isInMeeting(state) || isSoon) return 'meeting';
  return isWindowOpen || state.phase === 'starting' || state.phase === 'setup' ? 'quiet' : null;
}

/**
 * The same where the person has asked for it: only a meeting is waited for that is on, since a restart would be seen there. A time
 * that they called busy themselves is no meeting, and neither is what no calendar knows.
 */
export const waitsForMeeting = ({ now }: SyncState, isBusyByWord: boolean): boolean =>
  now !== null && now.state !== null && !isBusyByWord;

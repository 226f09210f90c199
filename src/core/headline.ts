import type { PresenceState } from './presence.ts';
import type { SyncState } from './syncState.ts';
import { clockTimeFrom, type Instant, type TimeZone } from './time.ts';

/** How a presence is called in the menu and on the command line. */
export const STATE_NAMES: Readonly<Record<PresenceState, string>> = {
  available: 'Available',
  busy: 'Busy',
  dnd: 'Do not disturb',
  away: 'Away',
  offline: 'Offline',
};

/** What the app is doing now, and until when: `Do not disturb until 10:30`. */
export function headline(state: SyncState, now: Instant, zone: TimeZone): string {
  const time = (at: Instant) => clockTimeFrom(at, now, zone);
  switch (state.phase) {
    case 'starting':
      return 'Starting…';
    case 'setup':
      return 'Not set up yet';
    case 'paused':
      return typeof state.pausedUntil === 'number' ? `Paused until ${time(state.pausedUntil)}` : 'Paused';
    case 'running':
      return presenceLine(state, time);
  }
}

function presenceLine({ now, next, calendars }: SyncState, time: (at: Instant) => string): string {
  if (now === null) {
    return calendars.some(({ error }) => error !== null)
      ? 'Your calendar could not be read yet'
      : 'Reading your calendar…';
  }
  if (now.state === null) {
    const then = next === null || next.state === null ? '' : ` — next: ${STATE_NAMES[next.state]} at ${time(next.at)}`;
    return `${STATE_NAMES.available}${then}`;
  }
  const until = now.until === null ? '' : ` until ${time(now.until)}`;
  const then = next === null || next.state === null ? '' : `, then ${STATE_NAMES[next.state]}`;
  return `${STATE_NAMES[now.state]}${until}${then}`;
}

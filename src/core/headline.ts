import { timeFrom } from './localFormat.ts';
import type { PresenceState } from './presence.ts';
import type { SyncState } from './syncState.ts';
import { COMMON } from './texts/en/common.ts';
import { type Speech, text } from './texts.ts';
import type { Instant, TimeZone } from './time.ts';

/** How a presence is called where English is spoken: on the command line and on the hub's page. */
export const STATE_NAMES: Readonly<Record<PresenceState, string>> = {
  available: COMMON['state.available'],
  busy: COMMON['state.busy'],
  dnd: COMMON['state.dnd'],
  away: COMMON['state.away'],
  offline: COMMON['state.offline'],
};

/** How a presence is called. */
export const stateName = (state: PresenceState, speech: Speech): string => text(`state.${state}`, speech);

/** What the app is doing now, and until when: `Do not disturb until 10:30`. */
export function headline(state: SyncState, now: Instant, zone: TimeZone, speech: Speech): string {
  const time = (at: Instant) => timeFrom(at, now, zone, speech);
  switch (state.phase) {
    case 'starting':
      return text('headline.starting', speech);
    case 'setup':
      return text('headline.setup', speech);
    case 'paused':
      return typeof state.pausedUntil === 'number'
        ? text('headline.pausedUntil', speech, { time: time(state.pausedUntil) })
        : text('headline.paused', speech);
    case 'running':
      return presenceLine(state, time, speech);
  }
}

function presenceLine({ now, next, calendars }: SyncState, time: (at: Instant) => string, speech: Speech): string {
  if (now === null) {
    const hasFailed = calendars.some(({ error }) => error !== null);
    return text(hasFailed ? 'headline.unread' : 'headline.reading', speech);
  }
  const name = stateName(now.state ?? 'available', speech);
  const then =
    next === null || next.state === null ? null : { next: stateName(next.state, speech), time: time(next.at) };
  if (now.state === null) return then === null ? name : text('headline.next', speech, { state: name, ...then });
  if (now.until === null) return then === null ? name : text('headline.then', speech, { state: name, ...then });
  const marks = { state: name, time: time(now.until) };
  return then === null
    ? text('headline.until', speech, marks)
    : text('headline.untilThen', speech, { ...marks, next: then.next });
}

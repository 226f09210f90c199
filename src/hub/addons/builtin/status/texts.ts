import type { PresenceState } from '../../../../core/presence.ts';
import { clockTimeFrom, type Instant, type TimeZone } from '../../../../core/time.ts';
import { type PersonRecord, shownOf } from '../../../model.ts';
import type { Roster } from '../../../roster.ts';
import type { ChatPerson } from '../../calls.ts';

export const STATE_WORDS: Readonly<Record<PresenceState, string>> = {
  available: 'available',
  busy: 'busy',
  dnd: 'busy (do not disturb)',
  away: 'away',
  offline: 'offline',
};

/** What a presence says, such as `busy until 15:00: Review`. */
export function presenceText(record: PersonRecord, now: Instant, zone: TimeZone): string {
  const { state, text, until } = shownOf(record);
  const end = until === null ? '' : ` until ${clockTimeFrom(until, now, zone)}`;
  return `${STATE_WORDS[state]}${end}${text === '' ? '' : `: ${text}`}`;
}

/** How many show that they are in a meeting, or are otherwise not to be disturbed. */
export function inMeeting(roster: Roster): number {
  const { busy, dnd } = roster.counts();
  return busy + dnd;
}

export function teamText(roster: Roster): string {
  const { available, away, offline } = roster.counts();
  return `The team: ${inMeeting(roster)} in a meeting, ${available} available, ${away} away, ${offline} offline.`;
}

/** For somebody whom the hub does not know. The identity is in it, so that whoever runs the hub can link it. */
export const unknownText = ({ service, identity }: ChatPerson): string =>
  `The hub does not know who you are. Ask whoever runs it to add this identity to your person there: {"service": "${service}", "id": "${identity}"}`;

export const USAGE = {
  busy: 'Say for how long: /busy 30m, /busy 1h30m Review, or /busy until 15:00. A day at most.',
  pause: 'Say for how long: /pause 1h, /pause 90 (minutes), or /pause until 15:00. A day at most.',
  own: 'You can only say this of yourself.',
  long: 'That text is too long: 200 characters at most.',
} as const;

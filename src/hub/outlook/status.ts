import type { PresenceState } from '../../core/presence.ts';
import { type PersonRecord, shownOf } from '../model.ts';

/** Mattermost's four statuses, as its Outlook presence plugin sends them. */
export const OUTLOOK_STATUSES = ['online', 'away', 'dnd', 'offline'] as const;
export type OutlookStatus = (typeof OUTLOOK_STATUSES)[number];

const STATUS: Readonly<Record<PresenceState, OutlookStatus>> = {
  available: 'online',
  busy: 'dnd',
  dnd: 'dnd',
  away: 'away',
  offline: 'offline',
};

export const STATE: Readonly<Record<OutlookStatus, PresenceState>> = {
  online: 'available',
  away: 'away',
  dnd: 'dnd',
  offline: 'offline',
};

/** One status as the plugin's API and its socket carry it. */
export interface OutlookPresence {
  readonly user_id: string;
  readonly email: string;
  readonly status: OutlookStatus;
}

/** A person as Outlook's provider is told. Who is gone counts as offline. */
export function outlookOf(record: PersonRecord, isGone = false): OutlookPresence {
  const { id, email } = record.person;
  return { user_id: id, email, status: isGone ? 'offline' : STATUS[shownOf(record).state] };
}

import type { StoredEvent } from './graphEvents.ts';
import { mailboxResource } from './graphResources.ts';
import { graphDateTime } from './graphTime.ts';

/** Digits of `availabilityView`; working elsewhere is 0 there. */
const DIGITS: Readonly<Record<string, string>> = { tentative: '1', busy: '2', oof: '3' };
const SLOT = 30 * 60_000;

/** Graph's `scheduleInformation` of one mailbox: what is free, declined or cancelled is not in it. */
export function scheduleResource(
  address: string,
  events: readonly StoredEvent[],
  { start, end, zone, own }: { start: number; end: number; zone: string; own: string },
): Record<string, unknown> {
  const counted = events.filter(
    ({ showAs = 'busy', responseStatus, isCancelled }) =>
      showAs !== 'free' && responseStatus !== 'declined' && isCancelled !== true,
  );
  let view = '';
  for (let at = start; at < end; at += SLOT) {
    const on = counted.filter((event) => event.start.getTime() < at + SLOT && event.end.getTime() > at);
    view +=
      on
        .map(({ showAs = 'busy' }) => DIGITS[showAs] ?? '0')
        .sort()
        .at(-1) ?? '0';
  }
  return {
    scheduleId: address,
    availabilityView: view,
    scheduleItems: counted.map((event) => ({
      isPrivate: event.sensitivity === 'private',
      status: event.showAs ?? 'busy',
      subject: event.subject ?? '',
      location: event.location ?? '',
      isMeeting: true,
      isRecurring: false,
      isException: false,
      isReminderSet: true,
      start: graphDateTime(event.start, zone),
      end: graphDateTime(event.end, zone),
    })),
    workingHours: mailboxResource(own)['workingHours'],
  };
}

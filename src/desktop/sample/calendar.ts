import type { ShowAs } from '../../core/calendarEvent.ts';
import { type Speech, text } from '../../core/texts.ts';
import { DAY } from '../../core/time.ts';
import { buildCalendar, type VEventInput } from '../../sandbox/icsText.ts';
import type { SampleEvent } from './day.ts';

type BusyStatus = NonNullable<VEventInput['busyStatus']>;

const BUSY_STATUS: Readonly<Record<ShowAs, BusyStatus>> = {
  free: 'FREE',
  tentative: 'TENTATIVE',
  busy: 'BUSY',
  oof: 'OOF',
  workingElsewhere: 'WORKINGELSEWHERE',
  unknown: 'BUSY',
};

function veventOf(event: SampleEvent, owner: string, speech: Speech): VEventInput {
  const { uid, subject, date, showAs, isPrivate, others, response } = event;
  const midnight = date === null ? 0 : Date.parse(`${date}T00:00:00Z`);
  const time =
    date === null
      ? { start: new Date(event.start), end: new Date(event.end) }
      : { start: new Date(midnight), end: new Date(midnight + DAY), isAllDay: true };
  return {
    uid,
    summary: text(`sample.event.${subject}`, speech),
    ...time,
    busyStatus: BUSY_STATUS[showAs],
    classification: isPrivate ? 'PRIVATE' : 'PUBLIC',
    lines: others === 0 ? [] : [`ATTENDEE;PARTSTAT=${response.toUpperCase()}:mailto:${owner}`],
    attendees: Array.from({ length: others }, (_, index) => `guest${index + 1}@contoso.example`),
  };
}

/**
 * Invented events as a published calendar, in the person's language.
 * @param owner the invented person's address, which the calendar is named after, as Google does it
 */
export const sampleCalendar = (events: readonly SampleEvent[], owner: string, speech: Speech): string =>
  buildCalendar(
    events.map((event) => veventOf(event, owner, speech)),
    [`X-WR-CALNAME:${owner}`],
  );

import { z } from 'zod';

/**
 * The fields that are read of Google Calendar v3's `Event`, `Events` and `CalendarList`. Words are taken as they come: a new one
 * must not cost the whole calendar.
 */
const dateTime = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});
const who = z.object({ self: z.boolean().nullish() });

const attendee = who.extend({ resource: z.boolean().nullish(), responseStatus: z.string().nullish() });

export const googleEvent = z.object({
  id: z.string().min(1),
  status: z.string().nullish(),
  summary: z.string().nullish(),
  location: z.string().nullish(),
  /** Absent where an event is reported as deleted. */
  start: dateTime.nullish(),
  end: dateTime.nullish(),
  transparency: z.string().nullish(),
  visibility: z.string().nullish(),
  eventType: z.string().nullish(),
  workingLocationProperties: z.object({ type: z.string().nullish() }).nullish(),
  iCalUID: z.string().nullish(),
  recurringEventId: z.string().nullish(),
  organizer: who.nullish(),
  attendees: z.array(attendee).nullish(),
  attendeesOmitted: z.boolean().nullish(),
});

export type GoogleEvent = z.infer<typeof googleEvent>;

export const eventsPage = z.object({
  /** The calendar's own title. */
  summary: z.string().nullish(),
  items: z.array(googleEvent).default([]),
  nextPageToken: z.string().nullish(),
  nextSyncToken: z.string().nullish(),
});

export type EventsPage = z.infer<typeof eventsPage>;

/** What `fields` asks for (Google's partial responses): the fields above, nothing more, so no description. */
export const EVENT_FIELDS = [
  'summary',
  'nextPageToken',
  'nextSyncToken',
  `items(${[
    'id,status,summary,location,transparency,visibility,eventType,iCalUID,recurringEventId,attendeesOmitted',
    'start(date,dateTime,timeZone),end(date,dateTime,timeZone)',
    'workingLocationProperties(type),organizer(self),attendees(self,resource,responseStatus)',
  ].join(',')})`,
].join(',');

export const calendarListPage = z.object({
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        summary: z.string().nullish(),
        /** The person's own name for it. */
        summaryOverride: z.string().nullish(),
        primary: z.boolean().nullish(),
      }),
    )
    .default([]),
  nextPageToken: z.string().nullish(),
});

export const LIST_FIELDS = 'nextPageToken,items(id,summary,summaryOverride,primary)';

/** Google's error envelope, as far as it is read. */
export const googleErrors = z.object({
  error: z.object({
    errors: z.array(z.object({ reason: z.string().catch('') })).catch([]),
    details: z.array(z.object({ reason: z.string().catch('') })).catch([]),
  }),
});

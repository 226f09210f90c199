import { createHash } from 'node:crypto';
import { graphDateTime } from './graphTime.ts';

/** An attendee, in few words. */
export interface AttendeeInput {
  email: string;
  name?: string;
  type?: 'required' | 'optional' | 'resource';
  response?: ResponseType;
}

export type ResponseType = 'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded';

/** An event as a test says it; everything but the times has a default. Instants, half-open `[start, end)`. */
export interface EventInput {
  id?: string;
  iCalUId?: string;
  subject?: string;
  location?: string;
  start: Date;
  end: Date;
  showAs?: 'free' | 'tentative' | 'busy' | 'oof' | 'workingElsewhere' | 'unknown';
  /** For an all-day event `start` and `end` are midnights in the zone it was made in. */
  isAllDay?: boolean;
  isCancelled?: boolean;
  isOnlineMeeting?: boolean;
  responseStatus?: ResponseType;
  sensitivity?: 'normal' | 'personal' | 'private' | 'confidential';
  attendees?: readonly AttendeeInput[];
  categories?: readonly string[];
  type?: 'singleInstance' | 'occurrence' | 'exception';
  /** IANA or Windows name of the zone it was made in; default the mailbox's. */
  timeZone?: string;
  /** Default: the account's own calendar. */
  calendar?: string;
  /** Default: the first account. */
  account?: string;
}

export interface StoredEvent extends EventInput {
  id: string;
  iCalUId: string;
  /** Counts moves: an id that is not immutable changes with it. */
  moves: number;
  changed: number;
  created: number;
}

/** The `@odata.etag` and `changeKey` of an event's present version. */
function version(event: StoredEvent): string {
  return createHash('sha256').update(`${event.id}:${event.changed}:${event.moves}`).digest('base64').slice(0, 24);
}

/** The id a client without `IdType="ImmutableId"` sees. */
export function mutableId(event: StoredEvent): string {
  return `AAMk${Buffer.from(`${event.id}/${event.moves}`).toString('base64url')}=`;
}

export interface RenderOptions {
  zone: string;
  immutableIds: boolean;
  mailboxZone: string;
  owner: { name: string; address: string };
}

/** Every property the stand-in knows of an event, as Graph's `event` resource writes it. */
export function renderEvent(event: StoredEvent, options: RenderOptions): Record<string, unknown> {
  const response = event.responseStatus ?? 'accepted';
  const ownMeeting = response === 'organizer';
  const owner = { emailAddress: options.owner };
  const organizer = { emailAddress: { name: 'Grace Hopper', address: 'grace@contoso.example' } };
  const seriesMasterId = event.type === undefined || event.type === 'singleInstance' ? null : `${event.iCalUId}-master`;
  const date = (instant: Date) => graphDateTime(instant, options.zone);
  return {
    '@odata.etag': `W/"${version(event)}"`,
    id: options.immutableIds ? event.id : mutableId(event),
    createdDateTime: new Date(event.created).toISOString(),
    lastModifiedDateTime: new Date(event.changed).toISOString(),
    changeKey: version(event),
    categories: [...(event.categories ?? [])],
    transactionId: null,
    originalStartTimeZone: event.timeZone ?? options.mailboxZone,
    originalEndTimeZone: event.timeZone ?? options.mailboxZone,
    iCalUId: event.iCalUId,
    reminderMinutesBeforeStart: 15,
    isReminderOn: true,
    hasAttachments: false,
    subject: event.subject ?? '',
    bodyPreview: '',
    importance: 'normal',
    sensitivity: event.sensitivity ?? 'normal',
    isAllDay: event.isAllDay ?? false,
    isCancelled: event.isCancelled ?? false,
    isOrganizer: ownMeeting,
    responseRequested: true,
    seriesMasterId,
    showAs: event.showAs ?? 'busy',
    type: event.type ?? 'singleInstance',
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(event.id)}`,
    onlineMeetingUrl: null,
    isOnlineMeeting: event.isOnlineMeeting ?? false,
    onlineMeetingProvider: event.isOnlineMeeting ? 'teamsForBusiness' : 'unknown',
    allowNewTimeProposals: true,
    isDraft: false,
    hideAttendees: false,
    recurrence: null,
    onlineMeeting: null,
    responseStatus: { response, time: ownMeeting ? '0001-01-01T00:00:00Z' : new Date(event.created).toISOString() },
    body: { contentType: 'html', content: '' },
    start: date(event.start),
    end: date(event.end),
    location: {
      displayName: event.location ?? '',
      locationType: 'default',
      uniqueIdType: 'unknown',
      address: {},
      coordinates: {},
    },
    locations: [],
    attendees: (event.attendees ?? []).map((attendee) => ({
      type: attendee.type ?? 'required',
      status: { response: attendee.response ?? 'none', time: '0001-01-01T00:00:00Z' },
      emailAddress: { name: attendee.name ?? attendee.email, address: attendee.email },
    })),
    organizer: ownMeeting ? owner : organizer,
  };
}

/** Does the event touch `[from, to)`? One that takes no time counts when it begins inside. */
export function overlaps(event: EventInput, from: number, to: number): boolean {
  const start = event.start.getTime();
  const end = event.end.getTime();
  return start === end ? start >= from && start < to : start < to && end > from;
}

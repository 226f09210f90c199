/** An event as a test says it; everything but the times has Google's default. Instants, half-open `[start, end)`. */
export interface GoogleEventInput {
  id?: string;
  iCalUID?: string;
  summary?: string;
  location?: string;
  start: Date;
  end: Date;
  /** `start` and `end` are midnights in UTC that stand for dates. */
  isAllDay?: boolean;
  status?: 'confirmed' | 'tentative';
  transparency?: 'opaque' | 'transparent';
  visibility?: 'default' | 'public' | 'private' | 'confidential';
  eventType?: 'default' | 'outOfOffice' | 'focusTime' | 'workingLocation' | 'birthday' | 'fromGmail';
  workingLocation?: 'homeOffice' | 'officeLocation' | 'customLocation';
  /** Addresses of the others; the owner is added as `self`. */
  others?: readonly string[];
  /** The owner's answer where there are others; default `accepted`. */
  response?: 'needsAction' | 'declined' | 'tentative' | 'accepted';
  /** Somebody else's meeting. */
  organizer?: string;
  /** The series it is an occurrence of. */
  recurringEventId?: string;
}

export interface StoredGoogleEvent extends GoogleEventInput {
  id: string;
  /** Of the calendar when it changed last: what a sync token counts. */
  version: number;
  changed: number;
  isDeleted: boolean;
}

const seconds = (at: Date | number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The properties that Google answers for an event, as its `Event` resource writes them; the description is there to be left out. */
export function renderGoogleEvent(event: StoredGoogleEvent, owner: string): Record<string, unknown> {
  const common = {
    kind: 'calendar#event',
    etag: `"${event.version}"`,
    id: event.id,
    ...(event.recurringEventId === undefined ? {} : { recurringEventId: event.recurringEventId }),
  };
  // "Deleted events are only guaranteed to have the id field populated."
  if (event.isDeleted) return { ...common, status: 'cancelled' };
  const edge = (at: Date) =>
    event.isAllDay ? { date: at.toISOString().slice(0, 10) } : { dateTime: seconds(at), timeZone: 'Europe/Berlin' };
  const person = (email: string) => ({ email, ...(email === owner ? { self: true } : {}) });
  const organizer = person(event.organizer ?? owner);
  const others = event.others ?? (event.organizer === undefined ? [] : [event.organizer]);
  const attendees = others.map((email) => ({ ...person(email), responseStatus: 'needsAction' }));
  return {
    ...common,
    status: event.status ?? 'confirmed',
    htmlLink: `https://www.google.com/calendar/event?eid=${event.id}`,
    created: seconds(0),
    updated: new Date(event.changed).toISOString(),
    ...(event.summary === undefined ? {} : { summary: event.summary }),
    ...(event.location === undefined ? {} : { location: event.location }),
    description: 'Secret description',
    creator: organizer,
    organizer,
    start: edge(event.start),
    end: edge(event.end),
    // Google leaves out what has its default.
    ...(event.transparency === 'transparent' ? { transparency: event.transparency } : {}),
    ...(event.visibility === undefined ? {} : { visibility: event.visibility }),
    iCalUID: event.iCalUID ?? `${event.id}@google.com`,
    sequence: 0,
    ...(attendees.length === 0
      ? {}
      : { attendees: [{ ...person(owner), responseStatus: event.response ?? 'accepted' }, ...attendees] }),
    ...(event.eventType === 'workingLocation'
      ? { workingLocationProperties: { type: event.workingLocation ?? 'homeOffice', homeOffice: {} } }
      : {}),
    reminders: { useDefault: true },
    eventType: event.eventType ?? 'default',
  };
}

import type { CalendarEvent, ResponseStatus, Sensitivity, ShowAs } from '../../../core/calendarEvent.ts';
import { firstValue, propertyOf } from './read.ts';
import type { Property } from './schema.ts';

/** What every occurrence of a VEVENT has in common: a `CalendarEvent` without its id and time. */
export type EventFacts = Omit<CalendarEvent, 'id' | 'time'>;

const upper = (value: unknown): string => (typeof value === 'string' ? value.trim().toUpperCase() : '');

/** X-MICROSOFT-CDO-BUSYSTATUS ([MS-OXCICAL] 2.1.3.1.1.20.31), in Graph's words. */
const BUSY_STATUS: Readonly<Record<string, ShowAs>> = {
  FREE: 'free',
  TENTATIVE: 'tentative',
  BUSY: 'busy',
  OOF: 'oof',
  WORKINGELSEWHERE: 'workingElsewhere',
};

/** CLASS (RFC 5545 section 3.8.1.3); X-PERSONAL is Outlook's. What is unknown is treated as private, as the RFC says. */
const CLASSES: Readonly<Record<string, Sensitivity>> = {
  '': 'normal',
  PUBLIC: 'normal',
  PRIVATE: 'private',
  CONFIDENTIAL: 'confidential',
  'X-PERSONAL': 'personal',
};

/** PARTSTAT (RFC 5545 section 3.2.12), in Graph's words. */
const PARTICIPATION: Readonly<Record<string, ResponseStatus>> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentativelyAccepted',
  'NEEDS-ACTION': 'notResponded',
};

function showAsOf(properties: readonly Property[]): ShowAs {
  const exact = BUSY_STATUS[upper(firstValue(properties, 'x-microsoft-cdo-busystatus'))];
  if (exact !== undefined) return exact;
  if (upper(firstValue(properties, 'transp')) === 'TRANSPARENT') return 'free';
  return upper(firstValue(properties, 'status')) === 'TENTATIVE' ? 'tentative' : 'busy';
}

const addressOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .trim()
        .toLowerCase()
        .replace(/^mailto:/, '')
    : '';

const isPerson = ([, parameters]: Property): boolean => {
  const kind = upper(parameters['cutype']);
  return kind !== 'RESOURCE' && kind !== 'ROOM';
};

interface People {
  readonly otherAttendees: number;
  readonly responseStatus: ResponseStatus;
}

function peopleOf(properties: readonly Property[], owner: string): People {
  const attendees = properties.filter((property) => property[0] === 'attendee' && isPerson(property));
  const organizer = addressOf(firstValue(properties, 'organizer'));
  const all = new Set(attendees.map((attendee) => addressOf(attendee[3])));
  if (organizer !== '') all.add(organizer);
  const own = attendees.find((attendee) => owner !== '' && addressOf(attendee[3]) === owner);
  // Whoever the owner is, they are one of the people of their own meeting.
  const others = own !== undefined || organizer === owner || owner === '' ? all.size - 1 : all.size;
  const partstat = own === undefined ? undefined : (PARTICIPATION[upper(own[1]['partstat'])] ?? 'notResponded');
  return {
    otherAttendees: Math.max(0, others),
    responseStatus: owner !== '' && organizer === owner ? 'organizer' : (partstat ?? 'none'),
  };
}

/**
 * What a VEVENT says besides its times.
 * @param owner the calendar owner's address in lower case; empty when it is not known
 * @param isWithdrawn the whole file is a cancellation (METHOD:CANCEL)
 */
export function factsOf(properties: readonly Property[], owner: string, isWithdrawn: boolean): EventFacts {
  const uid = firstValue(properties, 'uid');
  const subject = firstValue(properties, 'summary');
  const location = firstValue(properties, 'location');
  return {
    iCalUId: typeof uid === 'string' ? uid : '',
    subject: typeof subject === 'string' ? subject : '',
    location: typeof location === 'string' ? location : '',
    showAs: showAsOf(properties),
    isCancelled: isWithdrawn || upper(firstValue(properties, 'status')) === 'CANCELLED',
    sensitivity: CLASSES[upper(firstValue(properties, 'class'))] ?? 'private',
    categories: properties
      .filter(([name]) => name === 'categories')
      .flatMap((property) => property.slice(3))
      .filter((value) => typeof value === 'string' && value !== '')
      .map(String),
    ...peopleOf(properties, owner),
  };
}

/** Outlook's mark of an all-day event that is written with times. */
export const isMarkedAllDay = (properties: readonly Property[]): boolean =>
  upper(firstValue(properties, 'x-microsoft-cdo-alldayevent')) === 'TRUE';

/** The address in a calendar's name, as Google writes it; empty for names that are none. */
export function ownerOf(name: string): string {
  const address = addressOf(name);
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ? address : '';
}

/** Whether RECURRENCE-ID stands for all later occurrences too. */
export const isRange = (properties: readonly Property[]): boolean =>
  upper(propertyOf(properties, 'recurrence-id')?.[1]['range']) === 'THISANDFUTURE';

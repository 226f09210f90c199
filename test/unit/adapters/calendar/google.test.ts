import { describe, expect, it } from 'vitest';
import { signInError } from '../../../../src/adapters/calendar/google/authErrors.ts';
import { EVENT_FIELDS, eventsPage, googleEvent } from '../../../../src/adapters/calendar/google/schema.ts';
import { toCalendarEvent } from '../../../../src/adapters/calendar/google/transform.ts';
import { parseAnswer } from '../../../../src/adapters/http.ts';
import { AppError } from '../../../../src/core/appError.ts';

const time = (dateTime: string, timeZone?: string) => ({ dateTime, ...(timeZone === undefined ? {} : { timeZone }) });
const ME = { email: 'ada@x.example', self: true };

const RAW = {
  kind: 'calendar#event',
  id: '7k3o0r',
  status: 'confirmed',
  summary: 'Design review',
  description: 'never read',
  start: time('2026-01-05T10:00:00+01:00', 'Europe/Berlin'),
  end: time('2026-01-05T11:00:00+01:00', 'Europe/Berlin'),
  iCalUID: '7k3o0r@google.com',
  organizer: { email: 'grace@x.example' },
  attendees: [
    { ...ME, responseStatus: 'accepted' },
    { email: 'grace@x.example', responseStatus: 'accepted' },
  ],
  eventType: 'default',
};

const read = (change: Record<string, unknown> = {}) => toCalendarEvent(googleEvent.parse({ ...RAW, ...change }));
const answered = (responseStatus: string) => ({ attendees: [{ ...ME, responseStatus }, { email: 'g@x.example' }] });

describe('an event of Google', () => {
  it('becomes a calendar event', () => {
    expect(read()).toEqual({
      id: '7k3o0r',
      iCalUId: '7k3o0r@google.com',
      subject: 'Design review',
      location: '',
      time: { kind: 'timed', start: Date.UTC(2026, 0, 5, 9), end: Date.UTC(2026, 0, 5, 10) },
      showAs: 'busy',
      isCancelled: false,
      responseStatus: 'accepted',
      sensitivity: 'normal',
      otherAttendees: 1,
      categories: [],
    });
  });

  it('may hold nothing but its id and times, as where only free or busy is shared', () => {
    const bare = { id: 'x', start: RAW.start, end: RAW.end };
    expect(toCalendarEvent(googleEvent.parse(bare))).toMatchObject({
      subject: '',
      iCalUId: '',
      showAs: 'busy',
      responseStatus: 'none',
      sensitivity: 'normal',
      otherAttendees: 0,
    });
  });

  it.each([
    [{ transparency: 'transparent' }, 'free'],
    [{ transparency: 'opaque' }, 'busy'],
    [{ status: 'tentative' }, 'tentative'],
    [{ status: 'tentative', transparency: 'transparent' }, 'free'],
    [answered('tentative'), 'tentative'],
    [answered('needsAction'), 'busy'],
    [{ eventType: 'outOfOffice' }, 'oof'],
    [{ eventType: 'focusTime' }, 'busy'],
    [{ eventType: 'fromGmail' }, 'busy'],
    [{ eventType: 'fromGmail', transparency: 'transparent' }, 'free'],
    [{ eventType: 'birthday' }, 'free'],
    [{ eventType: 'workingLocation', workingLocationProperties: { type: 'homeOffice' } }, 'workingElsewhere'],
    [{ eventType: 'workingLocation', workingLocationProperties: { type: 'customLocation' } }, 'workingElsewhere'],
    [{ eventType: 'workingLocation', workingLocationProperties: { type: 'officeLocation' } }, 'free'],
    [{ eventType: 'workingLocation' }, 'workingElsewhere'],
    [{ eventType: 'something new' }, 'busy'],
  ])('%o shows as %s', (change, showAs) => {
    expect(read(change).showAs).toBe(showAs);
  });

  it.each([
    [answered('needsAction'), 'notResponded'],
    [answered('declined'), 'declined'],
    [answered('tentative'), 'tentativelyAccepted'],
    [answered('accepted'), 'accepted'],
    [answered('something new'), 'none'],
    [{ attendees: undefined }, 'none'],
    [{ organizer: { self: true } }, 'organizer'],
    [{ organizer: { self: true }, ...answered('declined') }, 'declined'],
  ])('%o is the answer %s', (change, responseStatus) => {
    expect(read(change).responseStatus).toBe(responseStatus);
  });

  it.each([
    ['default', 'normal'],
    ['public', 'normal'],
    ['private', 'private'],
    ['confidential', 'confidential'],
    ['something new', 'private'],
  ])('28: visibility %s is %s', (visibility, sensitivity) => {
    expect(read({ visibility }).sensitivity).toBe(sensitivity);
  });

  it.each([
    ['nobody else', { organizer: { self: true }, attendees: [ME] }, 0],
    ['no attendees at all', { organizer: { self: true }, attendees: undefined }, 0],
    ['a room only', { organizer: { self: true }, attendees: [ME, { email: 'room', resource: true }] }, 0],
    ['two others', { organizer: { self: true }, attendees: [ME, { email: 'a' }, { email: 'b' }] }, 2],
    ["somebody else's with hidden guests", { attendees: [ME] }, 1],
    ['left-out guests', { organizer: { self: true }, attendees: [ME], attendeesOmitted: true }, 1],
  ])('27: counts the others: %s', (_name, change, others) => {
    expect(read(change).otherAttendees).toBe(others);
  });

  it('21 23: all-day events are dates, with an end that is exclusive', () => {
    const start = { date: '2026-01-05' };
    expect(read({ start, end: { date: '2026-01-07' } }).time).toEqual({
      kind: 'allDay',
      startDate: '2026-01-05',
      endDate: '2026-01-07',
    });
    expect(read({ start, end: start }).time).toMatchObject({ endDate: '2026-01-06' });
  });

  it('36: takes offsets as they are, and a zone beside a time without one', () => {
    const startOf = (start: unknown) => (read({ start }).time as { start: number }).start;
    expect(startOf(time('2026-03-29T03:30:00+02:00'))).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(startOf(time('2026-01-05T09:00:00.500Z'))).toBe(Date.UTC(2026, 0, 5, 9, 0, 0, 500));
    expect(startOf(time('2026-01-05T09:00:00', 'America/New_York'))).toBe(Date.UTC(2026, 0, 5, 14));
  });

  it.each([
    ['no times', { start: undefined }, 'start.dateTime'],
    ['no end', { end: null }, 'end.dateTime'],
    ['a time that is none', { start: time('yesterday') }, 'start.dateTime'],
    ['a zone nobody knows', { start: time('2026-01-05T09:00:00', 'Mars/Olympus') }, 'start.timeZone'],
    ['a date that is none', { start: { date: '2026-02-31x' } }, 'start.date'],
  ])('37: %s is an error, never midnight', (_name, change, reason) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: 'badResponse', reason }));
  });
});

describe('the answers of Google', () => {
  it('that do not parse name the field, not its value', () => {
    const broken = { items: [{ ...RAW, summary: { secret: 'x' } }] };
    expect(() => parseAnswer('Google Calendar', eventsPage, broken)).toThrow(/items\.0\.summary\.$/);
  });

  it('are asked for every field that is read, and no other', () => {
    for (const field of Object.keys(googleEvent.shape)) expect(EVENT_FIELDS).toContain(field);
    for (const field of ['description', 'hangoutLink', 'email']) expect(EVENT_FIELDS).not.toContain(field);
  });
});

describe('what a sign-in throws', () => {
  it('keeps nothing of what it held', () => {
    const thrown = Object.assign(new Error('token=secret'), {
      code: 'OAUTH_RESPONSE_BODY_ERROR',
      error: 'x',
      cause: 'secret',
    });
    const error = signInError(thrown);
    expect(error).toMatchObject({ code: 'serverError', reason: 'unexpected' });
    expect(`${error.message} ${String(error.cause)}`).not.toContain('secret');
  });

  it('leaves an AppError as it is', () => {
    const error = new AppError('locked', 'Locked.');
    expect(signInError(error)).toBe(error);
  });
});

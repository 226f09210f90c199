import { describe, expect, it } from 'vitest';
import { signInError } from '../../../../src/adapters/calendar/microsoft365/authErrors.ts';
import { claimsOf } from '../../../../src/adapters/calendar/microsoft365/client.ts';
import { graphEvent, graphPage, SELECT } from '../../../../src/adapters/calendar/microsoft365/schema.ts';
import { toCalendarEvent } from '../../../../src/adapters/calendar/microsoft365/transform.ts';
import { parseAnswer } from '../../../../src/adapters/http.ts';
import { AppError } from '../../../../src/core/appError.ts';

/** As Graph writes it, with `Prefer: outlook.timezone="UTC"`. */
const utc = (dateTime: string) => ({ dateTime: `${dateTime}.0000000`, timeZone: 'UTC' });
const person = (address: string) => ({ emailAddress: { name: address, address } });

const RAW = {
  '@odata.etag': 'W/"1"',
  id: 'AAMkAGI1',
  iCalUId: '040000008200E0',
  subject: 'Design review',
  location: { displayName: 'Room 4' },
  start: utc('2026-01-05T09:00:00'),
  end: utc('2026-01-05T10:00:00'),
  isAllDay: false,
  showAs: 'busy',
  isCancelled: false,
  isOrganizer: false,
  responseStatus: { response: 'accepted', time: '2026-01-02T09:00:00Z' },
  sensitivity: 'normal',
  attendees: [{ ...person('ada@x.example'), type: 'required', status: { response: 'none' } }],
  organizer: person('grace@x.example'),
  categories: ['Red'],
  originalStartTimeZone: 'W. Europe Standard Time',
};

const read = (change: Record<string, unknown> = {}, zone = 'Europe/Berlin') =>
  toCalendarEvent(graphEvent.parse({ ...RAW, ...change }), zone);

describe('an event of Graph', () => {
  it('becomes a calendar event', () => {
    expect(read()).toEqual({
      id: 'AAMkAGI1',
      iCalUId: '040000008200E0',
      subject: 'Design review',
      location: 'Room 4',
      time: { kind: 'timed', start: Date.UTC(2026, 0, 5, 9), end: Date.UTC(2026, 0, 5, 10) },
      showAs: 'busy',
      isCancelled: false,
      responseStatus: 'accepted',
      sensitivity: 'normal',
      otherAttendees: 1,
      categories: ['Red'],
    });
  });

  it('may hold nothing but its id and times', () => {
    const bare = { id: 'x', start: RAW.start, end: RAW.end };
    expect(toCalendarEvent(graphEvent.parse(bare), 'UTC')).toMatchObject({
      subject: '',
      location: '',
      iCalUId: '',
      showAs: 'unknown',
      responseStatus: 'none',
      sensitivity: 'normal',
      otherAttendees: 0,
      categories: [],
    });
    const empty = Object.fromEntries(Object.keys(RAW).map((key) => [key, null]));
    expect(read({ ...empty, ...bare })).toMatchObject({ showAs: 'unknown', isCancelled: false });
  });

  it('20: takes words that nobody knows yet', () => {
    expect(read({ showAs: 'sleeping' }).showAs).toBe('unknown');
    expect(read({ responseStatus: { response: 'maybe' } }).responseStatus).toBe('none');
    expect(read({ sensitivity: 'topSecret' }).sensitivity).toBe('private');
  });

  it.each([
    ['my own, alone', { isOrganizer: true, organizer: person('ada@x.example'), attendees: [] }, 0],
    [
      'my own, with two',
      {
        isOrganizer: true,
        organizer: person('ada@x.example'),
        attendees: [person('b@x.example'), person('C@x.example')],
      },
      2,
    ],
    [
      'my own, listed twice',
      { isOrganizer: true, organizer: person('ada@x.example'), attendees: [person('ADA@x.example')] },
      0,
    ],
    [
      'my own, with a room',
      {
        isOrganizer: true,
        organizer: person('ada@x.example'),
        attendees: [{ ...person('r@x.example'), type: 'resource' }],
      },
      0,
    ],
    ['theirs, attendees hidden', { attendees: [] }, 1],
    ['theirs, with me and one more', { attendees: [person('ada@x.example'), person('b@x.example')] }, 2],
  ])('27: counts the others: %s', (_name, change, expected) => {
    expect(read(change).otherAttendees).toBe(expected);
  });
});

describe('the times of Graph', () => {
  const timed = (start: object) => {
    const { time } = read({ start });
    return time.kind === 'timed' ? new Date(time.start).toISOString() : time;
  };

  it.each([
    ['seven digits, UTC', { dateTime: '2026-01-05T09:00:00.1234567', timeZone: 'UTC' }, '2026-01-05T09:00:00.123Z'],
    ['no fraction', { dateTime: '2026-01-05T09:00:00', timeZone: 'UTC' }, '2026-01-05T09:00:00.000Z'],
    ['its own Z', { dateTime: '2026-01-05T09:00:00Z', timeZone: '' }, '2026-01-05T09:00:00.000Z'],
    [
      '37: a Windows zone',
      { dateTime: '2026-01-05T09:00:00.0000000', timeZone: 'Pacific Standard Time' },
      '2026-01-05T17:00:00.000Z',
    ],
    [
      'an IANA zone',
      { dateTime: '2026-07-06T09:00:00.0000000', timeZone: 'Europe/Berlin' },
      '2026-07-06T07:00:00.000Z',
    ],
    [
      '36: an hour that was skipped',
      { dateTime: '2026-03-29T02:30:00.0000000', timeZone: 'Europe/Berlin' },
      '2026-03-29T01:30:00.000Z',
    ],
  ])('%s', (_name, start, expected) => {
    expect(timed(start)).toBe(expected);
  });

  it.each([
    [
      'a zone that nobody knows',
      { dateTime: '2026-01-05T09:00:00.0000000', timeZone: 'Customized Time Zone' },
      'start.timeZone',
    ],
    ['no zone', { dateTime: '2026-01-05T09:00:00.0000000', timeZone: '' }, 'start.timeZone'],
    ['a time that is none', { dateTime: 'tomorrow', timeZone: 'UTC' }, 'start.dateTime'],
    ['a month that is none', { dateTime: '2026-13-05T09:00:00', timeZone: 'UTC' }, 'start.dateTime'],
  ])('37: %s is an error that names the field, never midnight', (_name, start, reason) => {
    expect(() => read({ start })).toThrow(expect.objectContaining({ code: 'badResponse', reason }));
  });

  it.each<[string, string, string, string, string]>([
    ['as dates', '2026-01-05T00:00:00', '2026-01-06T00:00:00', 'W. Europe Standard Time', 'Europe/Berlin'],
    ['shifted from Berlin', '2026-01-04T23:00:00', '2026-01-05T23:00:00', 'W. Europe Standard Time', 'Europe/Berlin'],
    [
      'shifted from Berlin, read in Los Angeles',
      '2026-01-04T23:00:00',
      '2026-01-05T23:00:00',
      'W. Europe Standard Time',
      'America/Los_Angeles',
    ],
    [
      'shifted from Los Angeles',
      '2026-01-05T08:00:00',
      '2026-01-06T08:00:00',
      'Pacific Standard Time',
      'Europe/Berlin',
    ],
    [
      'shifted from Auckland',
      '2026-01-04T11:00:00',
      '2026-01-05T11:00:00',
      'New Zealand Standard Time',
      'Europe/Berlin',
    ],
    [
      'shifted from the person’s own zone, which Graph does not name',
      '2026-01-04T11:00:00',
      '2026-01-05T11:00:00',
      'tzone://Microsoft/Custom',
      'Pacific/Auckland',
    ],
    [
      'shifted from nobody knows where',
      '2026-01-04T23:00:00',
      '2026-01-05T23:00:00',
      'tzone://Microsoft/Custom',
      'America/New_York',
    ],
    ['without an end of its own', '2026-01-05T00:00:00', '2026-01-05T00:00:00', 'UTC', 'UTC'],
  ])('38: all-day, %s', (_name, start, end, originalStartTimeZone, zone) => {
    const { time } = read({ isAllDay: true, start: utc(start), end: utc(end), originalStartTimeZone }, zone);
    expect(time).toEqual({ kind: 'allDay', startDate: '2026-01-05', endDate: '2026-01-06' });
  });

  it('36: an all-day event over a change of daylight saving keeps its dates', () => {
    const change = { isAllDay: true, start: utc('2026-03-28T23:00:00'), end: utc('2026-03-29T22:00:00') };
    expect(read(change).time).toEqual({ kind: 'allDay', startDate: '2026-03-29', endDate: '2026-03-30' });
  });
});

describe('a page of Graph', () => {
  it('names the field that is wrong, not its value', () => {
    const page = { value: [RAW, { ...RAW, isAllDay: 'Secret plans' }] };
    const parse = () => parseAnswer('Microsoft 365', graphPage, page);
    expect(parse).toThrow(expect.objectContaining({ code: 'badResponse', reason: 'value.1.isAllDay' }));
    expect(parse).not.toThrow(/Secret/);
  });

  it('asks for what Calendars.ReadBasic may read, and for no body', () => {
    expect(SELECT).toEqual(
      expect.arrayContaining(['id', 'iCalUId', 'start', 'end', 'showAs', 'originalStartTimeZone']),
    );
    expect(SELECT).not.toEqual(expect.arrayContaining(['body']));
    expect(SELECT).not.toEqual(expect.arrayContaining(['bodyPreview']));
  });
});

describe('a claims challenge', () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1767603600"}}}';
  const header = (value: string) => `Bearer realm="", client_id="x", error="insufficient_claims", claims="${value}"`;

  it('is read from the header', () => {
    expect(claimsOf(header(Buffer.from(claims).toString('base64')))).toBe(claims);
    expect(claimsOf(header(Buffer.from(claims).toString('base64url')))).toBe(claims);
  });

  it.each([
    ['none', null],
    ['another error', 'Bearer error="invalid_token", claims="e30="'],
    ['no claims', 'Bearer error="insufficient_claims"'],
    ['claims that are none', header('AAAA')],
  ])('%s is none', (_name, value) => {
    expect(claimsOf(value)).toBeNull();
  });
});

describe('an error of MSAL', () => {
  const none = { refusal: null, failure: null };
  const thrown = (errorCode: string, more: object = {}) =>
    Object.assign(new Error('ada@x.example'), { errorCode, ...more });

  it.each([
    [thrown('invalid_grant', { errorNo: 65001 }), 'forbidden', 'consentRequired'],
    [thrown('access_denied', { errorMessage: 'AADSTS90094: …' }), 'forbidden', 'consentRequired'],
    [thrown('invalid_grant', { subError: 'consent_required' }), 'forbidden', 'consentRequired'],
    [thrown('access_denied', { errorMessage: 'access_denied: AADSTS53003: …' }), 'forbidden', 'conditionalAccess'],
    [thrown('invalid_grant', { errorNo: '530003' }), 'forbidden', 'conditionalAccess'],
    [thrown('invalid_grant', { errorNo: 50105 }), 'forbidden', 'notAssigned'],
    [thrown('invalid_client', { errorNo: 7000218 }), 'invalidInput', 'notConfigured'],
    [thrown('invalid_grant', { subError: 'bad_token' }), 'unauthorized', 'interactionRequired'],
    [thrown('no_tokens_found'), 'unauthorized', 'interactionRequired'],
    [thrown('access_denied', { errorMessage: 'AADSTS65004: …' }), 'cancelled', null],
    [thrown('access_denied'), 'cancelled', null],
    [thrown('device_code_expired'), 'timeout', 'codeExpired'],
    [thrown('temporarily_unavailable'), 'unavailable', null],
    [thrown('state_mismatch'), 'serverError', 'state_mismatch'],
    ['a string', 'serverError', 'unexpected'],
  ])('%# is %s, %s; and names nobody', (error, code, reason) => {
    const found = signInError(error, none);
    expect(found).toMatchObject({ code, reason });
    expect(`${found.message}${found.cause instanceof Error ? found.cause.message : ''}`).not.toContain('ada@x.example');
  });

  it('is what the service refused last, where MSAL kept too little', () => {
    const refusal = { error: 'authorization_declined', suberror: '', numbers: [] };
    expect(signInError(thrown('post_request_failed'), { refusal, failure: null })).toMatchObject({ code: 'cancelled' });
  });

  it('is the failure of the network behind it', () => {
    const failure = new AppError('network', 'Unreachable.');
    expect(signInError(thrown('network_error'), { refusal: null, failure })).toBe(failure);
    expect(signInError(failure, none)).toBe(failure);
  });
});

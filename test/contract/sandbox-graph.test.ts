import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EventInput, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { judge, loadContracts } from './specs.ts';

const contracts = loadContracts();
const DAY = { startDateTime: '2026-01-05T00:00:00Z', endDateTime: '2026-01-06T00:00:00Z' };
const SCOPES = ['User.Read', 'Calendars.ReadBasic', 'MailboxSettings.Read'];

interface GraphEvent {
  id: string;
  subject: string;
  start: { dateTime: string; timeZone: string };
  [name: string]: unknown;
}
interface Answer {
  status: number;
  headers: Headers;
  body: { value: GraphEvent[]; error: { code: string }; '@odata.nextLink'?: string; [name: string]: unknown };
}

let sandbox: Sandbox;
let agent: Agent;
let token: string;

/** A token, the short way. */
async function issue(scopes: readonly string[] = SCOPES): Promise<string> {
  const [account] = sandbox.entra.accounts;
  if (!account) throw new Error('no account');
  const grant = { account, clientId: sandbox.known.clientId, scopes, cp1: true };
  return (await sandbox.entra.tokens.issue(grant, { issuer: sandbox.urls.entra, clientInfo: false })).access_token;
}

async function get(path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const url = path.startsWith('https:') ? path : `${sandbox.urls.graph}${path}?${new URLSearchParams(query)}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers }, dispatcher: agent });
  return { status: answer.status, headers: answer.headers, body: await answer.json() } as unknown as Answer;
}

const view = (query: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  get('/me/calendarView', { ...DAY, ...query }, headers);
const at = (time: string) => new Date(`2026-01-05T${time}Z`);
const add = (from: string, to: string, rest: Partial<EventInput> = {}) =>
  sandbox.graph.addEvent({ start: at(from), end: at(to), ...rest });

beforeAll(async () => {
  sandbox = await startSandbox({ slack: false });
  agent = new Agent({ connect: { ca: sandbox.certificate.cert } });
});
afterAll(async () => {
  await agent.close();
  await sandbox.close();
});
beforeEach(async () => {
  sandbox.graph.clear();
  sandbox.graph.clearFaults();
  sandbox.clearExchanges();
  token = await issue();
});
// Whatever a test does, no answer may leave the contract.
afterEach(() => {
  expect(sandbox.exchanges.length).toBeGreaterThan(0);
  expect(judge(contracts, sandbox.exchanges, 'answer')).toEqual([]);
});

describe('calendarView', () => {
  it('says an event as Graph does', async () => {
    add('09:00', '10:00', {
      id: 'e1',
      subject: 'Review',
      showAs: 'oof',
      sensitivity: 'private',
      responseStatus: 'tentativelyAccepted',
      categories: ['Red'],
      attendees: [{ email: 'grace@contoso.example', response: 'accepted' }],
      type: 'occurrence',
      isOnlineMeeting: true,
    });
    const [event] = (await view({}, { prefer: 'IdType="ImmutableId"' })).body.value;
    expect(event).toMatchObject({
      id: 'e1',
      subject: 'Review',
      showAs: 'oof',
      sensitivity: 'private',
      responseStatus: { response: 'tentativelyAccepted' },
      categories: ['Red'],
      attendees: [{ emailAddress: { address: 'grace@contoso.example' }, status: { response: 'accepted' } }],
      start: { dateTime: '2026-01-05T09:00:00.0000000', timeZone: 'UTC' },
      end: { dateTime: '2026-01-05T10:00:00.0000000', timeZone: 'UTC' },
    });
    expect(judge(contracts, sandbox.exchanges)).toEqual([]);
  });

  it('holds what touches the window, and nothing else', async () => {
    add('00:00', '00:30', { subject: 'first' });
    sandbox.graph.addEvent({ subject: 'over midnight', start: new Date('2026-01-04T23:00Z'), end: at('00:10') });
    sandbox.graph.addEvent({ subject: 'ends at its start', start: new Date('2026-01-04T23:00Z'), end: at('00:00') });
    sandbox.graph.addEvent({
      subject: 'at its end',
      start: new Date('2026-01-06T00:00Z'),
      end: new Date('2026-01-06T01:00Z'),
    });
    add('12:00', '12:00', { subject: 'no length' });
    const subjects = (await view()).body.value.map(({ subject }) => subject);
    expect(subjects).toEqual(['over midnight', 'first', 'no length']);
  });

  it.each([
    [{ startDateTime: DAY.startDateTime }, 'ErrorInvalidParameter'],
    [{ endDateTime: DAY.endDateTime }, 'ErrorInvalidParameter'],
    [{ startDateTime: 'today', endDateTime: 'tomorrow' }, 'ErrorInvalidParameter'],
    [{ startDateTime: DAY.endDateTime, endDateTime: DAY.startDateTime }, 'ErrorInvalidParameter'],
  ])('refuses the window %o', async (query, code) => {
    const answer = await get('/me/calendarView', query as Record<string, string>);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });

  it('reads the window by its own offset, whatever the preferred zone', async () => {
    add('01:00', '02:00', { subject: 'early' });
    const query = { startDateTime: '2026-01-05T03:30:00+02:00', endDateTime: '2026-01-05T04:00:00+02:00' };
    const prefer = 'outlook.timezone="Pacific Standard Time"';
    const answer = await get('/me/calendarView', query, { prefer });
    expect(answer.headers.get('preference-applied')).toBe(prefer);
    expect(answer.body.value[0]?.start).toEqual({
      dateTime: '2026-01-04T17:00:00.0000000',
      timeZone: 'Pacific Standard Time',
    });
  });

  it('reads a window without an offset as UTC', async () => {
    add('09:00', '10:00', { subject: 'here' });
    const subjects = async (startDateTime: string, endDateTime: string) =>
      (await get('/me/calendarView', { startDateTime, endDateTime })).body.value.map(({ subject }) => subject);
    expect(await subjects('2026-01-05T09:30:00', '2026-01-05T09:45:00.0000000')).toEqual(['here']);
    expect(await subjects('2026-01-05T10:00:00', '2026-01-05T11:00:00')).toEqual([]);
  });

  it('refuses a zone that does not exist', async () => {
    const answer = await view({}, { prefer: 'outlook.timezone="Nowhere Standard Time"' });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'TimeZoneNotSupportedException']);
  });

  it('shifts an all-day event of another zone when asked in UTC', async () => {
    const start = new Date('2026-01-04T23:00Z'); // midnight in Berlin
    sandbox.graph.addEvent({ start, end: new Date('2026-01-05T23:00Z'), isAllDay: true, timeZone: 'Europe/Berlin' });
    const starts = async (zone: string) =>
      (await view({}, { prefer: `outlook.timezone="${zone}"` })).body.value[0]?.start.dateTime;
    expect(await starts('UTC')).toBe('2026-01-04T23:00:00.0000000');
    expect(await starts('W. Europe Standard Time')).toBe('2026-01-05T00:00:00.0000000');
  });

  it('gives ten at a time and the rest behind nextLink, with no event lost or twice', async () => {
    for (let n = 0; n < 23; n += 1) add('09:00', '10:00', { id: `e${String(n).padStart(2, '0')}` });
    const prefer = { prefer: 'IdType="ImmutableId"' };
    const sizes: number[] = [];
    const ids = new Set<string>();
    let next: string | undefined;
    do {
      const answer: Answer = next ? await get(next, {}, prefer) : await view({}, prefer);
      sizes.push(answer.body.value.length);
      for (const { id } of answer.body.value) ids.add(id);
      next = answer.body['@odata.nextLink'];
    } while (next);
    expect(sizes).toEqual([10, 10, 3]);
    expect(ids.size).toBe(23);
    expect(judge(contracts, sandbox.exchanges)).toEqual([]);
  });

  it('honours $top and odata.maxpagesize, and refuses what is no page size', async () => {
    for (let n = 0; n < 5; n += 1) add('09:00', '10:00');
    expect((await view({ $top: '2' })).body.value).toHaveLength(2);
    expect((await view({}, { prefer: 'odata.maxpagesize=3' })).body.value).toHaveLength(3);
    expect((await view({ $top: '5' })).body['@odata.nextLink']).toBeUndefined();
    for (const $top of ['0', '1001', 'ten']) expect((await view({ $top })).status).toBe(400);
    expect((await view({ $skiptoken: 'invented' })).status).toBe(400);
  });

  it('gives only selected fields, and refuses a field that does not exist', async () => {
    add('09:00', '10:00', { subject: 'Review' });
    const [event] = (await view({ $select: 'showAs,start' })).body.value;
    expect(Object.keys(event ?? {}).sort()).toEqual(['@odata.etag', 'id', 'showAs', 'start']);
    expect((await view({ $select: 'showAs,mood' })).body.error.code).toBe('RequestBroker--ParseUri');
  });

  it('changes an id when the event moves, unless immutable ids are asked for', async () => {
    const id = add('09:00', '10:00');
    const ids = async (prefer?: string) => (await view({}, prefer ? { prefer } : {})).body.value.map((e) => e.id);
    const before = await ids();
    sandbox.graph.moveEvent(id);
    expect(await ids()).not.toEqual(before);
    expect(await ids('outlook.timezone="UTC", IdType="ImmutableId"')).toEqual([id]);
  });

  it('follows what happens to an event', async () => {
    const id = add('09:00', '10:00');
    const etag = async () => (await view()).body.value.map((event) => event['@odata.etag']);
    const before = await etag();
    await new Promise((resolve) => setTimeout(resolve, 2)); // its version is the time of the change
    sandbox.graph.updateEvent(id, { isCancelled: true });
    expect((await view()).body.value[0]?.['isCancelled']).toBe(true);
    expect(await etag()).not.toEqual(before);
    sandbox.graph.removeEvent(id);
    expect(await etag()).toEqual([]);
  });

  it('keeps calendars apart', async () => {
    sandbox.graph.addCalendar({ id: 'team', name: 'Team' });
    add('09:00', '10:00', { subject: 'own' });
    add('09:00', '10:00', { subject: 'team', calendar: 'team' });
    const list = (await get('/me/calendars')).body.value;
    expect(list.map((calendar) => [calendar['name'], calendar['isDefaultCalendar']])).toEqual([
      ['Calendar', true],
      ['Team', false],
    ]);
    const subjects = async (path: string) => (await get(path, DAY)).body.value.map(({ subject }) => subject);
    expect(await subjects('/me/calendars/team/calendarView')).toEqual(['team']);
    expect(await subjects(`/me/calendars/${encodeURIComponent(list[0]?.id ?? '')}/calendarView`)).toEqual(['own']);
    expect(await subjects('/me/calendar/calendarView')).toEqual(['own']);
    expect((await get('/me/calendars/none/calendarView', DAY)).status).toBe(404);
    expect(judge(contracts, sandbox.exchanges)).toEqual([]);
  });
});

describe('the rest of the mailbox', () => {
  it('knows who is signed in, and the mailbox zone', async () => {
    sandbox.graph.setMailboxZone('W. Europe Standard Time');
    expect((await get('/me')).body).toMatchObject({ mail: 'ada@contoso.example', surname: 'Lovelace' });
    expect((await get('/me', { $select: 'mail' })).body).not.toHaveProperty('surname');
    expect((await get('/me/mailboxSettings')).body).toHaveProperty('timeZone', 'W. Europe Standard Time');
    expect(judge(contracts, sandbox.exchanges)).toEqual([]);
  });
});

describe('the door', () => {
  it('lets nobody in without a good token', async () => {
    expect((await view({}, { authorization: '' })).status).toBe(401);
    expect((await view({}, { authorization: 'Bearer invented' })).body.error.code).toBe('InvalidAuthenticationToken');
    sandbox.entra.tokens.expireAccessTokens();
    expect((await view()).headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  it('asks for the scope', async () => {
    token = await issue(['User.Read']);
    expect((await view()).body.error.code).toBe('ErrorAccessDenied');
    expect((await get('/me')).status).toBe(200);
  });

  it('throttles and fails on demand, as often as told', async () => {
    sandbox.graph.throttle(7);
    sandbox.graph.outage(2, 504);
    const first = await view();
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
    expect([(await view()).status, (await view()).status, (await view()).status]).toEqual([504, 504, 200]);
  });

  it('drops the connection on demand, only where it matches', async () => {
    sandbox.graph.fail({ match: { path: /calendarView$/ }, drop: true });
    expect((await get('/me')).status).toBe(200);
    await expect(view()).rejects.toThrow('fetch failed');
    expect(sandbox.exchanges.at(-1)).toMatchObject({ status: 0, injected: true });
    expect((await view()).status).toBe(200);
  });

  it('knows no other address', async () => {
    expect((await get('/me/messages')).status).toBe(404);
  });
});

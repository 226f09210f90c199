import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { judgeAll } from './graph-unfold.ts';
import { loadContracts } from './specs.ts';

const contracts = loadContracts();
const DAY = 'startDateTime=2026-01-05T00:00:00Z&endDateTime=2026-01-06T00:00:00Z';

interface Body {
  value: Record<string, unknown>[];
  responses: { id: string; status: number; headers: Record<string, string>; body: Body }[];
  error: { code: string };
  access_token: string;
  '@odata.nextLink'?: string;
  [name: string]: unknown;
}
interface Answer {
  status: number;
  body: Body;
}

let sandbox: Sandbox;
let agent: Agent;
let token: string;

async function ask(url: string, init: Record<string, unknown> = {}): Promise<Answer> {
  const answer = await fetch(url, { dispatcher: agent, ...init });
  return { status: answer.status, body: (await answer.json()) as Body };
}

function signIn(change: Record<string, string> = {}, tenant = sandbox.known.app.tenantId): Promise<Answer> {
  const { clientId, secret } = sandbox.known.app;
  const scope = 'https://graph.microsoft.com/.default';
  const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret, scope, ...change };
  const body = new URLSearchParams(fields).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return ask(`${sandbox.urls.entra}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body, headers });
}

const get = (path: string, headers: Record<string, string> = {}) =>
  ask(path.startsWith('https:') ? path : `${sandbox.urls.graph}${path}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
const post = (path: string, json: unknown) =>
  ask(`${sandbox.urls.graph}${path}`, {
    method: 'POST',
    body: JSON.stringify(json),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
const batch = (urls: readonly string[]) =>
  post('/$batch', { requests: urls.map((url, place) => ({ id: String(place), method: 'GET', url })) });
const view = (number: number) => `/users/${sandbox.graph.organisation.address(number)}/calendarView?${DAY}`;

beforeAll(async () => {
  sandbox = await startSandbox({ slack: false, organisation: { people: 10_000 } });
  agent = new Agent({ connect: { ca: sandbox.certificate.cert } });
});
afterAll(async () => {
  await agent.close();
  await sandbox.close();
});
beforeEach(async () => {
  sandbox.graph.organisation.clear();
  sandbox.clearExchanges();
  token = (await signIn()).body.access_token;
});
afterEach(() => {
  expect(judgeAll(contracts, sandbox.exchanges, 'answer')).toEqual([]);
});

describe('an application that signs in as itself', () => {
  it('is refused as Entra does it, and leaves no secret in the journal', async () => {
    const refused = await Promise.all([
      signIn({ client_secret: 'wrong' }),
      signIn({ client_id: 'other' }),
      signIn({ scope: 'https://graph.microsoft.com/Calendars.Read' }),
      signIn({}, 'other.example'),
    ]);
    expect(refused.map(({ status, body }) => [status, body['error_codes']])).toEqual([
      [401, [7000215]],
      [400, [700016]],
      [400, [1002012]],
      [400, [90002]],
    ]);
    expect((await signIn({}, sandbox.known.app.domain)).status).toBe(200);
    expect(JSON.stringify(sandbox.exchanges)).not.toContain(sandbox.known.app.secret);
  });

  it('needs a token that is good, and permissions that were granted', async () => {
    sandbox.entra.apps.expire();
    expect((await get('/users')).status).toBe(401);
    token = 'made-up';
    expect((await get('/users')).status).toBe(401);
    // A person's page is no page of an application.
    token = (await signIn()).body.access_token;
    expect((await get('/me')).status).toBe(401);
  });
});

describe('its people', () => {
  it('are listed in pages', async () => {
    const first = await get(`/users?$filter=userType eq 'Member'&$select=id,mail,accountEnabled&$top=999`);
    expect(first.body.value).toHaveLength(999);
    expect(Object.keys(first.body.value[0] ?? {}).sort()).toEqual(['accountEnabled', 'id', 'mail']);
    const all = new Set<unknown>();
    for (let next: string | undefined = `${sandbox.urls.graph}/users?$top=999`; next !== undefined; ) {
      const { body } = await get(next);
      for (const { mail } of body.value) all.add(mail);
      next = body['@odata.nextLink'];
    }
    expect(all.size).toBe(10_000);
    sandbox.clearExchanges();
    expect((await get('/users?$top=1000')).status).toBe(400);
  });

  it('are members of a group, asked for as an advanced query', async () => {
    const { organisation } = sandbox.graph;
    organisation.resizeGroup(3);
    const path = `/groups/${organisation.group}/transitiveMembers/microsoft.graph.user?$count=true`;
    expect((await get(path, { consistencylevel: 'eventual' })).body.value).toHaveLength(3);
    expect((await get(path)).status).toBe(400);
    expect((await get('/groups/other/transitiveMembers/microsoft.graph.user')).status).toBe(404);
  });

  it('have the same calendar each time, and another than others', async () => {
    const [one, again, other] = await Promise.all([get(view(1)), get(view(1)), get(view(2))]);
    expect(one.body.value.length).toBeGreaterThan(0);
    expect(again.body.value).toEqual(one.body.value);
    expect(other.body.value).not.toEqual(one.body.value);
    expect((await get(view(10_000))).status).toBe(404);
  });

  it('have a zone of their own', async () => {
    const { organisation } = sandbox.graph;
    organisation.setZone(organisation.address(7), 'Pacific Standard Time');
    const { body } = await get(`/users/${organisation.address(7)}/mailboxSettings?$select=timeZone`);
    expect(body['timeZone']).toBe('Pacific Standard Time');
    expect(body['language']).toBeUndefined();
  });
});

describe('getSchedule', () => {
  const ask20 = (addresses: readonly string[]) =>
    post(`/users/${sandbox.graph.organisation.address(0)}/calendar/getSchedule`, {
      schedules: addresses,
      startTime: { dateTime: '2026-01-05T00:00:00', timeZone: 'UTC' },
      endTime: { dateTime: '2026-01-06T00:00:00', timeZone: 'UTC' },
      availabilityViewInterval: 30,
    });

  it('says when each is busy, or what is wrong with the one', async () => {
    const { organisation } = sandbox.graph;
    const at = (time: string) => new Date(`2026-01-05T${time}Z`);
    organisation.setEvents(organisation.address(1), [
      { subject: 'Secret', start: at('09:00'), end: at('10:00') },
      { start: at('10:00'), end: at('11:00'), showAs: 'free' },
      { start: at('11:00'), end: at('12:00'), responseStatus: 'declined' },
    ]);
    const { body } = await ask20([organisation.address(1), 'nobody@fabrikam.example']);
    expect(body.value[0]).toMatchObject({
      scheduleId: organisation.address(1),
      availabilityView: `${'0'.repeat(18)}22${'0'.repeat(28)}`,
      scheduleItems: [{ status: 'busy', start: { dateTime: '2026-01-05T09:00:00.0000000', timeZone: 'UTC' } }],
    });
    expect(body.value[1]).toMatchObject({ error: { responseCode: 'ErrorMailRecipientNotFound' } });
  });

  it('takes twenty at most', async () => {
    const addresses = Array.from({ length: 21 }, (_, number) => sandbox.graph.organisation.address(number));
    expect((await ask20(addresses.slice(1))).body.value).toHaveLength(20);
    expect((await ask20(addresses)).status).toBe(400);
  });
});

describe('$batch', () => {
  it('answers each request by itself', async () => {
    const { organisation } = sandbox.graph;
    organisation.fail(organisation.address(1), { status: 429, retryAfterSeconds: 2.128 });
    organisation.fail(organisation.address(2), { status: 404, code: 'MailboxNotEnabledForRESTAPI' });
    const { status, body } = await batch([view(0), view(1), view(2), '/nothing']);
    expect(status).toBe(200);
    const answers = new Map(body.responses.map((answer) => [answer.id, answer]));
    expect(['0', '1', '2', '3'].map((id) => answers.get(id)?.status)).toEqual([200, 429, 404, 404]);
    expect(answers.get('1')?.headers['retry-after']).toBe('2.128');
    expect(answers.get('2')?.body.error.code).toBe('MailboxNotEnabledForRESTAPI');
    expect((await get(view(1))).status).toBe(200);
  });

  it('takes twenty at most, and lets four at once through to one mailbox', async () => {
    expect((await batch(Array.from({ length: 21 }, (_, number) => view(number)))).status).toBe(400);
    const { body } = await batch(Array.from({ length: 6 }, () => view(1)));
    expect(body.responses.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429, 429]);
  });

  it('is throttled as a whole on demand, and for some mailboxes forbidden', async () => {
    const { organisation } = sandbox.graph;
    organisation.throttleAll(30, 1);
    const statuses = async () => (await batch([view(0), view(1)])).body.responses.map(({ status }) => status);
    expect(await statuses()).toEqual([429, 429]);
    expect(await statuses()).toEqual([200, 200]);
    organisation.limitTo([organisation.address(1)]);
    expect((await statuses()).sort()).toEqual([200, 403]);
  });
});

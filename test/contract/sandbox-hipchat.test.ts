import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HipchatSandbox, startHipchat } from '../../src/sandbox/hipchat.ts';
import { judge, loadContracts } from './specs.ts';

const contracts = loadContracts();
const ADA = 'ada@contoso.example';

const TOKEN = 'the token of ada'.replaceAll(' ', '-');
const now = () => clock;

let hipchat: HipchatSandbox;
let clock = Date.UTC(2026, 0, 5, 9);

beforeEach(async () => {
  const users = [{ id: 42, name: 'Ada Lovelace', email: ADA, mention_name: 'Ada', title: 'Engineer' }];
  hipchat = await startHipchat({ now, users, tokens: { [TOKEN]: { user: 42 } } });
});
afterEach(async () => {
  const findings = judge(contracts, hipchat.journal.exchanges, 'answer');
  await hipchat.close();
  expect(findings).toEqual([]);
});

async function call(method: string, path: string, body?: unknown, token = TOKEN) {
  const answer = await fetch(`${hipchat.url}/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const get = (path = `/user/${ADA}`) => call('GET', path);
const put = (body: unknown, path = `/user/${encodeURIComponent(ADA)}`) => call('PUT', path, body);
const whole = (change: Record<string, unknown> = {}) => ({
  name: 'Ada Lovelace',
  email: ADA,
  mention_name: 'Ada',
  title: 'Engineer',
  timezone: 'Europe/Berlin',
  is_group_admin: false,
  presence: { show: 'dnd', status: 'In a meeting' },
  ...change,
});

describe('reading a user', () => {
  it.each(['/user/ada@contoso.example', '/user/ada%40contoso.example', '/user/42', '/user/@Ada'])(
    'finds %s',
    async (path) => {
      expect((await get(path)).body).toMatchObject({ id: 42, email: ADA, presence: { show: 'chat', status: '' } });
      expect(judge(contracts, hipchat.journal.exchanges)).toEqual([]);
    },
  );

  it('shows what the person set, and null when offline', async () => {
    hipchat.setPresence(ADA, 'xa', 'Lunch');
    expect((await get()).body.presence).toMatchObject({ show: 'xa', status: 'Lunch', is_online: true });
    hipchat.goOffline(ADA);
    expect((await get()).body.presence).toBeNull();
  });
});

describe('writing a user', () => {
  it('takes the whole user and answers nothing', async () => {
    const answer = await put(whole());
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(hipchat.user(ADA)).toEqual({ id: 42, ...whole() });
    expect(judge(contracts, hipchat.journal.exchanges)).toEqual([]);
  });

  it('replaces it: what the body leaves out goes back to its default', async () => {
    hipchat.setUser(ADA, { title: 'Countess', timezone: 'Europe/London', is_group_admin: true });
    await put({ name: 'Ada', email: ADA, mention_name: 'Ada' });
    expect(hipchat.user(ADA)).toMatchObject({ name: 'Ada', title: '', timezone: 'UTC', is_group_admin: false });
  });

  it('makes a person available by a null show, as the first HipStatus did', async () => {
    hipchat.setPresence(ADA, 'dnd', 'Busy');
    await put(whole({ presence: { show: null, status: '' } }));
    expect(hipchat.user(ADA).presence).toEqual({ show: 'chat', status: '' });
  });

  it('leaves the presence alone when the body does not speak of it, and cannot bring a person online', async () => {
    hipchat.setPresence(ADA, 'away', 'Out');
    const { presence: _none, ...silent } = whole();
    await put(silent);
    expect(hipchat.user(ADA).presence).toEqual({ show: 'away', status: 'Out' });
    hipchat.goOffline(ADA);
    expect((await put(whole())).status).toBe(204);
    expect(hipchat.user(ADA).presence).toBeNull();
  });

  it.each([
    ['no name', { name: undefined }],
    ['no mention_name', { mention_name: undefined }],
    ['no email', { email: undefined }],
    ['an email that is none', { email: 'ada' }],
    ['an unknown show', { presence: { show: 'busy' } }],
    ['a status that is no text', { presence: { show: 'dnd', status: 7 } }],
    ['a zone that does not exist', { timezone: 'Mars/Base' }],
    ['a text for a flag', { is_group_admin: 'yes' }],
  ])('refuses a body with %s and changes nothing', async (_name, change) => {
    const before = hipchat.user(ADA);
    expect((await put(whole(change))).status).toBe(400);
    expect(hipchat.user(ADA)).toEqual(before);
  });

  it('lets a person edit only themselves, unless they are an administrator', async () => {
    await hipchat.close();
    const users = [
      { id: 1, name: 'Ada', email: ADA },
      { id: 2, name: 'Grace', email: 'grace@contoso.example' },
    ];
    hipchat = await startHipchat({
      now,
      users,
      tokens: { [TOKEN]: { user: 1 }, read: { user: 1, scopes: ['view_group'] } },
    });
    const grace = whole({ name: 'Grace', mention_name: 'Grace', email: 'grace@contoso.example' });
    expect((await put(grace, '/user/2')).status).toBe(403);
    hipchat.setUser(1, { is_group_admin: true });
    expect((await put(grace, '/user/2')).status).toBe(204);
    expect((await call('PUT', '/user/1', whole(), 'read')).status).toBe(403);
  });
});

describe('the door', () => {
  it('refuses unknown and rejected tokens', async () => {
    expect((await call('GET', `/user/${ADA}`, undefined, 'invented')).status).toBe(401);
    hipchat.rejectToken(TOKEN);
    expect((await get()).body.error).toMatchObject({ code: 401, type: 'Unauthorized' });
    hipchat.addToken('fresh', 42);
    expect((await call('GET', `/user/${ADA}`, undefined, 'fresh')).status).toBe(200);
  });

  it('does not find who is not there', async () => {
    expect((await get('/user/nobody@contoso.example')).status).toBe(404);
    hipchat.removeUser(ADA);
    expect((await get()).status).toBe(404);
  });

  it('counts calls and lets go when the five minutes are over', async () => {
    hipchat.setRemaining(1);
    expect((await get()).headers.get('x-ratelimit-remaining')).toBe('0');
    const limited = await get();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '300']);
    expect(limited.headers.get('x-ratelimit-reset')).toBe(String(clock / 1000 + 300));
    clock += 300_000;
    expect((await get()).headers.get('x-ratelimit-remaining')).toBe('499');
  });

  it('throttles and fails on demand', async () => {
    hipchat.throttle(3);
    hipchat.outage();
    const limited = await get();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
    expect([(await get()).status, (await get()).status]).toEqual([503, 200]);
  });

  it('can do the write and lose the answer', async () => {
    hipchat.fail({ match: { method: 'PUT', path: '/v2/user/' }, drop: 'after' });
    await expect(put(whole())).rejects.toThrow('fetch failed');
    expect(hipchat.user(ADA).presence?.show).toBe('dnd');
    hipchat.fail({ match: { method: 'PUT' }, drop: 'before' });
    await expect(put(whole({ title: 'x' }))).rejects.toThrow('fetch failed');
    expect(hipchat.user(ADA).title).toBe('Engineer');
  });

  it('can be slow, and stops being slow when closed', async () => {
    hipchat.fail({ delayMs: 60_000 });
    const waiting = get();
    const refused = expect(waiting).rejects.toThrow('fetch failed');
    await new Promise((resolve) => setTimeout(resolve, 50)); // the request must have arrived
    await hipchat.close();
    await refused;
  });
});

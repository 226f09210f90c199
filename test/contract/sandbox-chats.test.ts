import { afterEach, describe, expect, it } from 'vitest';
import type { Service } from '../../src/sandbox/http.ts';
import { startMattermost } from '../../src/sandbox/mattermost.ts';
import { startRocketchat } from '../../src/sandbox/rocketchat.ts';
import { startZulip } from '../../src/sandbox/zulip.ts';
import { judge, loadContracts } from './specs.ts';

/** The stand-ins by themselves: what they refuse, of which our clients do little. Each answer is judged by its contract. */
const contracts = loadContracts();
const NOW = Date.parse('2026-01-05T09:00:00Z');
const now = () => NOW;
let service: Service;

afterEach(async () => {
  await service.close();
  expect(service.journal.exchanges.length).toBeGreaterThan(0);
  expect(judge(contracts, service.journal.exchanges, 'answer')).toEqual([]);
});

async function call(method: string, path: string, headers: Record<string, string>, body?: string) {
  const answer = await fetch(`${service.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('Mattermost', () => {
  const ID = 'k4t7fqsbf3gixejnpkmnhqqtuw';
  const start = async () => {
    const server = await startMattermost({ user: { id: ID, username: 'ada', email: 'ada@x' }, tokens: ['t'], now });
    service = server;
    return server;
  };
  const json = (method: string, path: string, body?: unknown, token = 't') =>
    call(
      method,
      `/api/v4${path}`,
      { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body === undefined ? undefined : JSON.stringify(body),
    );

  it.each([
    ['"me" in the body', { user_id: 'me', status: 'away' }],
    ['a word that cannot be set', { user_id: ID, status: 'ooo' }],
    ['an end that is no number', { user_id: ID, status: 'dnd', dnd_end_time: 'soon' }],
  ])('refuses a status with %s', async (_name, body) => {
    const server = await start();
    expect(await json('PUT', '/users/me/status', body)).toMatchObject({ status: 400, body: { status_code: 400 } });
    expect(server.status().status).toBe('online');
  });

  it.each([
    ['neither text nor emoji', { emoji: '', text: '' }],
    ['a past end', { emoji: 'x', text: 'x', duration: 'date_and_time', expires_at: '2026-01-05T08:59:59Z' }],
    ['a duration without an end', { emoji: 'x', text: 'x', duration: 'one_hour' }],
    ['an unknown duration', { emoji: 'x', text: 'x', duration: 'a_while', expires_at: '2026-01-05T10:00:00Z' }],
  ])('refuses a custom status with %s', async (_name, body) => {
    const server = await start();
    expect((await json('PUT', `/users/${ID}/status/custom`, body)).status).toBe(400);
    expect(server.customStatus()).toBeNull();
  });

  it('knows itself only, and only who is signed in', async () => {
    await start();
    expect((await json('GET', '/users/somebody/status')).status).toBe(404);
    expect((await json('GET', '/users/me', undefined, 'other')).status).toBe(401);
    expect((await json('POST', '/users/login', { login_id: 'ada', password: '' })).status).toBe(401);
    expect((await json('GET', '/config/client')).status).toBe(400);
    expect((await json('GET', '/config/client?format=old')).body).toMatchObject({ EnableCustomUserStatuses: 'true' });
  });

  it('cuts a text silently and gives a do not disturb back after its minute', async () => {
    const server = await start();
    await json('PUT', '/users/me/status/custom', { emoji: '', text: '🌴'.repeat(101) });
    expect(server.customStatus()?.text).toBe('🌴'.repeat(100));
    server.setStatus('away');
    const end = NOW / 1_000 + 59;
    const answer = await json('PUT', '/users/me/status', { user_id: ID, status: 'dnd', dnd_end_time: end });
    // Its minute is this one.
    expect(answer.body).toMatchObject({ user_id: ID, status: 'away', manual: false });
  });
});

describe('Zulip', () => {
  const start = async () => {
    const server = await startZulip({ user: { id: 10, email: 'ada@x', name: 'Ada', apiKey: 'k' }, now });
    service = server;
    return server;
  };
  const basic = { authorization: `Basic ${Buffer.from('ada@x:k').toString('base64')}` };
  const post = (form: Record<string, string>) =>
    call(
      'POST',
      '/api/v1/users/me/status',
      { ...basic, 'content-type': 'application/x-www-form-urlencoded' },
      String(new URLSearchParams(form)),
    );

  it.each([
    ['nothing in it', {}],
    ['61 characters', { status_text: 'x'.repeat(61) }],
    ['an emoji that does not exist', { status_text: 'x', emoji_name: 'nope' }],
    ['a code without a name', { status_text: 'x', emoji_code: '1f697' }],
  ])('refuses a status with %s', async (_name, form) => {
    const server = await start();
    expect(await post(form)).toMatchObject({ status: 400, body: { result: 'error', code: 'BAD_REQUEST' } });
    expect(server.status()).toEqual({ status_text: '', emoji_name: '' });
  });

  it('keeps what is left out, and tells only what is set', async () => {
    const server = await start();
    await post({ status_text: ' Lunch ', emoji_name: 'car' });
    await post({ status_text: '' });
    expect(server.status()).toEqual({ status_text: '', emoji_name: 'car' });
    expect((await call('GET', '/api/v1/users/10/status', basic)).body['status']).toEqual({
      emoji_name: 'car',
      emoji_code: '1f697',
      reaction_type: 'unicode_emoji',
    });
    expect((await call('GET', '/api/v1/users/11/status', basic)).status).toBe(400);
    expect((await call('GET', '/api/v1/users/me', {})).status).toBe(401);
  });
});

describe('Rocket.Chat', () => {
  const start = async (version: string) => {
    const user = { id: 'u', username: 'ada', name: 'Ada', email: 'ada@x', token: 't' };
    const server = await startRocketchat({ user, version, now });
    service = server;
    return server;
  };
  const headers = { 'x-user-id': 'u', 'x-auth-token': 't', 'content-type': 'application/json' };
  const post = (body: unknown) => call('POST', '/api/v1/users.setStatus', headers, JSON.stringify(body));

  it.each([
    ['neither text nor status', {}, undefined],
    ['an unknown status', { status: 'dnd' }, 'error-invalid-status'],
    ['a past end', { status: 'busy', expiresAt: '2026-01-05T08:59:59Z' }, 'error-invalid-date'],
    ['an end that is none', { status: 'busy', expiresAt: 'soon' }, 'error-invalid-date'],
  ])('refuses %s', async (_name, body, errorType) => {
    const server = await start('8.6.0');
    const answer = await post(body);
    expect([answer.status, answer.body['success'], answer.body['errorType']]).toEqual([400, false, errorType]);
    expect(server.shown()).toEqual({ status: 'online', text: '' });
  });

  it('takes no notice of an end before 8.6, and tells no source', async () => {
    const server = await start('8.5.0');
    expect((await post({ message: ' x ', status: 'busy', expiresAt: 'soon' })).body).toEqual({ success: true });
    expect(server.status()).toMatchObject({ statusText: 'x', statusExpiresAt: null });
    const { body } = await call('GET', '/api/v1/users.getStatus', headers);
    expect(body).toEqual({ success: true, _id: 'u', connectionStatus: 'online', status: 'busy' });
  });

  it('wants both the token and the id', async () => {
    await start('8.6.0');
    const { 'x-user-id': _id, ...half } = headers;
    expect((await call('GET', '/api/v1/me', half)).status).toBe(401);
    expect((await call('GET', '/api/v1/users.getStatus', {})).body).toMatchObject({ status: 'error' });
  });
});

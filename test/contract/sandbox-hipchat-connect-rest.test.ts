import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HipchatConnectSandbox, Installation } from '../../src/sandbox/hipchatConnect/index.ts';
import {
  ADA,
  COMPILERS,
  ENGINE,
  GRACE,
  startTestAddon,
  startTestServer,
  type TestAddon,
} from './hipchat-addon-world.ts';
import { connectFindings } from './hipchat-connect.ts';

/** The stand-in's API as add-ons use it; each answer is judged by the reconstructed contract. */
let clock: number;
let hipchat: HipchatConnectSandbox;
let addon: TestAddon;
let installation: Installation;
let token: string;

beforeEach(async () => {
  clock = Date.parse('2026-01-05T09:00:00Z');
  addon = await startTestAddon();
  hipchat = await startTestServer({ now: () => clock });
  installation = await hipchat.install(addon.descriptorUrl, { room: ENGINE });
  token = await tokenFor();
});
afterEach(async () => {
  await hipchat.settled();
  await Promise.all([hipchat.close(), addon.close()]);
  expect(connectFindings(hipchat.journal.exchanges)).toEqual([]);
});

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { error?: { code: number; type: string; message: string } };
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${hipchat.url}/v2${path}`, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

function call(method: string, path: string, body?: unknown, bearer = token): Promise<Answer> {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  return ask(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

const basic = ({ oauthId, oauthSecret }: Pick<Installation, 'oauthId' | 'oauthSecret'>) =>
  `Basic ${Buffer.from(`${oauthId}:${oauthSecret}`).toString('base64')}`;

function askToken(fields: Record<string, string>, authorization = basic(installation)): Promise<Answer> {
  return ask('/oauth/token', { method: 'POST', headers: { authorization }, body: new URLSearchParams(fields) });
}

async function tokenFor(scope?: string): Promise<string> {
  const { body } = await askToken({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  return String(body['access_token']);
}

const kinds = () => hipchat.posts.map(({ kind, text, from }) => [kind, text, from]);

describe('tokens', () => {
  it('come for a form and for JSON', async () => {
    const scope = 'send_notification view_room';
    const form = await askToken({ grant_type: 'client_credentials', scope });
    const json = await ask('/oauth/token', {
      method: 'POST',
      headers: { authorization: basic(installation), 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', scope }),
    });
    for (const { status, body } of [form, json]) {
      expect([status, body]).toMatchObject([200, { scope, expires_in: 3600, token_type: 'bearer', group_id: 1 }]);
    }
    expect(form.body['access_token']).not.toBe(json.body['access_token']);
  });

  it.each([
    ['without credentials', { grant_type: 'client_credentials' }, '', 401],
    ['with another secret', { grant_type: 'client_credentials' }, 'wrong', 401],
    ['for another grant', { grant_type: 'password', username: 'a', password: 'b' }, undefined, 400],
    ['for a scope the descriptor has not', { grant_type: 'client_credentials', scope: 'manage_rooms' }, undefined, 400],
  ])('do not come %s', async (_name, fields, secret, status) => {
    const authorization =
      secret === '' ? '' : basic({ ...installation, ...(secret === undefined ? {} : { oauthSecret: secret }) });
    expect((await askToken(fields, authorization)).status).toBe(status);
  });

  it('do what their scopes say, and the refusal names the scope', async () => {
    const narrow = await tokenFor('view_room');
    expect((await call('GET', `/room/${ENGINE}`, undefined, narrow)).status).toBe(200);
    const refused = await call('POST', `/room/${ENGINE}/notification`, { message: 'x' }, narrow);
    expect(refused.body.error).toMatchObject({ code: 403, message: expect.stringContaining("['send_notification']") });
  });

  it('end with their time, when they are taken back, and with the installation', async () => {
    const get = () => call('GET', `/room/${ENGINE}`);
    clock += 3_599_000;
    expect((await get()).status).toBe(200);
    clock += 1_000;
    expect((await get()).body.error).toMatchObject({ code: 401, message: 'Invalid OAuth session' });
    token = await tokenFor();
    hipchat.endTokens(installation);
    expect((await get()).status).toBe(401);
    token = await tokenFor();
    await hipchat.uninstall(installation);
    expect([(await get()).status, (await askToken({ grant_type: 'client_credentials' })).status]).toEqual([401, 401]);
  });

  it('of an installation in one room are no good in another', async () => {
    expect((await call('GET', `/room/${COMPILERS}`)).status).toBe(403);
    expect((await call('GET', '/room/Nowhere')).status).toBe(404);
  });

  it('may come in the query, as old clients send them', async () => {
    expect((await ask(`/room/${ENGINE}?auth_token=${token}`)).status).toBe(200);
    expect(JSON.stringify(hipchat.journal.exchanges)).not.toContain(token);
    expect(JSON.stringify(hipchat.journal.exchanges)).not.toContain(installation.oauthSecret);
  });
});

describe('what is said', () => {
  const notify = (body: unknown) => call('POST', '/room/Engine%20room/notification', body);

  it('is a notification, with its defaults', async () => {
    expect((await notify({ message: '<b>Hi</b>' })).status).toBe(204);
    const defaults = { color: 'yellow', message_format: 'html', notify: false };
    expect(hipchat.posts[0]).toMatchObject({ kind: 'notification', from: 'Testing', user: null, body: defaults });
  });

  it('can have a card', async () => {
    const card = {
      style: 'application',
      id: 'c1',
      title: 'Ada',
      format: 'medium',
      description: { format: 'text', value: 'In a meeting' },
      icon: { url: 'http://a.example/i.png' },
      activity: { html: '<i>now</i>' },
      attributes: [{ label: 'until', value: { label: '10:00', style: 'lozenge-current' } }],
    };
    expect((await notify({ message: 'Ada', card, notify: 'true' })).status).toBe(204);
    expect(hipchat.posts[0]?.body).toMatchObject({ card, notify: true });
  });

  it.each([
    ['nothing', {}, /message/],
    ['too much', { message: 'x'.repeat(10_001) }, /message/],
    ['an unknown colour', { message: 'x', color: 'blue' }, /color/],
    ['an unknown format', { message: 'x', message_format: 'markdown' }, /message_format/],
    ['a card of no style', { message: 'x', card: { id: 'a', title: 'b' } }, /card\.style/],
    [
      'an unknown lozenge',
      {
        message: 'x',
        card: { style: 'link', id: 'a', title: 'b', attributes: [{ value: { label: 'c', style: 'red' } }] },
      },
      /style/,
    ],
  ])('is refused when it is %s', async (_name, body, problem) => {
    const { status, body: answer } = await notify(body);
    expect([status, answer.error?.message]).toEqual([400, expect.stringMatching(problem)]);
    expect(hipchat.posts).toEqual([]);
  });

  it('is a message or a reply to one', async () => {
    const { status, body } = await call('POST', `/room/${ENGINE}/message`, { message: 'Hello' });
    expect([status, body]).toMatchObject([201, { timestamp: '2026-01-05T09:00:00.000000+00:00' }]);
    const reply = { parentMessageId: body['id'], message: 'Yes?' };
    expect((await call('POST', `/room/${ENGINE}/reply`, reply)).status).toBe(204);
    expect((await call('POST', `/room/${ENGINE}/reply`, { ...reply, parentMessageId: 'x' })).status).toBe(404);
    expect(kinds()).toEqual([
      ['message', 'Hello', 'Testing'],
      ['reply', 'Yes?', 'Testing'],
    ]);
  });

  it("comes to the add-on's webhook when a person's token says it", async () => {
    hipchat.addToken('of-ada', ADA, ['send_message']);
    await call('POST', `/room/${ENGINE}/message`, { message: '/test' }, 'of-ada');
    await hipchat.settled();
    expect(addon.requests.at(-1)?.json).toMatchObject({
      event: 'room_message',
      item: { message: { from: { id: ADA } } },
    });
  });

  it('is in the history', async () => {
    await hipchat.say(ENGINE, ADA, 'one');
    await notify({ message: 'two' });
    const { body } = await call('GET', `/room/${ENGINE}/history/latest?max-results=5`);
    expect(body['items']).toMatchObject([
      { message: 'one', from: { id: ADA } },
      { message: 'two', from: 'Testing' },
    ]);
  });

  it('changes the topic, and tells of it', async () => {
    expect((await call('PUT', `/room/${ENGINE}/topic`, { topic: 'Looms' })).status).toBe(204);
    await hipchat.settled();
    expect(hipchat.room(ENGINE).topic).toBe('Looms');
    expect(addon.requests.at(-1)?.json).toMatchObject({ event: 'room_topic_change', item: { topic: 'Looms' } });
    expect((await call('PUT', `/room/${ENGINE}/topic`, { topic: 'x'.repeat(251) })).status).toBe(400);
  });
});

describe('files', () => {
  const bytes = Buffer.from([0, 255, 13, 10, 128, 45, 45]);
  const share = (body: Uint8Array | string, type = 'multipart/related; boundary=b0', bearer = token) =>
    ask(`/room/${ENGINE}/share/file`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  const json = 'Content-Type: application/json; charset=UTF-8\r\nContent-Disposition: attachment; name="metadata"';
  const file = 'Content-Type: image/png\r\nContent-Disposition: attachment; name="file"; filename="loom.png"';

  it('come as bytes, with a message', async () => {
    const start = `--b0\r\n${json}\r\n\r\n{"message":"Look"}\r\n--b0\r\n${file}\r\n\r\n`;
    const { status } = await share(Buffer.concat([Buffer.from(start), bytes, Buffer.from('\r\n--b0--\r\n')]));
    expect(status).toBe(204);
    const [post] = hipchat.posts;
    expect(post).toMatchObject({
      kind: 'file',
      text: 'Look',
      body: { file: { name: 'loom.png', size: bytes.length } },
    });
    expect(Buffer.from(String(post?.body['content']), 'base64')).toEqual(bytes);
  });

  it("come as hipchat-go sends them: LF, base64, names without quotation marks, no last boundary's hyphens", async () => {
    const part =
      'Content-Type: image/png charset=UTF-8\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; name=file; filename=a.png';
    const body = `--b0\nContent-Type: application/json; charset=UTF-8\nContent-Disposition: attachment; name="metadata"\n\n{"message": ""}\n--b0\n${part}\n\n${bytes.toString('base64')}\n--b0\n`;
    expect((await share(body)).status).toBe(204);
    expect(Buffer.from(String(hipchat.posts[0]?.body['content']), 'base64')).toEqual(bytes);
  });

  it('of a person come to the webhook', async () => {
    hipchat.addToken('of-ada', ADA, ['send_message']);
    await share(`--b0\r\n${file}\r\n\r\nabc\r\n--b0--`, undefined, 'of-ada');
    await hipchat.settled();
    expect(addon.requests.at(-1)?.json).toMatchObject({
      event: 'room_file_upload',
      item: { file: { name: 'loom.png', size: 3 }, sender: { id: ADA } },
    });
  });

  it.each([
    ['form-data', `--b0\r\n${file}\r\n\r\nabc\r\n--b0--`, 'multipart/form-data; boundary=b0'],
    ['no boundary', 'abc', 'multipart/related'],
    ['no part', 'abc', undefined],
    ['no file', `--b0\r\n${json}\r\n\r\n{}\r\n--b0--`, undefined],
    ['no name', '--b0\r\nContent-Disposition: attachment; name="file"\r\n\r\nabc\r\n--b0--', undefined],
    ['a message that is no JSON', `--b0\r\n${json}\r\n\r\n{\r\n--b0\r\n${file}\r\n\r\nabc\r\n--b0--`, undefined],
  ])('are refused with %s', async (_name, body, type) => {
    expect((await share(body, type)).status).toBe(400);
    expect(hipchat.posts).toEqual([]);
  });
});

describe('rooms and people', () => {
  it('are listed, in pages', async () => {
    await hipchat.enter(ENGINE, GRACE);
    expect((await call('GET', `/room/${ENGINE}`)).body).toMatchObject({
      id: ENGINE,
      topic: 'Numbers',
      participants: [{ id: GRACE }],
    });
    expect((await call('GET', '/room')).body['items']).toMatchObject([{ id: ENGINE }, { id: COMPILERS }]);
    const { body } = await call('GET', `/room/${ENGINE}/member?start-index=0&max-results=1`);
    expect(body).toMatchObject({ items: [{ id: ADA }], links: { next: expect.stringContaining('start-index=1') } });
    expect((await call('GET', `/room/${ENGINE}/participant`)).body['items']).toMatchObject([{ id: GRACE }]);
    const all = await call('GET', `/room/${ENGINE}/participant?include-offline=true`);
    expect(all.body['items']).toHaveLength(2);
    expect((await call('GET', `/room/${ENGINE}/member?max-results=none`)).status).toBe(400);
    expect((await call('GET', '/user')).body['items']).toHaveLength(2);
  });

  it('can be read and written: presence as in the stand-in for people', async () => {
    const read = await call('GET', '/user/@Ada');
    expect(read.body).toMatchObject({ id: ADA, presence: { show: 'chat' } });
    const presence = { show: 'dnd', status: 'In a meeting' };
    const { name, email, mention_name } = read.body;
    expect((await call('PUT', `/user/${ADA}`, { name, email, mention_name, presence })).status).toBe(204);
    expect(hipchat.users.known(ADA).presence).toEqual(presence);
    expect((await call('GET', '/user/nobody@contoso.example')).status).toBe(404);
  });

  it('have webhooks that the add-on makes itself', async () => {
    const hook = { url: `${addon.url}/hook`, event: 'room_message', pattern: '^later', name: 'later' };
    const made = await call('POST', `/room/${ENGINE}/webhook`, hook);
    expect([made.status, made.body]).toMatchObject([201, { ...hook, authentication: 'none' }]);
    const path = `/room/${ENGINE}/webhook/${String(made.body['id'])}`;
    expect((await call('GET', path)).body).toEqual(made.body);
    expect((await call('GET', `/room/${ENGINE}/webhook`)).body['items']).toEqual([made.body]);
    expect((await hipchat.say(ENGINE, ADA, 'later'))[0]?.webhook.id).toBe(made.body['id']);
    expect([(await call('DELETE', path)).status, (await call('DELETE', path)).status]).toEqual([204, 404]);
    expect(await hipchat.say(ENGINE, ADA, 'later')).toEqual([]);
    expect((await call('POST', `/room/${ENGINE}/webhook`, { ...hook, event: 'never' })).status).toBe(400);
  });
});

describe('glances', () => {
  const content = (value: string) => ({
    label: { type: 'html', value },
    status: { type: 'lozenge', value: { type: 'success', label: value } },
  });
  const push = (path: string, value: string, key = 'busy') =>
    call('POST', `/addon/ui${path}`, { glance: [{ key, content: content(value) }] });
  const shown = (looking: { user?: number; room?: number }) =>
    hipchat.glance(installation, 'busy', looking)?.label.value;

  it('are updated for all, a room, a person and a person in a room; the narrowest counts', async () => {
    expect(shown({})).toBeUndefined();
    await push('', 'all');
    await push(`/room/${ENGINE}`, 'room');
    await push(`/user/${GRACE}`, 'grace');
    expect((await push(`/room/${ENGINE}/user/@Ada`, 'ada')).status).toBe(204);
    expect([
      shown({}),
      shown({ room: ENGINE }),
      shown({ user: GRACE, room: ENGINE }),
      shown({ user: ADA, room: ENGINE }),
    ]).toEqual(['all', 'room', 'grace', 'ada']);
  });

  it('are refused where they are not known or not right', async () => {
    expect((await push('', 'x', 'strange')).status).toBe(400);
    expect((await call('POST', '/addon/ui', { glance: [{ key: 'busy', content: { label: 'x' } }] })).status).toBe(400);
    expect((await push('/user/nobody', 'x')).status).toBe(404);
    hipchat.addToken('of-ada', ADA, ['view_group']);
    expect((await call('POST', '/addon/ui', { glance: [] }, 'of-ada')).status).toBe(403);
  });
});

describe('limits and trouble', () => {
  const get = () => call('GET', `/room/${ENGINE}`);
  const notify = () => call('POST', `/room/${ENGINE}/notification`, { message: 'x' });

  it('are counted for each token in five minutes', async () => {
    hipchat.setLimit(2);
    expect((await get()).headers.get('x-ratelimit-remaining')).toBe('1');
    await get();
    const limited = await get();
    expect([limited.status, limited.headers.get('retry-after'), limited.headers.get('x-ratelimit-limit')]).toEqual([
      429,
      '300',
      '2',
    ]);
    expect(limited.headers.get('x-ratelimit-reset')).toBe(String(clock / 1000 + 300));
    token = await tokenFor();
    expect((await get()).status).toBe(200);
  });

  it('are thirty messages a minute to a room', async () => {
    for (let sent = 0; sent < 30; sent += 1) await notify();
    const limited = await notify();
    expect([
      limited.status,
      limited.headers.get('x-floodcontrol-remaining'),
      limited.headers.get('retry-after'),
    ]).toEqual([429, '0', '60']);
    clock += 60_000;
    const { status, headers } = await notify();
    expect([status, headers.get('x-floodcontrol-limit'), headers.get('x-floodcontrol-remaining')]).toEqual([
      204,
      '30',
      '29',
    ]);
  });

  it('come on demand: 429, statuses, wrong JSON, lost answers', async () => {
    hipchat.throttle(3);
    const limited = await get();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
    hipchat.fail({ status: 502 });
    expect((await get()).status).toBe(502);
    hipchat.fail({
      match: { path: '/v2/oauth/token' },
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"access_token":',
    });
    await expect(tokenFor()).rejects.toThrow(SyntaxError);
    hipchat.fail({ match: { method: 'POST' }, drop: 'after' });
    await expect(notify()).rejects.toThrow('fetch failed');
    expect(hipchat.posts).toHaveLength(1);
  });

  it('can be a capabilities document that lies', async () => {
    hipchat.alterCapabilities((document) => ({ ...document, links: { self: 'http://elsewhere.example' } }));
    expect((await ask('/capabilities')).body['links']).toEqual({ self: 'http://elsewhere.example' });
    // It is no document by the contract any more.
    hipchat.journal.clear();
  });
});

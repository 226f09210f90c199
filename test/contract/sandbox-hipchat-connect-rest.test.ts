import { describe, expect, it } from 'vitest';
import { ADA, COMPILERS, ENGINE, GRACE } from './hipchat-addon-world.ts';
import { ask, askToken, basic, call, tokenFor, useWorld, world } from './hipchat-rest-world.ts';

/** The stand-in's API as add-ons use it: tokens, rooms and people, glances, limits. */
useWorld();

describe('tokens', () => {
  it('come for a form and for JSON', async () => {
    const scope = 'send_notification view_room';
    const form = await askToken({ grant_type: 'client_credentials', scope });
    const json = await ask('/oauth/token', {
      method: 'POST',
      headers: { authorization: basic(world.installation), 'content-type': 'application/json' },
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
      secret === '' ? '' : basic({ ...world.installation, ...(secret === undefined ? {} : { oauthSecret: secret }) });
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
    world.clock += 3_599_000;
    expect((await get()).status).toBe(200);
    world.clock += 1_000;
    expect((await get()).body.error).toMatchObject({ code: 401, message: 'Invalid OAuth session' });
    world.token = await tokenFor();
    world.hipchat.endTokens(world.installation);
    expect((await get()).status).toBe(401);
    world.token = await tokenFor();
    await world.hipchat.uninstall(world.installation);
    expect([(await get()).status, (await askToken({ grant_type: 'client_credentials' })).status]).toEqual([401, 401]);
  });

  it('of an installation in one room are no good in another', async () => {
    expect((await call('GET', `/room/${COMPILERS}`)).status).toBe(403);
    expect((await call('GET', '/room/Nowhere')).status).toBe(404);
  });

  it('may come in the query, as old clients send them', async () => {
    expect((await ask(`/room/${ENGINE}?auth_token=${world.token}`)).status).toBe(200);
    expect(JSON.stringify(world.hipchat.journal.exchanges)).not.toContain(world.token);
    expect(JSON.stringify(world.hipchat.journal.exchanges)).not.toContain(world.installation.oauthSecret);
  });
});

describe('rooms and people', () => {
  it('are listed, in pages', async () => {
    await world.hipchat.enter(ENGINE, GRACE);
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
    expect(world.hipchat.users.known(ADA).presence).toEqual(presence);
    expect((await call('GET', '/user/nobody@contoso.example')).status).toBe(404);
  });

  it('have webhooks that the add-on makes itself', async () => {
    const hook = { url: `${world.addon.url}/hook`, event: 'room_message', pattern: '^later', name: 'later' };
    const made = await call('POST', `/room/${ENGINE}/webhook`, hook);
    expect([made.status, made.body]).toMatchObject([201, { ...hook, authentication: 'none' }]);
    const path = `/room/${ENGINE}/webhook/${String(made.body['id'])}`;
    expect((await call('GET', path)).body).toEqual(made.body);
    expect((await call('GET', `/room/${ENGINE}/webhook`)).body['items']).toEqual([made.body]);
    expect((await world.hipchat.say(ENGINE, ADA, 'later'))[0]?.webhook.id).toBe(made.body['id']);
    expect([(await call('DELETE', path)).status, (await call('DELETE', path)).status]).toEqual([204, 404]);
    expect(await world.hipchat.say(ENGINE, ADA, 'later')).toEqual([]);
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
    world.hipchat.glance(world.installation, 'busy', looking)?.label.value;

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
    world.hipchat.addToken('of-ada', ADA, ['view_group']);
    expect((await call('POST', '/addon/ui', { glance: [] }, 'of-ada')).status).toBe(403);
  });
});

describe('limits and trouble', () => {
  const get = () => call('GET', `/room/${ENGINE}`);
  const notify = () => call('POST', `/room/${ENGINE}/notification`, { message: 'x' });

  it('are counted for each token in five minutes', async () => {
    world.hipchat.setLimit(2);
    expect((await get()).headers.get('x-ratelimit-remaining')).toBe('1');
    await get();
    const limited = await get();
    expect([limited.status, limited.headers.get('retry-after'), limited.headers.get('x-ratelimit-limit')]).toEqual([
      429,
      '300',
      '2',
    ]);
    expect(limited.headers.get('x-ratelimit-reset')).toBe(String(world.clock / 1000 + 300));
    world.token = await tokenFor();
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
    world.clock += 60_000;
    const { status, headers } = await notify();
    expect([status, headers.get('x-floodcontrol-limit'), headers.get('x-floodcontrol-remaining')]).toEqual([
      204,
      '30',
      '29',
    ]);
  });

  it('come on demand: 429, statuses, wrong JSON, lost answers', async () => {
    world.hipchat.throttle(3);
    const limited = await get();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
    world.hipchat.fail({ status: 502 });
    expect((await get()).status).toBe(502);
    world.hipchat.fail({
      match: { path: '/v2/oauth/token' },
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"access_token":',
    });
    await expect(tokenFor()).rejects.toThrow(SyntaxError);
    world.hipchat.fail({ match: { method: 'POST' }, drop: 'after' });
    await expect(notify()).rejects.toThrow('fetch failed');
    expect(world.hipchat.posts).toHaveLength(1);
  });

  it('can be a capabilities document that lies', async () => {
    world.hipchat.alterCapabilities((document) => ({ ...document, links: { self: 'http://elsewhere.example' } }));
    expect((await ask('/capabilities')).body['links']).toEqual({ self: 'http://elsewhere.example' });
    // It is no document by the contract any more.
    world.hipchat.journal.clear();
  });
});

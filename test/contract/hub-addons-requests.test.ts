import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, glance, tokenTag, type WebhookCall } from '../../src/hub/addons/index.ts';
import { BODY_ATTACKS, type Installation, TOKEN_ATTACKS } from '../../src/sandbox/hipchatConnect/index.ts';
import { ADA, type AddonWorld, BOB, LAB, newAddon, openAddon, shiftedClock, YARD } from './hub-addons-world.ts';

let world: AddonWorld;
afterEach(() => world.close());

const install = (room: number | null = LAB): Promise<Installation> =>
  world.chat.install(world.descriptorUrl, room === null ? {} : { room });

describe('webhooks', () => {
  let calls: WebhookCall[] = [];
  const openEcho = async (auth?: 'none'): Promise<Installation> => {
    calls = [];
    const addon = newAddon();
    addon.webhook(
      { event: 'room_message', pattern: /^\/echo\s+(.+)/i, ...(auth === undefined ? {} : { auth }) },
      (call) => {
        calls.push(call);
        return { message: call.match?.[1] ?? '', message_format: 'text', color: 'green' };
      },
    );
    addon.webhook({ event: 'room_enter', path: '/entered' }, async ({ sender, client }) => {
      await client.room.notify(`hi: ${sender?.name}`);
    });
    world = await openAddon(addon);
    return install();
  };

  it('get what was said, by whom, where; and answer with a notification', async () => {
    const { oauthId } = await openEcho();
    const [delivery] = await world.chat.say(LAB, ADA, '/eCHo hello world');
    expect(delivery).toMatchObject({
      status: 200,
      posted: { kind: 'notification', text: 'hello world', body: { color: 'green' } },
    });
    expect(calls).toMatchObject([
      {
        event: 'room_message',
        tenant: { oauthId, roomId: LAB },
        sender: { id: String(ADA), name: 'Ada Lovelace' },
        context: { room_id: LAB, user_tz: 'UTC' },
        room: { id: LAB, name: 'Lab' },
        message: { message: '/eCHo hello world' },
      },
    ]);
    expect(JSON.stringify(calls)).not.toContain('oauthSecret');
  });

  it('may answer nothing, and speak through the API instead', async () => {
    await openEcho();
    const [delivery] = await world.chat.enter(LAB, BOB);
    expect(delivery).toMatchObject({ status: 204, text: '' });
    expect(world.chat.posts.map(({ text }) => text)).toEqual(['hi: Bob']);
  });

  it('without a signature go by the id of the installation', async () => {
    await openEcho('none');
    expect(await world.chat.say(LAB, ADA, '/echo x', { carry: 'nowhere' })).toMatchObject([{ status: 200 }]);
    const unknown = await world.chat.say(LAB, ADA, '/echo x', {
      body: (body) => ({ ...body, oauth_client_id: 'nobody' }),
    });
    expect(unknown).toMatchObject([{ status: 401 }]);
    expect(calls).toHaveLength(1);
  });

  it.each(['query', 'header'] as const)('take the signature from the %s', async (carry) => {
    await openEcho();
    expect(await world.chat.say(LAB, ADA, '/echo x', { carry })).toMatchObject([{ status: 200 }]);
  });

  it('take the header as old libraries write it', async () => {
    const installation = await openEcho();
    const [sent] = await world.chat.say(LAB, ADA, '/echo x');
    const token = world.chat.sign(installation, { user: ADA, room: LAB });
    for (const authorization of [
      `JWT token=${token}`,
      `JWT token="${world.chat.sign(installation, { user: ADA, room: LAB })}"`,
    ]) {
      const call = { ...sent?.call, headers: { ...sent?.call.headers, authorization } } as NonNullable<
        typeof sent
      >['call'];
      expect((await world.chat.send(call)).status).toBe(200);
    }
  });

  it.each(Object.entries(TOKEN_ATTACKS))('refuse: %s', async (_, attack) => {
    const installation = await openEcho();
    const context = world.chat.attackContext(installation, { user: BOB, room: YARD });
    const answers = await world.chat.say(LAB, ADA, '/echo x', attack(context));
    expect(answers.map(({ status }) => status)).toEqual([401]);
    expect(calls).toEqual([]);
  });

  it.each(Object.entries(BODY_ATTACKS))('refuse: %s', async (_, attack) => {
    const installation = await openEcho();
    const context = world.chat.attackContext(installation, { user: BOB, room: YARD });
    const [refused] = await world.chat.say(LAB, ADA, '/echo x', attack(context));
    expect([400, 401]).toContain(refused?.status);
    expect(calls).toEqual([]);
  });

  it('refuse a sender that the token does not name, in other events too', async () => {
    const installation = await openEcho();
    const context = world.chat.attackContext(installation, { user: BOB, room: YARD });
    const answers = await world.chat.enter(LAB, ADA, BODY_ATTACKS['another sender in the body'](context));
    expect(answers).toMatchObject([{ status: 401 }]);
    expect(world.chat.posts).toEqual([]);
  });

  it('refuse what was sent before, also by another hub on the same store', async () => {
    await openEcho();
    const [first] = await world.chat.say(LAB, ADA, '/echo once');
    if (first === undefined) throw new Error('nothing was sent');
    expect(first.status).toBe(200);
    expect((await world.chat.send(first.call)).status).toBe(401);
    const addon = newAddon();
    addon.webhook({ event: 'room_message' }, () => 'again');
    await using other = await openAddon(addon, { documents: world.documents });
    const url = first.call.url.replace(world.url, other.url);
    expect((await world.chat.send({ ...first.call, url })).status).toBe(401);
    expect(calls).toHaveLength(1);
  });

  it('count one of many that are sent at the same time with one token', async () => {
    const installation = await openEcho();
    const token = world.chat.sign(installation, { user: ADA, room: LAB });
    const sent = Array.from({ length: 10 }, () => world.chat.say(LAB, ADA, '/echo x', { token }));
    const statuses = (await Promise.all(sent)).flat().map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
    expect(calls).toHaveLength(1);
  });

  it('refuse a token of one add-on at another', async () => {
    const one = await openEcho();
    const addon = newAddon({ key: 'com.example.other' });
    addon.webhook({ event: 'room_message' }, () => 'hello');
    await using other = await openAddon(addon, { documents: world.documents });
    const [sent] = await world.chat.say(LAB, ADA, '/echo x');
    const token = world.chat.sign(one, { user: ADA, room: LAB });
    const headers = { ...sent?.call.headers, authorization: `JWT ${token}` };
    const url = `${other.url}/webhook/room_message`;
    expect((await world.chat.send({ method: 'POST', url, headers, body: sent?.call.body ?? '' })).status).toBe(401);
  });

  it('count ten seconds of leeway at the end of a token, no more', async () => {
    const clock = shiftedClock();
    calls = [];
    const addon = newAddon();
    addon.webhook({ event: 'room_message' }, (call) => void calls.push(call));
    world = await openAddon(addon, { clock });
    await install();
    const seconds = Math.floor(clock.now() / 1_000);
    const late = (exp: number) => world.chat.say(LAB, ADA, 'x', { claims: { iat: exp - 900, exp } });
    expect(await late(seconds - 8)).toMatchObject([{ status: 204 }]);
    expect(await late(seconds - 12)).toMatchObject([{ status: 401 }]);
    expect(await late(seconds + 2 * 86_400)).toMatchObject([{ status: 401 }]);
    expect(calls).toHaveLength(1);
  });

  it('end huge bodies at once and slow ones in time', async () => {
    const addon = newAddon();
    addon.webhook({ event: 'room_message', auth: 'none' }, () => 'hello');
    world = await openAddon(addon, { requestTimeout: 300 });
    await install();
    const huge = await world.chat.say(LAB, ADA, 'x', { body: (body) => ({ ...body, padding: 'x'.repeat(100_000) }) });
    expect(huge).toMatchObject([{ status: 413 }]);
    const { port } = new URL(world.url);
    const socket = connect(Number(port), '127.0.0.1');
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    socket.write(
      'POST /webhook/room_message HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect(said).toContain('408');
  });

  it('at one address are told apart by event and pattern', async () => {
    const addon = newAddon();
    const path = '/event';
    addon.webhook({ event: 'room_message', pattern: /^\/a\b/, path }, () => 'a');
    addon.webhook({ event: 'room_message', pattern: /^\/b\b/, path }, () => 'b');
    addon.webhook({ event: 'room_topic_change', path }, ({ delivery }) => delivery.item.topic ?? '');
    world = await openAddon(addon);
    await install();
    expect(await world.chat.say(LAB, ADA, '/b')).toMatchObject([{ posted: { text: 'b' } }]);
    expect(await world.chat.say(LAB, ADA, '/a')).toMatchObject([{ posted: { text: 'a' } }]);
    expect(await world.chat.setTopic(LAB, ADA, 'lunch')).toMatchObject([{ posted: { text: 'lunch' } }]);
    const [wrong] = await world.chat.say(LAB, ADA, '/a', { body: (body) => ({ ...body, event: 'room_exit' }) });
    expect(wrong?.status).toBe(400);
  });

  it('of an installation in a room tell of no other room', async () => {
    const installation = await openEcho();
    const { otherRoom } = world.chat.attackContext(installation, { user: BOB, room: YARD });
    const answers = await world.chat.say(LAB, ADA, '/echo x', {
      claims: { context: {} },
      body: ({ item, ...rest }) => ({ ...rest, item: { ...item, room: otherRoom } }),
    });
    expect(answers).toMatchObject([{ status: 401 }]);
  });

  it('that fail answer 500 and say nothing of why', async () => {
    const addon = newAddon();
    addon.webhook({ event: 'room_message' }, ({ message }) => {
      throw new Error(`what was said: ${message?.message}`);
    });
    world = await openAddon(addon);
    await install();
    const [failed] = await world.chat.say(LAB, ADA, 'a secret of mine');
    expect(failed).toMatchObject({ status: 500, json: { error: { code: 'serverError' } } });
    expect(failed?.text + world.log.join('')).not.toContain('a secret of mine');
  });
});

describe('pages', () => {
  const openPages = async (allowOrigins: readonly string[] = []): Promise<Installation> => {
    const addon = newAddon({ allowOrigins });
    addon.configurePage(({ tenant, token }) => `<title>Configure ${tenant.groupId}</title>${tokenTag(token)}`);
    addon.webPanel({ key: 'people', name: 'People' }, async ({ tenant, sender, context, room, query }) => {
      const own = await tenant.signJwt(sender?.id ?? '', { ...context });
      return `<p>${sender?.id} in ${room?.id} of ${query['theme']}</p>${tokenTag(own)}`;
    });
    addon.glance({ key: 'count', name: 'People', icon: '/icon.png', target: 'people' }, ({ room }) =>
      glance({ label: `In ${room?.id}`, lozenge: { label: '3', type: 'success' } }),
    );
    addon.route({ path: '/data/:name' }, ({ params, sender, context }) => ({ params, sender: sender?.id, context }));
    addon.route({ path: '/data', method: 'POST' }, ({ body, sender }) => ({ body, sender: sender?.id }));
    addon.route({ path: '/icon.png', anonymous: true }, () => answer({ type: 'image/png', body: Buffer.from('icon') }));
    world = await openAddon(addon);
    return install();
  };
  const tokenOf = (html: string): string => /<meta name="token" content="([^"]+)">/.exec(html)?.[1] ?? '';

  it.each(['query', 'header', 'form'] as const)('open with the signed request in the %s', async (carry) => {
    const installation = await openPages();
    const page = await world.chat.openFrame(installation, 'configurable', { user: ADA, room: LAB }, { carry });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.text).toContain(`Configure ${installation.groupId}`);
  });

  it('may be framed by the chat server and nobody else, and run their own scripts', async () => {
    const installation = await openPages();
    const { headers } = await world.chat.openFrame(installation, 'people', { user: ADA, room: LAB });
    expect(headers['x-frame-options']).toBeUndefined();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain(`frame-ancestors ${world.chat.url}`);
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]+'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
  });

  it('carry a token with which they ask for more, as the same user in the same room', async () => {
    const installation = await openPages();
    const page = await world.chat.openFrame(installation, 'people', { user: ADA, room: LAB });
    const token = tokenOf(page.text);
    for (const init of [{ url: `?signed_request=${token}` }, { url: '', headers: { authorization: `JWT ${token}` } }]) {
      const response = await fetch(`${world.url}/data/x${init.url}`, { headers: init.headers ?? {} });
      expect(await response.json()).toEqual({
        params: { name: 'x' },
        sender: String(ADA),
        context: { room_id: LAB, user_tz: 'UTC' },
      });
    }
  });

  it('use a token up with what changes something, and get a fresh one each time', async () => {
    const installation = await openPages();
    const page = await world.chat.openFrame(installation, 'people', { user: ADA, room: LAB });
    const send = (token: string) =>
      fetch(`${world.url}/data`, {
        method: 'POST',
        headers: { authorization: `JWT ${token}`, 'content-type': 'application/json' },
        body: '{"a":1}',
      });
    const first = await send(tokenOf(page.text));
    expect(await first.json()).toEqual({ body: { a: 1 }, sender: String(ADA) });
    expect((await send(tokenOf(page.text))).status).toBe(401);
    const fresh = first.headers.get('x-acpt') ?? '';
    expect((await send(fresh)).status).toBe(200);
  });

  it.each(Object.entries(TOKEN_ATTACKS))('refuse: %s', async (_, attack) => {
    const installation = await openPages();
    const context = world.chat.attackContext(installation, { user: BOB, room: YARD });
    const looking = { user: ADA, room: LAB };
    expect((await world.chat.openFrame(installation, 'people', looking, attack(context))).status).toBe(401);
    expect((await world.chat.queryGlance(installation, 'count', looking, attack(context))).status).toBe(401);
  });

  it('refuse a token with two users in it, or for a room where the add-on is not', async () => {
    const installation = await openPages();
    const looking = { user: ADA, room: LAB };
    const two = await world.chat.openFrame(installation, 'people', looking, { claims: { prn: String(BOB) } });
    const away = await world.chat.openFrame(installation, 'people', { user: ADA, room: YARD });
    expect([two.status, away.status]).toEqual([401, 401]);
  });

  it.each([
    ['sub', { prn: undefined }],
    ['prn', { sub: undefined }],
    ['a number', { sub: ADA, prn: ADA }],
  ])('know the user by %s', async (_, claims) => {
    const installation = await openPages();
    const { text } = await world.chat.openFrame(installation, 'people', { user: ADA, room: LAB }, { claims });
    expect(text).toContain(`<p>${ADA} in ${LAB}`);
  });

  it('do not open after the add-on was uninstalled', async () => {
    const installation = await openPages();
    await world.chat.uninstall(installation, 'delete');
    expect((await world.chat.openFrame(installation, 'people', { user: ADA, room: LAB })).status).toBe(401);
  });

  it('need no signature where it says so', async () => {
    await openPages();
    const icon = await fetch(`${world.url}/icon.png`);
    expect([icon.status, icon.headers.get('content-type'), await icon.text()]).toEqual([200, 'image/png', 'icon']);
    expect((await fetch(`${world.url}/data/x`)).status).toBe(401);
  });

  it('give glances that the web client can read from its page', async () => {
    const installation = await openPages();
    const { problems, content } = await world.chat.queryGlance(installation, 'count', { user: ADA, room: LAB });
    expect(problems).toEqual([]);
    expect(content).toEqual({
      label: { type: 'html', value: `In ${LAB}` },
      status: { type: 'lozenge', value: { type: 'success', label: '3' } },
    });
  });

  it('let the pages of the chat server read them, and those that the add-on names, and no others', async () => {
    const installation = await openPages(['https://friend.example']);
    const token = world.chat.sign(installation, { user: ADA, room: LAB });
    const allowed = async (origin: string, method = 'GET') => {
      const response = await fetch(`${world.url}/data/x?signed_request=${token}`, { method, headers: { origin } });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed(world.chat.url)).toBe(world.chat.url);
    expect(await allowed('https://friend.example')).toBe('https://friend.example');
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('null')).toBeNull();
    expect(await allowed(world.chat.url, 'OPTIONS')).toBe(world.chat.url);
    expect(await allowed('https://evil.example', 'OPTIONS')).toBeNull();
  });
});

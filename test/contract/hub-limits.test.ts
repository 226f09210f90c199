import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { AppError } from '../../src/core/appError.ts';
import { SECOND } from '../../src/core/time.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { type HubWorld, type HubWorldOptions, OUTLOOK_SECRET, openHub } from './hub-world.ts';

const API = '/api/v1';
const OUTLOOK = '/plugins/com.mattermost.outlook-presence/api/v1';
const QUICK = { headers: 200, request: 400, look: 50, stall: 500 } as const;

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function open(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  opened.push(world);
  return world;
}

/** A bare connection that keeps what comes. */
async function raw({ url }: HubWorld, text = ''): Promise<{ socket: Socket; ended: Promise<string> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  opened.push({ close: () => socket.destroy() });
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  // A connection that is cut may be reset.
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return { socket, ended };
}

interface Follower {
  readonly socket: WebSocket;
  readonly messages: { readonly kind: string; readonly id: number }[];
}

async function follow({ url }: HubWorld, token: string, options: { autoPong?: boolean } = {}): Promise<Follower> {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${url.replace('http', 'ws')}${API}/socket`, { headers, ...options });
  opened.push({ close: () => socket.terminate() });
  const messages: Follower['messages'] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await once(socket, 'message');
  return { socket, messages };
}

const answered = async (answer: Promise<Response>) => {
  const response = await answer;
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, body: (await response.json()) as unknown };
};

const POST = [
  `POST ${API}/people HTTP/1.1`,
  'host: x',
  'authorization: Bearer TOKEN',
  'content-type: application/json',
  'content-length: 5000',
  '\r\n',
].join('\r\n');
const UPGRADE = [
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
];

/** A request as it goes over the wire. */
const requestOf = (path: string, token: string, ...headers: readonly string[]): string =>
  [`GET ${API}/${path} HTTP/1.1`, 'host: x', `authorization: Bearer ${token}`, ...headers, '\r\n'].join('\r\n');

const TOO_MANY = {
  status: 429,
  retryAfter: expect.stringMatching(/^[1-9]\d?$/),
  body: { error: { code: 'rateLimited' } },
};

describe('how much a client may send', () => {
  it('refuses a body that is too large', async () => {
    const world = await open({ env: { HUB_BODY_LIMIT: '1024' } });
    const token = await world.token(['publish'], await world.person('Ada'));
    const put = (body: NonNullable<RequestInit['body']>, init: RequestInit & { duplex?: 'half' } = {}) =>
      answered(world.ask(`${API}/presences/me`, token, { method: 'PUT', body, ...init }));
    const large = JSON.stringify({ state: 'busy', text: 'x'.repeat(2_000) });
    expect(await put(large)).toMatchObject({ status: 413, body: { error: { code: 'invalidInput' } } });
    // Without a length, it is noticed while it comes.
    const stream = new Blob([large]).stream();
    expect(await put(stream, { duplex: 'half' })).toMatchObject({ status: 413 });
    const form = { method: 'POST', body: `secret=${'x'.repeat(2_000)}` };
    const asForm = { ...form, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await world.ask(`${OUTLOOK}/status`, null, asForm)).status).toBe(413);
    expect((await put(JSON.stringify({ state: 'busy' }))).status).toBe(200);
  });

  it('unpacks nothing, and reads nothing but JSON', async () => {
    const world = await open();
    const token = await world.token(['publish'], await world.person('Ada'));
    const put = (body: string, headers: Record<string, string> = {}) =>
      world.ask(`${API}/presences/me`, token, { method: 'PUT', body, headers });
    expect((await put('{"state":"busy"}', { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await put('{"state":"busy"}', { 'content-type': 'application/xml' })).status).toBe(415);
    expect((await put('\x1f\x8b', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await put('{"state":"busy","__proto__":{"admin":true}}')).status).toBe(400);
    expect((await put('{"state":')).status).toBe(400);
  });

  it('ends only the socket whose frame is too large', async () => {
    const world = await open({ env: { HUB_BODY_LIMIT: '1024' } });
    const token = await world.token(['read']);
    const [bad, good] = [await follow(world, token), await follow(world, token)];
    bad.socket.send('x'.repeat(2_000));
    const [code] = await once(bad.socket, 'close');
    expect(code).toBe(1009);
    await world.person('Ada');
    await vi.waitFor(() => expect(good.messages).toHaveLength(2));
    expect(good.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('answers what is no HTTP, and headers without end, and ends the connection', async () => {
    const world = await open();
    const noise = await (await raw(world, '\x16\x03\x01\x02\x00\x01 nonsense\r\n\r\n')).ended;
    expect(noise).toMatch(/^HTTP\/1.1 400 .*invalidInput/s);
    const endless = await (await raw(world, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`)).ended;
    expect(endless).toMatch(/^HTTP\/1.1 431 .*invalidInput/s);
  });
});

describe('how long a client may take', () => {
  it.each([
    ['says nothing', ''],
    ['never ends its headers', 'GET /healthz HTTP/1.1\r\nhost: x\r\n'],
    ['never ends its body', `${POST}{`],
  ])('cuts a connection that %s, while others are served', async (_, text) => {
    const world = await open({ patience: QUICK });
    const { ended } = await raw(world, text.replace('TOKEN', await world.token(['admin'])));
    expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
    expect(await ended).toMatch(/^$|^HTTP\/1.1 408 /);
  });

  it('cuts a body that drips', async () => {
    const world = await open({ patience: QUICK });
    const { socket, ended } = await raw(world, POST.replace('TOKEN', await world.token(['admin'])));
    const drip = setInterval(() => socket.write(' '), 20);
    opened.push({ close: () => clearInterval(drip) });
    expect(await ended).toMatch(/^$|^HTTP\/1.1 408 /);
  });

  it('cuts a connection that does not read its answer', async () => {
    const world = await open({ patience: QUICK });
    const id = await world.person('Ada');
    const presence = { state: 'busy', text: 'x'.repeat(20_000_000), emoji: '', until: null } as const;
    await world.hub.presences.say(id, presence, { source: 'test' });
    const token = await world.token(['read']);
    const accepted = once(world.hub.app.server, 'connection');
    const { socket, ended } = await raw(world, requestOf(`presences/${id}`, token));
    await once(socket, 'data');
    socket.pause();
    const [atServer] = await accepted;
    await once(atServer, 'close');
    socket.resume();
    expect((await ended).length).toBeLessThan(20_000_000);
  });

  it('gives requests 20 seconds by itself, and their headers 15', async () => {
    const { server } = (await open()).hub.app;
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = server;
    expect([headersTimeout, requestTimeout, keepAliveTimeout, timeout]).toEqual([15_000, 20_000, 65_000, 60_000]);
  });
});

describe('how often a client may ask', () => {
  it('counts for each token, and tells when to come again', async () => {
    const world = await open({ env: { HUB_RATE_TOKEN: '3' } });
    const [one, other] = [await world.token(['read']), await world.token(['read'])];
    const ask = (token: string, path = 'presences') => answered(world.ask(`${API}/${path}`, token));
    for (let i = 0; i < 3; i += 1) expect(await ask(one)).toMatchObject({ status: 200 });
    expect(await ask(one)).toMatchObject(TOO_MANY);
    expect(await ask(one, 'people')).toMatchObject(TOO_MANY);
    expect(await ask(other)).toMatchObject({ status: 200 });
  });

  it('counts for each address without a token, also what is refused', async () => {
    const world = await open({ env: { HUB_RATE_ADDRESS: '3' } });
    const ask = (path: string, headers = {}) => answered(world.ask(path, null, { headers }));
    expect(await ask(`${API}/presences`)).toMatchObject({ status: 401 });
    expect(await ask(`${API}/openapi.json`)).toMatchObject({ status: 200 });
    expect(await ask(`${API}/people`)).toMatchObject({ status: 401 });
    expect(await ask(`${API}/presences`)).toMatchObject(TOO_MANY);
    // What a client says of its own address counts for nothing.
    expect(await ask(`${API}/presences`, { 'x-forwarded-for': '203.0.113.9' })).toMatchObject(TOO_MANY);
    expect((await world.ask(`${API}/presences`, await world.token(['read']))).status).toBe(200);
  });

  it('believes a proxy about addresses only where there is one', async () => {
    const world = await open({ env: { HUB_RATE_ADDRESS: '1', HUB_BEHIND_PROXY: '1' } });
    const ask = async (address: string) =>
      (await world.ask(`${API}/openapi.json`, null, { headers: { 'x-forwarded-for': address } })).status;
    expect([await ask('203.0.113.1'), await ask('203.0.113.2'), await ask('203.0.113.1')]).toEqual([200, 200, 429]);
    // One machine has a whole network of IPv6 addresses.
    expect([await ask('2001:db8::1'), await ask('2001:db8::2:1'), await ask('2001:db8:0:1::1')]).toEqual([
      200, 429, 200,
    ]);
  });

  it('counts requests that a token may not make', async () => {
    const world = await open({ env: { HUB_RATE_TOKEN: '2' } });
    const token = await world.token(['read']);
    const ask = () => answered(world.ask(`${API}/webhooks`, token));
    expect([await ask(), await ask(), await ask()]).toMatchObject([{ status: 403 }, { status: 403 }, TOO_MANY]);
  });

  it('has only so many wrong tokens and secrets tried', async () => {
    const world = await open({ env: { HUB_RATE_FAILURES: '4' } });
    const good = await world.token(['read']);
    const wrong = `${good.slice(0, -4)}0000`;
    const ask = (token: string) => answered(world.ask(`${API}/presences`, token));
    expect(await ask(wrong)).toMatchObject({ status: 401 });
    expect(await ask('nonsense')).toMatchObject({ status: 401 });
    const secret = (text: string) => answered(world.ask(`${OUTLOOK}/status?secret=${encodeURIComponent(text)}`, null));
    expect([await secret('wrong'), await secret('')]).toMatchObject([{ status: 403 }, { status: 403 }]);
    expect(await secret('wrong')).toMatchObject(TOO_MANY);
    expect(await ask(wrong)).toMatchObject(TOO_MANY);
    // Whoever guesses locks out nobody who knows.
    expect([await ask(good), await secret(OUTLOOK_SECRET)]).toMatchObject([{ status: 200 }, { status: 200 }]);
  });

  it('counts no token as wrong while the store is away', async () => {
    const world = await open({ env: { HUB_RATE_FAILURES: '1' } });
    const token = await world.token(['read']);
    const away = vi.spyOn(world.hub.store.documents, 'get').mockRejectedValue(new AppError('unavailable', 'Away.'));
    const ask = () => answered(world.ask(`${API}/presences`, token));
    for (let i = 0; i < 3; i += 1) expect(await ask()).toMatchObject({ status: 503 });
    away.mockRestore();
    expect(await ask()).toMatchObject({ status: 200 });
  });

  it('asks the store at most once a second whether it is ready', async () => {
    const world = await open({ clock: new FakeClock(Date.now()) });
    const check = vi.spyOn(world.hub.store, 'check');
    for (let i = 0; i < 20; i += 1) expect((await fetch(`${world.url}/readyz`)).status).toBe(200);
    expect(check).toHaveBeenCalledTimes(1);
  });
});

describe('sockets', () => {
  it('drops one that does not read, while the others get everything in time', { timeout: 60_000 }, async () => {
    const world = await open({ env: { HUB_SOCKET_QUEUE: '65536' } });
    const token = await world.token(['read']);
    const id = await world.person('Ada');
    const good = await follow(world, token);
    const lazy = [
      await raw(world, requestOf('socket', token, ...UPGRADE)),
      await raw(world, requestOf('events', token)),
    ];
    for (const { socket } of lazy) {
      await once(socket, 'data');
      socket.pause();
    }
    const isDropped = () => world.log.some((line) => line.includes('Client dropped') && line.includes('why=slow'));
    let said = 0;
    let longest = 0;
    // Until the system's own buffers are full too.
    for (; !isDropped() && said < 2_000; said += 1) {
      const before = performance.now();
      const presence = { state: 'busy', text: `${said}${'x'.repeat(40_000)}`, emoji: '', until: null } as const;
      await world.hub.presences.say(id, presence, { source: 'test' });
      await vi.waitFor(() => expect(good.messages).toHaveLength(2 + said), { interval: 1 });
      longest = Math.max(longest, performance.now() - before);
    }
    expect(isDropped()).toBe(true);
    expect(longest).toBeLessThan(1_000);
    for (const { socket, ended } of lazy) {
      socket.resume();
      await ended;
    }
    const ids = good.messages.slice(1).map((message) => message.id);
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
  });

  it('drops one that pings without end and reads nothing', async () => {
    const world = await open({ env: { HUB_SOCKET_QUEUE: '65536' } });
    const { socket, ended } = await raw(world, requestOf('socket', await world.token(['read']), ...UPGRADE));
    await once(socket, 'data');
    socket.pause();
    const isDropped = () => world.log.some((line) => line.includes('Client dropped') && line.includes('why=slow'));
    // 125 bytes each, masked with zeros (RFC 6455 section 5.2).
    const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125, 'x')]);
    const pings = Buffer.concat(Array.from({ length: 500 }, () => ping));
    for (let sent = 0; !isDropped() && sent < 2_000; sent += 1) {
      const isOpen = await new Promise((resolve) => socket.write(pings, (error) => resolve(error == null)));
      if (!isOpen) break;
    }
    await vi.waitFor(() => expect(isDropped()).toBe(true));
    socket.resume();
    await ended;
  });

  it('end when their token is revoked, as its requests do', async () => {
    const clock = new FakeClock(Date.now());
    const world = await open({ clock });
    const [token, other] = [await world.token(['read']), await world.token(['read'])];
    const [revoked, kept] = [await follow(world, token), await follow(world, other)];
    const stream = await world.ask(`${API}/events`, token);
    const closed = once(revoked.socket, 'close');
    await world.hub.tokens.revoke(token.slice(4, 30));
    expect((await world.ask(`${API}/presences`, token)).status).toBe(401);
    await clock.advance(10 * SECOND);
    expect((await closed)[0]).toBe(4401);
    expect(await stream.text()).toContain('event: ready');
    expect(kept.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('drops one that answers no ping', async () => {
    const clock = new FakeClock(Date.now());
    const world = await open({ clock });
    const token = await world.token(['read']);
    const [silent, good] = [await follow(world, token, { autoPong: false }), await follow(world, token)];
    const closed = once(silent.socket, 'close');
    const pinged = Promise.all([once(silent.socket, 'ping'), once(good.socket, 'ping')]);
    await clock.advance(30 * SECOND);
    await pinged;
    // What comes back tells that the answer to the ping has arrived before.
    good.socket.ping();
    await once(good.socket, 'pong');
    await clock.advance(30 * SECOND);
    expect((await closed)[0]).toBe(1006);
    expect(good.socket.readyState).toBe(WebSocket.OPEN);
    expect(world.log.join('')).toContain('why=silent');
  });

  it('are refused when there are as many as may be', async () => {
    const world = await open({ env: { HUB_MAX_SOCKETS: '2' } });
    const token = await world.token(['read']);
    const first = await follow(world, token);
    const stream = await world.ask(`${API}/events`, token);
    expect(stream.status).toBe(200);
    const full = { status: 503, retryAfter: '5', body: { error: { code: 'unavailable' } } };
    expect(await answered(world.ask(`${API}/events`, token))).toMatchObject(full);
    const refused = new WebSocket(
      `${world.url.replace('http', 'ws')}${OUTLOOK}/ws?secret=${encodeURIComponent(OUTLOOK_SECRET)}`,
    );
    const [error] = await once(refused, 'error');
    expect(String(error)).toContain('503');
    first.socket.close();
    await once(first.socket, 'close');
    await vi.waitFor(async () => {
      const again = await world.ask(`${API}/events`, token);
      await again.body?.cancel();
      expect(again.status).toBe(200);
    });
    await stream.body?.cancel();
  });
});

import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { AppError } from '../../src/core/appError.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { API, answered, follow, type Opened, OUTLOOK, raw, requestOf } from './hub-clients.ts';
import { type HubWorld, type HubWorldOptions, OUTLOOK_SECRET, openHub } from './hub-world.ts';

const QUICK = { headers: 200, request: 400, look: 50, stall: 500 } as const;

const opened: Opened = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function open(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  opened.push(world);
  return world;
}

const POST = [
  `POST ${API}/people HTTP/1.1`,
  'host: x',
  'authorization: Bearer TOKEN',
  'content-type: application/json',
  'content-length: 5000',
  '\r\n',
].join('\r\n');
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
    const [bad, good] = [await follow(opened, world, token), await follow(opened, world, token)];
    bad.socket.send('x'.repeat(2_000));
    const [code] = await once(bad.socket, 'close');
    expect(code).toBe(1009);
    await world.person('Ada');
    await vi.waitFor(() => expect(good.messages).toHaveLength(2));
    expect(good.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('answers what is no HTTP, and headers without end, and ends the connection', async () => {
    const world = await open();
    const noise = await (await raw(opened, world, '\x16\x03\x01\x02\x00\x01 nonsense\r\n\r\n')).ended;
    expect(noise).toMatch(/^HTTP\/1.1 400 .*invalidInput/s);
    const endless = await (await raw(opened, world, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`))
      .ended;
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
    const { ended } = await raw(opened, world, text.replace('TOKEN', await world.token(['admin'])));
    expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
    expect(await ended).toMatch(/^$|^HTTP\/1.1 408 /);
  });

  it('cuts a body that drips', async () => {
    const world = await open({ patience: QUICK });
    const { socket, ended } = await raw(opened, world, POST.replace('TOKEN', await world.token(['admin'])));
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
    const { socket, ended } = await raw(opened, world, requestOf(`presences/${id}`, token));
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

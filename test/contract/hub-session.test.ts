import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlainLogger } from '../../src/adapters/node/plainLogger.ts';
import { HOUR, SECOND } from '../../src/core/time.ts';
import { useErrors } from '../../src/hub/http/errors.ts';
import { pageRoutes } from '../../src/hub/http/page.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { ShiftedClock } from '../fakes/shiftedClock.ts';
import { type HubWorld, type HubWorldOptions, openHub } from './hub-world.ts';

const worlds: HubWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  worlds.push(world);
  return world;
}

/** What a browser sends from a page at `origin`. */
const from = (origin: string, site = 'same-origin') => ({ origin, 'sec-fetch-site': site });

interface Answer {
  readonly signedIn?: boolean;
  readonly person?: { readonly email: string } | null;
  readonly error?: { readonly code: string; readonly message: string };
}

const signIn = (world: HubWorld, token: unknown, headers: Record<string, string> = from(world.url)) =>
  world.ask('/session', null, { method: 'POST', body: JSON.stringify({ token }), headers });

/** The cookie to send back, `name=value`. */
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';

const read = (world: HubWorld, cookie: string, path = '/api/v1/presences') =>
  world.ask(path, null, { headers: { cookie } });

const answerOf = async (response: Response) => (await response.json()) as Answer;

describe("the page's session", () => {
  it('turns a token into a cookie that no script reads and no other site can send', async () => {
    const world = await open();
    const ada = await world.person('Ada');
    const response = await signIn(world, await world.token(['read', 'publish'], ada));
    expect(response.status).toBe(200);
    expect(await answerOf(response.clone())).toMatchObject({ signedIn: true, person: { email: 'ada@example.com' } });
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^hipstatus_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await read(world, cookieOf(response))).status).toBe(200);
    expect(await answerOf(await read(world, cookieOf(response), '/session'))).toMatchObject({ signedIn: true });
  });

  it('is marked for https alone where a proxy speaks https, and the plain name counts there no more', async () => {
    const world = await open({ env: { HUB_BEHIND_PROXY: '1' } });
    const secure = { ...from('https://hub.example.com'), 'x-forwarded-proto': 'https' };
    const response = await signIn(world, await world.token(['read']), secure);
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-hipstatus_session=[\w-]+; .*Secure; SameSite=Strict$/);
    const ask = (sent: string) =>
      world.ask('/api/v1/presences', null, { headers: { cookie: sent, 'x-forwarded-proto': 'https' } });
    expect((await ask(cookieOf(response))).status).toBe(200);
    expect((await ask(cookieOf(response).replace('__Host-', ''))).status).toBe(401);
  });

  it('only reads', async () => {
    const world = await open();
    const ada = await world.person('Ada');
    const cookie = cookieOf(await signIn(world, await world.token(['admin'], ada)));
    const response = await world.ask('/api/v1/presences/me', null, {
      method: 'PUT',
      body: JSON.stringify({ state: 'dnd' }),
      headers: { cookie, ...from(world.url) },
    });
    expect(response.status).toBe(401);
    expect(world.hub.roster.get(ada)?.reporting).toBe(false);
  });

  it('ends with signing out, with its token, and after twelve hours', async () => {
    const clock = new ShiftedClock(Date.now());
    const world = await open({ clock });
    const issued = await world.hub.tokens.issue({ name: 'x', scopes: ['read'], personId: null, expiresAt: null });
    const enter = async () => cookieOf(await signIn(world, issued.token));
    const [first, second, third] = [await enter(), await enter(), await enter()];
    const out = (headers: Record<string, string>) =>
      world.ask('/session', null, { method: 'DELETE', headers: { cookie: first, ...headers } });
    expect((await out(from('https://evil.example', 'cross-site'))).status).toBe(403);
    expect((await read(world, first)).status).toBe(200);
    const left = await out(from(world.url));
    expect(left.status).toBe(204);
    expect(left.headers.getSetCookie()[0]).toMatch(/^hipstatus_session=; .*Expires=Thu, 01 Jan 1970/);
    expect((await read(world, first)).status).toBe(401);

    expect((await read(world, second)).status).toBe(200);
    clock.set(clock.now() + 12 * HOUR + SECOND);
    expect((await read(world, second)).status).toBe(401);

    const fresh = await enter();
    expect((await read(world, fresh)).status).toBe(200);
    await world.hub.tokens.revoke(issued.info.id);
    expect((await read(world, fresh)).status).toBe(401);
    expect(await answerOf(await read(world, third, '/session'))).toEqual({ signedIn: false });
  });

  it('gives a new session at each sign-in and ends the one before', async () => {
    const world = await open();
    const token = await world.token(['read']);
    const first = cookieOf(await signIn(world, token));
    const second = cookieOf(await signIn(world, token, { ...from(world.url), cookie: first }));
    expect(second).not.toBe(first);
    expect((await read(world, first)).status).toBe(401);
    expect((await read(world, second)).status).toBe(200);
  });

  it.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring host', { origin: 'https://other.example.com', 'sec-fetch-site': 'same-site' }],
    ['another site in a browser without fetch metadata', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nothing that says where it is from', {}],
  ])('takes no token from %s', async (_, headers) => {
    const world = await open();
    const response = await signIn(world, await world.token(['read']), headers);
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('takes one by Origin alone, of the host that was asked and of HUB_BASE_URL', async () => {
    const world = await open({ env: { HUB_BASE_URL: 'http://hub.example.com' } });
    const token = await world.token(['read']);
    expect((await signIn(world, token, { origin: world.url })).status).toBe(200);
    expect((await signIn(world, token, { origin: 'http://hub.example.com' })).status).toBe(200);
    expect((await signIn(world, token, { origin: 'http://hub.example.com:81' })).status).toBe(403);
  });

  it('says what is wrong with a token, in an answer and a log that do not hold it', async () => {
    const world = await open();
    const good = await world.token(['read']);
    const wrong = `${good.slice(0, -4)}AAAA`;
    for (const [token, status, code] of [
      [wrong, 401, 'unauthorized'],
      ['hst_x', 401, 'unauthorized'],
      ['', 400, 'invalidInput'],
      [7, 400, 'invalidInput'],
      ['x'.repeat(300), 400, 'invalidInput'],
      [await world.token(['publish']), 403, 'forbidden'],
    ] as const) {
      const response = await signIn(world, token);
      const text = await response.text();
      expect([response.status, (JSON.parse(text) as Answer).error?.code]).toEqual([status, code]);
      if (typeof token === 'string' && token !== '') expect(text).not.toContain(token);
    }
    expect(world.log.join('')).not.toContain(wrong);
    expect(world.log.join('')).not.toContain(good);
  });

  it('counts wrong tokens of an address, and then takes none from it for a while', async () => {
    const world = await open({ env: { HUB_RATE_FAILURES: '3' } });
    const statuses: number[] = [];
    for (let tries = 0; tries < 5; tries += 1) statuses.push((await signIn(world, 'hst_wrong')).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const last = await signIn(world, 'hst_wrong');
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is no failure to be without: a page that is opened signed out asks and gets an answer', async () => {
    const world = await open();
    for (const cookie of ['', 'hipstatus_session=unknown', '__Host-hipstatus_session=%00']) {
      const response = await read(world, cookie, '/session');
      expect([response.status, await answerOf(response)]).toEqual([200, { signedIn: false }]);
    }
  });
});

describe("the page's stream", () => {
  it('follows with the cookie, and hears every 15 seconds that the hub is still there', async () => {
    const clock = new FakeClock(Date.now());
    const world = await open({ clock });
    const cookie = cookieOf(await signIn(world, await world.token(['read'])));
    const response = await read(world, cookie, '/api/v1/events');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const hear = async (what: string): Promise<void> => {
      while (!heard.includes(what)) heard += (await reader?.read())?.value ?? '';
    };
    await hear('event: ready\n');
    expect(heard).not.toContain('event: beat');
    await clock.advance(15 * SECOND);
    await hear('event: beat\ndata: {}\n\n');
    await reader?.cancel();
  });
});

describe("the page's files", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function serve() {
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-page-'));
    folders.push(folder);
    const app = fastify();
    useErrors(app, createPlainLogger({ stream: { write: () => {} }, level: 'error', now: () => 0 }));
    app.register(pageRoutes(folder));
    return { app, folder };
  }

  function build(folder: string): void {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<p>page</p>');
    writeFileSync(join(folder, 'assets', 'index-1a2b.js'), 'run()');
    writeFileSync(join(folder, 'secret'), 'not for anybody');
  }

  it('says how to build it while it is not there, and serves it from then on', async () => {
    const { app, folder } = serve();
    const missing = await app.inject('/');
    expect([missing.statusCode, missing.json<Answer>().error?.message]).toEqual([
      503,
      expect.stringContaining('npm run build'),
    ]);
    build(folder);
    const page = await app.inject('/');
    expect([page.statusCode, page.headers['content-type'], page.body]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<p>page</p>',
    ]);
    await app.close();
  });

  it('keeps hashed files with the browser for a year, and hands out nothing else', async () => {
    const { app, folder } = serve();
    build(folder);
    const script = await app.inject('/assets/index-1a2b.js');
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    for (const path of ['/assets/none.js', '/assets/..%2fsecret', '/assets/%2e%2e/secret', '/secret', '/assets/']) {
      const response = await app.inject(path);
      expect([path, response.statusCode, response.headers['cache-control']]).toEqual([path, 404, undefined]);
    }
    await app.close();
  });
});

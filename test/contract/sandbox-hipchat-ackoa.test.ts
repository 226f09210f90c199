import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HipchatConnectSandbox, startHipchatConnect } from '../../src/sandbox/hipchatConnect/index.ts';
import { connectFindings } from './hipchat-connect.ts';
import { INSTALL_MS, installFixture } from './servers/npmFixture.ts';
import { freePort, type ServerProcess, startProcess } from './servers/process.ts';

/**
 * Atlassian's own framework for add-ons (ac-koa, ac-koa-hipchat: Apache-2.0), unmodified, judges the stand-in: nobody here
 * wrote what it expects of a HipChat server.
 */
let program: ServerProcess;
let url: string;
let hipchat: HipchatConnectSandbox;

beforeAll(async () => {
  const folder = await installFixture('ac-koa');
  const port = await freePort();
  url = `http://localhost:${port}`;
  program = await startProcess({
    command: process.execPath,
    args: ['addon.js'],
    cwd: folder,
    env: { PORT: String(port), LOCAL_BASE_URL: url, NODE_ENV: 'production' },
    isReady: async () => (await fetch(`${url}/addon/capabilities`)).ok,
  });
}, INSTALL_MS);
afterAll(() => program?.stop());

beforeEach(async () => {
  // The server's clock stands: a token that the framework still has is good.
  const at = Date.now();
  hipchat = await startHipchatConnect({
    now: () => at,
    users: [
      { id: 42, name: 'Ada Lovelace', email: 'ada@contoso.example', timezone: 'Europe/London' },
      { id: 43, name: 'Grace Hopper', email: 'grace@contoso.example' },
    ],
    rooms: [
      { id: 1815, name: 'Engine room' },
      { id: 1906, name: 'Compilers' },
    ],
  });
});
afterEach(async () => {
  await hipchat.settled();
  await hipchat.close();
  expect(connectFindings(hipchat.journal.exchanges)).toEqual([]);
});

const install = (room?: number) => hipchat.install(url, room === undefined ? {} : { room });

/** What the add-on says next. */
const said = () => hipchat.nextPost(({ kind }) => kind === 'notification');

/** Does it, and gives what the add-on then says. */
async function heard<T>(act: () => Promise<T>) {
  const next = said();
  const result = await act();
  return { post: await next, result };
}

describe("an add-on on Atlassian's framework", () => {
  it('is installed from the address that redirects to its descriptor, and asks for its token with JSON', async () => {
    const { post } = await heard(() => install(1815));
    expect(post).toMatchObject({ room: 1815, from: 'Greeter', text: 'Installed' });
    const asked = hipchat.journal.exchanges.filter(({ path }) => path === '/v2/oauth/token');
    expect(asked[0]).toMatchObject({ status: 200, body: { grant_type: 'client_credentials' } });
    expect(asked[0]?.headers['content-type']).toMatch(/json/);
    expect(asked[0]?.headers['authorization']).toMatch(/^Basic #/);
  });

  it('greets who enters, answers commands in any case, and says the new topic', async () => {
    await heard(() => install(1815));
    const greeted = await heard(() => hipchat.enter(1815, 42));
    expect(greeted.post).toMatchObject({ text: 'Hi, Ada Lovelace!', body: { color: 'green', message_format: 'html' } });
    expect(greeted.result.map(({ status, webhook }) => [webhook.event, status])).toEqual([['room_enter', 204]]);
    const echoed = await heard(() => hipchat.say(1815, '@Ada', '/ECHO hello @Grace'));
    expect(echoed.post).toMatchObject({ text: 'hello @Grace', body: { color: 'green', message_format: 'text' } });
    const topic = await heard(() => hipchat.setTopic(1815, 43, 'Bugs'));
    expect(topic.post.text).toBe('Grace Hopper: Bugs');
  });

  it('hears only what its patterns fit, in the room it is in', async () => {
    await heard(() => install(1815));
    expect(await hipchat.say(1815, 42, 'no /echo here')).toEqual([]);
    expect(await hipchat.say(1906, 42, '/echo elsewhere')).toEqual([]);
    expect(hipchat.posts.filter(({ kind }) => kind === 'notification')).toHaveLength(1);
  });

  it('is in all rooms after a global installation', async () => {
    await install();
    const { post } = await heard(() => hipchat.say(1906, 42, '/echo anywhere'));
    expect(post).toMatchObject({ room: 1906, text: 'anywhere' });
  });

  it('reads the members, makes a webhook by the API and updates its glance', async () => {
    const { result: installation } = await heard(() => install(1815));
    expect((await heard(() => hipchat.say(1815, 42, '/who'))).post.text).toBe('Ada Lovelace, Grace Hopper');
    const { post } = await heard(() => hipchat.say(1815, 42, '/listen'));
    const [delivery] = await hipchat.say(1815, 42, 'later on');
    expect([delivery?.status, `webhook ${delivery?.webhook.id}`]).toEqual([204, post.text]);
    expect(delivery?.call.url).toContain('token=');
    await heard(() => hipchat.say(1815, 42, '/glance'));
    expect(hipchat.glance(installation, 'greeted', { room: 1815 })?.label.value).toBe('<b>3</b> greeted');
    expect(hipchat.glance(installation, 'greeted', { room: 1906 })).toBeNull();
  });

  it('asks for a new token when its own is over', async () => {
    // The framework counts the last minute out.
    hipchat.setTokenLifetime(61);
    await heard(() => install(1815));
    const tokens = () => hipchat.journal.exchanges.filter(({ path }) => path === '/v2/oauth/token').length;
    const before = tokens();
    const again = async () => {
      await heard(() => hipchat.say(1815, 42, '/echo again'));
      return tokens();
    };
    expect(await again()).toBe(before);
    await expect.poll(again, { timeout: 5_000, interval: 250 }).toBe(before + 1);
  });

  it('takes the tokens of frames, with the person and the room in them', async () => {
    const { result: installation } = await heard(() => install(1815));
    const context = { user_tz: 'Europe/London', room_id: 1815 };
    for (const key of ['configurable', 'greeter.panel']) {
      const { status, json } = await hipchat.openFrame(installation, key, { user: 42, room: 1815 });
      expect([status, json]).toEqual([200, { tenant: installation.oauthId, user: '42', context }]);
    }
    const glance = await hipchat.queryGlance(installation, 'greeted', { user: 43, room: 1815 });
    expect([glance.status, glance.problems]).toEqual([200, []]);
    expect(hipchat.glance(installation, 'greeted', { user: 43, room: 1815 })?.label.value).toBe('<b>0</b> greeted');
  });

  it.each([
    ['signed with another secret', { secret: 'of somebody else' }],
    ['of an issuer it does not know', { claims: { iss: 'nobody' } }],
    ['altered', { altered: { prn: '43' } }],
    ['expired', { claims: { iat: 1, exp: 2 } }],
    ['absent', { carry: 'nowhere' }],
  ] as const)('refuses a token that is %s', async (_name, forgery) => {
    const { result: installation } = await heard(() => install(1815));
    const answer = await hipchat.openFrame(installation, 'greeter.panel', { user: 42, room: 1815 }, forgery);
    expect(answer.status).toBe(401);
  });

  it('is told of its end, and then knows nobody any more', async () => {
    const { result: installation } = await heard(() => install(1815));
    const token = hipchat.sign(installation, { user: 42, room: 1815 });
    const answer = await hipchat.uninstall(installation);
    expect([answer?.call.method, answer?.status]).toEqual(['DELETE', 204]);
    expect(answer?.call.url).toBe(`${url}/addon/installable/${installation.oauthId}`);
    expect(await hipchat.say(1815, 42, '/echo are you there')).toEqual([]);
    expect((await hipchat.openFrame(installation, 'greeter.panel', { user: 42 }, { token })).status).toBe(401);
    expect(hipchat.installations).toEqual([]);
  });

  it('refuses an installation whose secret gives no token', async () => {
    hipchat.fail({ match: { path: '/v2/oauth/token' }, status: 401, body: { error: { message: 'no' } } });
    await expect(install(1815)).rejects.toThrow(/the add-on refused: 403/);
    expect(hipchat.installations).toEqual([]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Addon } from '../../src/hub/addons/addon.ts';
import { createAddon, type ServedAddon, serveAddon } from '../../src/hub/addons/index.ts';
import { type HipchatConnectSandbox, startHipchatConnect } from '../../src/sandbox/hipchatConnect/index.ts';
import { ADA, LAB, newAddon, openAddon, YARD } from './hub-addons-world.ts';
import { type HubWorld, openHub } from './hub-world.ts';

const ROOT = join(import.meta.dirname, '../..');
const said: string[] = [];
const say = (line: string): void => void said.push(line);
const logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => logger, say };

let folder = '';
let chat: HipchatConnectSandbox;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hipstatus-addon-'));
  chat = await startHipchatConnect({
    users: [{ id: ADA, name: 'Ada', email: 'ada@example.com' }],
    rooms: [
      { id: LAB, name: 'Lab' },
      { id: YARD, name: 'Yard' },
    ],
    limits: { messages: 1_000 },
  });
});
afterEach(async () => {
  await chat.close();
  rmSync(folder, { recursive: true, force: true });
});

const echo = (): Addon =>
  newAddon().webhook({ event: 'room_message', pattern: /^\/echo (.*)/i }, ({ match }) => match?.[1] ?? '');

describe('an add-on by itself', () => {
  let served: ServedAddon | undefined;
  afterEach(() => served?.close());

  const selfOf = async (one: ServedAddon): Promise<string> =>
    ((await (await fetch(one.address)).json()) as { links: { self: string } }).links.self;

  it('says where it is: as it was told, by AC_BASE_URL, or by its port', async () => {
    served = await serveAddon(echo(), {
      port: 0,
      env: { AC_BASE_URL: 'https://ignored.example.com' },
      baseUrl: 'https://a.example.com/x/',
      logger,
      say,
    });
    expect([served.descriptorUrl, await selfOf(served)]).toEqual([
      'https://a.example.com/x/capabilities',
      'https://a.example.com/x/capabilities',
    ]);
    await served.close();
    served = await serveAddon(echo(), { env: { AC_BASE_URL: 'https://b.example.com', PORT: '0' }, logger, say });
    expect(await selfOf(served)).toBe('https://b.example.com/capabilities');
    expect(said.at(-1)).toBe('Public descriptor base URL: https://b.example.com');
    await served.close();
    served = await serveAddon(echo(), { port: 0, env: {}, logger, say });
    expect(await selfOf(served)).toBe(`http://localhost:${new URL(served.address).port}/capabilities`);
  });

  it.each([{ PORT: '99999' }, { PORT: 'http' }, { AC_BASE_URL: 'addon.example.com' }])('refuses %s', async (env) => {
    await expect(serveAddon(echo(), { env, logger, say })).rejects.toMatchObject({ code: 'invalidInput' });
  });

  it('says that its port is taken', async () => {
    served = await serveAddon(echo(), { port: 0, env: {}, logger, say });
    const port = Number(new URL(served.address).port);
    await expect(serveAddon(echo(), { port, env: {}, logger, say })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('keeps its installations in a folder, over restarts', async () => {
    const options = { env: {}, store: folder, allowPrivate: true, logger, say };
    served = await serveAddon(echo(), { ...options, port: 0 });
    const port = Number(new URL(served.address).port);
    await chat.install(served.descriptorUrl, { room: LAB });
    await served.close();
    served = await serveAddon(echo(), { ...options, port });
    expect(await chat.say(LAB, ADA, '/ECHO again')).toMatchObject([{ posted: { text: 'again' } }]);
  });

  it('starts what works by itself, and ends it', async () => {
    const seen: string[] = [];
    const addon = echo()
      .on('start', async ({ tenants }) => {
        seen.push(`${(await tenants()).length} tenants`);
        return () => void seen.push('ended');
      })
      .on('start', () => {
        throw new Error('this one fails');
      });
    const world = await openAddon(addon);
    expect(seen).toEqual(['0 tenants']);
    await world.close();
    expect(seen).toEqual(['0 tenants', 'ended']);
    expect(world.log.join('')).toContain('A handler of "start" failed');
    expect(world.log.join('')).not.toContain('this one fails');
  });

  it('says at the start what is wrong with its descriptor', async () => {
    const addon = newAddon().glance({ key: 'count', name: 'Count', icon: '/i.png', target: 'nothing' });
    await expect(serveAddon(addon, { port: 0, env: {}, logger, say })).rejects.toThrow(/count opens nothing/);
  });
});

describe('add-ons in a hub', () => {
  let hub: HubWorld | undefined;
  let alone: ServedAddon | undefined;
  afterEach(async () => {
    await hub?.close();
    await alone?.close();
    hub = undefined;
    alone = undefined;
  });

  const file = (name: string, code: string): string => {
    const path = join(folder, name);
    const source = pathToFileURL(join(ROOT, 'src/hub/addons/index.ts')).href;
    writeFileSync(path, code.replace("'hipstatus/addon'", JSON.stringify(source)));
    return path;
  };
  const ECHO = `import { createAddon } from 'hipstatus/addon';
    const addon = createAddon({ key: 'echo', name: 'Echo', scopes: ['send_notification'] });
    addon.webhook({ event: 'room_message', pattern: /^\\/echo (.*)/i }, ({ match }) => match[1]);
    addon.webPanel({ key: 'panel', name: 'Panel' }, () => '<p>panel</p>');
    export default addon;`;
  const open = (addons: string, env: Readonly<Record<string, string>> = {}) =>
    openHub({ env: { HUB_ADDONS: addons, HUB_ALLOW_PRIVATE_ADDONS: '1', ...env } });

  it('come from the files that HUB_ADDONS names, each at its own path', async () => {
    hub = await open(`${file('echo.ts', ECHO)}, ${file('two.ts', ECHO.replace("'echo'", "'two'"))}`);
    for (const key of ['echo', 'two']) {
      const installation = await chat.install(`${hub.url}/addons/${key}`, { room: LAB });
      expect(installation.descriptor.links.self).toBe(`${hub.url}/addons/${key}/capabilities`);
      const page = await chat.openFrame(installation, 'panel', { user: ADA, room: LAB });
      expect(page).toMatchObject({ status: 200, text: '<p>panel</p>' });
      expect(page.headers['x-frame-options']).toBeUndefined();
    }
    const deliveries = await chat.say(LAB, ADA, '/echo hello');
    expect(deliveries.map(({ posted }) => posted?.text)).toEqual(['hello', 'hello']);
  });

  it('say where they are by HUB_BASE_URL', async () => {
    hub = await open(file('echo.ts', ECHO), { HUB_BASE_URL: 'https://hub.example.com/' });
    const descriptor = await (await fetch(`${hub.url}/addons/echo`)).json();
    expect(descriptor).toMatchObject({ links: { self: 'https://hub.example.com/addons/echo/capabilities' } });
  });

  it('keep their installations over a restart of the hub', async () => {
    hub = await open(file('echo.ts', ECHO), { HUB_BASE_URL: 'http://hub.example.com' });
    const post = (world: HubWorld, path: string, init: RequestInit) => fetch(`${world.url}/addons/echo${path}`, init);
    // The hub's public address is not this one, so the chat server's part is done by hand.
    const addon = createAddon({ key: 'echo', name: 'Echo', scopes: ['send_notification'] });
    alone = await serveAddon(addon, { port: 0, env: {}, allowPrivate: true, logger, say });
    const installation = await chat.install(alone.descriptorUrl, { room: LAB });
    const { oauthId, oauthSecret, groupId } = installation;
    const body = JSON.stringify({
      oauthId,
      oauthSecret,
      groupId,
      roomId: LAB,
      capabilitiesUrl: `${chat.url}/v2/capabilities`,
    });
    const headers = { 'content-type': 'application/json' };
    expect((await post(hub, '/installed', { method: 'POST', headers, body })).status).toBe(204);
    hub = await hub.again();
    const token = chat.sign(installation, { user: ADA, room: LAB });
    expect((await post(hub, `/panel/panel?signed_request=${token}`, {})).status).toBe(200);
    expect(hub.log.join('')).not.toContain(oauthSecret);
    expect(hub.log.join('')).not.toContain(token);
  });

  it('count requests by installation, not by the address that the chat server has', async () => {
    hub = await open(file('echo.ts', ECHO), { HUB_RATE_ADDRESS: '5', HUB_RATE_TOKEN: '100' });
    await chat.install(`${hub.url}/addons/echo`, { room: LAB });
    await chat.install(`${hub.url}/addons/echo`, { room: YARD });
    const statuses: number[] = [];
    for (let sent = 0; sent < 10; sent += 1) {
      const [first] = await chat.say(sent % 2 === 0 ? LAB : YARD, ADA, '/echo x');
      statuses.push(first?.status ?? 0);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('make an address wait that tries many signatures', async () => {
    hub = await open(file('echo.ts', ECHO), { HUB_RATE_FAILURES: '3' });
    const statuses: number[] = [];
    for (let tried = 0; tried < 6; tried += 1) {
      statuses.push((await fetch(`${hub.url}/addons/echo/panel/panel?signed_request=a.b.c`)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  });

  it('leave the rest of the hub as closed as it was to their tokens', async () => {
    hub = await open(file('echo.ts', ECHO));
    const installation = await chat.install(`${hub.url}/addons/echo`, { room: LAB });
    const authorization = `JWT ${chat.sign(installation, { user: ADA, room: LAB })}`;
    expect((await fetch(`${hub.url}/api/v1/presences`, { headers: { authorization } })).status).toBe(401);
  });

  it('may only be installed by the servers and groups that the settings name', async () => {
    hub = await open(file('echo.ts', ECHO), { HUB_ADDON_SERVERS: 'https://chat.example.com' });
    await expect(chat.install(`${hub.url}/addons/echo`)).rejects.toThrow(/not for this chat server/);
    await hub.close();
    hub = await open(file('echo.ts', ECHO), { HUB_ADDON_SERVERS: chat.url, HUB_ADDON_GROUPS: '1234567' });
    await expect(chat.install(`${hub.url}/addons/echo`)).rejects.toThrow(/not for this group/);
  });

  it.each([
    ['a file that is not there', () => join(folder, 'nothing.ts'), /can't be loaded/],
    ['a file that fails', () => file('bad.ts', 'throw new Error("oh")'), /can't be loaded/],
    ['a file without an add-on', () => file('none.ts', 'export default { key: "x" }'), /has no add-on/],
    ['two of one key', () => `${file('a.ts', ECHO)},${file('b.ts', ECHO)}`, /Two add-ons/],
  ])('stop the hub when HUB_ADDONS names %s', async (_, addons, message) => {
    await expect(open(addons())).rejects.toThrow(message);
  });
});

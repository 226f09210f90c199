import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { AddonOptions } from '../../src/hub/addons/index.ts';
import {
  type HipchatConnectSandbox,
  type Installation,
  InstallRefused,
} from '../../src/sandbox/hipchatConnect/index.ts';
import { type AddonWorld, LAB, newAddon, openAddon, shiftedClock } from './hub-addons-world.ts';

let world: AddonWorld;
afterEach(() => world.close());

const open = async (options: Partial<AddonOptions> = {}): Promise<HipchatConnectSandbox> => {
  world = await openAddon(newAddon(options));
  return world.chat;
};
const install = (room: number | null = LAB): Promise<Installation> =>
  world.chat.install(world.descriptorUrl, room === null ? {} : { room });

/** What the add-on answers to an installation, sent by hand. */
const post = async (body: object, path = '/installed'): Promise<{ status: number; message: string }> => {
  const response = await fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, message: text === '' ? '' : (JSON.parse(text).error.message as string) };
};
const payload = (more: object = {}) => ({
  capabilitiesUrl: `${world.chat.url}/v2/capabilities`,
  oauthId: 'stranger-1',
  oauthSecret: 'a secret that is long enough',
  groupId: 1,
  roomId: LAB,
  ...more,
});
const tokenCalls = () => world.chat.journal.exchanges.filter(({ path }) => path === '/v2/oauth/token');

describe('the descriptor', () => {
  it.each(['', '/', '/capabilities'])('is served at "%s"', async (path) => {
    await open();
    const descriptor = await (await fetch(`${world.url}${path}`)).json();
    expect(descriptor).toMatchObject({
      key: 'com.example.greeter',
      links: { self: world.descriptorUrl },
      capabilities: { installable: { callbackUrl: `${world.url}/installed` } },
    });
  });
});

describe('an installation', () => {
  it('is accepted in a room once a token was obtained, as a form, and kept', async () => {
    await open();
    const { oauthId, groupId } = await install();
    expect(tokenCalls()).toMatchObject([
      { method: 'POST', status: 200, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ]);
    const document = await world.documents.get('tenants', `com.example.greeter/${oauthId}`, Date.now());
    expect(document?.value).toMatchObject({ oauthId, groupId, roomId: LAB, apiUrl: `${world.chat.url}/v2` });
  });

  it('is accepted for all rooms', async () => {
    await open();
    await install(null);
    expect(await world.tenants()).toBe(1);
  });

  it('tells the handlers, who can speak at once with the same token', async () => {
    const addon = newAddon();
    const seen: (number | null)[] = [];
    addon.on('install', async ({ tenant, client }) => {
      seen.push(tenant.roomId);
      await client.room.notify('Hello, I am new here');
    });
    world = await openAddon(addon);
    await install();
    expect(seen).toEqual([LAB]);
    expect(world.chat.posts).toMatchObject([{ kind: 'notification', room: LAB, text: 'Hello, I am new here' }]);
    expect(tokenCalls()).toHaveLength(1);
  });

  it('is refused when a handler refuses, and nothing is kept', async () => {
    const addon = newAddon();
    addon.on('install', () => {
      throw new Error('not you');
    });
    world = await openAddon(addon);
    await expect(install()).rejects.toThrow(InstallRefused);
    expect(await world.tenants()).toBe(0);
    expect(world.log.join('')).not.toContain('not you');
  });

  it.each([
    ['in a room', { allowRoom: false }, LAB],
    ['for all', { allowGlobal: false }, undefined],
  ])('is refused %s where the descriptor does not allow it', async (_, options, roomId) => {
    await open(options);
    expect(await post(payload({ roomId }))).toMatchObject({
      status: 403,
      message: expect.stringContaining('only be installed'),
    });
    expect(await world.tenants()).toBe(0);
  });

  it('is for some groups or some servers only, where it says so', async () => {
    await open({ groups: [4_711] });
    await expect(install()).rejects.toThrow(/not for this group/);
    await world.close();
    await open({ servers: ['https://chat.example.com'] });
    await expect(install()).rejects.toThrow(/not for this chat server/);
    expect(await world.tenants()).toBe(0);
  });

  it('of one id stays its own: nobody can take it over with a secret or server of theirs', async () => {
    await open();
    const { oauthId, oauthSecret } = await install();
    const before = await world.documents.get('tenants', `com.example.greeter/${oauthId}`, Date.now());
    expect(await post(payload({ oauthId }))).toMatchObject({ status: 409 });
    expect(await post(payload({ oauthId, oauthSecret, capabilitiesUrl: `${world.chat.url}/v2/other` }))).toMatchObject({
      status: 409,
    });
    expect(await world.documents.get('tenants', `com.example.greeter/${oauthId}`, Date.now())).toEqual(before);
    expect((await post(payload({ oauthId, oauthSecret }))).status).toBe(204);
  });

  it.each([
    ['nothing', {}],
    ['an id that would reach another document', payloadLike({ oauthId: '../other/1' })],
    ['no secret', payloadLike({ oauthSecret: '' })],
    ['a group that is no number', payloadLike({ groupId: 'all' })],
    ['a room that is none', payloadLike({ roomId: {} })],
  ])('with %s is refused before anybody is asked', async (_, body) => {
    await open();
    expect((await post(body)).status).toBe(400);
    expect(world.chat.journal.exchanges.filter(({ service }) => service === 'hipchat')).toEqual([]);
  });

  it('is refused when the document names another address as its own', async () => {
    const chat = await open();
    chat.alterCapabilities((document) => ({
      ...document,
      links: { ...(document['links'] as object), self: 'https://evil.example/v2/capabilities' },
    }));
    await expect(install()).rejects.toThrow(/another address/);
    expect(tokenCalls()).toEqual([]);
    expect(await world.tenants()).toBe(0);
  });

  it('is refused when the token address does not grant the scopes', async () => {
    await open();
    // A room's administrator can't grant what is the group's.
    world.chat.fail({ match: { path: '/v2/oauth/token' }, status: 400, body: { error: 'invalid_scope' }, times: 1 });
    await expect(install()).rejects.toThrow(/does not grant the scopes/);
    world.chat.fail({
      match: { path: '/v2/oauth/token' },
      status: 200,
      body: { access_token: 'x', expires_in: 3600, token_type: 'bearer', scope: 'send_notification' },
      times: 1,
    });
    await expect(install()).rejects.toThrow(/does not grant the scopes/);
    expect(await world.tenants()).toBe(0);
  });

  it('is refused when the server does not know the secret', async () => {
    await open();
    expect(await post(payload())).toMatchObject({ status: 401, message: expect.stringContaining('does not know') });
    expect(await world.tenants()).toBe(0);
  });

  it('says no secret and no address in the log', async () => {
    await open();
    const { oauthSecret } = await install();
    expect(world.log.join('')).toContain('Installed');
    expect(world.log.join('')).not.toContain(oauthSecret);
    expect(world.log.join('')).not.toContain(world.chat.url);
  });
});

function payloadLike(more: object): object {
  const whole = {
    capabilitiesUrl: 'http://127.0.0.1:9/',
    oauthId: 'a',
    oauthSecret: '12345678',
    groupId: 1,
    roomId: 1,
  };
  return { ...whole, ...more };
}

describe('addresses that a stranger sends', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://0.0.0.0/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
  ])('are not called: %s', async (capabilitiesUrl) => {
    await open();
    const { status, message } = await post(payload({ capabilitiesUrl }));
    expect(status).toBe(400);
    expect(message).toMatch(/where no call may go|https:/);
  });

  it('are not called in private networks, unless that is allowed', async () => {
    world = await openAddon(newAddon(), { allowPrivate: false });
    for (const capabilitiesUrl of [
      `${world.chat.url}/v2/capabilities`,
      'https://10.0.0.1/',
      'https://localhost/',
      'https://[::1]/',
    ]) {
      const { status } = await post(payload({ capabilitiesUrl }));
      expect(status).toBe(400);
    }
    expect(world.chat.journal.exchanges).toEqual([]);
  });

  it('are not followed elsewhere, and no token address is called that may not be', async () => {
    const chat = await open();
    chat.fail({
      match: { path: '/v2/capabilities' },
      status: 302,
      headers: { location: 'http://169.254.169.254/' },
      times: 1,
    });
    expect((await post(payload())).status).toBe(502);
    chat.alterCapabilities((document) => ({
      ...document,
      capabilities: { oauth2Provider: { tokenUrl: 'http://169.254.169.254/token' } },
    }));
    expect((await post(payload())).status).toBe(400);
    expect(await world.tenants()).toBe(0);
  });

  it('may not answer with more than we read, or never end', async () => {
    const chat = await open();
    chat.alterCapabilities((document) => ({ ...document, description: 'x'.repeat(2_000_000) }));
    expect(await post(payload())).toMatchObject({ status: 502, message: expect.stringContaining('longer') });
    await world.close();

    const clock = shiftedClock();
    const waits: (() => void)[] = [];
    world = await openAddon(newAddon(), {
      clock: {
        ...clock,
        after: (_, call) => {
          waits.push(call);
          return { stop: () => {} };
        },
      },
    });
    let asked = (): void => {};
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const silent = createServer((_request, response) => {
      response.writeHead(200).write('{');
      asked();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const capabilitiesUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const answer = post(payload({ capabilitiesUrl }));
    await wasAsked;
    for (const end of waits) end();
    expect((await answer).status).toBe(504);
    silent.closeAllConnections();
    silent.close();
  });
});

describe('the end of an installation', () => {
  const uninstalled: string[] = [];
  const openWatched = async (): Promise<Installation> => {
    uninstalled.length = 0;
    const addon = newAddon();
    addon.on('uninstall', ({ tenant }) => void uninstalled.push(tenant.oauthId));
    addon.on('uninstall', () => {
      throw new Error('this one fails');
    });
    world = await openAddon(addon);
    return install();
  };

  it('comes by DELETE', async () => {
    const installation = await openWatched();
    expect(await world.chat.uninstall(installation, 'delete')).toMatchObject({ status: 204 });
    expect(uninstalled).toEqual([installation.oauthId]);
    expect(await world.tenants()).toBe(0);
    const headers = { 'content-type': 'application/json' };
    const again = await fetch(`${world.url}/installed/${installation.oauthId}`, { method: 'DELETE', headers });
    expect(again.status).toBe(204);
    expect(uninstalled).toHaveLength(1);
  });

  it('comes by the page, which learns whose end it is and sends the browser back', async () => {
    const installation = await openWatched();
    const answer = await world.chat.uninstall(installation, 'page');
    expect(answer).toMatchObject({ status: 302, headers: { location: `${world.chat.url}/addons/` } });
    expect(uninstalled).toEqual([installation.oauthId]);
    expect(await world.tenants()).toBe(0);
  });

  it.each([
    ['POST', (id: string) => [`/uninstalled`, JSON.stringify({ oauthId: id })]],
    ['POST', (id: string) => [`/uninstalled/${id}`, undefined]],
    ['DELETE', (id: string) => [`/uninstalled/${id}`, undefined]],
  ] as const)('comes as older add-ons were told: %s', async (method, request) => {
    const { oauthId } = await openWatched();
    const [path, body] = request(oauthId);
    const response = await fetch(`${world.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    expect(response.status).toBe(204);
    expect(uninstalled).toEqual([oauthId]);
  });

  it('is not believed of a document that lies elsewhere', async () => {
    const { oauthId } = await openWatched();
    const elsewhere = createServer((_request, response) => response.end(JSON.stringify({ oauthId }))).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const response = await fetch(`${world.url}/uninstalled?installable_url=${encodeURIComponent(address)}`);
    expect(response.status).toBe(403);
    expect(await world.tenants()).toBe(1);
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  it('sends nobody anywhere but to the chat server', async () => {
    const installation = await openWatched();
    const document = world.chat.offer({ oauthId: installation.oauthId });
    const query = new URLSearchParams({ installable_url: document, redirect_url: 'https://evil.example/' });
    const response = await fetch(`${world.url}/uninstalled?${query}`, { redirect: 'manual' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('The add-on is removed');
  });

  it('is seen when the server knows its client no more', async () => {
    const addon = newAddon();
    let failed: unknown;
    addon.webhook({ event: 'room_message' }, async ({ client }) => {
      failed = await client.room.notify('hello').catch((thrown: unknown) => thrown);
    });
    addon.on('uninstall', ({ tenant }) => void uninstalled.push(tenant.oauthId));
    uninstalled.length = 0;
    world = await openAddon(addon);
    const installation = await install();
    world.chat.endTokens(installation);
    world.chat.fail({ match: { path: '/v2/oauth/token' }, status: 401, times: 1 });
    await world.chat.say(LAB, 42, 'anything');
    expect(failed).toMatchObject({ code: 'unauthorized', reason: 'clientGone' });
    expect(uninstalled).toEqual([installation.oauthId]);
    expect(await world.tenants()).toBe(0);
  });
});

describe('an installation from a page', () => {
  it('reads the document that can be read once, and sends the browser back', async () => {
    await open();
    const { oauthId, oauthSecret, groupId } = await install();
    await fetch(`${world.url}/installed/${oauthId}`, { method: 'DELETE' });
    const capabilitiesUrl = `${world.chat.url}/v2/capabilities`;
    const document = world.chat.offer({ oauthId, oauthSecret, groupId, roomId: LAB, capabilitiesUrl });
    const query = new URLSearchParams({ installable_url: document, redirect_url: `${world.chat.url}/addons/` });
    const response = await fetch(`${world.url}/installed?${query}`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(await world.tenants()).toBe(1);
    expect((await fetch(`${world.url}/installed?${query}`)).status).toBe(404);
  });
});

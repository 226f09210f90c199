import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/appError.ts';
import type { AddonHost } from '../../src/hub/addons/calls.ts';
import { type AddonClient, glance, type Notification } from '../../src/hub/addons/index.ts';
import type { Installation } from '../../src/sandbox/hipchatConnect/index.ts';
import { ADA, type AddonWorld, BOB, LAB, newAddon, openAddon, shiftedClock, YARD } from './hub-addons-world.ts';
import { judge, loadContracts } from './specs.ts';

let world: AddonWorld;
let installation: Installation;
let client: AddonClient;
let host: AddonHost;
const clock = shiftedClock();

const openWith = async (room: number | null): Promise<void> => {
  const addon = newAddon();
  addon.on('install', (call) => {
    client = call.client;
  });
  addon.on('start', (started) => {
    host = started;
  });
  addon.webPanel({ key: 'people', name: 'People' }, () => 'people');
  addon.glance({ key: 'count', name: 'Count', icon: 'https://example.com/i.png', target: 'people' });
  clock.shift = 0;
  world = await openAddon(addon, { clock });
  installation = await world.chat.install(world.descriptorUrl, room === null ? {} : { room });
};
beforeEach(() => openWith(LAB));
afterEach(() => world.close());

const callsTo = (path: string | RegExp) =>
  world.chat.journal.exchanges.filter((one) => (typeof path === 'string' ? one.path === path : path.test(one.path)));
const tokenCalls = () => callsTo('/v2/oauth/token').length;
const failure = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (thrown: unknown) => {
      if (thrown instanceof AppError) return thrown;
      throw thrown;
    },
  );

describe('what an add-on says', () => {
  it('in a room: a text, in which nothing is markup', async () => {
    await client.room.notify('<b>not bold</b>');
    expect(world.chat.posts).toMatchObject([
      { kind: 'notification', room: LAB, text: '<b>not bold</b>', body: { message_format: 'text' } },
    ]);
  });

  it('in a room: a notification with colour and card', async () => {
    const notification: Notification = {
      message: 'Build <b>12</b>',
      color: 'green',
      notify: true,
      card: {
        style: 'application',
        id: 'build-12',
        title: 'Build 12',
        url: 'https://ci.example.com/12',
        format: 'medium',
        description: { value: '<i>fine</i>', format: 'html' },
        icon: { url: 'https://ci.example.com/i.png', 'url@2x': 'https://ci.example.com/i2.png' },
        activity: { html: 'Build <b>passed</b>', icon: 'https://ci.example.com/i.png' },
        attributes: [{ label: 'Tests', value: { label: '12', style: 'lozenge-success' } }],
      },
    };
    await client.room.notify(notification);
    expect(world.chat.posts).toMatchObject([{ kind: 'notification', body: notification }]);
  });

  it('as a message, as a reply and with a file', async () => {
    await client.room.message('hello');
    const [hello] = world.chat.posts;
    await client.room.reply(hello?.id ?? '', 'hello to you');
    await client.room.shareFile({
      name: 'plän "1".txt',
      content: 'Ä\r\n--x\r\n',
      type: 'text/plain',
      message: 'the plan',
    });
    await client.inRoom('Lab').shareFile({ name: 'a.bin', content: new Uint8Array([0, 255, 13, 10]) });
    expect(world.chat.posts).toMatchObject([
      { kind: 'message', room: LAB, text: 'hello' },
      { kind: 'reply', text: 'hello to you' },
      { kind: 'file', text: 'the plan', body: { content: Buffer.from('Ä\r\n--x\r\n').toString('base64') } },
      { kind: 'file', room: LAB, body: { file: { name: 'a.bin', size: 4 }, content: 'AP8NCg==' } },
    ]);
  });

  it('as a topic', async () => {
    await client.room.setTopic('lunch');
    expect(world.chat.room(LAB).topic).toBe('lunch');
  });

  it('is as HipChat has published it', async () => {
    await client.room.notify('hello');
    await client.room.message('hello');
    await client.user('bob@example.com').setPresence({ show: 'dnd', status: 'in a meeting' });
    await client.updateGlances({ count: glance({ label: '3' }) });
    const findings = judge(loadContracts(), callsTo(/^\/v2\/(?!capabilities)/), 'both');
    expect(findings).toEqual([]);
  });
});

describe('what an add-on does to people', () => {
  it('a presence goes with all that the user is', async () => {
    Object.assign(world.chat.users.known(BOB), { title: 'Builder', timezone: 'Europe/Berlin', is_group_admin: true });
    const before = await client.user(BOB).get();
    await client.user('bob@example.com').setPresence({ show: 'dnd', status: 'in a meeting' });
    expect(await client.user('@Bob').get()).toMatchObject({
      ...before,
      last_active: expect.any(String),
      presence: { show: 'dnd', status: 'in a meeting' },
    });
    await client.user(BOB).setPresence({ status: 'still there' });
    expect((await client.user(BOB).get()).presence).toMatchObject({ show: 'dnd', status: 'still there' });
  });

  it('who is offline stays so', async () => {
    world.chat.users.known(BOB).presence = null;
    expect(await failure(client.user(BOB).setPresence({ show: 'dnd' }))).toMatchObject({ code: 'conflict' });
    expect(callsTo(`/v2/user/${BOB}`).map(({ method }) => method)).toEqual(['GET']);
  });
});

describe('glances', () => {
  it('are updated in the room, for all, for a user, and for a user in a room', async () => {
    const show = (label: string) => ({ count: glance({ label }) });
    const label = (looking?: object) => world.chat.glance(installation, 'count', looking)?.label.value;
    await client.updateGlances(show('in the lab'));
    expect([label({ room: LAB }), label({ room: YARD })]).toEqual(['in the lab', undefined]);
    await client.updateGlances(show('for all'), {});
    await client.updateGlances(show('for Ada'), { user: ADA });
    await client.updateGlances(show('for Ada in the lab'), { user: ADA, room: LAB });
    expect([label({ user: BOB }), label({ user: ADA }), label({ user: ADA, room: LAB })]).toEqual([
      'for all',
      'for Ada',
      'for Ada in the lab',
    ]);
  });

  it('can be updated by what works by itself, until the add-on is uninstalled', async () => {
    const [tenant] = await host.tenants();
    if (tenant === undefined) throw new Error('nobody is there');
    expect(tenant).toMatchObject({ oauthId: installation.oauthId, roomId: LAB });
    const own = host.client(tenant);
    await own.updateGlances({ count: glance({ label: '4' }) });
    expect(world.chat.glance(installation, 'count', { room: LAB })?.label.value).toBe('4');
    await world.chat.uninstall(installation, 'delete');
    expect(await failure(own.updateGlances({ count: glance({ label: '5' }) }))).toMatchObject({
      reason: 'uninstalled',
    });
    expect(await host.tenants()).toEqual([]);
  });
});

describe('tokens', () => {
  it('last until a minute before their end', async () => {
    world.chat.setTokenLifetime(600);
    await client.withScopes(['send_notification']).room.notify('1');
    expect(tokenCalls()).toBe(2);
    clock.shift = 539_000;
    await client.withScopes(['send_notification']).room.notify('2');
    expect(tokenCalls()).toBe(2);
    clock.shift = 541_000;
    await client.withScopes(['send_notification']).room.notify('3');
    expect(tokenCalls()).toBe(3);
  });

  it('are for a set of scopes, in any order', async () => {
    await client.withScopes(['send_notification', 'view_group']).room.notify('1');
    await client.withScopes(['view_group', 'send_notification']).room.notify('2');
    expect(tokenCalls()).toBe(2);
    const refused = await failure(client.withScopes(['view_group']).room.notify('3'));
    expect(refused).toMatchObject({ code: 'forbidden' });
    expect(world.chat.posts).toHaveLength(2);
  });

  it('are asked for once at a time', async () => {
    world.chat.endTokens(installation);
    const scoped = client.withScopes(['send_notification']);
    await Promise.all(Array.from({ length: 10 }, (_, index) => scoped.room.notify(String(index))));
    expect(tokenCalls()).toBe(2);
    expect(world.chat.posts).toHaveLength(10);
  });

  it('that the server has ended are renewed once, for all who notice at the same time', async () => {
    world.chat.endTokens(installation);
    await Promise.all(['1', '2', '3', '4', '5'].map((text) => client.room.notify(text)));
    expect(world.chat.posts).toHaveLength(5);
    expect(tokenCalls()).toBe(2);
  });

  it('are not renewed for ever', async () => {
    world.chat.fail({ match: { path: '/v2/room' }, status: 401, times: 10 });
    expect(await failure(client.room.notify('hello'))).toMatchObject({ code: 'unauthorized' });
    expect(callsTo(/notification$/)).toHaveLength(2);
    expect(await world.tenants()).toBe(1);
  });
});

describe('limits', () => {
  it('of calls: how long to wait', async () => {
    world.chat.throttle(17);
    expect(await failure(client.room.notify('hello'))).toMatchObject({
      code: 'rateLimited',
      reason: 'rateLimit',
      retryAfter: 17_000,
    });
  });

  it('of calls, told by X-Ratelimit-Reset alone', async () => {
    const reset = Math.floor(Date.now() / 1_000) + 60;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    world.chat.fail({ match: { path: '/v2/room' }, status: 429, headers, times: 1 });
    const { retryAfter } = await failure(client.room.notify('hello'));
    expect(retryAfter).toBeGreaterThan(50_000);
    expect(retryAfter).toBeLessThanOrEqual(60_000);
  });

  it('of messages to one room', async () => {
    for (let sent = 0; sent < 30; sent += 1) await client.room.notify(String(sent));
    const error = await failure(client.room.notify('one more'));
    expect(error).toMatchObject({ code: 'rateLimited', reason: 'floodControl' });
    expect(error.retryAfter).toBeGreaterThan(0);
    expect(error.retryAfter).toBeLessThanOrEqual(60_000);
  });

  it.each([
    ['more than 10,000 characters', { message: 'x'.repeat(10_001) }, 'message'],
    ['a colour that is none', { message: 'x', color: 'blue' }, 'color'],
    ['a card without a title', { message: 'x', card: { style: 'link', id: 'a' } }, 'card.title'],
    [
      'a lozenge that is none',
      {
        message: 'x',
        card: { style: 'link', id: 'a', title: 'b', attributes: [{ value: { label: 'x', style: 'pink' } }] },
      },
      'card.attributes.0.value.style',
    ],
    [
      'an icon that is no web address',
      { message: 'x', card: { style: 'link', id: 'a', title: 'b', icon: 'javascript:x' } },
      'card.icon',
    ],
  ])('what can not be sent is not sent: %s', async (_, notification, field) => {
    const error = await failure(client.room.notify(notification as Notification));
    expect(error).toMatchObject({ code: 'invalidInput', reason: field });
    expect(callsTo(/notification$/)).toEqual([]);
  });

  it.each([
    ['a file with a folder', () => client.room.shareFile({ name: '../x', content: '' })],
    ['a file name that ends the header', () => client.room.shareFile({ name: 'a\r\nx: y', content: '' })],
    [
      'a content type that ends the header',
      () => client.room.shareFile({ name: 'a', content: '', type: 'text/plain\r\nx: y' }),
    ],
    ['a room that is a step up', async () => client.inRoom('..').notify('x')],
    ['a topic that is too long', () => client.room.setTopic('x'.repeat(251))],
    ['a message that is too long', () => client.room.message('x'.repeat(1_001))],
    ['a presence that is none', () => client.user(BOB).setPresence({ show: 'busy' as 'dnd' })],
  ])('what can not be sent is not sent: %s', async (_, act) => {
    expect(await failure(act())).toMatchObject({ code: 'invalidInput' });
    expect(callsTo(/^\/v2\/(room|user)/)).toEqual([]);
  });

  it('a room is needed where the add-on is installed for all', async () => {
    await world.close();
    await openWith(null);
    expect(() => client.room).toThrow(/Say which/);
    await client.inRoom(YARD).notify('hello');
    expect(world.chat.posts).toMatchObject([{ room: YARD }]);
  });
});

import { describe, expect, it } from 'vitest';
import { type Addon, createAddon, isAddon } from '../../../../src/hub/addons/addon.ts';
import { describeAddon, pathsOf } from '../../../../src/hub/addons/describe.ts';
import type { Descriptor } from '../../../../src/hub/addons/descriptor.ts';
import { glance } from '../../../../src/hub/addons/glance.ts';
import { type Card, notificationOf } from '../../../../src/hub/addons/messages.ts';
import { misfits } from '../../../contract/hipchat-connect.ts';

const BASE = 'https://addon.example.com/x';

const described = (addon: Addon): Descriptor => {
  const descriptor = describeAddon(addon, BASE);
  expect(misfits('descriptor', descriptor)).toEqual([]);
  return descriptor;
};

const nothing = () => {};
const page = () => '';

describe('a descriptor', () => {
  it('of next to nothing is whole', () => {
    expect(described(createAddon({ key: 'greeter', name: 'Greeter' }))).toEqual({
      key: 'greeter',
      name: 'Greeter',
      links: { self: `${BASE}/capabilities`, homepage: BASE },
      capabilities: {
        installable: {
          callbackUrl: `${BASE}/installed`,
          uninstalledUrl: `${BASE}/uninstalled`,
          allowRoom: true,
          allowGlobal: true,
        },
      },
    });
  });

  it('has all that was called for', () => {
    const addon = createAddon({
      key: 'com.example.all',
      name: 'All',
      description: 'Everything',
      version: '1.0',
      vendor: { name: 'Example', url: 'https://example.com' },
      scopes: ['send_notification', 'view_room'],
      fromName: 'The one',
      avatar: '/avatar.png',
      allowGlobal: false,
      groups: [1],
      servers: ['https://chat.example.com'],
      allowOrigins: ['https://friend.example.com'],
    })
      .webhook({ event: 'room_message', pattern: /^\/echo/i, auth: 'none' }, nothing)
      .webhook({ event: 'room_message', path: '/second' }, nothing)
      .webhook({ event: 'room_enter', key: 'door', name: 'Door' }, nothing)
      .configurePage(page, { allowAccessToRoomAdmins: true })
      .webPanel({ key: 'panel', name: 'Panel', icon: 'https://cdn.example.com/p.png' }, page)
      .dialog({ key: 'dialog', name: 'Dialog', options: { size: { width: '400px' } } }, page)
      .glance({ key: 'asked', name: 'Asked', icon: '/g.png', target: 'panel' }, () => glance({ label: '1' }))
      .glance({ key: 'pushed', name: 'Pushed', icon: { url: '/g.png', 'url@2x': '/g2.png' }, target: 'dialog' });
    const descriptor = described(addon);
    expect(Object.keys(descriptor)).not.toEqual(expect.arrayContaining(['groups']));
    expect(JSON.stringify(descriptor)).not.toContain('friend');
    expect(descriptor.capabilities).toEqual({
      hipchatApiConsumer: {
        scopes: ['send_notification', 'view_room'],
        fromName: 'The one',
        avatar: { url: `${BASE}/avatar.png`, 'url@2x': `${BASE}/avatar.png` },
      },
      installable: {
        callbackUrl: `${BASE}/installed`,
        uninstalledUrl: `${BASE}/uninstalled`,
        allowRoom: true,
        allowGlobal: false,
      },
      configurable: { url: `${BASE}/configure`, allowAccessToRoomAdmins: true },
      webhook: [
        {
          url: `${BASE}/webhook/room_message`,
          event: 'room_message',
          pattern: '^\\/[Ee][Cc][Hh][Oo]',
          key: 'room_message',
          name: 'room_message',
          authentication: 'none',
        },
        {
          url: `${BASE}/second`,
          event: 'room_message',
          key: 'room_message-2',
          name: 'room_message-2',
          authentication: 'jwt',
        },
        { url: `${BASE}/webhook/door`, event: 'room_enter', key: 'door', name: 'Door', authentication: 'jwt' },
      ],
      glance: [
        {
          key: 'asked',
          name: { value: 'Asked' },
          target: 'panel',
          icon: { url: `${BASE}/g.png`, 'url@2x': `${BASE}/g.png` },
          queryUrl: `${BASE}/glance/asked`,
        },
        {
          key: 'pushed',
          name: { value: 'Pushed' },
          target: 'dialog',
          icon: { url: `${BASE}/g.png`, 'url@2x': `${BASE}/g2.png` },
        },
      ],
      webPanel: [
        {
          key: 'panel',
          name: { value: 'Panel' },
          url: `${BASE}/panel/panel`,
          location: 'hipchat.sidebar.right',
          icon: { url: 'https://cdn.example.com/p.png', 'url@2x': 'https://cdn.example.com/p.png' },
        },
      ],
      dialog: [
        {
          key: 'dialog',
          title: { value: 'Dialog' },
          url: `${BASE}/dialog/dialog`,
          options: { size: { width: '400px' } },
        },
      ],
    });
  });

  it('that an add-on brings along stays, with the calls over it', () => {
    const addon = createAddon({
      key: 'whole',
      name: 'Whole',
      links: { self: `${BASE}/descriptor.json`, homepage: 'https://example.com' },
      capabilities: {
        installable: { callbackUrl: '/cb', uninstalledUrl: `${BASE}/gone`, allowRoom: false },
        hipchatApiConsumer: { scopes: ['view_group'] },
        webhook: { url: 'https://other.example.com/hook', event: 'room_exit', key: 'theirs' },
        webPanel: [{ key: 'p', name: 'P', url: '/p', location: 'hipchat.sidebar.right' }],
        action: [{ key: 'open', name: 'Open', target: 'p', location: 'hipchat.input.action' }],
        adminPage: { url: '/admin' },
      },
    }).webhook({ event: 'room_enter', key: 'ours' }, nothing);
    const { links, capabilities } = described(addon);
    expect(links.self).toBe(`${BASE}/descriptor.json`);
    expect(capabilities.webhook?.map(({ key }) => key)).toEqual(['theirs', 'ours']);
    expect(capabilities.hipchatApiConsumer?.fromName).toBe('Whole');
    expect(capabilities.installable).toMatchObject({ callbackUrl: `${BASE}/cb`, allowRoom: false, allowGlobal: true });
    expect(capabilities['adminPage']).toEqual({ url: `${BASE}/admin` });
    expect(pathsOf(addon, BASE)).toEqual({ installed: '/cb', uninstalled: '/gone' });
  });

  it.each([
    ['a key with a slash', () => createAddon({ key: 'a/b', name: 'A' }), /key/],
    ['no name', () => createAddon({ key: 'a', name: '' }), /name/],
    ['no place', () => createAddon({ key: 'a', name: 'A', allowRoom: false, allowGlobal: false }), /nowhere/],
    ['a path that leads up', () => createAddon({ key: 'a', name: 'A' }).route({ path: '/../x' }, nothing), /path/],
    ['a path without a slash', () => createAddon({ key: 'a', name: 'A' }).configurePage(page, { path: 'x' }), /path/],
    [
      'a scope that is none',
      () => describeAddon(createAddon({ key: 'a', name: 'A', scopes: ['everything' as 'view_room'] }), BASE),
      /scopes/,
    ],
    [
      'two panels of one key',
      () =>
        describeAddon(
          createAddon({ key: 'a', name: 'A' })
            .webPanel({ key: 'p', name: 'P' }, page)
            .webPanel({ key: 'p', name: 'Q', path: '/q' }, page),
          BASE,
        ),
      /Two elements of webPanel/,
    ],
    [
      'a base that is no address',
      () => describeAddon(createAddon({ key: 'a', name: 'A' }), 'addon.example.com'),
      /links/,
    ],
  ])('with %s is refused by name', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('what HipChat has published of messages and glances', () => {
  it('holds for ours', () => {
    const icon = { url: 'https://e.com/i.png' };
    const card: Card = {
      style: 'link',
      id: 'a',
      title: 'b',
      icon,
      attributes: [{ label: 'c', value: { label: 'd' } }],
    } as const;
    expect(misfits('notification', notificationOf({ message: 'x', color: 'green', notify: true, card }))).toEqual([]);
    expect(misfits('notification', notificationOf('plain'))).toEqual([]);
    expect(misfits('glanceContent', glance({ label: 'a', lozenge: { label: '1' } }))).toEqual([]);
    expect(misfits('glanceContent', glance({ html: '<b>a</b>', icon, metadata: { a: 1 } }))).toEqual([]);
  });
});

it('an add-on is known whichever copy of the code made it', () => {
  expect(isAddon(createAddon({ key: 'a', name: 'A' }))).toBe(true);
  for (const other of [null, undefined, 'a', {}, { parts: {} }, { parts: null }, nothing])
    expect(isAddon(other)).toBe(false);
});

import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { SECOND } from '../../src/core/time.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { EventStream } from './eventStream.ts';
import { API, answered, follow, type Opened, OUTLOOK, raw, requestOf, UPGRADE } from './hub-clients.ts';
import { type HubWorld, type HubWorldOptions, OUTLOOK_SECRET, openHub } from './hub-world.ts';

const opened: Opened = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function open(options: HubWorldOptions = {}): Promise<HubWorld> {
  const world = await openHub(options);
  opened.push(world);
  return world;
}

describe('sockets', () => {
  it('drops one that does not read, while the others get everything in time', { timeout: 60_000 }, async () => {
    const world = await open({ env: { HUB_SOCKET_QUEUE: '65536' } });
    const token = await world.token(['read']);
    const id = await world.person('Ada');
    const good = await follow(opened, world, token);
    const lazy = [
      await raw(opened, world, requestOf('socket', token, ...UPGRADE)),
      await raw(opened, world, requestOf('events', token)),
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

  it('have what was missed sent as fast as it is read, and no faster', async () => {
    const world = await open({ env: { HUB_SOCKET_QUEUE: '65536' } });
    const [token, id] = [await world.token(['read']), await world.person('Ada')];
    const ids: number[] = [];
    const say = async (text: string): Promise<void> => {
      const presence = { state: 'busy', text, emoji: '', until: null } as const;
      ids.push((await world.hub.presences.say(id, presence, { source: 'test' })).event);
    };
    const first = world.hub.feed.head;
    for (let i = 0; i < 600; i += 1) await say(`${i}${'x'.repeat(20_000)}`);
    const path = (kind: string) => `${kind}?after=${first}`;
    // One that reads nothing is sent a little, and costs no more.
    const lazy = await raw(opened, world, requestOf(path('socket'), token, ...UPGRADE));
    await once(lazy.socket, 'data');
    lazy.socket.pause();
    const reader = await follow(opened, world, token, {}, path('socket'));
    const stream = await EventStream.open(`${world.url}${API}/${path('events')}`, token);
    opened.push(stream);
    await say('live');
    await vi.waitFor(() => expect(reader.messages).toHaveLength(602), { timeout: 10_000 });
    expect(reader.messages.slice(1).map((message) => message.id)).toEqual(ids);
    for (const each of ids) expect((await stream.next('change')).id).toBe(each);
    expect(world.log.join('')).not.toContain('Client dropped');
  });

  it('end as streams when they take nothing for a minute', async () => {
    const clock = new FakeClock(Date.now());
    const world = await open({ clock, env: { HUB_SOCKET_QUEUE: '100000000' } });
    const [token, id] = [await world.token(['read']), await world.person('Ada')];
    const presence = { state: 'busy', text: 'x'.repeat(20_000_000), emoji: '', until: null } as const;
    const head = world.hub.feed.head;
    await world.hub.presences.say(id, presence, { source: 'test' });
    const accepted = once(world.hub.app.server, 'connection');
    const { socket } = await raw(opened, world, requestOf(`events?after=${head}`, token));
    const [atServer] = await accepted;
    await once(socket, 'data');
    socket.pause();
    const closed = once(atServer, 'close');
    await vi.waitFor(() => expect(atServer.writableNeedDrain).toBe(true));
    await clock.advance(45 * SECOND);
    expect(atServer.destroyed).toBe(false);
    await clock.advance(15 * SECOND);
    await closed;
  });

  it('drops one that pings without end and reads nothing', async () => {
    const world = await open({ env: { HUB_SOCKET_QUEUE: '65536' } });
    const { socket, ended } = await raw(opened, world, requestOf('socket', await world.token(['read']), ...UPGRADE));
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
    const [revoked, kept] = [await follow(opened, world, token), await follow(opened, world, other)];
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
    const [silent, good] = [
      await follow(opened, world, token, { autoPong: false }),
      await follow(opened, world, token),
    ];
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
    const first = await follow(opened, world, token);
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

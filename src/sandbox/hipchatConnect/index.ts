import { type HipchatUser, HipchatUsers, hipchatError } from '../hipchatUser.ts';
import { startService } from '../http.ts';
import { createJournal } from '../journal.ts';
import { Caller } from './caller.ts';
import { Clients } from './clients.ts';
import type { WebhookEvent } from './descriptor.ts';
import { Frames, frameToken, type Viewer } from './frames.ts';
import { deedOf, happeningOf, topicChange } from './happenings.ts';
import { Installer } from './installer.ts';
import type { Forgery } from './jwt.ts';
import { Limits, tooMany } from './limits.ts';
import { addonRoutes, capabilitiesOf } from './restAddons.ts';
import { messageRoutes } from './restMessages.ts';
import { roomRoutes } from './restRooms.ts';
import { type HipchatRoom, type Post, Rooms } from './rooms.ts';
import type { HipchatConnectOptions, HipchatConnectSandbox, Key, Looking } from './types.ts';
import { type Delivery, type Happening, Webhooks } from './webhooks.ts';
import { glanceName, notifyByAnswer, tokenOf, type World } from './world.ts';

export { BODY_ATTACKS, TOKEN_ATTACKS } from './attacks.ts';
export type { Installation } from './clients.ts';
export { InstallRefused } from './installer.ts';
export type { HipchatConnectOptions, HipchatConnectSandbox } from './types.ts';

const PATIENCE_MS = 10_000;

/** Starts the stand-in of a HipChat server for add-ons (HipChat Connect and the API v2 that they use). */
export async function startHipchatConnect(options: HipchatConnectOptions): Promise<HipchatConnectSandbox> {
  const now = options.now ?? Date.now;
  const journal = options.journal ?? createJournal();
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const users = options.users instanceof HipchatUsers ? options.users : new HipchatUsers(options.users);
  const rooms = new Rooms(options.rooms, users, now);
  const clients = new Clients(now);
  const caller = new Caller({ journal, now, patienceMs });
  const pending = new Set<Promise<unknown>>();
  const base = () => service.url;
  let alter: (document: Record<string, unknown>) => unknown = (document) => document;

  for (const [token, { user, scopes }] of Object.entries(options.tokens ?? {})) {
    clients.addPersonalToken(token, user, scopes);
  }

  const webhooks: Webhooks = new Webhooks({
    clients,
    caller,
    now,
    base,
    notify: (installation, room, body) => notifyByAnswer(world, installation, room, body),
  });
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    pending.add(work);
    void work.finally(() => pending.delete(work));
    return work;
  };
  const deliver = (happening: Happening, forgery?: Forgery) => tracked(webhooks.deliver(happening, forgery));
  const { calls = 500, messages = 30 } = options.limits ?? {};
  const world: World = {
    users,
    rooms,
    clients,
    webhooks,
    limits: new Limits({ prefix: 'x-ratelimit', limit: calls, lengthMs: 300_000, now }),
    flood: new Limits({ prefix: 'x-floodcontrol', limit: messages, lengthMs: 60_000, now }),
    glances: new Map(),
    now,
    base,
    happen: (happening) => void deliver(happening),
  };
  const installer = new Installer({ clients, webhooks, caller, base });
  const frames = new Frames({ caller, now, base });

  const service = await startService({
    ...options,
    journal,
    name: 'hipchat',
    routes: {
      'GET /v2/capabilities': () => ({ status: 200, body: alter(capabilitiesOf(base())) }),
      'GET /connect/installable/:id': installer.serveDocument,
      'GET /addons/': () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Add-ons</title>' }),
      ...addonRoutes(world),
      ...messageRoutes(world),
      ...roomRoutes(world),
    },
    notFound: () => hipchatError(404, 'Not Found', 'Not found'),
    common: (request) => ({ ...world.limits.headers(tokenOf(request)), ...floodHeaders(request.path) }),
  });

  /** Only where something is said. */
  function floodHeaders(path: string): Record<string, string> {
    const [, key, what] = /^\/v2\/room\/([^/]+)\/(notification|message|reply|share)/.exec(path) ?? [];
    const room = what === undefined || key === undefined ? undefined : rooms.find(decodeURIComponent(key));
    return room ? world.flood.headers(String(room.id)) : {};
  }

  const viewer = ({ user, room }: Looking): Viewer => ({
    user: users.known(user),
    room: room === undefined ? null : rooms.known(room),
  });

  function deed(event: WebhookEvent, room: Key, user: Key, forgery?: Forgery): Promise<Delivery[]> {
    return deliver(deedOf(event, rooms.known(room), users.known(user), base()), forgery);
  }

  function moves(user: HipchatUser, room: HipchatRoom, isThere: boolean): void {
    room.participants = room.participants.filter((id) => id !== user.id);
    if (isThere) room.participants.push(user.id);
  }

  function nextPost(fits: (post: Post) => boolean = () => true): Promise<Post> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        stop();
      };
      const stop = rooms.onPost((post) => {
        if (!fits(post)) return;
        done();
        resolve(post);
      });
      const timer = setTimeout(() => {
        done();
        reject(new Error('nothing like that was posted'));
      }, patienceMs);
    });
  }

  return {
    ...service,
    users,
    posts: rooms.posts,
    get installations() {
      return clients.installations;
    },
    room: (key) => structuredClone(rooms.known(key)),
    addRoom: (room) => void rooms.add(room),
    addToken: (token, user, scopes) => clients.addPersonalToken(token, user, scopes),

    install: (url, where = {}) => installer.install(url, where.room === undefined ? null : rooms.known(where.room).id),
    uninstall: (installation, by) => installer.uninstall(installation, by),
    offer: (document) => installer.offer(document),
    alterCapabilities(change) {
      alter = change;
    },
    setTokenLifetime(seconds) {
      clients.lifetimeSeconds = seconds;
    },
    endTokens: ({ oauthId }) => clients.endSessions(({ client }) => client?.oauthId === oauthId),

    say(roomKey, userKey, text, forgery) {
      const [room, user] = [rooms.known(roomKey), users.known(userKey)];
      const body = { message: text };
      const post = rooms.post({
        kind: 'message',
        room: room.id,
        from: user.name,
        user: user.id,
        client: null,
        text,
        body,
      });
      const happening = happeningOf(post, room, users, base());
      return happening ? deliver(happening, forgery) : Promise.resolve([]);
    },
    enter(room, user, forgery) {
      moves(users.known(user), rooms.known(room), true);
      return deed('room_enter', room, user, forgery);
    },
    exit(room, user, forgery) {
      moves(users.known(user), rooms.known(room), false);
      return deed('room_exit', room, user, forgery);
    },
    setTopic(roomKey, userKey, topic, forgery) {
      const [room, user] = [rooms.known(roomKey), users.known(userKey)];
      room.topic = topic;
      return deliver(topicChange(room, user, user.name, base()), forgery);
    },
    change(event, roomKey, user, forgery) {
      const room = rooms.known(roomKey);
      if (event === 'room_archived') room.is_archived = true;
      if (event === 'room_unarchived') room.is_archived = false;
      if (event === 'room_deleted') rooms.remove(roomKey);
      return deliver(deedOf(event, room, users.known(user), base()), forgery);
    },

    async queryGlance(installation, key, looking, forgery) {
      const { user, room } = viewer(looking);
      const answer = await frames.queryGlance(installation, key, { user, room }, forgery);
      const name = glanceName(installation.oauthId, key, room?.id ?? null, user.id);
      if (answer.content) world.glances.set(name, answer.content);
      return answer;
    },
    glance({ oauthId }, key, { user, room } = {}) {
      const userId = user === undefined ? null : users.known(user).id;
      const roomId = room === undefined ? null : rooms.known(room).id;
      const places = [
        [roomId, userId],
        [null, userId],
        [roomId, null],
        [null, null],
      ] as const;
      for (const [inside, of] of places) {
        const shown = world.glances.get(glanceName(oauthId, key, inside, of));
        if (shown) return shown;
      }
      return null;
    },
    openFrame: (installation, key, looking, forgery) => frames.open(installation, key, viewer(looking), forgery),
    sign: (installation, looking, forgery) => frameToken(installation, viewer(looking), now(), forgery),
    attackContext({ oauthId }, others) {
      const [user, room] = [users.known(others.user), rooms.known(others.room)];
      const { id, name, mention_name } = user;
      const otherRoom = { id: room.id, name: room.name };
      return { now: Math.floor(now() / 1000), oauthId, otherUser: { id, name, mention_name }, otherRoom };
    },
    send: (call) => caller.call(call),
    async close() {
      caller.close();
      await service.close();
    },

    nextPost,
    async settled() {
      while (pending.size > 0) await Promise.allSettled([...pending]);
    },
    throttle(retryAfterSeconds, times = 1) {
      const answer = tooMany(retryAfterSeconds);
      service.fail({ status: 429, headers: answer.headers ?? {}, body: answer.body, times });
    },
    setLimit: (limit) => world.limits.set(limit),
  };
}

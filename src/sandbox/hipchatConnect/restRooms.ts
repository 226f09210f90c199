import { z } from 'zod';
import { hipchatError } from '../hipchatUser.ts';
import type { Handler, SandboxAnswer, SandboxRequest } from '../http.ts';
import type { Session } from './clients.ts';
import { type Scope, webhookDeclaration } from './descriptor.ts';
import { stamp, topicChange } from './happenings.ts';
import { type HipchatRoom, type Post, roomRef, userRef } from './rooms.ts';
import type { Webhook } from './webhooks.ts';
import { guarded, inRoom, refuseBody, speaker, type World } from './world.ts';

const topic = z.looseObject({ topic: z.string().max(250) });

const VIEW: readonly Scope[] = ['view_group', 'view_room'];

/** One page of a list, as HipChat's lists are: `start-index` and `max-results`. */
function page({ query }: SandboxRequest, all: readonly object[], self: string): SandboxAnswer {
  const startIndex = Number(query.get('start-index') ?? 0);
  const maxResults = Number(query.get('max-results') ?? 100);
  if (!Number.isInteger(startIndex) || !Number.isInteger(maxResults) || startIndex < 0 || maxResults < 1) {
    return hipchatError(400, 'Bad Request', "Invalid value for 'start-index' or 'max-results'");
  }
  const items = all.slice(startIndex, startIndex + maxResults);
  const end = startIndex + maxResults;
  const next = end < all.length ? { next: `${self}?start-index=${end}&max-results=${maxResults}` } : {};
  return { status: 200, body: { items, startIndex, maxResults, links: { self, ...next } } };
}

/** Rooms: what they are, who is in them, what was said, their topic and their webhooks. */
export function roomRoutes(world: World): Record<string, Handler> {
  const { users, rooms, webhooks, base, now } = world;
  const address = (room: HipchatRoom) => `${base()}/v2/room/${room.id}`;
  const refs = (ids: readonly number[]) =>
    ids.flatMap((id) => {
      const user = users.find(id);
      return user ? [userRef(user, base())] : [];
    });

  function view(room: HipchatRoom): object {
    return {
      ...roomRef(room, base()),
      topic: room.topic,
      xmpp_jid: `1_${room.id}@conf.hipchat.com`,
      statistics: { links: { self: `${address(room)}/statistics` } },
      created: '2015-01-01T00:00:00+00:00',
      last_active: stamp(now()),
      is_guest_accessible: false,
      guest_access_url: null,
      owner: refs(room.members)[0] ?? null,
      participants: refs(room.participants),
    };
  }

  function setTopic(request: SandboxRequest, room: HipchatRoom, session: Session): SandboxAnswer {
    const read = topic.safeParse(request.json);
    if (!read.success) return refuseBody(read.error);
    room.topic = read.data.topic;
    const user = session.user === null ? null : (users.find(session.user) ?? null);
    world.happen(topicChange(room, user, speaker(world, session).from, base()));
    return { status: 204 };
  }

  const inHistory = ({ id, kind, at, from, user, text, body }: Post): object => ({
    id,
    date: stamp(at),
    from: (user === null ? undefined : refs([user])[0]) ?? from,
    mentions: [],
    message: text,
    type: kind === 'notification' ? 'notification' : 'message',
    ...(kind === 'notification' ? { color: body['color'], message_format: body['message_format'] } : {}),
  });

  /** A client sees its own webhooks only. */
  const ownHooks = (room: HipchatRoom, { client }: Session) =>
    webhooks.all.filter((one) => one.isDynamic && one.room === room.id && one.installation === client);

  const hookView = ({ id, url, event, pattern, name, key, authentication }: Webhook, room: HipchatRoom): object => ({
    id,
    url,
    event,
    ...(pattern === undefined ? {} : { pattern }),
    name: name ?? '',
    ...(key === undefined ? {} : { key }),
    authentication,
    links: { self: `${address(room)}/webhook/${id}` },
  });

  function createHook(request: SandboxRequest, room: HipchatRoom, { client }: Session): SandboxAnswer {
    if (!client) return hipchatError(403, 'Forbidden', 'The sandbox lets add-ons make webhooks only.');
    const read = webhookDeclaration.safeParse(request.json);
    if (!read.success) return refuseBody(read.error);
    return { status: 201, body: hookView(webhooks.add(client, read.data, room.id, true), room) };
  }

  function ofHook(good: (hook: Webhook, room: HipchatRoom) => SandboxAnswer): Handler {
    return inRoom(world, ['admin_room'], (request, room, session) => {
      const hook = ownHooks(room, session).find(({ id }) => String(id) === request.param('webhook'));
      return hook ? good(hook, room) : hipchatError(404, 'Not Found', 'Webhook not found');
    });
  }

  return {
    'GET /v2/room': guarded(world, VIEW, (request) =>
      page(
        request,
        rooms.all.map((room) => roomRef(room, base())),
        `${base()}/v2/room`,
      ),
    ),
    'GET /v2/room/:room': inRoom(world, VIEW, (_request, room) => ({ status: 200, body: view(room) })),
    'GET /v2/room/:room/member': inRoom(world, VIEW, (request, room) =>
      page(request, refs(room.members), `${address(room)}/member`),
    ),
    'GET /v2/room/:room/participant': inRoom(world, VIEW, (request, room) =>
      page(
        request,
        refs(request.query.get('include-offline') === 'true' ? room.members : room.participants),
        `${address(room)}/participant`,
      ),
    ),
    'GET /v2/room/:room/history/latest': inRoom(world, ['view_messages'], (request, room) =>
      page(
        request,
        rooms.posts.filter((post) => post.room === room.id).map(inHistory),
        `${address(room)}/history/latest`,
      ),
    ),
    'PUT /v2/room/:room/topic': inRoom(world, ['admin_room'], setTopic),
    'GET /v2/room/:room/webhook': inRoom(world, ['admin_room'], (request, room, session) =>
      page(
        request,
        ownHooks(room, session).map((one) => hookView(one, room)),
        `${address(room)}/webhook`,
      ),
    ),
    'POST /v2/room/:room/webhook': inRoom(world, ['admin_room'], createHook),
    'GET /v2/room/:room/webhook/:webhook': ofHook((hook, room) => ({ status: 200, body: hookView(hook, room) })),
    'DELETE /v2/room/:room/webhook/:webhook': ofHook(({ id }) => {
      webhooks.remove((one) => one.id === id);
      return { status: 204 };
    }),
  };
}

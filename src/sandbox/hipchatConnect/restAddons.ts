import { z } from 'zod';
import { type HipchatUser, hipchatError } from '../hipchatUser.ts';
import type { Handler, SandboxAnswer, SandboxRequest } from '../http.ts';
import type { Session } from './clients.ts';
import { SCOPES, type Scope } from './descriptor.ts';
import { glanceContent } from './notification.ts';
import { userRef } from './rooms.ts';
import { glanceName, guarded, inRoom, refuseBody, type World } from './world.ts';

const update = z.looseObject({
  glance: z.array(z.looseObject({ key: z.string().min(1), content: glanceContent })).min(1),
});

/** The capabilities document of the server (HipChat, "Get capabilities"). */
export function capabilitiesOf(base: string): Record<string, unknown> {
  const availableScopes = Object.fromEntries(
    Object.entries(SCOPES).map(([id, name]) => [id, { id, name, description: name }]),
  );
  return {
    key: 'hipchat',
    name: 'HipChat',
    vendor: { name: 'HipStatus sandbox', url: base },
    description: 'Group chat and IM built for teams',
    links: { self: `${base}/v2/capabilities`, api: `${base}/v2`, homepage: base },
    capabilities: {
      oauth2Provider: { tokenUrl: `${base}/v2/oauth/token`, authorizationUrl: `${base}/users/authorize` },
      hipchatApiProvider: { url: `${base}/v2/`, availableScopes },
    },
  };
}

/** Tokens, people, and what add-ons show beside the chat. */
export function addonRoutes(world: World): Record<string, Handler> {
  const { users, clients, glances, base, now } = world;

  function found(key: string, good: (user: HipchatUser) => SandboxAnswer): SandboxAnswer {
    const user = users.find(key);
    return user ? good(user) : hipchatError(404, 'Not Found', 'User not found');
  }

  function show(request: SandboxRequest, session: Session, room: number | null, user: number | null): SandboxAnswer {
    const { client } = session;
    if (!client) return hipchatError(403, 'Forbidden', 'Only an add-on has glances.');
    const read = update.safeParse(request.json);
    if (!read.success) return refuseBody(read.error);
    const known = client.descriptor.capabilities.glance.map(({ key }) => key);
    const strange = read.data.glance.find(({ key }) => !known.includes(key));
    if (strange) return hipchatError(400, 'Bad Request', `The add-on has no glance ${strange.key}`);
    for (const { key, content } of read.data.glance) glances.set(glanceName(client.oauthId, key, room, user), content);
    return { status: 204 };
  }

  const ofUser = (scopes: readonly Scope[], handler: (request: SandboxRequest, user: HipchatUser) => SandboxAnswer) =>
    guarded(world, scopes, (request) => found(request.param('user'), (user) => handler(request, user)));

  return {
    'POST /v2/oauth/token': (request) => clients.issue(request),
    'GET /v2/user': guarded(world, ['view_group'], () => {
      const items = users.all.map((user) => userRef(user, base()));
      const links = { self: `${base()}/v2/user` };
      return { status: 200, body: { items, startIndex: 0, maxResults: 100, links } };
    }),
    'GET /v2/user/:user': ofUser(['view_group'], (_request, user) => ({
      status: 200,
      body: users.view(user, base(), now()),
    })),
    'PUT /v2/user/:user': ofUser(['admin_group'], (request, user) => users.update(user, request.json)),
    'POST /v2/addon/ui': guarded(world, ['view_group'], (request, session) => show(request, session, null, null)),
    'POST /v2/addon/ui/user/:user': guarded(world, ['view_group'], (request, session) =>
      found(request.param('user'), (user) => show(request, session, null, user.id)),
    ),
    'POST /v2/addon/ui/room/:room': inRoom(world, ['view_room', 'view_group'], (request, room, session) =>
      show(request, session, room.id, null),
    ),
    'POST /v2/addon/ui/room/:room/user/:user': inRoom(world, ['view_room', 'view_group'], (request, room, session) =>
      found(request.param('user'), (user) => show(request, session, room.id, user.id)),
    ),
  };
}
